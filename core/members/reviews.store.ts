import type { Queryable } from '../database/queryable.ts';

/** Shops with members whose review is due, by id from after the given one. */
export async function shopsWithReviews(
  on: Queryable,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await on.query<{ merchant_id: string }>(
    'SELECT merchant_id FROM reviews_due($1, $2)',
    [after, limit],
  );
  return rows.map((row) => row.merchant_id);
}

/**
 * Takes members whose review is due and locks them until the transaction ends, longest due first. It waits for no lock:
 * a member whom an order holds is taken in the next round, with what the order says.
 */
export async function takeDueMembers(
  on: Queryable,
  merchantId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT c.customer_id FROM customers c WHERE c.merchant_id = $1 AND c.review_due_at <= now()
     ORDER BY c.review_due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
    [merchantId, limit],
  );
  return rows.map((row) => row.customer_id);
}

/** Takes one member, if no other transaction has. */
export async function takeMember(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `SELECT 1 FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = $2 AND c.review_due_at <= now()
     FOR NO KEY UPDATE SKIP LOCKED`,
    [merchantId, customerId],
  );
  return rowCount === 1;
}

/** Locks members in the order of their keys. */
export async function lockMembers(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<void> {
  await on.query(
    `SELECT 1 FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2::uuid[])
     ORDER BY c.customer_id FOR NO KEY UPDATE`,
    [merchantId, customerIds],
  );
}

export async function postponeReview(
  on: Queryable,
  merchantId: string,
  customerId: string,
  minutes: number,
): Promise<void> {
  await on.query(
    `UPDATE customers SET review_due_at = now() + make_interval(mins => $3)
     WHERE merchant_id = $1 AND customer_id = $2 AND review_due_at IS NOT NULL`,
    [merchantId, customerId, minutes],
  );
}
