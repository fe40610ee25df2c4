import { FALLBACK_LANGUAGE, type Language } from '../i18n/languages.ts';

/** The shop's text in the reader's language, else English, else any. */
export function wordsIn(
  words: Readonly<Record<string, string>> | undefined,
  language: Language,
): string {
  return words?.[language] || words?.[FALLBACK_LANGUAGE] || Object.values(words ?? {})[0] || '';
}
