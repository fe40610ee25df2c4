/**
 * Exact money. Amounts are decimal strings with at most four places (numeric(20,4) in SQL) and are computed in
 * ten-thousandths of the currency's unit as bigint; no float ever touches them.
 */

const SCALE = 10_000n;
const DECIMAL = /^(-?)(\d{1,16})(?:\.(\d{1,4})0*)?$/;

/** @returns ten-thousandths, or undefined when the text is no such amount. */
export function parseAmount(text: string): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, units = '0', fraction = ''] = match;
  const value = BigInt(units) * SCALE + BigInt(fraction.padEnd(4, '0'));
  return sign ? -value : value;
}

/** @returns the shortest decimal with at least two places, e.g. `12.50` or `0.0005`. */
export function formatAmount(value: bigint): string {
  const sign = value < 0n ? '-' : '';
  const size = value < 0n ? -value : value;
  const fraction = (size % SCALE)
    .toString()
    .padStart(4, '0')
    .replace(/0{1,2}$/, '');
  return `${sign}${size / SCALE}.${fraction}`;
}

/**
 * An exact decimal in its shortest form, with as many places as it needs: `10`, `0.5`, `2.199945`.
 * @param value ten-thousandths, of which `over` is what they are divided by: a power of ten
 */
export function exactDecimal(value: bigint, over: bigint = 1n): string {
  const scale = SCALE * over;
  const fraction = (value % scale).toString().padStart(scale.toString().length - 1, '0');
  return `${value / scale}.${fraction}`.replace(/\.?0+$/, '');
}

/** Reads it again. @returns undefined when the text is no such decimal */
export function parseExact(text: string): { value: bigint; over: bigint } | undefined {
  const match = /^(\d{1,16})(?:\.(\d{1,40}))?$/.exec(text);
  if (!match) return undefined;
  const [, units = '0', fraction = ''] = match;
  const places = Math.max(4, fraction.length);
  return {
    value: BigInt(units + fraction.padEnd(places, '0')),
    over: 10n ** BigInt(places - 4),
  };
}

/**
 * Points for an amount, rounded down to a whole point, once.
 * @param amount ten-thousandths of the currency's unit, not negative
 * @param rate ten-thousandths of a point, for so many units as are a part of `over`
 * @param multiplier ten-thousandths; 10_000n is "as is"
 * @param over what all of it is divided by: the units of the rate, times what an exact multiplier is divided by
 */
export function floorPoints(
  amount: bigint,
  rate: bigint,
  multiplier: bigint = SCALE,
  over: bigint = 1n,
): bigint {
  return (amount * rate * multiplier) / (SCALE * SCALE * SCALE * over);
}
