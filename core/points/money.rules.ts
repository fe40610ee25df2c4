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
 * Points for an amount, rounded down to a whole point (PRODUCT 2.1, "Rounding").
 * @param amount ten-thousandths of the currency's unit, not negative
 * @param rate ten-thousandths of a point per unit
 * @param multiplier ten-thousandths; 10_000n is "as is"
 */
export function floorPoints(amount: bigint, rate: bigint, multiplier: bigint = SCALE): bigint {
  return (amount * rate * multiplier) / (SCALE * SCALE * SCALE);
}
