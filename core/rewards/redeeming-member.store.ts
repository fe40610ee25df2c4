import type { PoolClient } from 'pg';
import { holdHeir, holdIdentity } from '../members/identities.store.ts';

export interface RedeemingMember {
  readonly customer_id: string;
  readonly vip_tier_id: string | null;
  readonly segments: readonly string[];
  /** Why they take no part in the program. */
  readonly absence: string | null;
}

/**
 * Of the two ids those that are given must both be the member's; who was merged into another is that one. Erased people
 * redeem nothing. Until the transaction ends no customer is merged or erased.
 */
export async function readMember(
  client: PoolClient,
  merchantId: string,
  by: { readonly customerId: string | null; readonly shopifyCustomerId: string | null },
): Promise<RedeemingMember | undefined> {
  if (by.customerId === null && by.shopifyCustomerId === null) return undefined;
  const inForce =
    by.shopifyCustomerId === null
      ? null
      : await holdIdentity(client, merchantId, by.shopifyCustomerId);
  const heir = by.customerId === null ? null : await holdHeir(client, merchantId, by.customerId);
  const { rows } = await client.query<RedeemingMember>(
    `SELECT c.customer_id, c.vip_tier_id, member_absence($1, c.customer_id) AS absence,
            coalesce((SELECT array_agg(e) FROM customer_segments s, jsonb_array_elements_text(s.segment_ids) e
                      WHERE s.merchant_id = c.merchant_id AND s.customer_id = c.customer_id), '{}') AS segments
     FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = coalesce($2, c.customer_id)
       AND ($3::text IS NULL OR c.shopify_customer_id = $3)
       AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL`,
    [merchantId, heir, inForce],
  );
  return rows[0];
}
