import type { Queryable } from '../database/queryable.ts';
import {
  decodeCursor,
  encodeCursor,
  microseconds,
  timePattern,
  uuidPattern,
} from '../shared/cursor.rules.ts';
import { rfmConfigFrom, type RfmConfig } from './rfm-config.rules.ts';
import type { StoredScore } from './rfm-messages.ts';

/** What is stored of scores, to be shown. */

export interface StandingRow {
  rfm_score: StoredScore;
  /** Null until the member was scored for the first time. */
  segment_ids: string[] | null;
  lifecycle_stage: string | null;
  order_count: number;
  total_spend: string;
  last_order_at: Date | null;
}

export async function readStanding(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<StandingRow | undefined> {
  const { rows } = await on.query<StandingRow>(
    `SELECT c.rfm_score, s.segment_ids, c.lifecycle_stage, c.order_count, c.total_spend, c.last_order_at
     FROM customers c
     LEFT JOIN customer_segments s ON s.merchant_id = c.merchant_id AND s.customer_id = c.customer_id
     WHERE c.merchant_id = $1 AND c.customer_id = $2`,
    [merchantId, customerId],
  );
  return rows[0];
}

export interface HistoryRow {
  rfm_score: StoredScore;
  segment_ids: string[];
  lifecycle_stage: string | null;
  trigger: string;
  created_at: Date;
}

/** Newest first. */
export async function readHistory(
  on: Queryable,
  merchantId: string,
  customerId: string,
  page: { readonly pageSize: number; readonly cursor: string },
): Promise<{ rows: HistoryRow[]; nextCursor: string }> {
  const after =
    page.cursor === '' ? [null, null] : decodeCursor(page.cursor, timePattern, uuidPattern);
  if (after === undefined) return { rows: [], nextCursor: '' };
  const { rows } = await on.query<HistoryRow & { history_id: string; at: string }>(
    `SELECT h.history_id, h.rfm_score, h.segment_ids, h.lifecycle_stage, h.trigger, h.created_at,
            ${microseconds('h.created_at')} AS at
     FROM rfm_score_history h
     WHERE h.merchant_id = $1 AND h.customer_id = $2
       AND ($3::timestamptz IS NULL OR (h.created_at, h.history_id) < ($3::timestamptz, $4::uuid))
     ORDER BY h.created_at DESC, h.history_id DESC LIMIT $5`,
    [merchantId, customerId, ...after, page.pageSize + 1],
  );
  const shown = rows.slice(0, page.pageSize);
  const last = rows.length > page.pageSize ? shown.at(-1) : undefined;
  return {
    rows: shown,
    nextCursor: last === undefined ? '' : encodeCursor(last.at, last.history_id),
  };
}

/** Members in each segment, as they were last counted. */
export interface SegmentCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly countedAt: Date | null;
}

/** Counted once a day, for all shops at once; each reads its own through the view. */
export async function readSegmentCounts(on: Queryable): Promise<SegmentCounts> {
  const { rows } = await on.query<{
    segment_name: string;
    customer_count: number;
    last_refreshed: Date;
  }>('SELECT segment_name, customer_count, last_refreshed FROM merchant_rfm_segment_counts');
  return {
    counts: new Map(rows.map((row) => [row.segment_name, row.customer_count])),
    countedAt: rows[0]?.last_refreshed ?? null,
  };
}

/** The thresholds in force and the counts, in one statement that sets the tenant for itself; undefined for no such shop. */
export async function readSegments(
  on: Queryable,
  merchantId: string,
): Promise<{ readonly config: RfmConfig; readonly counted: SegmentCounts } | undefined> {
  const { rows } = await on.query<{
    rfm_thresholds: unknown;
    counts: Readonly<Record<string, number>> | null;
    counted_at: Date | null;
  }>('SELECT * FROM rfm_segments($1)', [merchantId]);
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    config: rfmConfigFrom(row.rfm_thresholds),
    counted: { counts: new Map(Object.entries(row.counts ?? {})), countedAt: row.counted_at },
  };
}
