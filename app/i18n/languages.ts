import { LANGUAGES, type Language } from '#vocabulary/languages.ts';

export { LANGUAGES, type Language };

export const FALLBACK_LANGUAGE: Language = 'en';

/** A language in its own words, as the language chooser shows it. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  en: 'English',
  es: 'Español',
  fr: 'Français',
};

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** The supported language of a BCP 47 tag (`fr-CA` is `fr`); English when there is none. */
export function languageOfTag(tag: string | null | undefined): Language {
  const primary = (tag ?? '').toLowerCase().split(/[-_]/)[0];
  return isLanguage(primary) ? primary : FALLBACK_LANGUAGE;
}
