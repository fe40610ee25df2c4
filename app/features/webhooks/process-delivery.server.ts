import type { Delivery } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import type { RecordOrderRequest, RecordOrderResult } from '#proto/points/v1/points.ts';
import { systemClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { createBatcher } from '../../core-client/batcher.ts';
import type { Batcher } from '../../core-client/batcher.ts';
import { coreErrorOf } from '../../core-client/errors.server.ts';
import type { NewJob } from '../../jobs/queue.server.ts';
import type { ShopStanding } from '../../shopify/shop-standing.server.ts';
import {
  parseConsent,
  parseCustomer,
  parseMerge,
  parsePrivacyRequest,
  parseTags,
} from './customer-payload.ts';
import type { ToldCustomerTrigger } from './customer-payload.ts';
import { misfitOf, readObject } from './delivered-body.rules.ts';
import { PayloadRefusal } from './payload-fields.ts';
import { parseEditedOrderId, parseOrder, parseRefund } from './order-payload.ts';
import type { ToldTrigger } from './order-payload.ts';
import { parseScopes, parseShop } from './shop-payload.ts';
import { isWebhookTopic } from './topics.ts';

/** How a delivery ended. `settled`: core recorded its end together with its effect. */
export type DeliveryResult =
  'settled' | { readonly status: 'processed' | 'ignored'; readonly reason: OutcomeReason };

export interface DeliveryEffects {
  enqueue(job: NewJob): Promise<void>;
  /** Forgets the shop's tokens. */
  deleteSessions(shop: string): Promise<void>;
  updateScopes(shop: string, scopes: readonly string[]): Promise<void>;
  /** Whether the shop has the app, as Shopify says now. */
  shopStanding(shop: string): Promise<ShopStanding>;
}

/** Shopify could not tell whether what a delivery says is true: to be asked again, for a day. */
export class NotYetKnown extends Error {}

/** Thrown for a shop that is not installed (yet): its first deliveries can overtake its installation. */
export class UnknownShop extends Error {}

const ignored = (reason: OutcomeReason): DeliveryResult => ({ status: 'ignored', reason });
const processed = (reason: OutcomeReason): DeliveryResult => ({ status: 'processed', reason });

/**
 * Turns a stored delivery into calls of core. Every effect may happen twice: core knows orders, refunds and requests
 * by their own ids, and jobs by theirs.
 * @throws PayloadRefusal, CoreError, UnknownShop, NotYetKnown
 */
export async function processDelivery(
  delivery: Delivery,
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  const { topic, payload, deliveryId } = delivery;
  // Facts that carry no time of their own are as old as the delivery; only Shopify's own time tells states apart.
  const triggeredAt = timeOf(delivery);
  if (!isWebhookTopic(topic)) return ignored(OutcomeReason.UNKNOWN_TOPIC);
  refuseMisfits(delivery);
  if (delivery.merchantId === '') throw new UnknownShop(delivery.shopDomain);
  const shop = { merchantId: delivery.merchantId, shop: delivery.shopDomain };
  const { admin } = tenantOf(delivery.merchantId);

  const recordOrder = async (trigger: ToldTrigger): Promise<DeliveryResult> => {
    const order = {
      ...parseOrder(payload, trigger, triggeredAt),
      observedAt: delivery.triggeredAt,
    };
    return record({ order, refund: undefined, trigger, deliveryId }, order.orderId);
  };
  const record = async (request: RecordOrderRequest, orderId: string): Promise<DeliveryResult> => {
    const { readAnew } = await recordOrderOf(delivery.merchantId, request);
    if (readAnew) await readOrderAnew(orderId);
    return 'settled';
  };
  // Not by the delivery's id, which the queue remembers for an hour: a replay reads the order anew.
  const readOrderAnew = (orderId: string): Promise<void> =>
    effects.enqueue({
      name: 'fetch-order',
      data: { ...shop, orderId },
      options: { coalesceAs: `order-${delivery.merchantId}-${orderId}` },
    });
  const upsertCustomer = async (trigger: ToldCustomerTrigger): Promise<DeliveryResult> => {
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
      await readOrderAnew(orderId);
      return processed(OutcomeReason.ORDER_FETCH_ENQUEUED);
    }
    case 'refunds/create': {
      const refund = {
        ...parseRefund(payload, triggeredAt),
        observedAt: delivery.triggeredAt,
      };
      return record({ order: undefined, refund, trigger: 'refunded', deliveryId }, refund.orderId);
    }
    case 'customers/create':
      return upsertCustomer('created');
    case 'customers/update':
      return upsertCustomer('updated');
    case 'customers/enable':
      return upsertCustomer('enabled');
    case 'customers_email_marketing_consent/update':
      await admin.upsertCustomer({ ...parseConsent(payload, triggeredAt), deliveryId });
      return 'settled';
    case 'customer.tags_added':
    case 'customer.tags_removed':
      await admin.upsertCustomer({ ...parseTags(payload, topic, triggeredAt), deliveryId });
      return 'settled';
    case 'customers/merge': {
      const merge = parseMerge(payload);
      if (merge === undefined) return ignored(OutcomeReason.MERGE_NOT_COMPLETED);
      await admin.mergeCustomers({ ...merge, deliveryId });
      return 'settled';
    }
    case 'customers/delete':
      // Shopify deletes only people without orders, and asks for their data by customers/redact.
      return ignored(OutcomeReason.KEPT_UNTIL_REDACTION);
    case 'bulk_operations/finish':
      await effects.enqueue({
        name: 'first-run-sync',
        data: shop,
        options: { coalesceAs: `sync-${shop.merchantId}` },
      });
      return processed(OutcomeReason.SYNC_ENQUEUED);
    case 'app/uninstalled':
      return uninstall(admin, delivery, effects);
    case 'app/scopes_update':
      await effects.updateScopes(delivery.shopDomain, parseScopes(payload));
      await effects.enqueue({
        name: 'subscribe-topics',
        data: shop,
        options: { coalesceAs: `topics-${shop.merchantId}` },
      });
      return processed(OutcomeReason.SCOPES_UPDATED);
    case 'shop/update':
      await admin.updateShopProfile(parseShop(payload));
      return processed(OutcomeReason.PROFILE_UPDATED);
    case 'customers/data_request':
    case 'customers/redact':
      return submitPrivacyRequest(admin, delivery, topic, effects);
    case 'shop/redact':
      await admin.requestShopErasure({
        shopDomain: delivery.shopDomain,
        receivedAt: delivery.receivedAt,
      });
      return processed(OutcomeReason.ERASURE_IN_48_HOURS);
  }
}

const timeOf = ({ triggeredAt, receivedAt }: Delivery): string =>
  triggeredAt === '' ? receivedAt : triggeredAt;

/** @throws PayloadRefusal for a body that is not of this topic, or not of this shop */
function refuseMisfits({ topic, shopDomain, payload }: Delivery): void {
  const body = readObject(payload);
  if (body === undefined) throw new PayloadRefusal('', 'The body is not an object.');
  const misfit = misfitOf(topic, shopDomain, body);
  if (misfit !== undefined) throw new PayloadRefusal(misfit.field, misfit.message);
}

async function uninstall(
  admin: CoreClients['admin'],
  delivery: Delivery,
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  const before = await admin.getSettings({});
  if (before.settings?.merchant?.uninstalledAt !== '') return processed(OutcomeReason.UNINSTALLED);
  const standing = await effects.shopStanding(delivery.shopDomain);
  if (standing === 'connected') return ignored(OutcomeReason.STILL_INSTALLED);
  if (standing !== 'gone') throw new NotYetKnown(standing);
  await admin.uninstallMerchant({ uninstalledAt: timeOf(delivery) });
  const { settings } = await admin.getSettings({});
  // A delivery that comes late must not undo an installation that followed it.
  if (settings?.merchant?.uninstalledAt === '') return ignored(OutcomeReason.INSTALLED_AGAIN_SINCE);
  await effects.deleteSessions(delivery.shopDomain);
  return processed(OutcomeReason.UNINSTALLED);
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
  if (request === undefined || request.status === 'completed')
    return processed(OutcomeReason.ALREADY_DONE);
  await effects.enqueue({
    name: 'process-privacy-request',
    data: { merchantId: delivery.merchantId, requestId: request.requestId },
    options: { jobId: `privacy-${request.requestId}` },
  });
  return processed(OutcomeReason.REQUEST_ENQUEUED);
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
async function recordOrderOf(
  merchantId: string,
  request: RecordOrderRequest,
): Promise<{ readonly readAnew: boolean }> {
  const { problem, recorded } = await tenantOf(merchantId).orders.submit(request);
  if (problem !== undefined) throw coreErrorOf(problem);
  return { readAnew: recorded?.readAnew ?? false };
}
