import type { PoolClient } from 'pg';
import type { SegmentChange, TierChange } from './campaign-grants.rules.ts';
import type { PastOrder } from './campaign-preview.rules.ts';
import { parseAmount, parseExact } from '../shared/money.rules.ts';
import { parseRate, type Program } from '../program/program.rules.ts';
import type { MoneyReward } from '../program/point-value.rules.ts';
import type { Stacking } from '#vocabulary/earning.ts';

interface PastOrderRow {
  customer_id: string;
  shopify_order_id: string;
  ordered_at: Date;
  country: string | null;
  net: string;
  rate: string | null;
  multiplier: string | null;
  segments: string[] | null;
  tier_id: string | null;
}

/**
 * Orders placed in that time that something is left of, the newest first, with the terms they were awarded on. An order
 * from before the program has none and counts by today's rate: a shop that has just joined wants to know as well.
 */
export async function readPastOrders(
  client: PoolClient,
  merchantId: string,
  time: { readonly from: Date; readonly to: Date },
  today: Pick<Program, 'rate' | 'per'>,
  limit: number,
): Promise<PastOrder[]> {
  const { rows } = await client.query<PastOrderRow>(
    `SELECT o.customer_id, o.shopify_order_id, o.ordered_at, o.country, (o.gross_subtotal - o.refunded)::text AS net,
            a.metadata->>'rate' AS rate, a.metadata->>'multiplier' AS multiplier,
            coalesce(a.metadata->'segments', s.segment_ids) AS segments,
            coalesce(a.metadata->>'tier_id', c.vip_tier_id::text) AS tier_id
     FROM orders o
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = o.customer_id AND c.redacted_at IS NULL
     LEFT JOIN customer_segments s ON s.merchant_id = $1 AND s.customer_id = o.customer_id
     LEFT JOIN points_transactions a
       ON a.merchant_id = $1 AND a.idempotency_key = 'order/' || o.shopify_order_id || '/paid'
     WHERE o.merchant_id = $1 AND o.ordered_at >= $2 AND o.ordered_at < $3 AND o.cancelled_at IS NULL
       AND o.source_updated_at IS NOT NULL AND o.gross_subtotal > o.refunded
       AND (o.paid_at IS NOT NULL OR o.is_historical OR a.transaction_id IS NOT NULL)
     ORDER BY o.ordered_at DESC LIMIT $4`,
    [merchantId, time.from, time.to, limit],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    orderId: row.shopify_order_id,
    orderedAt: row.ordered_at,
    country: row.country,
    net: parseAmount(row.net) ?? 0n,
    ...(parseRate(row.rate ?? '') ?? { rate: today.rate, per: today.per }),
    ...multiplierOf(row.multiplier ?? ''),
    segments: row.segments ?? [],
    tierId: row.tier_id,
  }));
}

function multiplierOf(text: string): { multiplier: bigint; multiplierOver: bigint } {
  const { value, over } = parseExact(text) ?? { value: 10_000n, over: 1n };
  return { multiplier: value, multiplierOver: over };
}

/** Changes of segment in that time, oldest first. */
export async function readSegmentChanges(
  client: PoolClient,
  merchantId: string,
  time: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<SegmentChange[]> {
  const { rows } = await client.query<{
    customer_id: string;
    change: { from_all?: string[] | null; to_all?: string[] | null };
  }>(
    `SELECT d.customer_id, d.segment_change AS change FROM rfm_segment_deltas d
     WHERE d.merchant_id = $1 AND d.updated_at >= $2 AND d.updated_at < $3
     ORDER BY d.updated_at LIMIT $4`,
    [merchantId, time.from, time.to, limit],
  );
  return rows.map(({ customer_id, change }) => ({
    customerId: customer_id,
    from: change.from_all ?? [],
    to: change.to_all ?? [],
  }));
}

/** Rises and falls in that time. Moves that publishing other tiers caused say nothing about members, and are left out. */
export async function readTierChanges(
  client: PoolClient,
  merchantId: string,
  time: { readonly from: Date; readonly to: Date },
  limit: number,
): Promise<TierChange[]> {
  const { rows } = await client.query<{
    customer_id: string;
    from_tier_id: string | null;
    to_tier_id: string | null;
  }>(
    `SELECT t.customer_id, t.from_tier_id, t.to_tier_id FROM vip_tier_changes t
     WHERE t.merchant_id = $1 AND t.created_at >= $2 AND t.created_at < $3 AND t.reason <> 'tiers_changed'
     ORDER BY t.created_at LIMIT $4`,
    [merchantId, time.from, time.to, limit],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    from: row.from_tier_id,
    to: row.to_tier_id,
  }));
}

/** Rewards that can be had now and give money. */
export async function readMoneyRewards(
  client: PoolClient,
  merchantId: string,
  currency: string,
): Promise<MoneyReward[]> {
  const { rows } = await client.query<{ points_cost: number; value: string }>(
    `SELECT points_cost, value::text AS value FROM rewards
     WHERE merchant_id = $1 AND status = 'active' AND type IN ('amount_off', 'store_credit', 'gift_card', 'cashback')
       AND value > 0 AND coalesce(currency, $2) = $2`,
    [merchantId, currency],
  );
  return rows.map((row) => ({ pointsCost: row.points_cost, value: row.value }));
}

export async function readStacking(client: PoolClient, merchantId: string): Promise<Stacking> {
  const { rows } = await client.query<{ stacking: string | null }>(
    `SELECT dynamic_multipliers->>'stacking' AS stacking FROM program_settings WHERE merchant_id = $1`,
    [merchantId],
  );
  return rows[0]?.stacking === 'multiply' ? 'multiply' : 'highest';
}
