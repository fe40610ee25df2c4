import { BlockStack, Button, Checkbox, InlineStack, Select } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EventEndpoint } from '#proto/admin/v1/event_subscriptions.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import { REPLAY_HOURS } from './endpoint-choices.ts';
import type { Send } from './send.ts';
import { eventWord } from './event-words.ts';
import { PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

interface ResendCardProps {
  readonly endpoint: EventEndpoint;
  readonly isBusy: boolean;
  readonly send: Send;
}

/** A test, and events of a past time once more. */
export function ResendCard({ endpoint, isBusy, send }: ResendCardProps) {
  const { t } = useTranslation();
  const [type, setType] = useState<string>(endpoint.events[0] ?? PUBLIC_EVENTS[0]);
  const [hours, setHours] = useState<string>('24');
  const [onlyFailed, setOnlyFailed] = useState(true);
  const isOff = isBusy || endpoint.status !== 'active';
  return (
    <SectionCard title={t('webhooks.sendTitle')}>
      <BlockStack gap="400">
        <InlineStack gap="200" blockAlign="end">
          <Select
            label={t('webhooks.testEvent')}
            options={PUBLIC_EVENTS.map((event) => ({
              value: event,
              label: t(`webhooks.events.${eventWord(event)}`),
            }))}
            value={type}
            onChange={setType}
          />
          <Button disabled={isOff} onClick={() => send('test', { type })}>
            {t('webhooks.test')}
          </Button>
        </InlineStack>
        <InlineStack gap="200" blockAlign="end">
          <Select
            label={t('webhooks.since')}
            options={REPLAY_HOURS.map((value) => ({ value, label: t(`webhooks.hours.${value}`) }))}
            value={hours}
            onChange={setHours}
          />
          <Button
            disabled={isOff}
            onClick={() => send('replay', { hours, onlyFailed: String(onlyFailed) })}
          >
            {t('webhooks.replay')}
          </Button>
        </InlineStack>
        <Checkbox
          label={t('webhooks.onlyFailed')}
          helpText={t('webhooks.onlyFailedHelp')}
          checked={onlyFailed}
          onChange={setOnlyFailed}
        />
      </BlockStack>
    </SectionCard>
  );
}
