import { dollarSizes } from '../../proto/shared/currency-size.rules.ts';

/** How many decimals a currency has: 0 in yen, 3 in Kuwaiti dinars. */
export function decimalsOf(currency: string): number {
  try {
    return (
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
        .maximumFractionDigits ?? 2
    );
  } catch {
    return 2;
  }
}

/** So many dollars in a currency, as a round amount of it that it has coins for: 5 are 750 in yen and 1.5 in dinars. */
export function amountLike(dollars: string, currency: string): string {
  const amount = Number(dollars) * Number(dollarSizes[currency] ?? '1');
  return String(Number(amount.toFixed(decimalsOf(currency))));
}
