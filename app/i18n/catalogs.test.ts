import { describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { LANGUAGES, type Language } from './languages.ts';

const folder = new URL('./locales/', import.meta.url);
const surfaces = (language: Language) =>
  readdirSync(new URL(`${language}/`, folder)).filter((name) => name.endsWith('.json'));
const wordsOf = (language: Language) =>
  Object.fromEntries(
    surfaces(language).map((name) => [
      name.replace('.json', ''),
      JSON.parse(readFileSync(new URL(`${language}/${name}`, folder), 'utf8')) as object,
    ]),
  );
const catalogs = Object.fromEntries(
  LANGUAGES.map((language) => [language, wordsOf(language)]),
) as Record<Language, unknown>;
const PLURAL = /_(zero|one|two|few|many|other)$/;

function texts(node: unknown, path = ''): Map<string, unknown> {
  if (typeof node !== 'object' || node === null) return new Map([[path, node]]);
  return new Map(
    Object.entries(node).flatMap(([key, child]) => [
      ...texts(child, path === '' ? key : `${path}.${key}`),
    ]),
  );
}
const placeholders = (text: unknown) =>
  [...String(text).matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

it('has a folder per language with the same surfaces', () => {
  expect(readdirSync(folder).sort()).toEqual([...LANGUAGES].sort());
  for (const language of LANGUAGES) expect(surfaces(language)).toEqual(surfaces('en'));
});

describe('the words of every surface', () => {
  const english = texts(catalogs.en);
  const bases = new Set([...english.keys()].map((key) => key.replace(PLURAL, '')));

  it.each(LANGUAGES)('are complete in %s, with every plural form the language has', (language) => {
    const own = texts(catalogs[language]);
    expect(new Set([...own.keys()].map((key) => key.replace(PLURAL, '')))).toEqual(bases);
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = [...own.keys()]
      .filter((key) => PLURAL.test(key))
      .map((key) => key.replace(PLURAL, ''));
    for (const base of new Set(plurals)) {
      const forms = [...own.keys()].filter(
        (key) => key.replace(PLURAL, '') === base && PLURAL.test(key),
      );
      expect(forms.map((key) => PLURAL.exec(key)?.[1]).sort(), base).toEqual(
        [...categories].sort(),
      );
    }
  });

  it.each(LANGUAGES)('are never empty in %s', (language) => {
    for (const [key, text] of texts(catalogs[language]))
      expect(String(text).trim(), key).not.toBe('');
  });

  it.each(LANGUAGES)('have the same placeholders in %s as in English', (language) => {
    for (const [key, text] of texts(catalogs[language])) {
      const model = english.get(key) ?? english.get(key.replace(PLURAL, '_other'));
      expect(placeholders(text), key).toEqual(placeholders(model));
    }
  });
});
