import { useFetcher } from '@remix-run/react';
import { Banner, BlockStack, Button, Form, TextField } from '@shopify/polaris';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../dashboard/problem-text.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { SectionCard } from '../../dashboard/section-card.tsx';
import type { Language } from '../../i18n/languages.ts';
import type { MessageProvider } from '#vocabulary/messages.ts';
import { contentOf, type Medium, type SentType, type WordsForm } from './template-form.ts';
import type { TestSent } from './test-send.server.ts';

interface TestSendProps {
  readonly type: SentType;
  readonly language: Language;
  readonly medium: Medium;
  readonly words: WordsForm;
  /** Whether the words can be sent; shows what is wrong where they cannot. */
  readonly isFine: () => boolean;
}

/** Sends the words as they stand, saved or not, to an address of the merchant's. */
export function TestSend({ type, language, medium, words, isFine }: TestSendProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<TestSent | Refusal>();
  const [addresses, setAddresses] = useState<Readonly<Record<Medium, string>>>({
    email: '',
    sms: '',
  });
  const [sentBy, setSentBy] = useState<Medium>(medium);
  const isSending = fetcher.state !== 'idle';
  const answer = isSending || sentBy !== medium ? undefined : fetcher.data;
  const hasWrongAddress = answer?.ok === false && answer.fields['to'] !== undefined;
  const send = () => {
    if (isSending || !isFine()) return;
    setSentBy(medium);
    const content = contentOf(words);
    const message = JSON.stringify({ type, channel: medium, language, content, customerId: '' });
    fetcher.submit({ intent: 'test', to: addresses[medium], message }, { method: 'post' });
  };
  return (
    <SectionCard title={t('templates.test.title')}>
      <Form onSubmit={send} noValidate>
        <BlockStack gap="300" inlineAlign="start">
          <TextField
            label={t(`templates.test.${medium}`)}
            type={medium === 'email' ? 'email' : 'tel'}
            autoComplete={medium === 'email' ? 'email' : 'tel'}
            maxLength={medium === 'email' ? 254 : 40}
            helpText={t('templates.test.help')}
            value={addresses[medium]}
            {...(hasWrongAddress && { error: t(`templates.test.wrong.${medium}`) })}
            onChange={(value) => setAddresses((known) => ({ ...known, [medium]: value }))}
          />
          <Button submit loading={isSending}>
            {t('templates.test.send')}
          </Button>
        </BlockStack>
      </Form>
      <div aria-live="polite" className="ln-live">
        {answer !== undefined && !hasWrongAddress && <Outcome answer={answer} />}
      </div>
    </SectionCard>
  );
}

const NAMES: Readonly<Record<MessageProvider, string>> = {
  klaviyo: 'Klaviyo',
  twilio: 'Twilio',
  postscript: 'Postscript',
  ses: 'Amazon SES',
};

/** Reasons that a merchant can do something about; all others are told as a refusal. */
const REASONS = [
  'no_consent',
  'opted_out',
  'invalid_recipient',
  'filtered',
  'bad_credentials',
  'provider_away',
] as const;

function Outcome({ answer }: { answer: TestSent | Refusal }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  if (!answer.ok) {
    const { code } = answer.problem;
    const text =
      code === 'rate_limited'
        ? t('templates.test.limit')
        : answer.fields['message'] === undefined
          ? problemText(code)
          : t('templates.test.fixFirst');
    return <Banner tone="critical">{text}</Banner>;
  }
  const { status, provider } = answer;
  if (provider === '')
    return (
      <Banner
        tone="warning"
        action={{ content: t('templates.test.connect'), url: '/app/integrations' }}
      >
        {t('templates.test.noProvider')}
      </Banner>
    );
  const name = NAMES[provider];
  if (status === 'sent')
    return (
      <Banner tone="success">
        {t(provider === 'klaviyo' ? 'templates.test.sentKlaviyo' : 'templates.test.sent', { name })}
      </Banner>
    );
  if (status === 'unconfirmed')
    return <Banner tone="warning">{t('templates.test.unconfirmed', { name })}</Banner>;
  const reason = REASONS.find((one) => one === answer.reason) ?? 'refused';
  return <Banner tone="critical">{t(`templates.test.reasons.${reason}`, { name })}</Banner>;
}
