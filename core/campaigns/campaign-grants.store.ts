import type { PoolClient } from 'pg';
import {
  campaignFromRow,
  type Campaign,
  type CampaignRow,
} from '../program/campaign-conditions.rules.ts';
import type {
  CountedOrder,
  Gift,
  Grant,
  GrantPlan,
  ReviewedMember,
} from './campaign-grants.rules.ts';
import { CLOSED_AFTER_DAYS } from './campaign-grants.rules.ts';
import { CAMPAIGN_COLUMNS } from './campaigns.store.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import type { GrantKind } from '#vocabulary/campaigns.ts';

/** Campaigns that have begun and are not closed yet: all that can be owed to a member, or deducted. */
export async function readRunningCampaigns(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<Campaign[]> {
  const { rows } = await client.query<CampaignRow>(
    `SELECT ${CAMPAIGN_COLUMNS} FROM bonus_campaigns c
     WHERE c.merchant_id = $1 AND c.status NOT IN ('draft', 'cancelled')
       AND coalesce(c.start_date, '-infinity') <= $2
       AND coalesce(c.end_date, 'infinity') > $2::timestamptz - make_interval(days => $3)
     ORDER BY c.campaign_id`,
    [merchantId, now, CLOSED_AFTER_DAYS],
  );
  return rows.map(campaignFromRow);
}

/** Who is reviewed, with what conditions ask of them; those who were erased or merged away get nothing. */
export async function readReviewedMembers(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
): Promise<ReviewedMember[]> {
  const { rows } = await client.query<{
    customer_id: string;
    vip_tier_id: string | null;
    segments: string[] | null;
  }>(
    `SELECT c.customer_id, c.vip_tier_id, s.segment_ids AS segments FROM customers c
     LEFT JOIN customer_segments s ON s.merchant_id = c.merchant_id AND s.customer_id = c.customer_id
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2) AND c.redacted_at IS NULL
       AND c.merged_into_customer_id IS NULL`,
    [merchantId, customerIds],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    tierId: row.vip_tier_id,
    segments: row.segments ?? [],
  }));
}

interface OrderRow {
  customer_id: string;
  shopify_order_id: string;
  ordered_at: Date;
  country: string | null;
  net: string;
}

const countedOrder = (row: OrderRow): CountedOrder => ({
  customerId: row.customer_id,
  orderId: row.shopify_order_id,
  orderedAt: row.ordered_at,
  country: row.country,
  net: parseAmount(row.net) ?? 0n,
});

const ORDER_COLUMNS = `o.customer_id, o.shopify_order_id, o.ordered_at, o.country,
  (o.gross_subtotal - o.refunded)::text AS net`;

/** The members' orders that count, placed from `since` on (null: from ever). */
export async function readCountedOrders(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  since: Date | null,
  mustBePaid: boolean,
): Promise<CountedOrder[]> {
  const { rows } = await client.query<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM orders o
     WHERE o.merchant_id = $1 AND o.customer_id = ANY ($2) AND o.ordered_at >= coalesce($3::timestamptz, '-infinity')
       AND o.cancelled_at IS NULL AND NOT o.is_historical AND o.source_updated_at IS NOT NULL
       AND (o.counts OR NOT o.is_test)
       AND (o.paid_at IS NOT NULL OR NOT $4) AND o.absence IS NULL`,
    [merchantId, customerIds, since, mustBePaid],
  );
  return rows.map(countedOrder);
}

/** Each member's first order ever that something is left of; a customer who bought before the program is not new. */
export async function readFirstOrders(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  mustBePaid: boolean,
): Promise<Map<string, CountedOrder>> {
  const { rows } = await client.query<OrderRow>(
    `SELECT DISTINCT ON (o.customer_id) ${ORDER_COLUMNS} FROM orders o
     WHERE o.merchant_id = $1 AND o.customer_id = ANY ($2) AND o.cancelled_at IS NULL AND o.source_updated_at IS NOT NULL
       AND (o.paid_at IS NOT NULL OR o.is_historical OR NOT $3) AND o.gross_subtotal > o.refunded
     ORDER BY o.customer_id, o.ordered_at, o.shopify_order_id`,
    [merchantId, customerIds, mustBePaid],
  );
  return new Map(rows.map((row) => [row.customer_id, countedOrder(row)]));
}

interface GrantRow {
  grant_id: string;
  campaign_id: string;
  customer_id: string;
  kind: GrantKind;
  order_id: string | null;
  occurrence: number;
  points: number;
  orders: number;
  spend: string;
  transaction_id: string | null;
  granted_at: Date;
  taken_back_at: Date | null;
}

export async function readGrants(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  campaignIds: readonly string[],
): Promise<Grant[]> {
  const { rows } = await client.query<GrantRow>(
    `SELECT g.grant_id, g.campaign_id, g.customer_id, g.kind, g.order_id, g.occurrence, g.points, g.orders,
            g.spend::text AS spend, g.transaction_id, g.granted_at, g.taken_back_at
     FROM campaign_grants g
     WHERE g.merchant_id = $1 AND g.customer_id = ANY ($2) AND g.campaign_id = ANY ($3) AND g.kind <> 'multiplied'
     ORDER BY g.occurrence`,
    [merchantId, customerIds, campaignIds],
  );
  return rows.map((row) => ({
    grantId: row.grant_id,
    campaignId: row.campaign_id,
    customerId: row.customer_id,
    kind: row.kind,
    orderId: row.order_id,
    occurrence: row.occurrence,
    points: row.points,
    orders: row.orders,
    spend: parseAmount(row.spend) ?? 0n,
    transactionId: row.transaction_id,
    grantedAt: row.granted_at,
    isTakenBack: row.taken_back_at !== null,
  }));
}

export async function insertGrants(
  client: PoolClient,
  merchantId: string,
  gifts: readonly { readonly gift: Gift; readonly transactionId: string }[],
  now: Date,
): Promise<void> {
  if (gifts.length === 0) return;
  await client.query(
    `INSERT INTO campaign_grants (merchant_id, campaign_id, customer_id, kind, order_id, occurrence, points, orders, spend,
                                  transaction_id, granted_at)
     SELECT $1, r.campaign_id, r.customer_id, r.kind, r.order_id, r.occurrence, r.points, r.orders, r.spend,
            r.transaction_id, $3
     FROM jsonb_to_recordset($2::jsonb) AS r(campaign_id uuid, customer_id uuid, kind text, order_id text,
       occurrence integer, points bigint, orders integer, spend numeric, transaction_id uuid)`,
    [
      merchantId,
      JSON.stringify(
        gifts.map(({ gift, transactionId }) => ({
          campaign_id: gift.campaign.campaignId,
          customer_id: gift.customerId,
          kind: gift.kind,
          order_id: gift.orderId,
          occurrence: gift.occurrence,
          points: gift.campaign.reward.points,
          orders: gift.orders,
          spend: formatAmount(gift.spend),
          transaction_id: transactionId,
        })),
      ),
      now,
    ],
  );
}

export async function markTakenBack(
  client: PoolClient,
  merchantId: string,
  grantIds: readonly string[],
  now: Date,
): Promise<void> {
  if (grantIds.length === 0) return;
  await client.query(
    'UPDATE campaign_grants SET taken_back_at = $3 WHERE merchant_id = $1 AND grant_id = ANY ($2)',
    [merchantId, grantIds, now],
  );
}

export async function recountGrants(
  client: PoolClient,
  merchantId: string,
  recount: GrantPlan['recount'],
): Promise<void> {
  if (recount.length === 0) return;
  await client.query(
    `UPDATE campaign_grants g SET orders = r.orders, spend = r.spend
     FROM jsonb_to_recordset($2::jsonb) AS r(grant_id uuid, orders integer, spend numeric)
     WHERE g.merchant_id = $1 AND g.grant_id = r.grant_id`,
    [
      merchantId,
      JSON.stringify(
        recount.map(({ grant, orders, spend }) => ({
          grant_id: grant.grantId,
          orders,
          spend: formatAmount(spend),
        })),
      ),
    ],
  );
}

/**
 * Counts the orders whose award a campaign multiplied, from the awards' own lines: what of an order's points is left,
 * less what it would be without the campaign, rounded up in the campaign's disfavor. Only of those whose multiplier it
 * was that counted; an order that was deducted in full counts no more.
 */
export async function countMultiplied(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  campaignIds: readonly string[],
  since: Date | null,
): Promise<void> {
  await client.query(
    `WITH awarded AS (
       SELECT o.customer_id, o.shopify_order_id, (o.gross_subtotal - o.refunded) AS net, a.created_at,
              (a.metadata->'campaign_ids'->>0)::uuid AS campaign_id, (a.metadata->>'campaign_multiplier')::numeric AS multiplier,
              (SELECT sum(t.points) FROM points_transactions t
               WHERE t.merchant_id = $1 AND t.order_id = o.shopify_order_id AND t.source = 'order') AS points
       FROM orders o
       JOIN points_transactions a ON a.merchant_id = $1 AND a.idempotency_key = 'order/' || o.shopify_order_id || '/paid'
       WHERE o.merchant_id = $1 AND o.customer_id = ANY ($2) AND o.ordered_at >= coalesce($4::timestamptz, '-infinity')
         AND 'campaign' = ANY (string_to_array(a.metadata->>'multiplier_source', '+'))
         AND a.metadata->'campaign_ids'->>0 = ANY ($3::text[])
     )
     INSERT INTO campaign_grants AS g (merchant_id, campaign_id, customer_id, kind, order_id, occurrence, points, orders,
                                       spend, granted_at, taken_back_at)
     SELECT $1, campaign_id, customer_id, 'multiplied', shopify_order_id, 1,
            greatest(0, floor(points - points / multiplier)), 1, greatest(0, net), created_at,
            CASE WHEN points > 0 THEN NULL ELSE now() END
     FROM awarded
     ON CONFLICT (merchant_id, campaign_id, order_id, occurrence) WHERE order_id IS NOT NULL DO UPDATE
     SET customer_id = EXCLUDED.customer_id, points = EXCLUDED.points, spend = EXCLUDED.spend,
         taken_back_at = CASE WHEN EXCLUDED.taken_back_at IS NULL THEN NULL
                              ELSE coalesce(g.taken_back_at, EXCLUDED.taken_back_at) END
     WHERE (g.customer_id, g.points, g.spend, g.taken_back_at IS NULL)
           IS DISTINCT FROM (EXCLUDED.customer_id, EXCLUDED.points, EXCLUDED.spend, EXCLUDED.taken_back_at IS NULL)`,
    [merchantId, customerIds, campaignIds, since],
  );
}

/** The tiers in force, from the lowest on. */
export async function readTierPositions(
  client: PoolClient,
  merchantId: string,
): Promise<Map<string, number>> {
  const { rows } = await client.query<{ tier_id: string; position: number }>(
    'SELECT tier_id, position FROM vip_tiers WHERE merchant_id = $1',
    [merchantId],
  );
  return new Map(rows.map((row) => [row.tier_id, row.position]));
}
