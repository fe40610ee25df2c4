import type { Sync } from '#proto/admin/v1/admin.ts';
import type { StalledSync } from '#proto/admin/v1/maintenance.ts';
import type { SyncRun } from '#prisma/generated/client.ts';
import { onPrisma, safeNumber } from '../database/prisma-client.ts';
import type { Queryable } from '../database/queryable.ts';
import { jsonObject, textOf } from '../shared/stored-json.rules.ts';
import { lockTenant } from '../shared/tenant-lock.store.ts';
import type { SyncStatus } from '#vocabulary/shops.ts';

/** A sync that is under way. */
const open = ['queued', 'running'] satisfies SyncStatus[];

function toSyncMessage(row: SyncRun): Sync {
  return {
    syncId: row.syncId,
    status: row.status,
    phase: row.phase,
    shopifyOperationId: row.shopifyOperationId ?? '',
    customersTotal: safeNumber(row.customersTotal),
    customersProcessed: safeNumber(row.customersProcessed),
    ordersTotal: safeNumber(row.ordersTotal),
    ordersProcessed: safeNumber(row.ordersProcessed),
    problem:
      row.problemCode === null
        ? undefined
        : { code: row.problemCode, field: '', message: row.problemMessage ?? '' },
    startedAt: row.startedAt?.toISOString() ?? '',
    finishedAt: row.finishedAt?.toISOString() ?? '',
    customersSetAside: safeNumber(row.customersSetAside),
    ordersSetAside: safeNumber(row.ordersSetAside),
    setAside: (Array.isArray(row.setAside) ? row.setAside : []).map((stored) => {
      const item = jsonObject(stored);
      return {
        kind: textOf(item['kind']),
        shopifyId: textOf(item['shopify_id']),
        code: textOf(item['code']),
        field: textOf(item['field']),
      };
    }),
  };
}

/** Starts a first-run sync unless one is under way. @returns whether it was this call that started it */
export async function startSync(
  on: Queryable,
  merchantId: string,
): Promise<{ sync: Sync; started: boolean }> {
  // Two starts at once would both find none: the tenant's row makes them take turns.
  await lockTenant(on, merchantId);
  return onPrisma(on, async (tx) => {
    const known = await tx.syncRun.findFirst({
      where: { merchantId, status: { in: open } },
      orderBy: { createdAt: 'desc' },
    });
    return known === null
      ? { sync: toSyncMessage(await tx.syncRun.create({ data: { merchantId } })), started: true }
      : { sync: toSyncMessage(known), started: false };
  });
}

/** Progress as the worker reports it. A finished sync stays finished. @returns undefined when there is no such sync */
export async function updateSync(
  on: Queryable,
  merchantId: string,
  sync: Sync,
  now: Date,
): Promise<Sync | undefined> {
  // First, alone: Prisma has no word for a lock, and two reports at once must not both find the sync unfinished.
  await on.query(
    'SELECT FROM sync_runs WHERE merchant_id = $1 AND sync_id = $2 FOR NO KEY UPDATE',
    [merchantId, sync.syncId],
  );
  const where = { merchantId_syncId: { merchantId, syncId: sync.syncId } };
  return onPrisma(on, async (tx) => {
    const known = await tx.syncRun.findUnique({ where });
    if (known === null) return undefined;
    if (!open.some((status) => status === known.status)) return toSyncMessage(known);
    const isOver = sync.status === 'completed' || sync.status === 'failed';
    return toSyncMessage(
      await tx.syncRun.update({
        where,
        data: {
          status: sync.status,
          phase: sync.phase,
          shopifyOperationId: sync.shopifyOperationId || null,
          customersTotal: sync.customersTotal,
          customersProcessed: sync.customersProcessed,
          ordersTotal: sync.ordersTotal,
          ordersProcessed: sync.ordersProcessed,
          problemCode: sync.problem?.code || null,
          problemMessage: sync.problem?.message ?? null,
          customersSetAside: sync.customersSetAside,
          ordersSetAside: sync.ordersSetAside,
          setAside: sync.setAside.map(({ kind, shopifyId, code, field }) => ({
            kind,
            shopify_id: shopifyId,
            code,
            field,
          })),
          touchedAt: new Date(),
          startedAt: known.startedAt ?? (sync.status === 'queued' ? null : now),
          finishedAt: isOver ? now : null,
        },
      }),
    );
  });
}

export async function readNewestSync(on: Queryable, merchantId: string): Promise<Sync | undefined> {
  const row = await onPrisma(on, (tx) =>
    tx.syncRun.findFirst({ where: { merchantId }, orderBy: { createdAt: 'desc' } }),
  );
  return row === null ? undefined : toSyncMessage(row);
}

/** Leases first-run syncs that no worker has touched for a while to the caller. */
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
