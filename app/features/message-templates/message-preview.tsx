import { BlockStack, Button, ButtonGroup, Card, InlineStack, Select, Text } from '@shopify/polaris';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DARK_QUERY } from '../../messaging/render/mail-style.ts';
import type { Language } from '../../i18n/languages.ts';
import type { MessagePreviewAnswer } from './preview.server.ts';
import { contentOf, type Medium, type SentType, type WordsForm } from './template-form.ts';
import type { TemplateData } from './templates.server.ts';

interface MessagePreviewProps {
  readonly type: SentType;
  readonly language: Language;
  readonly medium: Medium;
  readonly words: WordsForm;
  readonly members: TemplateData['members'];
}

/** The message as its reader gets it, made by the code that sends it. */
export function MessagePreview(props: MessagePreviewProps) {
  const { t } = useTranslation();
  const { medium, members } = props;
  const [customerId, setCustomerId] = useState('');
  const { answer, isLate } = usePreview(props, customerId);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t('templates.preview')}
        </Text>
        {members.length > 0 && (
          <Select
            label={t('templates.valuesOf')}
            labelInline
            options={[
              { value: '', label: t('templates.sample') },
              ...members.map(({ customerId: value, name }) => ({ value, label: name })),
            ]}
            value={customerId}
            onChange={setCustomerId}
          />
        )}
        {isLate && (
          <Text as="p" tone="subdued">
            {t('templates.previewFailed')}
          </Text>
        )}
        {answer === undefined ? (
          <div className="ln-stage ln-stage-to-come" aria-busy={!isLate} />
        ) : medium === 'email' ? (
          <MailPreview answer={answer} />
        ) : (
          <TextPreview answer={answer} />
        )}
      </BlockStack>
    </Card>
  );
}

/** What the server made of the words, a moment after the last key; the last one stays until the next is there. */
function usePreview({ type, language, medium, words }: MessagePreviewProps, customerId: string) {
  const [shown, setShown] = useState<{ medium: Medium; answer: MessagePreviewAnswer }>();
  const [isLate, setLate] = useState(false);
  const message = JSON.stringify({
    type,
    channel: medium,
    language,
    content: contentOf(words),
    customerId,
  });
  useEffect(() => {
    const gone = new AbortController();
    const timer = setTimeout(() => {
      void askForPreview(message, gone.signal).then((answer) => {
        if (gone.signal.aborted) return;
        setLate(answer === undefined);
        if (answer !== undefined) setShown({ medium, answer });
      });
    }, 300);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [message, medium]);
  return { answer: shown?.medium === medium ? shown.answer : undefined, isLate };
}

/** Never throws: the form goes on without a preview. */
async function askForPreview(
  message: string,
  signal: AbortSignal,
): Promise<MessagePreviewAnswer | undefined> {
  const body = new FormData();
  body.set('message', message);
  try {
    // App Bridge's own `fetch` adds the session token.
    const response = await window.fetch('/app/content/messages/preview', {
      method: 'POST',
      body,
      signal,
    });
    return response.ok ? ((await response.json()) as MessagePreviewAnswer) : undefined;
  } catch {
    return undefined;
  }
}

function MailPreview({ answer }: { answer: MessagePreviewAnswer }) {
  const { t } = useTranslation();
  const [isNarrow, setNarrow] = useState(false);
  const [isDark, setDark] = useState(false);
  const choice = (label: string, isOn: boolean, choose: () => void) => (
    <Button size="slim" pressed={isOn} onClick={choose}>
      {label}
    </Button>
  );
  return (
    <>
      <InlineStack gap="300">
        <ButtonGroup variant="segmented">
          {choice(t('templates.desktop'), !isNarrow, () => setNarrow(false))}
          {choice(t('templates.phone'), isNarrow, () => setNarrow(true))}
        </ButtonGroup>
        <ButtonGroup variant="segmented">
          {choice(t('templates.light'), !isDark, () => setDark(false))}
          {choice(t('templates.dark'), isDark, () => setDark(true))}
        </ButtonGroup>
      </InlineStack>
      <Text as="p" fontWeight="semibold" breakWord>
        {answer.subject}
      </Text>
      <iframe
        className="ln-mail"
        data-narrow={isNarrow || undefined}
        title={t('templates.preview')}
        // Nothing in it may run, submit or leave: the sandbox allows nothing at all.
        sandbox=""
        srcDoc={isDark ? answer.html.replaceAll(DARK_QUERY, '@media all') : answer.html}
      />
    </>
  );
}

function TextPreview({ answer: { text, segments } }: { answer: MessagePreviewAnswer }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="ln-sms" dir="auto">
        {text}
      </div>
      <Text as="p" tone="subdued">
        {t('templates.segments', { count: segments.count })}{' '}
        {segments.encoding === 'UCS-2' && t('templates.unicode')}
      </Text>
    </>
  );
}
