// Shopify's search syntax, as far as an app needs it: `field:value`, comparisons, AND. What is not known is refused, not ignored.
import { notModeled } from './errors.ts';

export type Comparison = ':' | ':>' | ':>=' | ':<' | ':<=';
export interface Term {
  field: string;
  comparison: Comparison;
  value: string;
  negated: boolean;
}

export function parseSearch(query: string): Term[] {
  const terms: Term[] = [];
  const pattern =
    /\s*(?:(AND)\b|(-|NOT\s+)?(\w+):(>=|<=|>|<)?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s)]+)|(\S+))/gy;
  for (let match = pattern.exec(query); match; match = pattern.exec(query)) {
    const [, and, negated, field, comparison = '', value = '', other] = match;
    if (and) continue;
    if (other !== undefined || !field)
      throw notModeled(`the search "${other ?? query}" (only field:value terms joined by AND)`);
    terms.push({
      field,
      comparison: `:${comparison}` as Comparison,
      value: value.replace(/^(['"])(.*)\1$/, '$2'),
      negated: Boolean(negated),
    });
  }
  return terms;
}

export type Fields<T> = Readonly<Record<string, (item: T) => string | number | string[] | null>>;
const TIME = /^\d{4}-\d\d-\d\d/;

/** A test for one search, over the fields the type has. */
export function matcher<T>(
  query: string | null | undefined,
  typeName: string,
  fields: Fields<T>,
): (item: T) => boolean {
  if (!query) return () => true;
  const tests = parseSearch(query).map((term) => {
    const read = fields[term.field];
    if (!read) throw notModeled(`searching ${typeName} by ${term.field}`);
    return (item: T): boolean => compare(read(item), term) !== term.negated;
  });
  return (item) => tests.every((test) => test(item));
}

function compare(actual: string | number | string[] | null, term: Term): boolean {
  if (Array.isArray(actual))
    return actual.some((one) => one.toLowerCase() === term.value.toLowerCase());
  if (term.value === '*') return actual !== null;
  if (actual === null) return false;
  const isTime = typeof actual === 'string' && TIME.test(actual) && TIME.test(term.value);
  const left = isTime
    ? Date.parse(actual)
    : typeof actual === 'number'
      ? actual
      : actual.toLowerCase();
  const right = isTime
    ? Date.parse(term.value)
    : typeof actual === 'number'
      ? Number(term.value)
      : term.value.toLowerCase();
  switch (term.comparison) {
    case ':':
      return typeof left === 'string' && typeof right === 'string' && right.endsWith('*')
        ? left.startsWith(right.slice(0, -1))
        : left === right;
    case ':>':
      return left > right;
    case ':>=':
      return left >= right;
    case ':<':
      return left < right;
    case ':<=':
      return left <= right;
  }
}
