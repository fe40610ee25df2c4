import type { Queryable } from '../database/queryable.ts';

/** VIP tiers of the list that are not the tenant's. */
export async function unknownTiers(
  on: Queryable,
  merchantId: string,
  tierIds: readonly string[],
): Promise<string[]> {
  if (tierIds.length === 0) return [];
  const { rows } = await on.query<{ tier_id: string }>(
    'SELECT tier_id FROM vip_tiers WHERE merchant_id = $1 AND tier_id = ANY ($2)',
    [merchantId, tierIds],
  );
  return tierIds.filter((tierId) => !rows.some((row) => row.tier_id === tierId));
}
