import type { MessageContent, MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { MessageType } from '#vocabulary/messages.ts';
import { LANGUAGES, type Language } from '#vocabulary/languages.ts';
import {
  parseMailDocument,
  writeMailDocument,
  type MessageWords,
} from '../../proto/shared/messages/blocks.ts';
import { messageFaults } from '../../proto/shared/messages/check.ts';

/** A merchant's words by language, as `subject` and `body` of `email_templates` keep them. */
export interface StoredWords {
  readonly subject: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, object>>;
}

/** What is wrong with what a merchant wrote: `contents.es.blocks.2.text`, and how. */
export interface TemplateFault {
  readonly field: string;
  readonly problem: string;
}

/**
 * A merchant's words as they are stored, or the first thing that is wrong with them. Nothing but the fields of blocks
 * that we know is kept.
 */
export function wordsToStore(
  type: MessageType,
  contents: readonly MessageContent[],
): StoredWords | TemplateFault {
  const subject: Record<string, string> = {};
  const body: Record<string, object> = {};
  for (const { language, ...content } of contents) {
    if (Object.hasOwn(subject, language))
      return { field: `contents.${language}`, problem: 'is there twice' };
    const words = wordsOf(content);
    if (words === undefined)
      return { field: `contents.${language}.blocks`, problem: 'is not a list of blocks' };
    const fault = messageFaults(type, words)[0];
    if (fault !== undefined)
      return { field: `contents.${language}.${fault.field}`, problem: fault.problem };
    subject[language] = words.subject;
    body[language] = { preheader: words.preheader, blocks: words.blocks, text: words.text };
  }
  return { subject, body };
}

function wordsOf(content: Omit<MessageContent, 'language'>): MessageWords | undefined {
  const document = parseMailDocument(content.blocks);
  return document && { ...document, subject: content.subject, text: content.text };
}

/** What is stored, language by language, as a message. */
export function contentsOf({
  subject,
  body,
}: {
  subject: unknown;
  body: unknown;
}): MessageContent[] {
  return LANGUAGES.flatMap((language): MessageContent[] => {
    const [line, stored] = [at(subject, language), at(body, language)];
    const document = parseMailDocument(JSON.stringify(stored ?? null));
    if (typeof line !== 'string' || document === undefined) return [];
    const text = at(stored, 'text');
    return [
      {
        language,
        subject: line,
        blocks: writeMailDocument(document),
        text: typeof text === 'string' ? text : '',
      },
    ];
  });
}

const at = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** A type that the merchant has left as it came. */
export const untouchedTemplate = (type: MessageType, language: Language): MessageTemplate => ({
  type,
  version: 0,
  enabled: true,
  contents: [],
  fallbackLanguage: language,
});
