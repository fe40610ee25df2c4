import type { Queryable } from '../database/queryable.ts';

/**
 * Has members looked at again: their score and segments, their tier, the goals of campaigns. For whatever changes points
 * or spending beside orders, which mark their members themselves. It always writes, also where a review is due already:
 * one that is under way has not seen what this transaction did.
 *
 * Call it before the ledger is touched: members are locked before balances, here as everywhere.
 */
export async function markForReview(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<void> {
  if (customerIds.length === 0) return;
  await on.query(
    `WITH mine AS (
       SELECT c.customer_id FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2::uuid[])
       ORDER BY c.customer_id FOR NO KEY UPDATE
     )
     UPDATE customers c SET review_due_at = least(c.review_due_at, now()) FROM mine
     WHERE c.merchant_id = $1 AND c.customer_id = mine.customer_id`,
    [merchantId, customerIds],
  );
}
