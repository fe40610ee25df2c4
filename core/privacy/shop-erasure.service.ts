import type { PoolClient } from 'pg';
import { onPlatform } from '../database/platform-transaction.ts';
import { asTenant } from '../call/as-tenant.ts';
import { adminOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { writeAudit, writePlatformAudit } from '../shared/audit.store.ts';
import { eraseShop } from './redaction.store.ts';
import type { AdminMethods } from '../call/methods.ts';
import {
  cancelErasures,
  changeErasure,
  finishErasures,
  hasDueErasure,
  insertErasure,
  listDueErasures,
  listErasures,
  lockShop,
  takeAlarms,
  toErasureMessage,
  type ErasureRow,
} from '../merchants/shop-erasure.store.ts';

type Methods = AdminMethods<
  | 'requestShopErasure'
  | 'cancelShopErasure'
  | 'redactShop'
  | 'repeatShopErasure'
  | 'claimShopErasures'
  | 'listShopErasures'
  | 'stopShopErasure'
  | 'resumeShopErasure'
>;

/** From Shopify's request to erase a shop until its last row is gone. */
export function shopErasureMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  return {
    requestShopErasure: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const shop = await lockShop(client, merchantId);
        if (shop?.shopDomain !== request.shopDomain) throw notFound('shop_domain');
        const receivedAt = request.receivedAt === '' ? clock() : new Date(request.receivedAt);
        const row = await insertErasure(client, merchantId, shop.shopDomain, receivedAt);
        return { erasure: toErasureMessage(row, clock()) };
      }),

    cancelShopErasure: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const cancelled = await cancelErasures(client, merchantId, request.reason, clock());
        if (cancelled > 0)
          await writeAudit(client, merchantId, {
            actor: context.caller.actor,
            action: 'shop_erasure_cancelled',
            targetTable: 'merchants',
            targetId: merchantId,
            severity: 'warning',
            metadata: { reason: request.reason },
          });
        return { cancelled: cancelled > 0 };
      }),

    redactShop: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        erased: await eraseIfDue(client, merchantId, request.shopDomain, clock),
      })),

    repeatShopErasure: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        const erased = await eraseShop(client, merchantId);
        await finishErasures(client, merchantId, clock());
        return { erased };
      }),

    claimShopErasures: (request) =>
      onPlatform(pool, async (client) => {
        const now = clock();
        const due = await listDueErasures(client, request.limit, now);
        const alarms = await takeAlarms(client, now);
        return {
          due: due.map((row) => toErasureMessage(row, now)),
          alarms: alarms.map((row) => toErasureMessage(row, now)),
        };
      }),

    listShopErasures: (request) =>
      onPlatform(pool, async (client) => {
        const page = request.page ?? { pageSize: 50, cursor: '' };
        const { rows, nextCursor } = await listErasures(client, page);
        return {
          erasures: rows.map((row) => toErasureMessage(row, clock())),
          page: { nextCursor, total: -1 },
        };
      }),

    stopShopErasure: ({ erasureId, reason }, context) =>
      onPlatform(pool, async (client) => {
        const change = { from: 'waiting', to: 'stopped', reason: reason.trim() };
        const row = await changeByAdmin(client, adminOf(context), erasureId, change);
        return { erasure: toErasureMessage(row, clock()) };
      }),

    resumeShopErasure: ({ erasureId }, context) =>
      onPlatform(pool, async (client) => {
        const change = { from: 'stopped', to: 'waiting', reason: '' };
        const row = await changeByAdmin(client, adminOf(context), erasureId, change);
        return { erasure: toErasureMessage(row, clock()) };
      }),
  };
}

/** Erases a shop that is uninstalled and whose time has come. @returns whether it was erased now */
async function eraseIfDue(
  client: PoolClient,
  merchantId: string,
  shopDomain: string,
  clock: () => Date,
): Promise<boolean> {
  const shop = await lockShop(client, merchantId);
  if (shop === undefined) {
    // Told again after it was done.
    await finishErasures(client, merchantId, clock());
    return false;
  }
  if (shop.shopDomain !== shopDomain) throw notFound('shop_domain');
  if (!shop.isUninstalled) return false;
  if (!(await hasDueErasure(client, merchantId, clock()))) return false;
  const erased = await eraseShop(client, merchantId);
  await finishErasures(client, merchantId, clock());
  return erased;
}

/** Stops or resumes an erasure, and writes down who did. */
async function changeByAdmin(
  client: PoolClient,
  adminId: string,
  erasureId: string,
  change: Parameters<typeof changeErasure>[2],
): Promise<ErasureRow> {
  const row = await changeErasure(client, erasureId, change);
  if (row === undefined) throw notFound('erasure_id');
  const isStop = change.to === 'stopped';
  await writePlatformAudit(client, adminId, {
    action: isStop ? 'shop_erasure_stopped' : 'shop_erasure_resumed',
    targetTable: 'shop_erasures',
    targetId: erasureId,
    severity: 'warning',
    ...(isStop && { metadata: { reason: change.reason } }),
  });
  return row;
}
