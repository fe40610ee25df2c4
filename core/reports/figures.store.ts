import { ENTRY_COLUMNS } from '../ledger/index.ts';
import { VALID_ORDER } from '../members/spending.store.ts';
import type { Queryable } from '../database/queryable.ts';
import type { EntryRow } from '../ledger/index.ts';
import type { DaysCounted } from './figures.rules.ts';

/** What is counted by day, and what is so now. */
export interface FiguresRow extends DaysCounted {
  readonly members: number;
  readonly slipping: SlippingRow;
  readonly recent: readonly ActivityJson[];
}

/** Members at risk now: how many, and a few of those who spent most. */
interface SlippingRow {
  readonly members: number;
  readonly most: readonly {
    readonly customer_id: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly spent: string;
    readonly last_order_at: string | null;
  }[];
}

/** An entry with its member as JSON has them: bytes in hex, times as text. */
export type ActivityJson = Omit<EntryRow, 'expiry_date' | 'occurred_at' | 'created_at'> & {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly expiry_date: string | null;
  readonly occurred_at: string;
  readonly created_at: string;
};

/**
 * What a line of the ledger adds to the points that were issued: credits that are not the moving of points (a merge)
 * or the return of a debit, less credits that were deducted. The same for the points redeemed.
 * `t` is the entry; what it reverses is looked up for returns alone, which are few.
 */
const issued = `CASE
  WHEN t.type IN ('earn', 'referral', 'campaign', 'import') THEN t.points
  WHEN t.type = 'adjust' AND t.points > 0 AND t.source IS DISTINCT FROM 'merge' THEN t.points
  WHEN t.type = 'reversal' AND t.points < 0 THEN t.points
  ELSE 0 END`;
const redeemed = `CASE
  WHEN t.type = 'redeem' THEN -t.points
  WHEN t.type = 'reversal' AND t.points > 0 AND (
    SELECT o.type FROM points_transactions o
    WHERE o.merchant_id = $1 AND o.transaction_id = t.reverses_transaction_id) = 'redeem' THEN -t.points
  ELSE 0 END`;
/** A balance below zero is a debt and no point outstanding: each line changes only what is above it. */
const outstandingChange = 'greatest(t.balance_after, 0) - greatest(t.balance_after - t.points, 0)';

const AT_RISK = `ARRAY['at_risk', 'at_risk_high_value']`;
const daysAgo = (time: string) => `s.today - (${time} AT TIME ZONE s.timezone)::date`;

/** Hashed once: a look-up for each order of a large shop's year would cost more than all the rest. */
const IS_MEMBERS = `o.customer_id IN (SELECT c.customer_id FROM customers c WHERE c.merchant_id = $1 AND c.has_account)`;

/** `OFFSET 0`: what is asked twice of a row is worked out once. */
const SALES = `
  SELECT x.day, sum(x.spent) AS revenue, coalesce(sum(x.spent) FILTER (WHERE x.is_members), 0) AS members,
         count(*) AS orders, count(*) FILTER (WHERE x.is_members) AS member_orders
  FROM (SELECT ${daysAgo('o.ordered_at')} AS day, o.gross_subtotal - o.refunded AS spent, ${IS_MEMBERS} AS is_members
        FROM shop s
        JOIN orders o ON o.merchant_id = $1 AND o.ordered_at >= s.since AND o.${VALID_ORDER}
         AND coalesce(o.currency, s.currency) = s.currency
        OFFSET 0) x
  WHERE x.day >= 0 GROUP BY x.day`;

const LEDGER = `
  SELECT greatest(0, ${daysAgo('t.created_at')}) AS day, sum(${issued})::bigint AS issued, sum(${redeemed})::bigint AS redeemed,
         coalesce(-sum(t.points) FILTER (WHERE t.type = 'expire'), 0)::bigint AS expired,
         sum(${outstandingChange})::bigint AS change
  FROM shop s
  JOIN points_transactions t ON t.merchant_id = $1 AND t.created_at >= s.since
  GROUP BY 1`;

const SLIPPED = `
  SELECT greatest(0, ${daysAgo('d.updated_at')}) AS day, count(DISTINCT d.customer_id) AS members
  FROM shop s
  JOIN rfm_segment_deltas d ON d.merchant_id = $1 AND d.updated_at >= s.since
   AND d.segment_change->'to_all' ?| ${AT_RISK} AND NOT d.segment_change->'from_all' ?| ${AT_RISK}
  GROUP BY 1`;

const ACCOUNTS =
  'c.merchant_id = $1 AND c.has_account AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL';

const SLIPPING = `
  SELECT jsonb_build_object('members', count(*), 'most', coalesce(jsonb_agg(jsonb_build_object(
           'customer_id', r.customer_id, 'first_name', r.first_name, 'last_name', r.last_name,
           'spent', r.total_spend::text, 'last_order_at', r.last_order_at) ORDER BY r.place) FILTER (WHERE r.place <= $4), '[]'))
  FROM (SELECT c.customer_id, c.first_name, c.last_name, c.total_spend, c.last_order_at,
               row_number() OVER (ORDER BY c.total_spend DESC, c.customer_id) AS place
        FROM customer_segments g
        JOIN customers c ON c.customer_id = g.customer_id AND ${ACCOUNTS}
        WHERE g.merchant_id = $1 AND g.segment_ids ?| ${AT_RISK}) r`;

const GIVES_MONEY = `coalesce(r.currency, s.currency) = s.currency
  AND (r.type IN ('amount_off', 'cashback', 'store_credit', 'gift_card')
       OR (r.type = 'coupon' AND r.config->>'discount' IS DISTINCT FROM 'percent'))`;

const RECENT = `
  SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY r.created_at DESC, r.transaction_id DESC), '[]')
  FROM (SELECT ${ENTRY_COLUMNS}, c.first_name, c.last_name
        FROM points_transactions t
        JOIN customers c ON c.merchant_id = t.merchant_id AND c.customer_id = t.customer_id
        WHERE t.merchant_id = $1
        ORDER BY t.created_at DESC, t.transaction_id DESC LIMIT $3) r`;

/** @param rows a query of a day and what is counted of it @param columns what follows the day in each element */
const byDay = (rows: string, columns: string) =>
  `(SELECT coalesce(jsonb_agg(jsonb_build_array(x.day, ${columns})), '[]') FROM (${rows}) x)`;

const FIGURES = `
  WITH shop AS (
    SELECT m.timezone, m.currency, z.today, (z.today - (2 * $2::integer - 1))::timestamp AT TIME ZONE m.timezone AS since
    FROM merchants m CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE m.timezone)::date AS today) z
    WHERE m.merchant_id = $1
  ), accounts AS (
    SELECT CASE WHEN c.created_at >= s.since THEN greatest(0, ${daysAgo('c.created_at')}) END AS day, count(*) AS members
    FROM shop s JOIN customers c ON ${ACCOUNTS} GROUP BY 1
  )
  SELECT s.currency, to_char(s.today, 'YYYY-MM-DD') AS today,
         (SELECT coalesce(sum(a.members), 0)::bigint FROM accounts a) AS members,
         (SELECT coalesce(sum(greatest(b.balance, 0)), 0)::bigint FROM points_balances b WHERE b.merchant_id = $1) AS outstanding,
         (SELECT coalesce(sum(o.pending_points), 0)::bigint FROM orders o
          WHERE o.merchant_id = $1 AND o.customer_id IS NOT NULL AND o.pending_points > 0) AS pending,
         ${byDay(SALES, 'x.revenue::text, x.members::text, x.orders, x.member_orders')} AS sales,
         ${byDay(LEDGER, 'x.issued, x.redeemed, x.expired, x.change')} AS ledger,
         ${byDay('SELECT * FROM accounts WHERE day IS NOT NULL', 'x.members')} AS joined,
         ${byDay(SLIPPED, 'x.members')} AS slipped,
         (SELECT coalesce(jsonb_agg(jsonb_build_array(r.points_cost, r.value::text)), '[]') FROM rewards r
          WHERE r.merchant_id = $1 AND r.status = 'active' AND r.value > 0 AND ${GIVES_MONEY}) AS rewards,
         (${SLIPPING}) AS slipping, (${RECENT}) AS recent
  FROM shop s`;

/**
 * All figures of the last `days` days, today included, and of as many days before, in one statement. Days are the shop's.
 * A customer who ordered without an account is a guest, and no member.
 */
export async function readFigures(
  on: Queryable,
  merchantId: string,
  days: number,
  most: { readonly recent: number; readonly slipping: number },
): Promise<FiguresRow | undefined> {
  const { rows } = await on.query<FiguresRow>(FIGURES, [
    merchantId,
    days,
    most.recent,
    most.slipping,
  ]);
  return rows[0];
}
