import { FALLBACK_LANGUAGE, type Language } from '../i18n/languages.ts';

/** Words that the shop wrote per language, in the reader's: else in English, else in whichever there are. */
export function wordsIn(
  words: Readonly<Record<string, string>> | undefined,
  language: Language,
): string {
  return words?.[language] || words?.[FALLBACK_LANGUAGE] || Object.values(words ?? {})[0] || '';
}
