import { amountLike } from '#app/i18n/currency-size.ts';
import { parseAmount } from '#core/shared/money.rules.ts';
import { toMinor } from '#e2e/shopify/money.ts';

/** So many dollars' worth in ten-thousandths of a currency. */
export const money = (dollars: string, currency: string): bigint =>
  parseAmount(amountLike(dollars, currency)) ?? 0n;

/** The same in its smallest coins. */
export const minor = (dollars: string, currency: string): number =>
  toMinor(amountLike(dollars, currency), currency);
