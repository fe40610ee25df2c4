import type { z } from 'zod';
import { continueFirstRunSync } from '../../features/onboarding/first-run-sync.server.ts';
import { env } from '../../env.server.ts';
import { writeBalanceMetafields } from '../../features/balance-metafields/write-balances.server.ts';
import { subscribeToTopics } from '../../features/webhooks/subscribe-topics.server.ts';
import { writeStorefrontSettings } from '../../features/storefront-settings/write-settings.server.ts';
import { log } from '../../log.server.ts';
import { AdminApiError, ShopPaused } from '../../shopify/admin-client.server.ts';
import { orderGid } from '../../shopify/admin/ids.ts';
import { changedOrder, readChangedOrders } from '../../shopify/admin/order-documents.ts';
import type { ChangedOrder } from '../../shopify/admin/order-documents.ts';
import { recordListedOrder, recordWholeOrder } from '../../shopify/record-readings.ts';
import type { WantedLines } from '../../shopify/read-orders.ts';
import { ShopNotConnected } from '../../shopify/offline-token.server.ts';
import type { JobData } from '../catalogue.ts';
import type { NewJob } from '../queue.server.ts';
import type { JobServices, ShopReference } from '../services.server.ts';
import { settingAside } from '../set-aside.ts';

/** How long to leave Shopify alone with a bulk operation; its webhook usually comes first. */
const pollBulkOperationMs = 3_000;
/** Reconciliation looks back over more than one night, in case one was missed. */
const reconcileWindowMs = 50 * 3_600_000;

/** How long a frozen or locked shop is left alone before its work is tried again. */
const pausedRetryMs = 3_600_000;

/**
 * A shop that uninstalled has nothing to do: its jobs end quietly. So do those of a shop that Shopify has frozen or
 * locked, and what nothing else would bring back is put aside until then.
 */
async function whileOpen(
  shop: ShopReference,
  work: () => Promise<void>,
  again?: { readonly job: NewJob; readonly services: JobServices },
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ShopPaused) {
      log().info({ merchantId: shop.merchantId }, 'The shop is frozen; its job waits');
      if (again === undefined) return;
      const { job, services } = again;
      await services.queues.enqueueAll([
        { ...job, options: { coalesceAs: pausedId(job), delayMs: pausedRetryMs } },
      ]);
      return;
    }
    if (!(error instanceof ShopNotConnected)) throw error;
    log().info({ merchantId: shop.merchantId }, 'The shop is not connected; its job is over');
  }
}

/** One of a kind and thing waits, however often it was asked for meanwhile. */
const pausedId = ({ name, data }: NewJob): string =>
  ['paused', name, ...Object.values(data as Readonly<Record<string, string>>)].join('-');

export function subscribeShop(
  shop: JobData<'subscribe-topics'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, () => subscribeToTopics(services.shopify(shop), env().SHOPIFY_APP_URL));
}

export function finishInstallation(
  shop: JobData<'install-shop'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, async () => {
    await subscribeToTopics(services.shopify(shop), env().SHOPIFY_APP_URL);
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
  return whileOpen(shop, async () => {
    const { admin, points } = services.core(shop.merchantId);
    const step = await continueFirstRunSync({
      core: { admin, points },
      shopify: services.shopify(shop),
      download: (url) => services.download(url),
      now: () => services.now(),
      merchantId: shop.merchantId,
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
  return whileOpen(
    shop,
    async () => {
      await writeBalanceMetafields(services.core(shop.merchantId).admin, services.shopify(shop));
    },
    { job: { name: 'write-balance-metafields', data: shop }, services },
  );
}

export function writeSettings(
  shop: JobData<'write-storefront-settings'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(
    shop,
    async () => {
      await writeStorefrontSettings(
        services.core(shop.merchantId).frontend,
        services.shopify(shop),
      );
    },
    { job: { name: 'write-storefront-settings', data: shop }, services },
  );
}

export function fetchOrder(
  { orderId, ...shop }: JobData<'fetch-order'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(
    shop,
    async () => {
      const { isInDoubt } = await recordWholeOrder(orderGid(orderId), {
        points: services.core(shop.merchantId).points,
        shopify: services.shopify(shop),
        trigger: 'edited',
        // A webhook that is older than this reading is not heard any more, its lines neither.
        lines: 'products',
        now: () => services.now(),
      });
      // Shopify's answer is behind its own webhooks, or our clock is: both pass.
      if (isInDoubt) throw new AdminApiError('an order is later than its reading', true);
    },
    { job: { name: 'fetch-order', data: { orderId, ...shop } }, services },
  );
}

/** Reads the orders that changed of late and tells core what they are: whatever a webhook failed to say is said now. */
export function reconcileShop(
  shop: JobData<'reconcile-shop'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, async () => {
    const shopify = services.shopify(shop);
    const { points } = services.core(shop.merchantId);
    await subscribeToTopics(shopify, env().SHOPIFY_APP_URL);
    const { program } = await points.getPointsProgram({});
    const needsProducts = (program?.earning?.excludedProducts ?? []).length > 0;
    const since = new Date(services.now() - reconcileWindowMs).toISOString();
    let setAside = 0;
    const attempt = settingAside(shop.merchantId, () => (setAside += 1));
    for (let after: string | null = null; ;) {
      const askedAt = new Date(services.now()).toISOString();
      const page: z.output<typeof readChangedOrders.data> = await shopify.request(
        readChangedOrders,
        { query: `updated_at:>='${since}'`, after },
      );
      for (const node of page.orders.nodes)
        await attempt({ kind: 'order', id: node.id }, () => {
          const order = changedOrder.parse(node);
          return recordListedOrder(order, {
            points,
            shopify,
            trigger: 'reconciled',
            askedAt,
            lines: wantedLines(order, needsProducts),
            now: () => services.now(),
          });
        });
      if (!page.orders.pageInfo.hasNextPage) break;
      after = page.orders.pageInfo.endCursor ?? null;
    }
    if (setAside > 0)
      log().warn(
        { merchantId: shop.merchantId, orders: setAside },
        'The nightly reading left orders out, which it tries again tomorrow',
      );
  });
}

/** Lines cost Shopify a request an order: they are read where some goods earn nothing, and may be in the order. */
function wantedLines({ lineItems }: ChangedOrder, needsProducts: boolean): WantedLines {
  if (needsProducts) return 'products';
  const mayHaveGiftCards =
    lineItems.pageInfo.hasNextPage || lineItems.nodes.some(({ isGiftCard }) => isGiftCard);
  return mayHaveGiftCards ? 'gift_cards' : 'none';
}
