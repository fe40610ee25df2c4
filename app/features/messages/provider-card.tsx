import { useFetcher } from '@remix-run/react';
import { Badge, BlockStack, Button, InlineStack, Text, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagingProvider } from '#proto/admin/v1/messages.ts';
import { Moment } from '../../dashboard/moment.tsx';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { useFieldError } from '../../dashboard/problem-text.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { IntegrationsAction } from './integrations.server.ts';
import { PROVIDER_NAMES } from './provider-names.ts';
import { MESSAGE_PROVIDERS, PROVIDER_FIELDS } from '#vocabulary/messages.ts';

interface ProviderCardProps {
  readonly provider: MessagingProvider;
  /** Where it delivers what members answer; empty where it does not. */
  readonly incomingUrl: string;
}

/** One provider: its credentials, a test of them, the switch, and the way out. */
export function ProviderCard({ provider, incomingUrl }: ProviderCardProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<IntegrationsAction>();
  const name = MESSAGE_PROVIDERS.find((known) => known === provider.provider) ?? 'ses';
  const { secret, settings } = PROVIDER_FIELDS[name];
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const refusal = answer?.ok === false ? answer : undefined;
  const errorOf = useFieldError(refusal?.fields ?? {});
  const send = (intent: string, more: Readonly<Record<string, string>> = {}) =>
    fetcher.submit({ intent, provider: name, ...more }, { method: 'post' });
  const valueOf = (field: string) => typed[field] ?? provider.settings[field] ?? '';
  const said = (done: Extract<IntegrationsAction, { ok: true }>) =>
    done.intent === 'check' ? t(`integrations.checks.${done.check}`) : t('common.saved');
  const save = () =>
    send('connect', {
      connected: String(provider.connected),
      ...Object.fromEntries([secret, ...settings].map((field) => [field, valueOf(field)])),
    });
  return (
    <SectionCard title={PROVIDER_NAMES[name]}>
      <OutcomeBanner
        answer={answer}
        success={answer?.ok === true ? said(answer) : undefined}
        problem={refusal?.problem}
      />
      <Standing provider={provider} />
      <Text as="p" tone="subdued">
        {t(`integrations.about.${name}`)}
      </Text>
      <BlockStack gap="300">
        {settings.map((field) => (
          <TextField
            key={field}
            label={t(`integrations.fields.${field}`)}
            value={valueOf(field)}
            onChange={(value) => setTyped({ ...typed, [field]: value })}
            error={errorOf(field)}
            autoComplete="off"
          />
        ))}
        <TextField
          type="password"
          label={t(`integrations.fields.${secret}`)}
          value={valueOf(secret)}
          placeholder={provider.hint === '' ? '' : `•••• ${provider.hint}`}
          onChange={(value) => setTyped({ ...typed, [secret]: value })}
          error={errorOf(secret)}
          autoComplete="off"
        />
      </BlockStack>
      <InlineStack gap="200">
        <Button variant="primary" loading={isBusy} onClick={save}>
          {t(provider.connected ? 'integrations.save' : 'integrations.connect')}
        </Button>
        {provider.connected && <Switches provider={provider} isBusy={isBusy} send={send} />}
      </InlineStack>
      {incomingUrl !== '' && <Incoming url={incomingUrl} />}
    </SectionCard>
  );
}

/** To be copied to the provider. */
function Incoming({ url }: { url: string }) {
  const { t } = useTranslation();
  return (
    <TextField
      label={t('integrations.incoming')}
      helpText={t('integrations.incomingHelp')}
      value={url}
      readOnly
      selectTextOnFocus
      autoComplete="off"
    />
  );
}

/** Whether it is connected, and what it said last. */
function Standing({ provider }: { provider: MessagingProvider }) {
  const { t } = useTranslation();
  if (!provider.connected) return <Badge>{t('integrations.states.off')}</Badge>;
  const isWell = provider.status === 'ok';
  return (
    <InlineStack gap="200" blockAlign="center">
      {provider.enabled ? (
        <Badge tone={isWell ? 'success' : 'critical'}>
          {t(isWell ? 'integrations.states.connected' : 'integrations.states.refused')}
        </Badge>
      ) : (
        <Badge tone="attention">{t('integrations.states.paused')}</Badge>
      )}
      {provider.checkedAt !== '' && (
        <Text as="span" tone="subdued">
          {t('integrations.checked')} <Moment at={provider.checkedAt} />
        </Text>
      )}
    </InlineStack>
  );
}

interface SwitchesProps {
  provider: MessagingProvider;
  isBusy: boolean;
  send: (intent: string, more?: Readonly<Record<string, string>>) => void;
}

function Switches({ provider, isBusy, send }: SwitchesProps) {
  const { t } = useTranslation();
  return (
    <>
      <Button disabled={isBusy} onClick={() => send('check')}>
        {t('integrations.test')}
      </Button>
      <Button
        disabled={isBusy}
        onClick={() => send('switch', { enabled: String(!provider.enabled) })}
      >
        {t(provider.enabled ? 'integrations.pause' : 'integrations.resume')}
      </Button>
      <Button
        disabled={isBusy}
        variant="tertiary"
        tone="critical"
        onClick={() => send('disconnect')}
      >
        {t('integrations.disconnect')}
      </Button>
    </>
  );
}
