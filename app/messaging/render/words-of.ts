import type { MessageContent, MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { MessageType } from '#vocabulary/messages.ts';
import { writeMailDocument } from '../../../proto/shared/messages/blocks.ts';
import { DEFAULT_WORDS } from '../../../proto/shared/messages/defaults.ts';
import type { Language } from '../../i18n/languages.ts';

/** The product's own words of a type. */
export function defaultContent(type: MessageType, language: Language): MessageContent {
  const words = DEFAULT_WORDS[language][type];
  return {
    language,
    subject: words.subject,
    blocks: writeMailDocument(words),
    text: words.text,
  };
}

/** What the merchant wrote in that language, else the product's own words in it. */
export const contentIn = (
  { contents }: Pick<MessageTemplate, 'contents'>,
  type: MessageType,
  language: Language,
): MessageContent =>
  contents.find((content) => content.language === language) ?? defaultContent(type, language);
