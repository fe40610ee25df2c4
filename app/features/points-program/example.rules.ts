/** Ten thousandths: the precision of both a rate and an amount of money. */
const SCALE = 10_000n;
const DECIMAL = /^\d{1,12}(\.\d{1,4})?$/;

function scaled(decimal: string): bigint | undefined {
  const text = decimal.trim().replace(',', '.');
  if (!DECIMAL.test(text)) return undefined;
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * SCALE + BigInt(fraction.padEnd(4, '0'));
}

/**
 * Points of an order as core awards them: amount times rate times multiplier, rounded down once. For the example beside the form only; an
 * award is always core's own. Undefined while the rate is not a number.
 */
export function examplePoints(
  amount: string,
  pointsPerUnit: string,
  factor = '1',
): number | undefined {
  const money = scaled(amount);
  const rate = scaled(pointsPerUnit);
  const times = scaled(factor);
  if (money === undefined || rate === undefined || times === undefined) return undefined;
  return Number((money * rate * times) / (SCALE * SCALE * SCALE));
}

/** An ordinary order in that currency: 50 of it, or 5,000 where there is no smaller coin. */
export function exampleAmount(currency: string): string {
  try {
    const { maximumFractionDigits } = new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
    }).resolvedOptions();
    return maximumFractionDigits === 0 ? '5000' : '50';
  } catch {
    return '50';
  }
}
