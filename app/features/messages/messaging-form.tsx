import { useFetcher } from '@remix-run/react';
import {
  Button,
  Checkbox,
  FormLayout,
  InlineStack,
  Select,
  Text,
  TextField,
} from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessagingSettings } from '#proto/admin/v1/messages.ts';
import { OutcomeBanner } from '../../dashboard/outcome-banner.tsx';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { IntegrationsAction } from './integrations.server.ts';
import { PROVIDER_NAMES } from './provider-names.ts';
import {
  CHANNEL_PROVIDERS,
  MESSAGE_CHANNELS,
  MESSAGE_TYPES,
  type MessageProvider,
} from '#vocabulary/messages.ts';

/** What members are written about today. */
const sentTypes = MESSAGE_TYPES.filter((type) =>
  [
    'points_earned',
    'points_expiring',
    'birthday_reward',
    'reward_redeemed',
    'referral_completed',
    'tier_upgraded',
    'tier_change',
  ].includes(type),
);

type Fields = Readonly<Record<string, string>>;

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

const fieldsOf = (settings: MessagingSettings): Fields => ({
  senderName: settings.senderName,
  replyTo: settings.replyTo,
  emailProvider: settings.emailProvider,
  smsProvider: settings.smsProvider,
  quietFrom: clockOf(settings.quietFrom),
  quietUntil: clockOf(settings.quietUntil),
  fallback: String(settings.fallback),
  ...Object.fromEntries(
    sentTypes.map((type) => [`channel.${type}`, settings.channels[type] ?? 'email']),
  ),
});

/** How messages are sent: in whose name, by which channel, and when. */
export function MessagingForm({ settings }: { settings: MessagingSettings }) {
  const { t } = useTranslation();
  const fetcher = useFetcher<IntegrationsAction>();
  const [form, setForm] = useState<Fields>(fieldsOf(settings));
  const isBusy = fetcher.state !== 'idle';
  const answer = isBusy ? undefined : fetcher.data;
  const refusal = answer?.ok === false ? answer : undefined;
  const change = (name: string) => (value: string) => setForm({ ...form, [name]: value });
  const save = () =>
    fetcher.submit(
      { intent: 'settings', revision: settings.revision, ...form },
      { method: 'post' },
    );
  return (
    <SectionCard title={t('integrations.sending.title')}>
      <OutcomeBanner
        answer={answer}
        success={answer?.ok === true ? t('common.saved') : undefined}
        problem={refusal?.problem}
      />
      <FormLayout>
        <Sender
          form={form}
          change={change}
          isReplyToRefused={refusal?.fields['replyTo'] !== undefined}
        />
        <FormLayout.Group>
          <ProviderChoice channel="email" name="emailProvider" form={form} change={change} />
          <ProviderChoice channel="sms" name="smsProvider" form={form} change={change} />
        </FormLayout.Group>
        <FormLayout.Group>
          {(['quietFrom', 'quietUntil'] as const).map((name) => (
            <TextField
              key={name}
              type="time"
              label={t(`integrations.sending.${name}`)}
              value={form[name] ?? ''}
              onChange={change(name)}
              autoComplete="off"
            />
          ))}
        </FormLayout.Group>
        <Text as="p" tone="subdued">
          {t('integrations.sending.quietHelp')}
        </Text>
        <Checkbox
          label={t('integrations.sending.fallback')}
          helpText={t('integrations.sending.fallbackHelp')}
          checked={form['fallback'] === 'true'}
          onChange={(checked) => change('fallback')(String(checked))}
        />
        <Channels form={form} change={change} />
      </FormLayout>
      <InlineStack align="end">
        <Button variant="primary" loading={isBusy} onClick={save}>
          {t('common.save')}
        </Button>
      </InlineStack>
    </SectionCard>
  );
}

interface PartProps {
  form: Fields;
  change: (name: string) => (value: string) => void;
}

/** Whom messages come from, and who gets the answers. */
function Sender({ form, change, isReplyToRefused }: PartProps & { isReplyToRefused: boolean }) {
  const { t } = useTranslation();
  return (
    <FormLayout.Group>
      <TextField
        label={t('integrations.sending.senderName')}
        value={form['senderName'] ?? ''}
        onChange={change('senderName')}
        helpText={t('integrations.sending.senderHelp')}
        maxLength={100}
        autoComplete="off"
      />
      <TextField
        type="email"
        label={t('integrations.sending.replyTo')}
        value={form['replyTo'] ?? ''}
        onChange={change('replyTo')}
        error={isReplyToRefused ? t('integrations.sending.replyToRefused') : undefined}
        autoComplete="off"
      />
    </FormLayout.Group>
  );
}

function ProviderChoice({
  channel,
  name,
  form,
  change,
}: PartProps & { channel: 'email' | 'sms'; name: string }) {
  const { t } = useTranslation();
  const choices: readonly MessageProvider[] = CHANNEL_PROVIDERS[channel];
  return (
    <Select
      label={t(`integrations.sending.${channel}Provider`)}
      options={[
        { value: '', label: t('integrations.sending.anyProvider') },
        ...choices.map((value) => ({ value, label: PROVIDER_NAMES[value] })),
      ]}
      value={form[name] ?? ''}
      onChange={change(name)}
    />
  );
}

/** By which channel each type of message goes. */
function Channels({ form, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <FormLayout>
      {sentTypes.map((type) => (
        <Select
          key={type}
          label={t(`messages.types.${type}`)}
          options={MESSAGE_CHANNELS.map((value) => ({
            value,
            label: value === 'whatsapp' ? 'WhatsApp' : t(`messages.channels.${value}`),
          }))}
          value={form[`channel.${type}`] ?? 'email'}
          onChange={change(`channel.${type}`)}
        />
      ))}
    </FormLayout>
  );
}
