import { amountLike } from '../../i18n/currency-size.ts';
import { readTypedDecimal, readTypedWhole } from '../../i18n/typed-number.ts';

/** Ten thousandths: the precision of both a rate and an amount of money. */
const SCALE = 10_000n;
const DECIMAL = /^\d{1,12}(\.\d{1,4})?$/;

function scaled(decimal: string): bigint | undefined {
  if (!DECIMAL.test(decimal)) return undefined;
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(4, '0'));
}

/**
 * Points of an order as core awards them: amount times points times multiplier, by the amount that they are for, rounded
 * down once. For the example beside the form only; an
 * award is always core's own. Undefined while the rate is not a number.
 */
export function examplePoints(
  amount: string,
  rate: { readonly points: string; readonly per: string },
  factor = '1',
): number | undefined {
  const money = scaled(amount);
  const points = readTypedWhole(rate.points);
  const per = readTypedWhole(rate.per);
  const times = scaled(readTypedDecimal(factor, 4) ?? '');
  if (money === undefined || points === undefined || times === undefined || !per) return undefined;
  return Number((money * BigInt(points) * times) / (SCALE * SCALE * BigInt(per)));
}

/** An ordinary order in that currency: about as much as 50 dollars. */
export const exampleAmount = (currency: string): string => amountLike('50', currency);
