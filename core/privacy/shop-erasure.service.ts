import { onPlatform } from '../database/platform-transaction.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { adminOf, tenantOf } from '../call/context.ts';
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
} from '../merchants/shop-erasure.store.ts';

type Methods = AdminMethods<
  | 'requestShopErasure'
  | 'cancelShopErasure'
  | 'redactShop'
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
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const shop = await lockShop(client, merchantId);
        if (shop?.shopDomain !== request.shopDomain) throw notFound('shop_domain');
        const receivedAt = request.receivedAt === '' ? clock() : new Date(request.receivedAt);
        const row = await insertErasure(client, merchantId, shop.shopDomain, receivedAt);
        return { erasure: toErasureMessage(row, clock()) };
      }),

    cancelShopErasure: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
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
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const shop = await lockShop(client, merchantId);
        if (shop === undefined) {
          // Told again after it was done.
          await finishErasures(client, merchantId, clock());
          return { erased: false };
        }
        if (shop.shopDomain !== request.shopDomain) throw notFound('shop_domain');
        if (!shop.isUninstalled) return { erased: false };
        if (!(await hasDueErasure(client, merchantId, clock()))) return { erased: false };
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

    stopShopErasure: (request, context) =>
      onPlatform(pool, async (client) => {
        const { erasureId, reason } = request;
        const change = { from: 'waiting', to: 'stopped', reason: reason.trim() };
        const row = await changeErasure(client, erasureId, change);
        if (row === undefined) throw notFound('erasure_id');
        await writePlatformAudit(client, adminOf(context), {
          action: 'shop_erasure_stopped',
          targetTable: 'shop_erasures',
          targetId: erasureId,
          severity: 'warning',
          metadata: { reason: change.reason },
        });
        return { erasure: toErasureMessage(row, clock()) };
      }),

    resumeShopErasure: (request, context) =>
      onPlatform(pool, async (client) => {
        const { erasureId } = request;
        const change = { from: 'stopped', to: 'waiting', reason: '' };
        const row = await changeErasure(client, erasureId, change);
        if (row === undefined) throw notFound('erasure_id');
        await writePlatformAudit(client, adminOf(context), {
          action: 'shop_erasure_resumed',
          targetTable: 'shop_erasures',
          targetId: erasureId,
          severity: 'warning',
        });
        return { erasure: toErasureMessage(row, clock()) };
      }),
  };
}
