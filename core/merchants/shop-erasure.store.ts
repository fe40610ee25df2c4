import type { ShopErasure } from '#proto/admin/v1/erasure.ts';
import type { Queryable } from '../database/queryable.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import { alarmEveryMs, deadlineOf, dueAt, erasureAlarmMs, isLate } from './shop-erasure.rules.ts';

export interface ErasureRow {
  erasure_id: string;
  target_merchant: string;
  shop_domain: string | null;
  status: string;
  requested_at: Date;
  due_at: Date;
  reason: string;
  ended_at: Date | null;
}

const columns = `e.erasure_id, e.target_merchant, e.shop_domain, e.status, e.requested_at, e.due_at, e.reason, e.ended_at`;

export function toErasureMessage(row: ErasureRow, now: Date): ShopErasure {
  return {
    erasureId: row.erasure_id,
    merchantId: row.target_merchant,
    shopDomain: row.shop_domain ?? '',
    status: row.status,
    requestedAt: row.requested_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    deadlineAt: deadlineOf(row.requested_at).toISOString(),
    isLate: isLate(row.requested_at, row.status, now),
    reason: row.reason,
    endedAt: row.ended_at?.toISOString() ?? '',
  };
}

/** Waits for an install or erasure of the shop at the same moment. Undefined when there is no such shop. */
export async function lockShop(
  on: Queryable,
  merchantId: string,
): Promise<{ shopDomain: string; isUninstalled: boolean } | undefined> {
  const { rows } = await on.query<{ shopify_domain: string; uninstalled_at: Date | null }>(
    'SELECT m.shopify_domain, m.uninstalled_at FROM merchants m WHERE m.merchant_id = $1 FOR UPDATE',
    [merchantId],
  );
  const row = rows[0];
  return row && { shopDomain: row.shopify_domain, isUninstalled: row.uninstalled_at !== null };
}

/** @returns the request of this time, whether it was noted now or before */
export async function insertErasure(
  on: Queryable,
  merchantId: string,
  shopDomain: string,
  requestedAt: Date,
): Promise<ErasureRow> {
  const { rows } = await on.query<ErasureRow>(
    `WITH noted AS (
       INSERT INTO shop_erasures AS e (target_merchant, shop_domain, requested_at, due_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING ${columns}
     )
     SELECT * FROM noted
     UNION ALL SELECT ${columns} FROM shop_erasures e WHERE e.target_merchant = $1 AND e.requested_at = $3 LIMIT 1`,
    [merchantId, shopDomain, requestedAt, dueAt(requestedAt)],
  );
  if (rows[0] === undefined) throw new Error('a request for erasure was neither noted nor known');
  return rows[0];
}

export async function hasDueErasure(
  on: Queryable,
  merchantId: string,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `SELECT 1 FROM shop_erasures e
     WHERE e.target_merchant = $1 AND e.status = 'waiting' AND e.due_at <= $2
       -- Stopping one of several requests stops all of the shop's.
       AND NOT EXISTS (SELECT 1 FROM shop_erasures s WHERE s.target_merchant = $1 AND s.status = 'stopped')
     LIMIT 1 FOR UPDATE`,
    [merchantId, now],
  );
  return rowCount === 1;
}

/** Ends what is open for a shop that has the app. @returns how many requests that were */
export async function cancelErasures(
  on: Queryable,
  merchantId: string,
  reason: string,
  now: Date,
): Promise<number> {
  const { rowCount } = await on.query(
    `UPDATE shop_erasures SET status = 'cancelled', reason = $2, ended_at = $3
     WHERE target_merchant = $1 AND status IN ('waiting', 'stopped')`,
    [merchantId, reason, now],
  );
  return rowCount ?? 0;
}

/** The shop is gone, and with it its name. */
export async function finishErasures(on: Queryable, merchantId: string, now: Date): Promise<void> {
  await on.query(
    `UPDATE shop_erasures SET status = 'erased', shop_domain = NULL, ended_at = coalesce(ended_at, $2)
     WHERE target_merchant = $1`,
    [merchantId, now],
  );
}

export async function listDueErasures(
  on: Queryable,
  limit: number,
  now: Date,
): Promise<ErasureRow[]> {
  const { rows } = await on.query<ErasureRow>(
    `SELECT ${columns} FROM shop_erasures e WHERE e.status = 'waiting' AND e.due_at <= $2
     ORDER BY e.due_at LIMIT $1`,
    [limit, now],
  );
  return rows;
}

/** Those that are late, each once in a while. */
export async function takeAlarms(on: Queryable, now: Date): Promise<ErasureRow[]> {
  const { rows } = await on.query<ErasureRow>(
    `UPDATE shop_erasures e SET alarmed_at = $1
     WHERE e.status IN ('waiting', 'stopped') AND e.requested_at <= $2
       AND (e.alarmed_at IS NULL OR e.alarmed_at <= $3)
     RETURNING ${columns}`,
    [now, new Date(now.getTime() - erasureAlarmMs), new Date(now.getTime() - alarmEveryMs)],
  );
  return rows;
}

/** @returns undefined when there is no request of this id in that state */
export async function changeErasure(
  on: Queryable,
  erasureId: string,
  change: { readonly from: string; readonly to: string; readonly reason: string },
): Promise<ErasureRow | undefined> {
  const { rows } = await on.query<ErasureRow>(
    `UPDATE shop_erasures e SET status = $3, reason = $4 WHERE e.erasure_id = $1 AND e.status IN ($2, $3)
     RETURNING ${columns}`,
    [erasureId, change.from, change.to, change.reason],
  );
  return rows[0];
}

export function listErasures(
  on: Queryable,
  page: { readonly pageSize: number; readonly cursor: string },
): Promise<{ rows: ErasureRow[]; nextCursor: string }> {
  return keysetPage<ErasureRow>(on, {
    select: `SELECT ${columns} FROM shop_erasures e`,
    where: [],
    values: [],
    time: 'e.requested_at',
    id: 'e.erasure_id',
    idOf: (row) => row.erasure_id,
    ...page,
  });
}
