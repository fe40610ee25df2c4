import { describe, expect, it } from 'vitest';
import {
  formatCompact,
  formatDate,
  formatDateTime,
  formatDay,
  formatDecimal,
  formatDuration,
  formatLanguage,
  formatLastDay,
  formatMoney,
  formatNumber,
  formatPoints,
  formatRecent,
  formatSigned,
  pointsWords,
} from './format.ts';
import { languageOfTag } from './languages.ts';

// Intl uses several kinds of space; these tests ignore which.
const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

it('the last day of what ends at midnight is the day before', () => {
  expect(formatLastDay('2028-01-01T05:00:00.000Z', 'en', 'America/New_York')).toBe('Dec 31, 2027');
  expect(formatLastDay('2028-01-01T09:30:00.000Z', 'en', 'America/New_York')).toBe('Jan 1, 2028');
  expect(formatLastDay('', 'en', 'UTC')).toBe('');
});

it('what was recently, or will be soon, is told from now on; beyond a week a date says more', () => {
  const now = Date.parse('2026-11-30T12:00:00Z');
  const said = (minutes: number, language: 'en' | 'es' | 'fr' = 'en') =>
    plain(formatRecent(new Date(now + minutes * 60_000).toISOString(), language, now));
  expect([0, -0.9, -1, -59.9, -60, -23.9 * 60, -24 * 60].map((minutes) => said(minutes))).toEqual([
    'now',
    'now',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    '23 hours ago',
    '1 day ago',
  ]);
  expect(said(3 * 60)).toBe('in 3 hours');
  expect(said(-120, 'es')).toBe('hace 2 horas');
  expect(said(-120, 'fr')).toBe('il y a 2 heures');
  expect(said(-7 * 24 * 60)).toBe('');
  expect(formatRecent('', 'en', now)).toBe('');
});

it('how long something took is said in whole seconds, minutes or hours, never shorter than it was', () => {
  expect(formatDuration(0, 'en')).toBe('1 second');
  expect(formatDuration(2_001, 'en')).toBe('3 seconds');
  expect(formatDuration(119_000, 'en')).toBe('119 seconds');
  expect(plain(formatDuration(121_000, 'fr'))).toBe('3 minutes');
  expect(plain(formatDuration(7_200_001, 'es'))).toBe('3 horas');
});

describe('money', () => {
  it('is formatted like its currency in that language', () => {
    expect(formatMoney({ amount: '1234.5', currency: 'USD' }, 'en')).toBe('$1,234.50');
    expect(plain(formatMoney({ amount: '1234.5', currency: 'EUR' }, 'fr'))).toBe('1 234,50 €');
    expect(formatMoney({ amount: '1200', currency: 'JPY' }, 'en')).toBe('¥1,200');
  });
  it('keeps every digit of amounts too large for a float', () => {
    expect(formatMoney({ amount: '9007199254740993.01', currency: 'USD' }, 'en')).toBe(
      '$9,007,199,254,740,993.01',
    );
  });
  it('accepts an unknown currency', () => {
    expect(formatMoney({ amount: '5', currency: '' }, 'en')).toBe('5');
    expect(formatMoney({ amount: '', currency: 'USD' }, 'en')).toBe('$0.00');
    expect(formatMoney({ amount: '5', currency: 'dollars' }, 'en')).toBe('5 dollars');
    expect(formatMoney({ amount: '', currency: '' }, 'en')).toBe('0');
  });
});

describe('times', () => {
  it('are days of the shop, not of the server', () => {
    expect(formatDate('2026-11-23T03:00:00Z', 'en', 'America/New_York')).toBe('Nov 22, 2026');
    expect(formatDate('2026-11-23T03:00:00Z', 'en', 'Europe/Madrid')).toBe('Nov 23, 2026');
  });
  it('follow the language', () => {
    expect(plain(formatDateTime('2026-11-23T15:30:00Z', 'fr', 'Europe/Paris'))).toContain('16:30');
    expect(formatDay('2026-11-03', 'en')).toBe('Nov 3');
    expect(formatDateTime('2026-11-23T15:30:00Z', 'en', 'UTC')).toMatch(/^Nov 23, 2026, 3:30\sPM$/);
    expect(formatDate('2026-11-23T15:30:00Z', 'en', 'UTC')).toBe('Nov 23, 2026');
    expect(formatDate('2026-11-23T15:30:00Z', 'es', 'UTC')).toBe('23 nov 2026');
  });
  it('are empty when there is none, and accept an unknown time zone', () => {
    expect(formatDate('', 'en', 'UTC')).toBe('');
    expect(formatDate('not a time', 'en', 'UTC')).toBe('');
    expect(formatDate('2026-11-23T03:00:00Z', 'en', 'Mars/Olympus')).toBe('Nov 23, 2026');
  });
});

describe('numbers', () => {
  it('carry their sign', () => {
    expect(formatSigned(1200, 'en')).toBe('+1,200');
    expect(formatSigned(-40, 'en')).toBe('-40');
    expect(formatSigned(0, 'en')).toBe('0');
  });
  it('are shortened on axes, without trailing zeros', () => {
    expect(formatCompact(12_500, 'en')).toBe('12.5K');
    expect(formatDecimal('1.5000', 'fr')).toBe('1,5');
    expect(formatDecimal('1.23456', 'en')).toBe('1.2346');
    expect(formatCompact(12_340, 'en')).toBe('12.3K');
    expect(formatNumber(1_234_567, 'en')).toBe('1,234,567');
    expect(plain(formatNumber(1_234_567, 'fr'))).toBe('1 234 567');
  });
});

describe('points', () => {
  const stars = { one: 'Star', other: 'Stars' };
  it('use the merchant’s word in the right plural form', () => {
    expect(formatPoints(1, 'en', stars)).toBe('1 Star');
    expect(formatPoints(1250, 'en', stars)).toBe('1,250 Stars');
    const millions = formatPoints(1_000_000, 'fr', { one: 'Étoile', other: 'Étoiles' });
    expect(millions).toMatch(/^1\s000\s000 d’Étoiles$/u);
    expect(formatPoints(2_000_000, 'es', stars)).toMatch(/000 de Stars$/);
    expect(formatPoints(0, 'fr', { one: 'étoile', other: 'étoiles' })).toBe('0 étoile');
  });
  it('fall back to the merchant’s word in English, else to the default word', () => {
    expect(pointsWords({ en: stars }, 'fr')).toEqual(stars);
    expect(pointsWords({ en: { one: 'point', other: 'points' } }, 'es')).toEqual({
      one: 'punto',
      other: 'puntos',
    });
    expect(pointsWords({}, 'fr')).toEqual({ one: 'point', other: 'points' });
    // Half a name is none, and the plain word is no brand however it is written.
    expect(pointsWords({ en: stars, es: { one: 'Estrella', other: '' } }, 'es')).toEqual(stars);
    expect(pointsWords({ en: stars, es: { one: '', other: 'Estrellas' } }, 'es')).toEqual(stars);
    for (const en of [
      { one: 'Point', other: 'Points' },
      { one: '', other: 'Stars' },
      { one: 'Star', other: '' },
    ])
      expect(pointsWords({ en }, 'es').other).toBe('puntos');
    expect(pointsWords({ en: { one: 'Point', other: 'Points' } }, 'en').other).toBe('Points');
    expect(
      pointsWords({ en: stars, es: { one: 'Estrella', other: 'Estrellas' } }, 'es').other,
    ).toBe('Estrellas');
  });
});

describe('languages', () => {
  it('have a name in the reader’s language', () => {
    expect(formatLanguage('es', 'en')).toBe('Spanish');
    expect(formatLanguage('en', 'fr')).toBe('anglais');
  });
  it('are recognized from any tag that Shopify sends', () => {
    expect(languageOfTag('fr-CA')).toBe('fr');
    expect(languageOfTag('ES')).toBe('es');
    expect(languageOfTag('de')).toBe('en');
    expect(languageOfTag(null)).toBe('en');
  });
});
