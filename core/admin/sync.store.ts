import type { Sync } from '#proto/admin/v1/admin.ts';
import type { StalledSync } from '#proto/admin/v1/maintenance.ts';
import type { Queryable } from '../ledger/index.ts';

interface SyncRow {
  sync_id: string;
  status: string;
  phase: string;
  shopify_operation_id: string | null;
  customers_total: number;
  customers_processed: number;
  orders_total: number;
  orders_processed: number;
  problem_code: string | null;
  problem_message: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}

const columns = `s.sync_id, s.status, s.phase, s.shopify_operation_id, s.customers_total, s.customers_processed,
  s.orders_total, s.orders_processed, s.problem_code, s.problem_message, s.started_at, s.finished_at`;

function toSyncMessage(row: SyncRow): Sync {
  return {
    syncId: row.sync_id,
    status: row.status,
    phase: row.phase,
    shopifyOperationId: row.shopify_operation_id ?? '',
    customersTotal: row.customers_total,
    customersProcessed: row.customers_processed,
    ordersTotal: row.orders_total,
    ordersProcessed: row.orders_processed,
    problem:
      row.problem_code === null
        ? undefined
        : { code: row.problem_code, field: '', message: row.problem_message ?? '' },
    startedAt: row.started_at?.toISOString() ?? '',
    finishedAt: row.finished_at?.toISOString() ?? '',
  };
}

/** Starts a first-run sync unless one is under way. @returns whether it was this call that started it */
export async function startSync(
  on: Queryable,
  merchantId: string,
): Promise<{ sync: Sync; started: boolean }> {
  // Two starts at once would both find none: the tenant's row makes them take turns.
  await on.query('SELECT 1 FROM merchants WHERE merchant_id = $1 FOR NO KEY UPDATE', [merchantId]);
  const running = await on.query<SyncRow>(
    `SELECT ${columns} FROM sync_runs s WHERE s.merchant_id = $1 AND s.status IN ('queued', 'running')
     ORDER BY s.created_at DESC LIMIT 1`,
    [merchantId],
  );
  const known = running.rows[0];
  if (known !== undefined) return { sync: toSyncMessage(known), started: false };
  const { rows } = await on.query<SyncRow>(
    `INSERT INTO sync_runs AS s (merchant_id) VALUES ($1) RETURNING ${columns}`,
    [merchantId],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('a sync could not be started');
  return { sync: toSyncMessage(row), started: true };
}

/** Progress as the worker reports it. A finished sync stays finished. @returns undefined when there is no such sync */
export async function updateSync(
  on: Queryable,
  merchantId: string,
  sync: Sync,
  now: Date,
): Promise<Sync | undefined> {
  const { rows } = await on.query<SyncRow>(
    `UPDATE sync_runs s SET
       status = $3, phase = $4, shopify_operation_id = nullif($5, ''), customers_total = $6, customers_processed = $7,
       orders_total = $8, orders_processed = $9, problem_code = $10, problem_message = $11, touched_at = now(),
       started_at = coalesce(s.started_at, CASE WHEN $3 <> 'queued' THEN $12::timestamptz END),
       finished_at = CASE WHEN $3 IN ('completed', 'failed') THEN coalesce(s.finished_at, $12::timestamptz) END
     WHERE s.merchant_id = $1 AND s.sync_id = $2 AND s.status IN ('queued', 'running')
     RETURNING ${columns}`,
    [
      merchantId,
      sync.syncId,
      sync.status,
      sync.phase,
      sync.shopifyOperationId,
      sync.customersTotal,
      sync.customersProcessed,
      sync.ordersTotal,
      sync.ordersProcessed,
      sync.problem?.code === '' ? null : (sync.problem?.code ?? null),
      sync.problem?.message ?? null,
      now,
    ],
  );
  const row = rows[0];
  return row === undefined ? readSync(on, merchantId, sync.syncId) : toSyncMessage(row);
}

async function readSync(
  on: Queryable,
  merchantId: string,
  syncId: string,
): Promise<Sync | undefined> {
  const { rows } = await on.query<SyncRow>(
    `SELECT ${columns} FROM sync_runs s WHERE s.merchant_id = $1 AND s.sync_id = $2`,
    [merchantId, syncId],
  );
  return rows[0] && toSyncMessage(rows[0]);
}

export async function readNewestSync(on: Queryable, merchantId: string): Promise<Sync | undefined> {
  const { rows } = await on.query<SyncRow>(
    `SELECT ${columns} FROM sync_runs s WHERE s.merchant_id = $1 ORDER BY s.created_at DESC LIMIT 1`,
    [merchantId],
  );
  return rows[0] && toSyncMessage(rows[0]);
}

/** Leases first-run syncs that nobody has worked on for a while to the caller. */
export async function claimStalledSyncs(
  on: Queryable,
  olderThanSeconds: number,
  limit: number,
): Promise<StalledSync[]> {
  const { rows } = await on.query<{ merchant_id: string; shopify_domain: string; status: string }>(
    'SELECT merchant_id, shopify_domain, status FROM syncs_claim_stalled($1, $2)',
    [olderThanSeconds, limit],
  );
  return rows.map((row) => ({
    merchantId: row.merchant_id,
    shopDomain: row.shopify_domain,
    status: row.status,
  }));
}
