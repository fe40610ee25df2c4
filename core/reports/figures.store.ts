import { ENTRY_COLUMNS } from '../ledger/index.ts';
import type { Queryable } from '../database/queryable.ts';
import type { EntryRow } from '../ledger/index.ts';

export interface FiguresRow {
  members: number;
  members_in_period: number;
  outstanding: number;
  expired: number;
  /** One element a day, oldest first: [YYYY-MM-DD, issued, redeemed]. */
  daily: [string, number, number][];
}

/**
 * What a line of the ledger adds to the points that were issued: credits that are not the moving of points (a merge)
 * or the return of a debit, less credits that were deducted. The same for the points redeemed.
 * `t` is the entry, `o` the entry that it reverses.
 */
const issued = `CASE
  WHEN t.type IN ('earn', 'referral', 'campaign', 'import') THEN t.points
  WHEN t.type = 'adjust' AND t.points > 0 AND t.source IS DISTINCT FROM 'merge' THEN t.points
  WHEN t.type = 'reversal' AND t.points < 0 THEN t.points
  ELSE 0 END`;
const redeemed = `CASE
  WHEN t.type = 'redeem' THEN -t.points
  WHEN t.type = 'reversal' AND t.points > 0 AND o.type = 'redeem' THEN -t.points
  ELSE 0 END`;

/**
 * All figures of the last `days` days, today included, in one statement. Days are the shop's. A customer who ordered without an
 * account is a guest, and no member.
 */
export async function readFigures(
  on: Queryable,
  merchantId: string,
  days: number,
): Promise<FiguresRow | undefined> {
  const { rows } = await on.query<FiguresRow>(
    `WITH shop AS (
       SELECT m.timezone, (now() AT TIME ZONE m.timezone)::date AS today,
              ((now() AT TIME ZONE m.timezone)::date - ($2::integer - 1))::timestamp AT TIME ZONE m.timezone AS since
       FROM merchants m WHERE m.merchant_id = $1
     ), lines AS (
       SELECT (t.created_at AT TIME ZONE s.timezone)::date AS day,
              sum(${issued})::bigint AS issued, sum(${redeemed})::bigint AS redeemed,
              coalesce(-sum(t.points) FILTER (WHERE t.type = 'expire'), 0)::bigint AS expired
       FROM shop s
       JOIN points_transactions t ON t.merchant_id = $1 AND t.created_at >= s.since
       LEFT JOIN points_transactions o
         ON t.type = 'reversal' AND o.merchant_id = $1 AND o.transaction_id = t.reverses_transaction_id
       GROUP BY 1
     ), members AS (
       SELECT count(*) AS members, count(*) FILTER (WHERE c.created_at >= s.since) AS recent
       FROM shop s
       JOIN customers c ON c.merchant_id = $1 AND c.has_account AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL
     )
     SELECT members.members, members.recent AS members_in_period,
            (SELECT coalesce(sum(greatest(b.balance, 0)), 0)::bigint FROM points_balances b WHERE b.merchant_id = $1)
              AS outstanding,
            (SELECT coalesce(sum(expired), 0)::bigint FROM lines) AS expired,
            (SELECT jsonb_agg(jsonb_build_array(to_char(d, 'YYYY-MM-DD'), coalesce(l.issued, 0), coalesce(l.redeemed, 0))
                              ORDER BY d)
             FROM shop s CROSS JOIN generate_series(s.today - ($2::integer - 1), s.today, interval '1 day') d
             LEFT JOIN lines l ON l.day = d::date) AS daily
     FROM shop CROSS JOIN members`,
    [merchantId, days],
  );
  return rows[0];
}

export type ActivityRow = EntryRow & { first_name: Buffer | null; last_name: Buffer | null };

/** The tenant's latest entries with their members, newest first. */
export async function readRecentActivity(
  on: Queryable,
  merchantId: string,
  limit: number,
): Promise<ActivityRow[]> {
  const { rows } = await on.query<ActivityRow>(
    `SELECT ${ENTRY_COLUMNS}, c.first_name, c.last_name
     FROM points_transactions t
     JOIN customers c ON c.merchant_id = t.merchant_id AND c.customer_id = t.customer_id
     WHERE t.merchant_id = $1
     ORDER BY t.created_at DESC, t.transaction_id DESC LIMIT $2`,
    [merchantId, limit],
  );
  return rows;
}
