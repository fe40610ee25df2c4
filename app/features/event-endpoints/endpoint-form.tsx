import { Button, ChoiceList, FormLayout, InlineStack, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventEndpoint } from '#proto/admin/v1/event_subscriptions.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { ENDPOINT_PROBLEMS } from './endpoint-choices.ts';
import type { Send } from './send.ts';
import { eventWord } from './event-words.ts';
import { PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

interface EndpointFormProps {
  readonly endpoint: EventEndpoint | undefined;
  readonly creationKey: string;
  readonly isBusy: boolean;
  readonly problems: Readonly<Record<string, string>>;
  readonly send: Send;
}

/** Where to, and what. */
export function EndpointForm({ endpoint, creationKey, isBusy, problems, send }: EndpointFormProps) {
  const { t } = useTranslation();
  // One key for as long as the form is open: pressed twice, it makes one endpoint.
  const [key] = useState(creationKey);
  const [url, setUrl] = useState(endpoint?.url ?? '');
  const [description, setDescription] = useState(endpoint?.description ?? '');
  const [events, setEvents] = useState<string[]>(endpoint?.events ?? []);
  const errorOf = (field: string) => {
    const problem = ENDPOINT_PROBLEMS.find((one) => one === problems[field]);
    return problem === undefined ? undefined : t(`webhooks.errors.${problem}`);
  };
  const save = () =>
    send('save', {
      url,
      description,
      events: events.join(','),
      ...(endpoint === undefined ? { creationKey: key } : { revision: endpoint.revision }),
    });
  return (
    <SectionCard title={t('webhooks.endpoint')}>
      <FormLayout>
        <TextField
          type="url"
          label={t('webhooks.url')}
          value={url}
          onChange={setUrl}
          error={errorOf('url')}
          helpText={t('webhooks.urlHelp')}
          placeholder="https://"
          autoComplete="off"
        />
        <TextField
          label={t('webhooks.description')}
          value={description}
          onChange={setDescription}
          error={errorOf('description')}
          autoComplete="off"
          maxLength={200}
        />
        <ChoiceList
          allowMultiple
          title={t('webhooks.eventsTitle')}
          choices={PUBLIC_EVENTS.map((event) => ({
            value: event,
            label: t(`webhooks.events.${eventWord(event)}`),
            helpText: event,
          }))}
          selected={events}
          onChange={setEvents}
          error={errorOf('events')}
        />
      </FormLayout>
      <InlineStack>
        <Button variant="primary" loading={isBusy} onClick={save}>
          {t(endpoint === undefined ? 'webhooks.add' : 'common.save')}
        </Button>
      </InlineStack>
    </SectionCard>
  );
}
