import type { z } from 'zod';
import type { DeepPartial, RecordShopVisitRequest } from '#proto/admin/v1/health.ts';
import { env } from '../../env.server.ts';
import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { log } from '../../log.server.ts';
import { countDrift } from '../../metrics.server.ts';
import { ShopPaused } from '../../shopify/admin-client.server.ts';
import { changedOrder, readChangedOrders } from '../../shopify/admin/order-documents.ts';
import type { ChangedOrder } from '../../shopify/admin/order-documents.ts';
import { ShopNotConnected } from '../../shopify/offline-token.server.ts';
import type { WantedLines } from '../../shopify/read-orders.ts';
import { recordListedOrder } from '../../shopify/record-readings.ts';
import { missingScopes } from '../../shopify/scopes.ts';
import { settingAside } from '../../shopify/set-aside.ts';
import { renewSubscriptions } from '../../shopify/subscribe-topics.server.ts';

/** Reconciliation looks back over more than one night, in case one was missed. */
const reconcileWindowMs = 50 * 3_600_000;

/**
 * The nightly visit of a shop: reads recently changed orders and records them in core, including any that webhooks missed,
 * and tells core how it went.
 */
export function reconcileShop(
  shop: JobData<'reconcile-shop'>,
  services: JobServices,
  isLastAttempt: boolean,
): Promise<void> {
  return whileOpen(shop, async () => {
    const { admin } = services.core(shop.merchantId);
    try {
      await admin.recordShopVisit(await visit(shop, services));
    } catch (error) {
      const found = whatFailed(error, isLastAttempt);
      // That it failed is what counts; the same may keep core from hearing of it.
      if (found !== undefined)
        await admin.recordShopVisit(found).catch((failure: unknown) => {
          log().warn({ merchantId: shop.merchantId, err: failure }, 'A visit was not recorded');
        });
      throw error;
    }
  });
}

async function visit(
  shop: JobData<'reconcile-shop'>,
  services: JobServices,
): Promise<DeepPartial<RecordShopVisitRequest>> {
  const { merchantId } = shop;
  const { scopes, refused } = await renewSubscriptions(
    services.shopify(shop),
    env().SHOPIFY_APP_URL,
  );
  for (const [topic, refusal] of refused)
    log().warn({ merchantId, topic, err: refusal }, 'Shopify refused a subscription');
  const since = new Date(services.now() - reconcileWindowMs);
  const { read, setAside, drift } = await readOrdersSince(shop, services, since);
  countDrift(drift);
  if (drift > 0)
    log().warn(
      { merchantId, orders: drift },
      'The nightly reading found points that no webhook had moved',
    );
  if (setAside > 0)
    log().warn(
      { merchantId, orders: setAside },
      'The nightly reading left orders out, which it tries again tomorrow',
    );
  return {
    reconcile: { ordersRead: read, ordersDrifted: drift, ordersSetAside: setAside },
    access: {
      access: 'connected',
      missingScopes: missingScopes(env().SCOPES, scopes),
      missingTopics: [...refused.keys()],
    },
  };
}

/** Nothing while the visit is going to be tried again. */
function whatFailed(
  error: unknown,
  isLastAttempt: boolean,
): DeepPartial<RecordShopVisitRequest> | undefined {
  if (error instanceof ShopPaused) return { access: { access: 'frozen' } };
  if (error instanceof ShopNotConnected) return { access: { access: 'not_connected' } };
  return isLastAttempt ? { reconcileFailed: true } : undefined;
}

/** A webhook that is on its way is not missing. */
const lateWebhookMs = 15 * 60_000;

function wasMissed({ updatedAt }: ChangedOrder, services: Pick<JobServices, 'now'>): boolean {
  return services.now() - Date.parse(updatedAt) > lateWebhookMs;
}

/**
 * Reads the orders that changed since then and records them in core, which awards what it has not awarded yet. Shopify
 * shows an app the orders of the last 60 days, more with the scope `read_all_orders`.
 * @returns how many were read, how many of them were left out with the reason in the log, and how many got points that
 *   no webhook had moved
 */
export async function readOrdersSince(
  shop: ShopReference,
  services: JobServices,
  since: Date,
): Promise<{ readonly read: number; readonly setAside: number; readonly drift: number }> {
  const shopify = services.shopify(shop);
  const { points, referrals } = services.core(shop.merchantId);
  const { program } = await points.getPointsProgram({});
  const needsProducts = (program?.earning?.excludedProducts ?? []).length > 0;
  let read = 0;
  let setAside = 0;
  let drift = 0;
  const attempt = settingAside(shop.merchantId, () => (setAside += 1));
  for (let after: string | null = null; ;) {
    const askedAt = new Date(services.now()).toISOString();
    const page: z.output<typeof readChangedOrders.data> = await shopify.request(readChangedOrders, {
      query: `updated_at:>='${since.toISOString()}'`,
      after,
    });
    for (const node of page.orders.nodes)
      await attempt({ kind: 'order', id: node.id }, async () => {
        const order = changedOrder.parse(node);
        const movedPoints = await recordListedOrder(order, {
          points,
          referrals,
          shopify,
          trigger: 'reconciled',
          askedAt,
          lines: wantedLines(order, needsProducts),
          now: () => services.now(),
        });
        if (movedPoints && wasMissed(order, services)) drift += 1;
      });
    read += page.orders.nodes.length;
    if (!page.orders.pageInfo.hasNextPage) break;
    after = page.orders.pageInfo.endCursor ?? null;
  }
  return { read, setAside, drift };
}

/** Lines cost Shopify a request an order: they are read where some goods earn nothing, and may be in the order. */
function wantedLines({ lineItems }: ChangedOrder, needsProducts: boolean): WantedLines {
  if (needsProducts) return 'products';
  const mayHaveGiftCards =
    lineItems.pageInfo.hasNextPage || lineItems.nodes.some(({ isGiftCard }) => isGiftCard);
  return mayHaveGiftCards ? 'gift_cards' : 'none';
}
