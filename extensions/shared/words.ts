import type { Money, PointsName } from './contract.ts';

/** The part of Shopify's `i18n` that is used, the same on all surfaces. */
export interface Translator {
  translate(key: string, options?: Record<string, string | number>): string;
  formatNumber(number: number, options?: Intl.NumberFormatOptions): string;
  formatCurrency(number: number, options?: Intl.NumberFormatOptions): string;
  formatDate(date: Date, options?: Intl.DateTimeFormatOptions): string;
}

export interface Words {
  readonly say: (key: string, values?: Record<string, string | number>) => string;
  /** "1,250 Stars": a number of points in the shop's own words for them. */
  readonly points: (count: number) => string;
  readonly money: (money: Money) => string;
  readonly day: (iso: string) => string;
}

export function wordsOf(i18n: Translator, locale: string, name: PointsName): Words {
  const rules = pluralRules(locale);
  return {
    say: (key, values) => i18n.translate(key, values),
    points: (count) =>
      `${i18n.formatNumber(count)} ${rules.select(Math.abs(count)) === 'one' ? name.one : name.other}`,
    money: ({ amount, currency }) => i18n.formatCurrency(Number(amount), { currency }),
    day: (iso) => i18n.formatDate(new Date(iso), { dateStyle: 'medium' }),
  };
}

function pluralRules(locale: string): Intl.PluralRules {
  try {
    return new Intl.PluralRules(locale);
  } catch {
    return new Intl.PluralRules('en');
  }
}

const actionWords = new Set([
  'insufficient_points',
  'reward_unavailable',
  'not_participating',
  'rate_limited',
  'unauthenticated',
]);

/** The key of a sentence that says what a person can do about a failure. */
export const failureKey = (code: string): string =>
  `failure.${actionWords.has(code) ? code : 'other'}`;
