import { expect, test } from 'vitest';
import { failureKey, wordsOf } from './words.ts';

const i18n = {
  translate: (key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}`,
  formatNumber: (number: number) => number.toLocaleString('en'),
  formatCurrency: (number: number, options?: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat('en', { style: 'currency', ...options }).format(number),
  formatDate: (date: Date, options?: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' }).format(date),
};
const stars = { one: 'Star', other: 'Stars' };

test('points are counted in the shop’s own words, by the rules of the language', () => {
  const { points } = wordsOf(i18n, 'en', stars);
  expect([1, 0, 2, -1, 1_250].map(points)).toEqual([
    '1 Star',
    '0 Stars',
    '2 Stars',
    '-1 Star',
    '1,250 Stars',
  ]);
  // In French nothing is singular, too.
  expect(wordsOf(i18n, 'fr', stars).points(0)).toBe('0 Star');
  expect(wordsOf(i18n, 'no language', stars).points(0)).toBe('0 Stars');
});

test('sentences, money and days are the host’s', () => {
  const { say, money, day } = wordsOf(i18n, 'en', stars);
  expect(say('hello', { name: 'Ada' })).toBe('hello {"name":"Ada"}');
  expect(money({ amount: '12.50', currency: 'USD' })).toBe('$12.50');
  expect(day('2026-11-23T10:00:00Z')).toBe('Nov 23, 2026');
});

test('a failure that a person can do something about has a sentence of its own', () => {
  for (const code of [
    'insufficient_points',
    'reward_unavailable',
    'rate_limited',
    'unauthenticated',
  ])
    expect(failureKey(code)).toBe(`failure.${code}`);
  expect(failureKey('internal')).toBe('failure.other');
});
