import type { MessageContent, MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import { writeMailDocument } from '../../proto/shared/messages/blocks.ts';
import { DEFAULT_WORDS } from '../../proto/shared/messages/defaults.ts';
import type { Language } from '../i18n/languages.ts';
import type { MessageType } from '#vocabulary/messages.ts';

/** The words of a message: the merchant's in the reader's language, else in their fallback's, else ours. */
export function contentFor(
  type: MessageType,
  language: Language,
  template: MessageTemplate | undefined,
): Pick<MessageContent, 'subject' | 'blocks' | 'text'> {
  const written = (wanted: string) =>
    template?.contents.find((content) => content.language === wanted);
  return (
    written(language) ?? written(template?.fallbackLanguage ?? '') ?? defaultContent(type, language)
  );
}

function defaultContent(type: MessageType, language: Language) {
  const words = DEFAULT_WORDS[language][type];
  return { subject: words.subject, blocks: writeMailDocument(words), text: words.text };
}
