import type { MessageContent, MessageTemplate } from '#proto/admin/v1/message_templates.ts';
import type { MessageType } from '#vocabulary/messages.ts';
import {
  parseMailDocument,
  writeMailDocument,
  type MessageBlock,
  type MessageBlockType,
  type MessageWords,
} from '../../../proto/shared/messages/blocks.ts';
import { messageFaults, type MessageProblem } from '../../../proto/shared/messages/check.ts';
import { FALLBACK_LANGUAGE, isLanguage, LANGUAGES, type Language } from '../../i18n/languages.ts';

/** The types that something sends today, in the order of the list. */
export const SENT_TYPES = [
  'points_earned',
  'points_expiring',
  'birthday_reward',
  'reward_redeemed',
  'referral_completed',
  'tier_upgraded',
  'tier_change',
] as const satisfies readonly MessageType[];
export type SentType = (typeof SENT_TYPES)[number];

/** What is edited: the mail, or the text message. */
export type Medium = 'email' | 'sms';

/** A message in one language, as the form holds it. */
export interface WordsForm extends MessageWords {
  /** Written by the merchant; else the product's own words, which are shown and not saved. */
  readonly isOwn: boolean;
}

export interface TemplateForm {
  readonly enabled: boolean;
  readonly fallbackLanguage: Language;
  readonly words: Readonly<Record<Language, WordsForm>>;
}

export type DefaultContents = Readonly<Record<Language, MessageContent>>;

export function formOf(template: MessageTemplate, defaults: DefaultContents): TemplateForm {
  const { enabled, fallbackLanguage, contents } = template;
  return {
    enabled,
    fallbackLanguage: isLanguage(fallbackLanguage) ? fallbackLanguage : FALLBACK_LANGUAGE,
    words: Object.fromEntries(
      LANGUAGES.map((language) => {
        const own = contents.find((content) => content.language === language);
        return [language, wordsOf(own ?? defaults[language], own !== undefined)];
      }),
    ) as Record<Language, WordsForm>,
  };
}

export function wordsOf(
  { subject, blocks, text }: Pick<MessageContent, 'subject' | 'blocks' | 'text'>,
  isOwn: boolean,
): WordsForm {
  const document = parseMailDocument(blocks) ?? { preheader: '', blocks: [] };
  return { isOwn, subject, preheader: document.preheader, blocks: document.blocks, text };
}

/** As it is sent to be saved and to be previewed. */
export const contentOf = (words: MessageWords): Omit<MessageContent, 'language'> => ({
  subject: words.subject,
  blocks: writeMailDocument(words),
  text: words.text,
});

/** What the merchant wrote, language by language. */
export const contentsOf = ({ words }: TemplateForm): MessageContent[] =>
  LANGUAGES.filter((language) => words[language].isOwn).map((language) => ({
    language,
    ...contentOf(words[language]),
  }));

/** Forms are made by the same code, so that their fields have the same order. */
export const isSameTemplate = (one: TemplateForm, other: TemplateForm): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** Field (`es.blocks.2.text`) to what is wrong there, of what would be saved, from top to bottom. */
export function faultsOf(
  type: MessageType,
  { words }: TemplateForm,
): Readonly<Record<string, MessageProblem>> {
  const found: Record<string, MessageProblem> = {};
  for (const language of LANGUAGES.filter((each) => words[each].isOwn))
    // Of several at one field, the first.
    for (const { field, problem } of messageFaults(type, words[language]))
      found[`${language}.${field}`] ??= problem;
  return found;
}

/** What a new block says until someone writes it. */
export const EMPTY_BLOCKS: Readonly<Record<MessageBlockType, MessageBlock>> = {
  heading: { type: 'heading', text: '' },
  text: { type: 'text', text: '' },
  button: { type: 'button', label: '', href: '{{ shop_url }}' },
  figure: { type: 'figure', value: '{{ points_balance }}', label: '' },
  code: { type: 'code', label: '' },
  image: { type: 'image', picture: '', alt: '', href: '' },
  divider: { type: 'divider' },
};

/** The list with one of its blocks elsewhere. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}
