import type { PointsName } from '#proto/admin/v1/admin.ts';
import { LANGUAGES, type Language } from '#vocabulary/languages.ts';

/** What points are called until the merchant chooses otherwise. */
export const defaultPointsName: Readonly<Record<Language, PointsName>> = {
  en: { one: 'point', other: 'points' },
  es: { one: 'punto', other: 'puntos' },
  fr: { one: 'point', other: 'points' },
};

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** es-MX and pt_BR alike: the language of a locale when we speak it. */
export function languageOf(locale: string): Language | undefined {
  const primary = locale.toLowerCase().split(/[-_]/)[0];
  return isLanguage(primary) ? primary : undefined;
}

type Json = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, key: string): Json {
  const inner = typeof value === 'object' && value !== null ? (value as Json)[key] : undefined;
  return typeof inner === 'object' && inner !== null ? (inner as Json) : {};
}

/** Reads merchants.language. */
export function defaultLanguageOf(stored: unknown): Language {
  const value =
    typeof stored === 'object' && stored !== null ? (stored as Json)['default'] : undefined;
  return isLanguage(value) ? value : 'en';
}

/** Reads the words from program_settings.branding: the plural is the label, the singular has its own key. */
export function pointsNamesOf(branding: unknown): Record<Language, PointsName> {
  const singular = objectAt(branding, 'points_currency_singular');
  const label = objectAt(branding, 'points_label');
  const word = (value: unknown, fallback: string) =>
    typeof value === 'string' && value !== '' ? value : fallback;
  const nameIn = (language: Language): PointsName => ({
    one: word(singular[language], defaultPointsName[language].one),
    other: word(label[language], defaultPointsName[language].other),
  });
  return { en: nameIn('en'), es: nameIn('es'), fr: nameIn('fr') };
}

/** The part of branding that the names are kept in; the rest of it belongs to other features. */
export function brandingWithPointsNames(names: Readonly<Record<string, PointsName>>): Json {
  const entries = Object.entries(names);
  return {
    points_currency_singular: Object.fromEntries(
      entries.map(([language, name]) => [language, name.one]),
    ),
    points_label: Object.fromEntries(entries.map(([language, name]) => [language, name.other])),
  };
}
