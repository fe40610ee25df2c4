import type { Queryable } from '../database/queryable.ts';
import { SPENT } from '../members/spending.store.ts';

/** With the orders go the sums that are kept of them, and what they reported of a member who is merged away. */
export async function moveOrders(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  // Grants of campaigns too: a goal that was reached must not be reached once more by the same orders.
  for (const table of ['orders', 'campaign_grants', 'reward_redemptions']) {
    await on.query(
      `UPDATE ${table} SET customer_id = $3 WHERE merchant_id = $1 AND customer_id = $2`,
      [merchantId, from, to],
    );
  }
  await on.query(
    `UPDATE customers c
     SET (order_count, total_spend, last_order_at) =
       (SELECT count(*), ${SPENT('o')}, max(o.ordered_at) FROM orders o
        WHERE o.merchant_id = $1 AND o.customer_id = c.customer_id AND o.counts)
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2::uuid[])`,
    [merchantId, [from, to]],
  );
  await on.query('DELETE FROM customer_segments WHERE merchant_id = $1 AND customer_id = $2', [
    merchantId,
    from,
  ]);
}

/** Moves all points with the expiry they had, by entries on both sides; once for each key. @returns how many */
export async function movePoints(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
  key: string,
  actor: string,
): Promise<number> {
  const { rows } = await on.query<{ moved: number }>(
    'SELECT ledger_merge($1, $2, $3, $4, $5) AS moved',
    [merchantId, from, to, key, actor],
  );
  return rows[0]?.moved ?? 0;
}
