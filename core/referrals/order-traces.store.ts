import type { Queryable } from '../database/queryable.ts';

export interface PersonInReferrals {
  readonly customer_id: string;
  readonly shopify_customer_id: string;
}

/** Those of these customers who have a link or came by one, in the order of their ids. */
export async function peopleInReferrals(
  on: Queryable,
  merchantId: string,
  shopifyIds: readonly string[],
): Promise<PersonInReferrals[]> {
  const { rows } = await on.query<PersonInReferrals>(
    `SELECT c.customer_id, c.shopify_customer_id FROM customers c
     WHERE c.merchant_id = $1 AND c.shopify_customer_id = ANY ($2) AND c.redacted_at IS NULL
       AND c.merged_into_customer_id IS NULL
       AND (EXISTS (SELECT 1 FROM referral_links l WHERE l.merchant_id = $1
                      AND l.advocate_customer_id = c.customer_id AND l.status = 'active')
            OR EXISTS (SELECT 1 FROM referrals r WHERE r.merchant_id = $1
                         AND r.friend_customer_id = c.customer_id))
     ORDER BY c.customer_id`,
    [merchantId, shopifyIds],
  );
  return rows;
}

/** Writes down how Shopify rates an order. @returns whose referral it may change */
export async function rateOrder(
  on: Queryable,
  merchantId: string,
  rated: { readonly orderId: string; readonly risk: string; readonly ratedAt: Date },
): Promise<{ status: 'recorded' | 'outdated' | 'unknown_order'; friendId: string | null }> {
  const { rows } = await on.query<{ is_known: boolean; is_new: boolean; friend_id: string | null }>(
    `WITH rated AS (
       UPDATE orders o SET risk = $3, risk_rated_at = $4
       WHERE o.merchant_id = $1 AND o.shopify_order_id = $2
         AND (o.risk_rated_at IS NULL OR o.risk_rated_at <= $4)
       RETURNING o.customer_id
     )
     SELECT EXISTS (SELECT 1 FROM orders o WHERE o.merchant_id = $1 AND o.shopify_order_id = $2) AS is_known,
       EXISTS (SELECT 1 FROM rated) AS is_new,
       (SELECT r.friend_customer_id FROM rated JOIN referrals r
          ON r.merchant_id = $1 AND r.friend_customer_id = rated.customer_id) AS friend_id`,
    [merchantId, rated.orderId, rated.risk, rated.ratedAt],
  );
  const row = rows[0];
  if (row === undefined || !row.is_known) return { status: 'unknown_order', friendId: null };
  return { status: row.is_new ? 'recorded' : 'outdated', friendId: row.friend_id };
}
