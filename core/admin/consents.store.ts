import type { Queryable } from '../ledger/index.ts';

/**
 * Keeps what Shopify says of marketing by e-mail, where it differs from what was said last; that nobody ever agreed is
 * not worth a line. @returns the members who agreed just now
 */
export async function recordConsents(
  on: Queryable,
  merchantId: string,
  told: readonly { readonly customerId: string; readonly status: 'granted' | 'revoked' }[],
): Promise<ReadonlySet<string>> {
  if (told.length === 0) return new Set();
  const { rows } = await on.query<{ customer_id: string; status: string }>(
    `INSERT INTO consents (merchant_id, customer_id, type, status)
     SELECT $1, r.customer_id, 'newsletter', r.status
     FROM unnest($2::uuid[], $3::text[]) AS r(customer_id, status)
     WHERE r.status <> coalesce((SELECT c.status FROM consents c
                                 WHERE c.merchant_id = $1 AND c.customer_id = r.customer_id AND c.type = 'newsletter'
                                 ORDER BY c.created_at DESC LIMIT 1), 'revoked')
     RETURNING customer_id, status`,
    [merchantId, told.map(({ customerId }) => customerId), told.map(({ status }) => status)],
  );
  return new Set(rows.filter(({ status }) => status === 'granted').map((row) => row.customer_id));
}
