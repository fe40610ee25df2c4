import type { Queryable } from '../database/queryable.ts';
import type { ConsentStatus } from '#vocabulary/customers.ts';

export interface ToldConsent {
  readonly customerId: string;
  readonly status: ConsentStatus;
  /** When it was so; null when the source did not say. */
  readonly toldAt: string | null;
  /** Keeps a line also of a first refusal, so that an older agreement that arrives later does not overrule it. */
  readonly isKept: boolean;
}

/**
 * Keeps what Shopify says of marketing by email, where it differs from what was said last; that the customer never agreed is
 * not worth a line of a first sync. Older notices than the last change nothing; of two at the same time a refusal holds.
 * @returns the members who agreed just now
 */
export async function recordConsents(
  on: Queryable,
  merchantId: string,
  told: readonly ToldConsent[],
): Promise<ReadonlySet<string>> {
  if (told.length === 0) return new Set();
  const { rows } = await on.query<{ customer_id: string; status: string }>(
    `WITH told AS (
       SELECT r.customer_id, r.status, r.told_at, r.is_kept, l.consent_id, l.status AS last_status
       FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::boolean[])
         AS r(customer_id, status, told_at, is_kept)
       LEFT JOIN LATERAL (
         SELECT c.consent_id, c.status, c.told_at FROM consents c
         WHERE c.merchant_id = $1 AND c.customer_id = r.customer_id AND c.type = 'newsletter'
         ORDER BY c.created_at DESC LIMIT 1) l ON true
       WHERE r.told_at IS NULL OR l.told_at IS NULL OR r.told_at > l.told_at
         OR (r.told_at = l.told_at AND r.status = 'revoked')
     ), repeated AS (
       UPDATE consents c SET told_at = t.told_at FROM told t
       WHERE c.merchant_id = $1 AND c.consent_id = t.consent_id AND t.status = t.last_status AND t.told_at IS NOT NULL
     )
     -- The time of the statement: a transaction that waited for the member's lock began before the one it waited for.
     INSERT INTO consents (merchant_id, customer_id, type, status, told_at, created_at)
     SELECT $1, t.customer_id, 'newsletter', t.status, t.told_at, clock_timestamp()
     FROM told t
     WHERE t.status <> coalesce(t.last_status, CASE WHEN t.is_kept THEN '' ELSE 'revoked' END)
     RETURNING customer_id, status`,
    [
      merchantId,
      told.map(({ customerId }) => customerId),
      told.map(({ status }) => status),
      told.map(({ toldAt }) => toldAt),
      told.map(({ isKept }) => isKept),
    ],
  );
  return new Set(rows.filter(({ status }) => status === 'granted').map((row) => row.customer_id));
}
