import type { Queryable } from '../database/queryable.ts';
import { notFound } from '../shared/errors.ts';

/** @throws DomainError not_found naming the field, where a VIP tier of the list is not the tenant's */
export async function requireTiers(
  on: Queryable,
  merchantId: string,
  tierIds: readonly string[],
  field: string,
): Promise<void> {
  if (tierIds.length === 0) return;
  const { rows } = await on.query<{ tier_id: string }>(
    'SELECT tier_id FROM vip_tiers WHERE merchant_id = $1 AND tier_id = ANY ($2)',
    [merchantId, tierIds],
  );
  if (tierIds.some((tierId) => !rows.some((row) => row.tier_id === tierId))) throw notFound(field);
}
