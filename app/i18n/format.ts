import type { Language } from './languages.ts';

/** A merchant's own words for points, in one language. */
export interface PointsWords {
  one: string;
  other: string;
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

// Building an Intl formatter costs far more than using it; a list formats hundreds of cells.
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(language, options)));
  return format;
}

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(language, options)));
  return format;
}

export function formatNumber(value: number, language: Language): string {
  return numberFormat(language, {}).format(value);
}

/**
 * How long something takes at most, in whole seconds, minutes or hours: `3 seconds`, `2 minutes`. What takes less than a
 * second is said to take one.
 */
export function formatDuration(milliseconds: number, language: Language): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000));
  const [value, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7_200
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3_600), 'hour'];
  return numberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** A ratio as a percentage with at most one decimal: `12.5%`, `12,5 %`. */
export function formatPercent(ratio: number, language: Language): string {
  return numberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(ratio);
}

/** With a sign for both directions: `+120`, `-40`, `0`. */
export function formatSigned(value: number, language: Language): string {
  return numberFormat(language, { signDisplay: 'exceptZero' }).format(value);
}

/** A language's name in the reader's own: `Spanish`, `espagnol`. */
export function formatLanguage(name: Language, language: Language): string {
  return new Intl.DisplayNames(language, { type: 'language' }).of(name) ?? name;
}

/** Short form for axes and large figures: `12.5K`. */
export function formatCompact(value: number, language: Language): string {
  return numberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/**
 * Money as its currency is written in that language. The amount is a decimal string and stays one: it is never a float.
 * An unknown currency code is written as it is rather than thrown.
 */
export function formatMoney(
  money: { amount: string; currency: string },
  language: Language,
): string {
  const amount = money.amount === '' ? '0' : money.amount;
  try {
    return numberFormat(language, { style: 'currency', currency: money.currency }).format(
      amount as Intl.StringNumericLiteral,
    );
  } catch {
    return `${amount} ${money.currency}`.trim();
  }
}

/** A decimal string (a rate, a multiplier) in the language's notation, without needless zeros. */
export function formatDecimal(value: string, language: Language): string {
  return numberFormat(language, { maximumFractionDigits: 4 }).format(
    value as Intl.StringNumericLiteral,
  );
}

/** The last day of what ends at an instant that is not part of it: a year that ends at midnight ends on December 31. */
export function formatLastDay(end: string, language: Language, timezone: string): string {
  const at = Date.parse(end);
  return Number.isNaN(at) ? '' : formatDate(new Date(at - 1).toISOString(), language, timezone);
}

/** Day in the shop's time zone: `Nov 23, 2026`. Empty for an empty time. */
export function formatDate(iso: string, language: Language, timeZone: string): string {
  return formatTime(iso, language, { dateStyle: 'medium', timeZone });
}

/** The same in words, for sentences: `November 23, 2026`. */
export function formatLongDate(iso: string, language: Language, timeZone: string): string {
  return formatTime(iso, language, { dateStyle: 'long', timeZone });
}

/** Day and time in the shop's time zone. Empty for an empty time. */
export function formatDateTime(iso: string, language: Language, timeZone: string): string {
  return formatTime(iso, language, { dateStyle: 'medium', timeStyle: 'short', timeZone });
}

const steps = [
  { unit: 'minute', seconds: 60, below: 3_600 },
  { unit: 'hour', seconds: 3_600, below: 86_400 },
  { unit: 'day', seconds: 86_400, below: 7 * 86_400 },
] as const;

/**
 * How long ago something was, or how soon it will be: `2 hours ago`, `in 3 days`, `now`. Empty beyond a week, where a
 * date says more, and for an empty time. Days are of 24 hours, so that no time zone changes them.
 */
export function formatRecent(iso: string, language: Language, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1_000;
  const step = steps.find(({ below }) => Math.abs(seconds) < below);
  if (step === undefined) return '';
  const count = Math.trunc(seconds / step.seconds);
  return count === 0
    ? new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second')
    : new Intl.RelativeTimeFormat(language).format(count, step.unit);
}

/** A calendar day (`YYYY-MM-DD`, already the shop's): `Nov 23`. */
export function formatDay(day: string, language: Language): string {
  return formatTime(`${day}T00:00:00Z`, language, {
    month: 'short',
    day: 'numeric',
    timeZone: 'UTC',
  });
}

function formatTime(iso: string, language: Language, options: Intl.DateTimeFormatOptions): string {
  const time = new Date(iso);
  if (iso === '' || Number.isNaN(time.getTime())) return '';
  try {
    return dateFormat(language, options).format(time);
  } catch {
    // A time zone this runtime does not know must not take the page down.
    return dateFormat(language, { ...options, timeZone: 'UTC' }).format(time);
  }
}

/** A number of points in the merchant's words: `1 Star`, `1,250 Stars`, `1 000 000 d’Étoiles`. */
export function formatPoints(points: number, language: Language, words: PointsWords): string {
  const form = new Intl.PluralRules(language).select(points);
  const name = form === 'one' ? words.one : words.other;
  // A million is a noun in Spanish and French.
  const of =
    form !== 'many' ? '' : language === 'fr' && /^[aeiouyàâéèêëîïôœ]/i.test(name) ? 'd’' : 'de ';
  return `${formatNumber(points, language)} ${of}${name}`;
}

const DEFAULT_WORDS: Record<Language, PointsWords> = {
  en: { one: 'point', other: 'points' },
  es: { one: 'punto', other: 'puntos' },
  fr: { one: 'point', other: 'points' },
};

/** The merchant's words for points in that language, else their English ones, else the language's plain word. */
export function pointsWords(
  names: Readonly<Record<string, PointsWords>>,
  language: Language,
): PointsWords {
  const own = names[language];
  if (own?.one && own.other) return own;
  // English words that are only the default say nothing about the merchant's brand.
  const english = names['en'];
  const isBrand =
    english?.one && english.other && english.other.toLowerCase() !== DEFAULT_WORDS.en.other;
  return isBrand ? english : DEFAULT_WORDS[language];
}
