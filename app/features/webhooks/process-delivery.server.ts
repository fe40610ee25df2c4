import type { Delivery } from '#proto/admin/v1/admin.ts';
import type { RecordOrderRequest, RecordOrderResult } from '#proto/points/v1/points.ts';
import { systemClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { createBatcher } from '../../core-client/batcher.ts';
import type { Batcher } from '../../core-client/batcher.ts';
import { coreErrorOf } from '../../core-client/errors.server.ts';
import type { NewJob } from '../../jobs/queue.server.ts';
import { parseCustomer, parseMerge, parsePrivacyRequest } from './customer-payload.ts';
import type { CustomerTrigger } from './customer-payload.ts';
import { parseEditedOrderId, parseOrder, parseRefund } from './order-payload.ts';
import type { OrderTrigger } from './order-payload.ts';
import { parseScopes, parseShop } from './shop-payload.ts';
import { isWebhookTopic } from './topics.ts';

/** How a delivery ended. `settled`: core recorded its end together with its effect. */
export type DeliveryResult =
  'settled' | { readonly status: 'processed' | 'ignored'; readonly reason: string };

export interface DeliveryEffects {
  enqueue(job: NewJob): Promise<void>;
  /** Forgets the shop's tokens. */
  deleteSessions(shop: string): Promise<void>;
  updateScopes(shop: string, scopes: readonly string[]): Promise<void>;
}

/** Thrown for a shop that is not installed (yet): its first deliveries can overtake its installation. */
export class UnknownShop extends Error {}

const ignored = (reason: string): DeliveryResult => ({ status: 'ignored', reason });
const processed = (reason: string): DeliveryResult => ({ status: 'processed', reason });

/**
 * Turns a stored delivery into calls of core. Every effect may happen twice: core knows orders, refunds and requests
 * by their own ids, and jobs by theirs.
 * @throws PayloadRefusal, CoreError, UnknownShop
 */
export async function processDelivery(
  delivery: Delivery,
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  const { topic, payload, triggeredAt, deliveryId } = delivery;
  if (!isWebhookTopic(topic)) return ignored('unknown_topic');
  if (delivery.merchantId === '') throw new UnknownShop(delivery.shopDomain);
  const shop = { merchantId: delivery.merchantId, shop: delivery.shopDomain };
  const { admin } = tenantOf(delivery.merchantId);

  const recordOrder = async (trigger: OrderTrigger): Promise<DeliveryResult> => {
    const order = parseOrder(payload, trigger, triggeredAt);
    await recordOrderOf(delivery.merchantId, { order, refund: undefined, trigger, deliveryId });
    return 'settled';
  };
  const upsertCustomer = async (trigger: CustomerTrigger): Promise<DeliveryResult> => {
    await admin.upsertCustomer({ ...parseCustomer(payload, trigger, triggeredAt), deliveryId });
    return 'settled';
  };

  switch (topic) {
    case 'orders/create':
      return recordOrder('created');
    case 'orders/paid':
      return recordOrder('paid');
    case 'orders/updated':
      return recordOrder('updated');
    case 'orders/cancelled':
      return recordOrder('cancelled');
    case 'orders/edited': {
      const orderId = parseEditedOrderId(payload);
      if (orderId === undefined) return recordOrder('edited');
      await effects.enqueue({
        name: 'fetch-order',
        data: { ...shop, orderId },
        // Not by the delivery's id, which the queue remembers for an hour: a replay reads the order anew.
        options: { coalesceAs: `order-${delivery.merchantId}-${orderId}` },
      });
      return processed('order_fetch_enqueued');
    }
    case 'refunds/create':
      await recordOrderOf(delivery.merchantId, {
        order: undefined,
        refund: parseRefund(payload, triggeredAt),
        trigger: 'refunded',
        deliveryId,
      });
      return 'settled';
    case 'customers/create':
      return upsertCustomer('created');
    case 'customers/update':
      return upsertCustomer('updated');
    case 'customers/enable':
      return upsertCustomer('enabled');
    case 'customers/merge': {
      const merge = parseMerge(payload);
      if (merge === undefined) return ignored('merge_not_completed');
      await admin.mergeCustomers({ ...merge, deliveryId });
      return 'settled';
    }
    case 'customers/delete':
      // Shopify deletes only people without orders, and asks for their data by customers/redact.
      return ignored('kept_until_redaction');
    case 'discounts/update':
    case 'discounts/delete':
      return ignored('no_reward_uses_it');
    case 'app_subscriptions/update':
      return ignored('plans_are_read_when_needed');
    case 'bulk_operations/finish':
      await effects.enqueue({
        name: 'first-run-sync',
        data: shop,
        options: { coalesceAs: `sync-${shop.merchantId}` },
      });
      return processed('sync_enqueued');
    case 'app/uninstalled':
      return uninstall(admin, delivery, effects);
    case 'app/scopes_update':
      await effects.updateScopes(delivery.shopDomain, parseScopes(payload));
      return processed('scopes_updated');
    case 'shop/update':
      await admin.updateShopProfile(parseShop(payload));
      return processed('profile_updated');
    case 'customers/data_request':
    case 'customers/redact':
      return submitPrivacyRequest(admin, delivery, topic, effects);
    case 'shop/redact':
      await admin.redactShop({ shopDomain: delivery.shopDomain });
      await effects.deleteSessions(delivery.shopDomain);
      return processed('shop_erased');
  }
}

async function uninstall(
  admin: CoreClients['admin'],
  delivery: Delivery,
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  await admin.uninstallMerchant({ uninstalledAt: delivery.triggeredAt });
  const { settings } = await admin.getSettings({});
  // A delivery that comes late must not undo an installation that followed it.
  if (settings?.merchant?.uninstalledAt === '') return ignored('installed_again_since');
  await effects.deleteSessions(delivery.shopDomain);
  return processed('uninstalled');
}

async function submitPrivacyRequest(
  admin: CoreClients['admin'],
  delivery: Delivery,
  topic: 'customers/data_request' | 'customers/redact',
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  const { requestId, ...person } = parsePrivacyRequest(delivery.payload);
  const requestType = topic === 'customers/redact' ? 'redact' : 'data_request';
  const { request } = await admin.submitGdprRequest({
    requestType,
    source: 'webhook',
    ...person,
    orderIds: [...person.orderIds],
    idempotencyKey: `${requestType}/${requestId === '' ? delivery.webhookId : requestId}`,
  });
  if (request === undefined || request.status === 'completed') return processed('already_done');
  await effects.enqueue({
    name: 'process-privacy-request',
    data: { merchantId: delivery.merchantId, requestId: request.requestId },
    options: { jobId: `privacy-${request.requestId}` },
  });
  return processed('request_enqueued');
}

interface Tenant {
  readonly admin: CoreClients['admin'];
  readonly orders: Batcher<RecordOrderRequest, RecordOrderResult>;
}

/** Made once per tenant: building a client costs more than a call. */
const tenants = new Map<string, Tenant>();
const keptTenants = 1_000;

function tenantOf(merchantId: string): Tenant {
  const known = tenants.get(merchantId);
  if (known !== undefined) return known;
  const { admin, points } = systemClients(merchantId);
  const orders = createBatcher<RecordOrderRequest, RecordOrderResult>({
    send: async (requests) => (await points.recordOrders({ orders: [...requests] })).results,
    maxItems: 100,
  });
  const tenant = { admin, orders };
  tenants.set(merchantId, tenant);
  if (tenants.size > keptTenants) tenants.delete(tenants.keys().next().value ?? merchantId);
  return tenant;
}

/** Orders that are worked on together are recorded together. @throws CoreError when core refuses this one. */
async function recordOrderOf(merchantId: string, request: RecordOrderRequest): Promise<void> {
  const { problem } = await tenantOf(merchantId).orders.submit(request);
  if (problem !== undefined) throw coreErrorOf(problem);
}
