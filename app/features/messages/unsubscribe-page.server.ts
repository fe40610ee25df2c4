import { LANGUAGES, type Language } from '../../i18n/languages.ts';
import { unsubscribeWords } from '../../i18n/unsubscribe-words.server.ts';
import type { Unsubscribing } from './unsubscribe.server.ts';

export interface UnsubscribeView {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  /** Empty: there is nothing to press. */
  readonly button: string;
}

/** The page's words, in the language of the message that led here. */
export function unsubscribeView(
  found: Unsubscribing | undefined,
  step: 'ask' | 'done',
  visitor: Language,
): UnsubscribeView {
  const language = LANGUAGES.find((one) => one === found?.language) ?? visitor;
  const words = unsubscribeWords[language];
  if (found === undefined)
    return { language, title: words.unknownTitle, text: words.unknown, button: '' };
  const isMail = found.channel === 'email';
  const text = {
    ask: isMail ? words.email : words.sms,
    done: isMail ? words.doneEmail : words.doneSms,
  }[step].replaceAll('{{shop}}', () => found.shopName);
  return step === 'ask'
    ? { language, title: words.title, text, button: words.button }
    : { language, title: words.doneTitle, text, button: '' };
}
