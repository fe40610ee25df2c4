/**
 * What counts as an order wherever members are scored and for tiers: paid, or placed where points are given at placing;
 * neither cancelled nor refunded in full, and no test.
 */
export const VALID_ORDER = 'counts';

/** What such an order adds to what its member spent: money of a former currency of the shop is not added to today's. */
export const SPENT = (alias: string): string =>
  `coalesce(sum(${alias}.gross_subtotal - ${alias}.refunded) FILTER (WHERE ${inShopCurrency(alias)}), 0)`;

export const inShopCurrency = (alias: string): string =>
  `(${alias}.currency IS NULL OR ${alias}.currency = (SELECT s.currency FROM merchants s WHERE s.merchant_id = $1))`;
