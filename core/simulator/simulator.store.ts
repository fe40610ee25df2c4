import type { Queryable } from '../database/queryable.ts';
import { orderFactsOf, type StoredOrder } from '../orders/order-facts.ts';
import { parseAmount } from '../shared/money.rules.ts';
import type { PastOrder } from './simulator.rules.ts';
import { ACTIONS } from '#vocabulary/earning.ts';

export interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly timezone: string;
}

/** Whole months of the shop's calendar, this one included. */
export async function readPeriod(
  on: Queryable,
  merchantId: string,
  months: number,
  now: Date,
): Promise<Period & { readonly orders: number }> {
  const { rows } = await on.query<{ starts_at: Date; timezone: string }>(
    `SELECT (date_trunc('month', $3::timestamptz AT TIME ZONE m.timezone) - make_interval(months => $2::integer - 1))
              AT TIME ZONE m.timezone AS starts_at, m.timezone
     FROM merchants m WHERE m.merchant_id = $1`,
    [merchantId, months, now],
  );
  const from = rows[0]?.starts_at ?? now;
  const counted = await on.query<{ orders: number }>(
    `SELECT count(*) AS orders FROM orders o
     WHERE o.merchant_id = $1 AND o.ordered_at >= $2 AND o.ordered_at < $3 AND o.source_updated_at IS NOT NULL
       AND o.absence IS NULL`,
    [merchantId, from, now],
  );
  return {
    from,
    to: now,
    timezone: rows[0]?.timezone ?? 'UTC',
    orders: counted.rows[0]?.orders ?? 0,
  };
}

/** Where a page of orders ended. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

export interface PastPage {
  readonly orders: readonly { readonly month: string; readonly order: PastOrder }[];
  readonly next: Position | undefined;
}

interface PastRow extends StoredOrder {
  order_row_id: string;
  at: string;
  month: string;
  has_account: boolean | null;
  is_first: boolean;
  recorded: number | null;
  terms: unknown;
}

/** Orders of the period in the order in which they were placed, each with what the ledger made of it. */
export async function readPastOrders(
  on: Queryable,
  merchantId: string,
  period: Period,
  after: Position | undefined,
  limit: number,
  wants: { readonly lines: boolean; readonly first: boolean },
): Promise<PastPage> {
  const { rows } = await on.query<PastRow>(
    `SELECT o.order_row_id, o.shopify_order_id AS order_id, o.customer_id, o.gross_subtotal AS gross, o.subtotal AS placed,
       o.total, o.current_total, o.currency, o.financial_status, o.is_test, o.taxes_included,
       o.currency IS DISTINCT FROM m.currency AS is_foreign,
       o.paid_at IS NOT NULL AS is_paid, o.cancelled_at IS NOT NULL AS is_cancelled, o.is_historical, o.country,
       o.refunds, CASE WHEN $7 OR o.line_items @> '[{"gift_card": true}]' THEN o.line_items END AS lines,
       to_char(o.ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
       to_char(o.ordered_at AT TIME ZONE $6, 'YYYY-MM') AS month, c.has_account, t.recorded, t.terms,
       $8 AND o.ordered_at < c.created_at + interval '24 hours'
         AND NOT EXISTS (SELECT 1 FROM orders x WHERE x.merchant_id = $1 AND x.customer_id = o.customer_id
                           AND x.ordered_at < o.ordered_at AND x.cancelled_at IS NULL) AS is_first
     FROM orders o
     JOIN merchants m ON m.merchant_id = $1
     LEFT JOIN customers c ON c.merchant_id = $1 AND c.customer_id = o.customer_id
     LEFT JOIN LATERAL (
       SELECT sum(e.points)::bigint AS recorded,
              (array_agg(e.metadata) FILTER (WHERE e.idempotency_key = 'order/' || o.shopify_order_id || '/paid'))[1] AS terms
       FROM points_transactions e
       WHERE e.merchant_id = $1 AND e.order_id = o.shopify_order_id AND e.source = 'order') t ON true
     WHERE o.merchant_id = $1 AND (o.ordered_at, o.order_row_id) > ($2::timestamptz, $3::uuid) AND o.ordered_at < $4
       AND o.source_updated_at IS NOT NULL AND o.absence IS NULL
     ORDER BY o.ordered_at, o.order_row_id LIMIT $5`,
    [
      merchantId,
      after?.at ?? new Date(period.from.getTime() - 1),
      after?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      period.to,
      limit,
      period.timezone,
      wants.lines,
      wants.first,
    ],
  );
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    orders: rows.map((row) => ({
      month: row.month,
      order: {
        facts: orderFactsOf(row),
        customerId: row.customer_id,
        recorded: row.recorded ?? 0,
        terms: row.terms ?? null,
        hasAccount: row.has_account ?? false,
        isFirst: row.is_first,
      },
    })),
    next: last && { at: last.at, id: last.order_row_id },
  };
}

/** How often points were given in other ways than by orders, and how many. */
export async function readOtherAwards(
  on: Queryable,
  merchantId: string,
  period: Period,
): Promise<{ source: string; times: number; points: number }[]> {
  const { rows } = await on.query<{ source: string; times: number; points: number }>(
    `SELECT t.source, count(*) AS times, sum(t.points)::bigint AS points FROM points_transactions t
     WHERE t.merchant_id = $1 AND t.source = ANY ($2) AND t.points > 0 AND t.occurred_at >= $3 AND t.occurred_at < $4
     GROUP BY t.source ORDER BY t.source`,
    [merchantId, ['signup', ...ACTIONS], period.from, period.to],
  );
  return rows;
}

/** What points buy: by the active reward that needs the fewest of them, or by the default rate. */
export async function readPointsValue(
  on: Queryable,
  merchantId: string,
): Promise<{ cost: number; amount: bigint; isAssumed: boolean }> {
  const { rows } = await on.query<{ points_cost: number; value: string }>(
    `SELECT r.points_cost, r.value FROM rewards r
     WHERE r.merchant_id = $1 AND r.type = 'amount_off' AND r.status = 'active' AND r.channel = 'online' AND r.value > 0
     ORDER BY r.points_cost, r.reward_id LIMIT 1`,
    [merchantId],
  );
  const [reward] = rows;
  return reward === undefined
    ? { cost: 500, amount: 50_000n, isAssumed: true }
    : { cost: reward.points_cost, amount: parseAmount(reward.value) ?? 0n, isAssumed: false };
}

export async function readOutstanding(on: Queryable, merchantId: string): Promise<number> {
  const { rows } = await on.query<{ points: number | null }>(
    `SELECT sum(b.balance)::bigint AS points FROM points_balances b WHERE b.merchant_id = $1 AND b.balance > 0`,
    [merchantId],
  );
  return rows[0]?.points ?? 0;
}
