/** Exact decimals with four places, as integers of ten-thousandths. */
const places = 4;
const unit = 10_000n;

/** At most 16 digits before the point and 4 after, as `numeric(20,4)` keeps it. */
export const decimalPattern = /^-?\d{1,16}(?:\.\d{1,4})?$/;

/** @throws RangeError for what is not a decimal of at most 16 digits before and 4 after the point. */
export function parseDecimal(text: string): bigint {
  if (!decimalPattern.test(text)) throw new RangeError('not a decimal with at most four places');
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole) * unit + BigInt(fraction.padEnd(places, '0'));
  return negative ? -value : value;
}

/** With two places at least: `12.50`, `0.1234`. */
export function formatDecimal(value: bigint): string {
  const absolute = value < 0n ? -value : value;
  const fraction = (absolute % unit)
    .toString()
    .padStart(places, '0')
    .replace(/0{1,2}$/, '');
  return `${value < 0n ? '-' : ''}${absolute / unit}.${fraction}`;
}
