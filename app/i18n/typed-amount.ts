import { decimalsOf } from './currency-size.ts';

/**
 * An amount as people type it, as a plain decimal: `1,300,000`, `1.300.000` and `1 300 000` are one, and `4,90` is 4.90. A
 * single mark before exactly three digits groups them, unless the currency has three decimals.
 * @returns undefined when it is no amount of the currency, or could be another one: `0.500`
 */
export function readTypedAmount(typed: string, currency: string): string | undefined {
  const decimals = decimalsOf(currency);
  const text = typed.trim().replace(/[\s'’]/g, '');
  const marks = text.replace(/\d/g, '');
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  const after = last < 0 ? 0 : text.length - last - 1;
  // Two different marks: the last one is the decimal's. The same one twice, or one before three digits: it groups.
  const isDecimal =
    last >= 0 &&
    (marks.length === 1 ? after !== 3 || decimals === 3 : marks.at(-1) !== marks.at(-2));
  const whole = isDecimal ? text.slice(0, last) : text;
  const fraction = isDecimal ? text.slice(last + 1) : '';
  if (!/^(\d+|[1-9]\d{0,2}([.,])\d{3}(\2\d{3})*)$/.test(whole) || !/^\d*$/.test(fraction))
    return undefined;
  if (isDecimal && fraction === '') return undefined;
  // 5.00 is an amount of yen, 5.50 is not.
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const units = whole.replace(/[.,]/g, '').replace(/^0+(?=\d)/, '');
  if (units.length > 12) return undefined;
  const kept = fraction.slice(0, decimals);
  return kept === '' ? units : `${units}.${kept}`;
}
