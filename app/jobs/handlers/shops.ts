import { continueFirstRunSync } from '../../features/onboarding/first-run-sync.server.ts';
import {
  defineBalanceMetafield,
  writeBalanceMetafields,
} from '../../features/balance-metafields/write-balances.server.ts';
import { writeStorefrontSettings } from '../../features/storefront-settings/write-settings.server.ts';
import { log } from '../../log.server.ts';
import { orderGid } from '../../shopify/admin/ids.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import {
  readChangedOrders,
  readOrder,
  readOrderLines,
  toLines,
  toOrder,
} from '../../shopify/admin/orders.ts';
import { ShopNotConnected } from '../../shopify/offline-token.server.ts';
import type { JobData } from '../catalogue.ts';
import type { JobServices, ShopReference } from '../services.server.ts';

/** How long to leave Shopify alone with a bulk operation; its webhook usually comes first. */
const pollBulkOperationMs = 3_000;
/** Reconciliation looks back over more than one night, in case one was missed. */
const reconcileWindowMs = 50 * 3_600_000;

/** A shop that uninstalled has nothing to do: its jobs end quietly. */
async function unlessGone(shop: ShopReference, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ShopNotConnected)) throw error;
    log().info({ merchantId: shop.merchantId }, 'The shop is not connected; its job is over');
  }
}

export function finishInstallation(
  shop: JobData<'install-shop'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    await defineBalanceMetafield(services.shopify(shop));
    await services.core(shop.merchantId).admin.startSync({});
    await services.queues.enqueue('first-run-sync', shop, {
      coalesceAs: `sync-${shop.merchantId}`,
    });
    await services.queues.enqueue('write-storefront-settings', shop, {
      coalesceAs: `settings-${shop.merchantId}`,
    });
    // After a re-install the members of old have balances that Shopify may have forgotten.
    await services.queues.enqueue('write-balance-metafields', shop, {
      coalesceAs: `balances-${shop.merchantId}`,
    });
  });
}

export function runFirstRunSync(
  shop: JobData<'first-run-sync'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    const { admin, points } = services.core(shop.merchantId);
    const step = await continueFirstRunSync({
      core: { admin, points },
      shopify: services.shopify(shop),
      download: (url) => services.download(url),
    });
    if (step === 'done') return;
    // Polling stands in for a lost webhook. The same id as the webhook's job: one of them waits, never two.
    await services.queues.enqueue('first-run-sync', shop, {
      coalesceAs: `sync-${shop.merchantId}`,
      ...(step === 'wait' ? { delayMs: pollBulkOperationMs } : {}),
    });
  });
}

export function writeBalances(
  shop: JobData<'write-balance-metafields'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    await writeBalanceMetafields(services.core(shop.merchantId).admin, services.shopify(shop));
  });
}

export function writeSettings(
  shop: JobData<'write-storefront-settings'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    await writeStorefrontSettings(services.core(shop.merchantId).frontend, services.shopify(shop));
  });
}

export function fetchOrder(
  { orderId, ...shop }: JobData<'fetch-order'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    const { order } = await services.shopify(shop).request(readOrder, { id: orderGid(orderId) });
    if (order === null) return;
    await services
      .core(shop.merchantId)
      .points.recordOrder({ order: toOrder(order), trigger: 'edited', deliveryId: '' });
  });
}

/** Reads the orders that changed of late and tells core what they are: whatever a webhook failed to say is said now. */
export function reconcileShop(
  shop: JobData<'reconcile-shop'>,
  services: JobServices,
): Promise<void> {
  return unlessGone(shop, async () => {
    const shopify = services.shopify(shop);
    const { points } = services.core(shop.merchantId);
    // Lines matter where some goods earn nothing, and cost Shopify a request an order: only there they are asked for.
    const { program } = await points.getPointsProgram({});
    const needsLines = (program?.earning?.excludedProducts ?? []).length > 0;
    const since = new Date(services.now() - reconcileWindowMs).toISOString();
    for (let after: string | null = null; ;) {
      const page: {
        orders: {
          nodes: Parameters<typeof toOrder>[0][];
          pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
        };
      } = await shopify.request(readChangedOrders, { query: `updated_at:>='${since}'`, after });
      for (const node of page.orders.nodes) {
        const lines = needsLines ? await linesOf(shopify, node) : [];
        await points.recordOrder({
          order: { ...toOrder(node), lines },
          trigger: 'reconciled',
          deliveryId: '',
        });
      }
      if (!page.orders.pageInfo.hasNextPage) return;
      after = page.orders.pageInfo.endCursor ?? null;
    }
  });
}

/** None of an order that has more than are read at once: half of them would tell less than nothing. */
async function linesOf(shopify: AdminClient, node: Parameters<typeof toOrder>[0]) {
  try {
    const { order } = await shopify.request(readOrderLines, { id: node.id });
    if (order === null || order.lineItems.pageInfo.hasNextPage) return [];
    return toLines(order.lineItems.nodes, node);
  } catch (error) {
    // Products are an access that a merchant may refuse; the order counts all the same.
    if (error instanceof AdminApiError && error.code === 'ACCESS_DENIED') return [];
    throw error;
  }
}
