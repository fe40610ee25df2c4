import { jsonObject, textOf } from './stored-json.rules.ts';
import type { Language } from '#vocabulary/languages.ts';

/** Words in the asked language, then in the shop's own, then in English, then in any. */
export function wordsIn(value: unknown, language: Language, shopLanguage: Language): string {
  if (typeof value === 'string') return value.trim();
  const words = jsonObject(value);
  for (const key of [language, shopLanguage, 'en', ...Object.keys(words)]) {
    const found = textOf(words[key]).trim();
    if (found !== '') return found;
  }
  return '';
}
