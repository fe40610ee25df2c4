import { describe, expect, it } from 'vitest';
import consoleEn from './console/en.json' with { type: 'json' };
import consoleEs from './console/es.json' with { type: 'json' };
import consoleFr from './console/fr.json' with { type: 'json' };
import en from './en.json' with { type: 'json' };
import es from './es.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };
import { LANGUAGES, type Language } from './languages.ts';

const catalogs: Record<Language, unknown> = {
  en: { ...en, console: consoleEn },
  es: { ...es, console: consoleEs },
  fr: { ...fr, console: consoleFr },
};
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

describe('the words of the dashboard', () => {
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

  it.each(LANGUAGES)('name the same figures in %s as in English', (language) => {
    for (const [key, text] of texts(catalogs[language])) {
      const model = english.get(key) ?? english.get(key.replace(PLURAL, '_other'));
      expect(placeholders(text), key).toEqual(placeholders(model));
    }
  });
});
