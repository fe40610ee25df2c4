import type { PoolClient } from 'pg';
import type { Given } from './gifts.rules.ts';
import { tellRedemptions, type ToldRedemption } from './redemptions.store.ts';
import type { GiftKind } from '#vocabulary/rewards.ts';

interface GivenRow {
  customer_id: string;
  gift: Exclude<GiftKind, 'campaign'>;
  tier_id: string | null;
  count: number;
  last_at: Date | null;
  failed_at: Date | null;
  failure_code: string | null;
  live: string[];
}

/** Which kind of a tier's gifts: entry rewards differ by their tier, shipping is one for all. */
export const shippingOf = (customerId: string): string => `${customerId}/shipping`;
export const entryOf = (customerId: string, tierId: string): string => `${customerId}/${tierId}`;

/** Can be used, or is being made; not what is being withdrawn. `now` is the parameter's number. */
const isLive = (
  now: number,
) => `r.status IN ('pending', 'completed') AND r.used_at IS NULL AND r.used_order_id IS NULL
  AND r.return_requested_at IS NULL AND (r.expires_at IS NULL OR r.expires_at > $${now})`;

/** What tiers have given to members, by `shippingOf` and `entryOf`. */
export async function readTierGifts(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  now: Date,
): Promise<Map<string, Given>> {
  const { rows } = await client.query<GivenRow>(
    `SELECT r.customer_id, r.gift, CASE WHEN r.gift = 'tier_entry' THEN r.tier_id END AS tier_id, count(*)::integer AS count,
            max(r.created_at) FILTER (WHERE r.status <> 'failed') AS last_at,
            max(r.created_at) FILTER (WHERE r.status = 'failed') AS failed_at,
            (array_agg(r.failure_code ORDER BY r.created_at DESC) FILTER (WHERE r.status = 'failed'))[1] AS failure_code,
            coalesce(jsonb_agg(r.redemption_id ORDER BY r.created_at DESC, r.redemption_id)
              FILTER (WHERE ${isLive(3)}), '[]') AS live
     FROM reward_redemptions r
     WHERE r.merchant_id = $1 AND r.customer_id = ANY ($2) AND r.gift IN ('tier_entry', 'tier_shipping')
     GROUP BY 1, 2, 3`,
    [merchantId, customerIds, now],
  );
  return new Map(
    rows.map((row) => [
      row.gift === 'tier_shipping'
        ? shippingOf(row.customer_id)
        : entryOf(row.customer_id, row.tier_id ?? ''),
      {
        count: row.count,
        lastAt: row.last_at,
        failed:
          row.failed_at !== null && (row.last_at === null || row.failed_at > row.last_at)
            ? { at: row.failed_at, code: row.failure_code ?? '' }
            : null,
        live: row.live,
      },
    ]),
  );
}

/** Has unused codes deactivated at Shopify. A code that is used first stays. */
export async function withdrawGifts(
  client: PoolClient,
  merchantId: string,
  redemptionIds: readonly string[],
): Promise<void> {
  if (redemptionIds.length === 0) return;
  const { rows } = await client.query<ToldRedemption>(
    `UPDATE reward_redemptions r SET return_requested_at = now(), claimed_at = now()
     WHERE r.merchant_id = $1 AND r.redemption_id = ANY ($2) AND ${isLive(3)}
     RETURNING r.redemption_id, r.customer_id, r.campaign_id, r.gift`,
    [merchantId, redemptionIds, new Date()],
  );
  await tellRedemptions(client, merchantId, rows, 'returning');
}

/** The same for every code of campaigns that are over, where they were to end with them. */
export async function withdrawCampaignGifts(
  client: PoolClient,
  merchantId: string,
  campaignIds: readonly string[],
  now: Date,
): Promise<void> {
  if (campaignIds.length === 0) return;
  const { rows } = await client.query<ToldRedemption>(
    `UPDATE reward_redemptions r SET return_requested_at = now(), claimed_at = now()
     FROM bonus_campaigns c
     WHERE r.merchant_id = $1 AND r.campaign_id = ANY ($2) AND r.gift = 'campaign' AND ${isLive(3)}
       AND c.merchant_id = $1 AND c.campaign_id = r.campaign_id
       AND c.reward->'discount'->>'ends_with_campaign' = 'true'
     RETURNING r.redemption_id, r.customer_id, r.campaign_id, r.gift`,
    [merchantId, campaignIds, now],
  );
  await tellRedemptions(client, merchantId, rows, 'returning');
}

export interface CampaignGift {
  readonly redemptionId: string;
  readonly isFailed: boolean;
}

/** What a member has been given by a campaign, newest first. */
export async function readCampaignGifts(
  client: PoolClient,
  merchantId: string,
  campaignId: string,
  customerId: string,
): Promise<CampaignGift[]> {
  const { rows } = await client.query<{ redemption_id: string; status: string }>(
    `SELECT r.redemption_id, r.status FROM reward_redemptions r
     WHERE r.merchant_id = $1 AND r.customer_id = $2 AND r.gift = 'campaign' AND r.campaign_id = $3
     ORDER BY r.created_at DESC, r.redemption_id`,
    [merchantId, customerId, campaignId],
  );
  return rows.map((row) => ({
    redemptionId: row.redemption_id,
    isFailed: row.status === 'failed',
  }));
}

/** Where a member's latest order goes to that names a country. */
export async function readCountry(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<string | null> {
  const { rows } = await client.query<{ country: string }>(
    `SELECT o.country FROM orders o WHERE o.merchant_id = $1 AND o.customer_id = $2 AND o.country IS NOT NULL
     ORDER BY o.ordered_at DESC LIMIT 1`,
    [merchantId, customerId],
  );
  return rows[0]?.country ?? null;
}
