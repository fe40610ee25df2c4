import type { Queryable } from '../database/queryable.ts';
import { SPENT, VALID_ORDER } from '../members/spending.store.ts';
import { SCORED_MEMBER } from './rfm.store.ts';
import type { Cell, Thresholds } from './rfm.rules.ts';
import type { ScoreTrigger } from '#vocabulary/segments.ts';

/**
 * Scoring in SQL, many members of one tenant in a statement. It puts members into the bins of rfm.rules.ts and looks up
 * the rest (score, segments) in the table of cells that the rules made; a property test holds it to scoreMember.
 */

export interface SegmentChange {
  readonly customerId: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What one scoring goes by. */
export interface Scoring {
  readonly asOf: Date;
  readonly thresholds: Thresholds;
  readonly cells: readonly Cell[];
  readonly trigger: ScoreTrigger;
  /** Kept with each line of history, so that it can be worked out again. */
  readonly basis: Readonly<Record<string, string | number>>;
  /**
   * Where a member's orders, spend and last order come from: added up from their orders, or as they are kept on the
   * member, by whatever changes an order, in its transaction.
   */
  readonly sums: 'orders' | 'kept';
}

const DAY_MS = 86_400_000;

/** $1 is the tenant and $2 these rules. */
function rulesParameter({ asOf, thresholds, cells, trigger, basis }: Scoring): string {
  return JSON.stringify({
    // Fewer than n+1 times 24 hours ago is n whole days: a moment to compare with spares a division for each member.
    after: thresholds.days.map((days) => new Date(asOf.getTime() - (days + 1) * DAY_MS)),
    orders: thresholds.orders,
    spend: thresholds.spend.map(hundredMillionths),
    cells: cells.map((cell) => ({
      r: cell.recency,
      f: cell.frequency,
      m: cell.monetary,
      s: cell.tenths,
      id: cell.segmentId,
      ids: cell.segmentIds,
    })),
    trigger,
    basis,
  });
}

function hundredMillionths(value: bigint): string {
  const digits = value.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}

const limits = `limits AS MATERIALIZED (
  SELECT (v->'after'->>0)::timestamptz AS d5, (v->'after'->>1)::timestamptz AS d4, (v->'after'->>2)::timestamptz AS d3,
         (v->'after'->>3)::timestamptz AS d2,
         (v->'orders'->>0)::bigint AS o5, (v->'orders'->>1)::bigint AS o4, (v->'orders'->>2)::bigint AS o3,
         (v->'orders'->>3)::bigint AS o2,
         (v->'spend'->>0)::numeric AS s5, (v->'spend'->>1)::numeric AS s4, (v->'spend'->>2)::numeric AS s3,
         (v->'spend'->>3)::numeric AS s2
  FROM (SELECT $2::jsonb AS v) p)`;

/** The three scores of the sums in `t` by the limits in `l`. */
const bins = `
  CASE WHEN t.orders = 0 THEN 1 WHEN t.last_at > l.d5 THEN 5 WHEN t.last_at > l.d4 THEN 4 WHEN t.last_at > l.d3 THEN 3
       WHEN t.last_at > l.d2 THEN 2 ELSE 1 END AS r,
  CASE WHEN t.orders >= l.o5 THEN 5 WHEN t.orders >= l.o4 THEN 4 WHEN t.orders >= l.o3 THEN 3
       WHEN t.orders >= l.o2 THEN 2 ELSE 1 END AS f,
  CASE WHEN t.orders = 0 OR t.spend <= 0 THEN 1 WHEN t.spend > l.s5 THEN 5 WHEN t.spend >= l.s4 THEN 4
       WHEN t.spend >= l.s3 THEN 3 WHEN t.spend >= l.s2 THEN 2 ELSE 1 END AS m`;

const columns = `c.customer_id, c.rfm_score, c.lifecycle_stage, c.order_count, c.total_spend, c.last_order_at,
  c.review_due_at, c.vip_progress`;

/** Of a member `c`, by which orders count; `condition` says whose are read at all. */
const SUMMED = (condition: string): string => `
    LEFT JOIN LATERAL (
      SELECT count(*) AS orders, ${SPENT('x')} AS spend, max(x.ordered_at) AS last_at
      FROM orders x WHERE x.merchant_id = $1 AND x.customer_id = c.customer_id AND ${VALID_ORDER}) o ON ${condition}`;

const ADDED_UP = 'SELECT o.orders, o.spend, o.last_at';
const KEPT = 'SELECT c.order_count AS orders, c.total_spend AS spend, c.last_order_at AS last_at';
/** As kept, but for those whom `condition` names: theirs are added up, and show whether what is kept is right. */
const CHECKED = (condition: string): string => `
    SELECT CASE WHEN ${condition} THEN o.orders ELSE c.order_count END AS orders,
           CASE WHEN ${condition} THEN o.spend ELSE c.total_spend END AS spend,
           CASE WHEN ${condition} THEN o.last_at ELSE c.last_order_at END AS last_at`;

/** The score of each member that `members` selects by their `sums`, for which `orders` is joined, beside what is stored. */
const standings = (members: string, sums: string, orders: string): string => `
  ${limits},
  cells AS MATERIALIZED (
    SELECT k.r, k.f, k.m, k.id AS segment_id, k.ids AS segment_ids,
           jsonb_build_object('recency', k.r, 'frequency', k.f, 'monetary', k.m, 'score', trim_scale(k.s / 10.0)) AS score
    FROM jsonb_to_recordset($2::jsonb->'cells') AS k(r integer, f integer, m integer, s integer, id text, ids jsonb)),
  members AS MATERIALIZED (${members}),
  scored AS (
    SELECT c.*, t.*, ${bins}
    FROM members c${orders}
    CROSS JOIN LATERAL (${sums}) t
    CROSS JOIN limits l),
  standings AS (
    SELECT n.*, n.segment_ids IS DISTINCT FROM n.old_segment_ids AS is_moved,
           n.old_segment_ids IS NULL OR n.rfm_score <> n.score OR n.old_segment_ids <> n.segment_ids
             OR n.lifecycle_stage IS DISTINCT FROM n.stage AS is_changed,
           n.review_due_at IS NOT NULL AS is_due,
           n.order_count <> n.orders OR n.total_spend <> n.spend OR n.last_order_at IS DISTINCT FROM n.last_at AS is_off
    FROM (SELECT s.*, k.score, k.segment_id, k.segment_ids, g.segment_ids AS old_segment_ids, g.segment_id AS old_segment_id,
                 CASE WHEN s.orders = 0 THEN 'new_lead'
                      WHEN s.m = 5 AND s.r >= 3 THEN 'vip'
                      WHEN s.r = 1 OR (s.r = 2 AND s.orders <= 2) THEN 'churned'
                      WHEN s.r >= 3 AND s.orders >= 2 THEN 'repeat_buyer'
                      WHEN s.r >= 4 AND s.orders = 1 THEN 'new_lead'
                      ELSE coalesce(s.lifecycle_stage, 'new_lead') END AS stage
          FROM scored s
          JOIN cells k ON k.r = s.r AND k.f = s.f AND k.m = s.m
          LEFT JOIN customer_segments g ON g.merchant_id = $1 AND g.customer_id = s.customer_id) n)`;

const scoreAndWrite = (sums: string, orders: string): string => `
  WITH ${standings(
    `SELECT ${columns} FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($3::uuid[]) AND ${SCORED_MEMBER}`,
    sums,
    orders,
  )},
  members_written AS (
    UPDATE customers c SET rfm_score = s.score, lifecycle_stage = s.stage, order_count = s.orders,
           total_spend = s.spend, last_order_at = s.last_at, review_due_at = NULL
    FROM standings s
    WHERE c.merchant_id = $1 AND c.customer_id = s.customer_id AND (s.is_changed OR s.is_off OR s.is_due)),
  others_reviewed AS (
    UPDATE customers c SET review_due_at = NULL
    WHERE c.merchant_id = $1 AND c.customer_id = ANY ($3::uuid[]) AND c.review_due_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM members m WHERE m.customer_id = c.customer_id)),
  segments_written AS (
    INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
    SELECT $1, s.customer_id, s.segment_id, s.segment_ids FROM standings s WHERE s.is_moved
    ON CONFLICT (merchant_id, customer_id)
      DO UPDATE SET segment_id = EXCLUDED.segment_id, segment_ids = EXCLUDED.segment_ids),
  history_written AS (
    INSERT INTO rfm_score_history (merchant_id, customer_id, rfm_score, segment_ids, lifecycle_stage, trigger, metadata)
    SELECT $1, s.customer_id, s.score, s.segment_ids, s.stage, $2::jsonb->>'trigger',
           $2::jsonb->'basis' || jsonb_build_object('orders', s.orders, 'spend', s.spend::text, 'last_order_at', s.last_at)
    FROM standings s WHERE s.is_changed),
  deltas_written AS (
    INSERT INTO rfm_segment_deltas (merchant_id, customer_id, segment_change, rfm_score, operation)
    SELECT $1, s.customer_id,
           jsonb_build_object('from', s.old_segment_id, 'to', s.segment_id, 'from_all', coalesce(s.old_segment_ids, '[]'),
                              'to_all', s.segment_ids),
           s.score, CASE WHEN s.old_segment_ids IS NULL THEN 'insert' ELSE 'update' END
    FROM standings s WHERE s.is_moved)
  SELECT count(*) FILTER (WHERE s.is_changed) AS changed,
         coalesce(jsonb_agg(jsonb_build_object('customerId', s.customer_id, 'from', coalesce(s.old_segment_ids, '[]'),
                                               'to', s.segment_ids)
                            ORDER BY s.customer_id) FILTER (WHERE s.is_moved), '[]') AS changes
  FROM standings s`;

const SCORE_AND_WRITE = {
  orders: scoreAndWrite(ADDED_UP, SUMMED('true')),
  kept: scoreAndWrite(KEPT, ''),
};

/**
 * Scores members that the transaction has locked, and writes what changed: score, stage and sums of the member, the
 * segments, a line of history, a delta. What made a review of them due is done with.
 * @returns the changes of segments, and how many members changed
 */
export async function writeScores(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
  scoring: Scoring,
): Promise<{ changes: SegmentChange[]; changed: number }> {
  const { rows } = await on.query<{ changes: SegmentChange[]; changed: number }>(
    SCORE_AND_WRITE[scoring.sums],
    [merchantId, rulesParameter(scoring), customerIds],
  );
  return rows[0] ?? { changes: [], changed: 0 };
}

/** Sums kept on members are compared with their orders for one member in so many at each pass, others at the next. */
const SHARES = 16;
const DUE_FOR_A_CHECK = `($6::integer IS NULL OR get_byte(uuid_send(c.customer_id), 15) % ${SHARES} = $6::integer)`;

const FIND_OUTDATED = `
  WITH ${standings(
    `SELECT ${columns} FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id > $3::uuid AND ${SCORED_MEMBER}
     ORDER BY c.customer_id LIMIT $4`,
    CHECKED(DUE_FOR_A_CHECK),
    SUMMED(DUE_FOR_A_CHECK),
  )}
  SELECT array_agg(s.customer_id) FILTER (WHERE s.is_changed OR s.is_off OR s.vip_progress->>'qualified_until' < $5
           OR s.vip_progress->>'grace_until' < $5) AS outdated,
         coalesce(bool_or(s.is_off), false) AS any_off, max(s.customer_id::text) AS last, count(*) AS looked
  FROM standings s`;

/** What a look at a range of members found. */
export interface Found {
  /** Those of whom there is something to write. */
  readonly outdated: string[];
  /** Whether the sums of any of them are not those of their orders. */
  readonly anyOff: boolean;
  /** The last that was looked at; empty: there was none. */
  readonly last: string;
  readonly looked: number;
}

/**
 * Looks at the next members in the order of their keys and locks nothing: on most days most of them are where they
 * stood. A tier's end is as good a reason to be looked at as a score.
 * @param pass whose sums are compared with their orders: everyone's, or another sixteenth of the members with each number
 */
export async function findOutdated(
  on: Queryable,
  merchantId: string,
  after: string,
  limit: number,
  scoring: Scoring,
  pass: number | 'all',
): Promise<Found> {
  const { rows } = await on.query<{
    outdated: string[] | null;
    any_off: boolean;
    last: string | null;
    looked: number;
  }>(FIND_OUTDATED, [
    merchantId,
    rulesParameter(scoring),
    after,
    limit,
    scoring.asOf.toISOString(),
    pass === 'all' ? null : pass % SHARES,
  ]);
  const row = rows[0];
  return {
    outdated: row?.outdated ?? [],
    anyOff: row?.any_off ?? false,
    last: row?.last ?? '',
    looked: row?.looked ?? 0,
  };
}

/** The next members in the order of their keys, where most of them will have moved: each is worth a lock. */
export async function nextMembers(
  on: Queryable,
  merchantId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT c.customer_id AS id FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id > $2::uuid AND ${SCORED_MEMBER}
     ORDER BY c.customer_id LIMIT $3`,
    [merchantId, after, limit],
  );
  return rows.map(({ id }) => id);
}

/** How many members fall into each cell, by the sums that are kept of their orders: a look, written nowhere. */
export async function countCells(
  on: Queryable,
  merchantId: string,
  scoring: Scoring,
): Promise<{ recency: number; frequency: number; monetary: number; members: number }[]> {
  const { rows } = await on.query<{
    recency: number;
    frequency: number;
    monetary: number;
    members: number;
  }>(
    `WITH ${limits}
     SELECT r AS recency, f AS frequency, m AS monetary, count(*) AS members
     FROM (SELECT ${bins}
           FROM (SELECT c.order_count AS orders, c.total_spend AS spend, c.last_order_at AS last_at
                 FROM customers c WHERE c.merchant_id = $1 AND ${SCORED_MEMBER}) t CROSS JOIN limits l) s
     GROUP BY r, f, m`,
    [merchantId, rulesParameter(scoring)],
  );
  return rows;
}
