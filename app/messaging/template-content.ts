import type { MessageContent, MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { Language } from '../i18n/languages.ts';
import { writeMailDocument } from '../../proto/shared/messages/blocks.ts';
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
    written(language) ?? written(template?.fallbackLanguage ?? '') ?? defaultContent(type)
  );
}

const defaultContent = (type: MessageType) => ({
  subject: '{{ shop_name }}',
  blocks: writeMailDocument({
    preheader: '',
    blocks: [{ type: 'heading', text: type.replaceAll('_', ' ') }],
  }),
  text: '{{ shop_name }}',
});
