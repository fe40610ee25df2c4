import { dollarSizes } from '../../proto/shared/currency-size.rules.ts';

/** About a dollar, in ten-thousandths of the currency's unit. */
export function dollarIn(currency: string): bigint {
  const size = dollarSizes[currency] ?? '1';
  // With one decimal place at most.
  return BigInt(size.replace('.', '')) * (size.includes('.') ? 1_000n : 10_000n);
}

/** Ten points for about a dollar's worth: so many whole points for so many whole units of the currency. */
export function startingRate(currency: string): { readonly points: bigint; readonly per: bigint } {
  const dollar = dollarIn(currency);
  if (dollar < 10_000n) return { points: (100_000n + dollar / 2n) / dollar, per: 1n };
  // Half units become whole.
  const per = dollar % 10_000n === 0n ? dollar / 10_000n : dollar / 5_000n;
  const points = dollar % 10_000n === 0n ? 10n : 20n;
  const common = greatestCommon(points, per);
  return { points: points / common, per: per / common };
}

export function greatestCommon(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommon(b, a % b);
}
