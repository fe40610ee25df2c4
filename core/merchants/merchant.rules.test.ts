import { describe, expect, it } from 'vitest';
import {
  brandingWithPointsNames,
  defaultLanguageOf,
  isLanguage,
  languageOf,
  pointsNamesOf,
} from './merchant.rules.ts';

describe('the language of a shop', () => {
  it.each([
    ['es-MX', 'es'],
    ['fr_CA', 'fr'],
    ['EN', 'en'],
    ['pt-BR', undefined],
    ['eses', undefined],
    ['', undefined],
  ])('%s is read as %s', (locale, language) => {
    expect(languageOf(locale)).toBe(language);
  });

  it('is English until the merchant chose one that we speak', () => {
    expect(defaultLanguageOf({ default: 'fr' })).toBe('fr');
    for (const stored of [{ default: 'pt' }, { default: 7 }, {}, null, undefined, 'fr'])
      expect(defaultLanguageOf(stored), JSON.stringify(stored)).toBe('en');
  });

  it('is none of ours unless it is spelled as ours are', () => {
    expect(['en', 'es', 'fr'].every(isLanguage)).toBe(true);
    expect(isLanguage('ES')).toBe(false);
    expect(isLanguage(null)).toBe(false);
  });
});

describe('what points are called', () => {
  it('is each language’s own word until the merchant chooses another', () => {
    const plain = {
      en: { one: 'point', other: 'points' },
      es: { one: 'punto', other: 'puntos' },
      fr: { one: 'point', other: 'points' },
    };
    for (const branding of [undefined, null, {}, 'gold', { points_label: 'gold' }])
      expect(pointsNamesOf(branding), JSON.stringify(branding)).toEqual(plain);
    expect(
      pointsNamesOf({ points_label: { en: '', es: 7 }, points_currency_singular: null }),
    ).toEqual(plain);
  });

  it('is the merchant’s word, for one and for several, in each language by itself', () => {
    const names = {
      en: { one: 'star', other: 'stars' },
      es: { one: 'estrella', other: 'estrellas' },
    };
    const branding = { panel: { color: '#112233' }, ...brandingWithPointsNames(names) };
    expect(pointsNamesOf(branding)).toEqual({ ...names, fr: { one: 'point', other: 'points' } });
  });
});
