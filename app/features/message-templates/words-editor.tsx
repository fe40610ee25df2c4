import { BlockStack, Card, Text, TextField } from '@shopify/polaris';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MESSAGE_LIMITS, type MessageBlock } from '../../../proto/shared/messages/blocks.ts';
import type { Language } from '../../i18n/languages.ts';
import { TabList } from '../../dashboard/tab-list.tsx';
import { BlockList } from './block-list.tsx';
import type { Medium, SentType, WordsForm } from './template-form.ts';
import { insertAt, VariablePicker } from './variable-picker.tsx';

interface WordsEditorProps {
  readonly type: SentType;
  readonly language: Language;
  readonly medium: Medium;
  readonly words: WordsForm;
  readonly onMedium: (medium: Medium) => void;
  /** By field: `subject`, `blocks.2.text`. */
  readonly errorOf: (field: string) => string | undefined;
  readonly onChange: (field: string, changes: Partial<WordsForm>) => void;
}

/** A message in one language: the mail, or the text message. */
export function WordsEditor(props: WordsEditorProps) {
  const { t } = useTranslation();
  const { medium, onMedium } = props;
  const part = useRef<HTMLDivElement>(null);
  return (
    <Card>
      <TabList
        label={t('templates.medium')}
        tabs={(['email', 'sms'] as const).map((name) => ({
          name,
          id: `template-${name}`,
          content: t(`templates.${name}`),
        }))}
        panelId="template-medium"
        selected={medium}
        onSelect={onMedium}
      />
      <div id="template-medium" role="tabpanel" aria-labelledby={`template-${medium}`} ref={part}>
        <BlockStack gap="400">
          <VariablePicker
            type={props.type}
            onPick={(variable) => insertAt(part.current, variable)}
          />
          {medium === 'email' ? <Mail {...props} /> : <TextMessage {...props} />}
        </BlockStack>
      </div>
    </Card>
  );
}

function Mail({ type, words, errorOf, onChange }: WordsEditorProps) {
  const { t } = useTranslation();
  const [removed, setRemoved] = useState<{ block: MessageBlock; place: number }>();
  const put = (field: string, blocks: readonly MessageBlock[]) => onChange(field, { blocks });
  return (
    <>
      <TextField
        label={t('templates.subject')}
        value={words.subject}
        onChange={(subject) => onChange('subject', { subject })}
        error={errorOf('subject')}
        maxLength={MESSAGE_LIMITS.subject}
        autoComplete="off"
      />
      <TextField
        label={t('templates.preheader')}
        helpText={t('templates.preheaderHelp')}
        value={words.preheader}
        onChange={(preheader) => onChange('preheader', { preheader })}
        error={errorOf('preheader')}
        maxLength={MESSAGE_LIMITS.preheader}
        autoComplete="off"
      />
      <BlockList
        type={type}
        blocks={words.blocks}
        errorOf={errorOf}
        onChange={put}
        onRemove={(place) => {
          const block = words.blocks[place];
          if (block === undefined) return;
          setRemoved({ block, place });
          put('blocks', words.blocks.toSpliced(place, 1));
        }}
        {...(removed && {
          onUndo: () => {
            put('blocks', words.blocks.toSpliced(removed.place, 0, removed.block));
            setRemoved(undefined);
          },
        })}
      />
    </>
  );
}

function TextMessage({ words, errorOf, onChange }: WordsEditorProps) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        label={t('templates.text')}
        helpText={t('templates.textHelp')}
        value={words.text}
        onChange={(text) => onChange('text', { text })}
        error={errorOf('text')}
        maxLength={MESSAGE_LIMITS.text}
        showCharacterCount
        multiline={4}
        autoComplete="off"
      />
      <Text as="p" tone="subdued">
        {t('templates.stopNote')}
      </Text>
    </>
  );
}
