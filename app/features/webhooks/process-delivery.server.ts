import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { Delivery } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import type { RecordOrderRequest, RecordOrderResult } from '#proto/points/v1/points.ts';
import { Gatherer } from '../../../proto/shared/gatherer.ts';
import { systemClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { coreErrorOf } from '../../core-client/errors.server.ts';
import { privacyJob, syncJob } from '../../jobs/new-jobs.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { measureOrderLag } from '../../metrics.server.ts';
import { claimByOrder } from '../../shopify/claim-by-order.ts';
import type { ShopStanding } from '../../shopify/shop-standing.server.ts';
import { inSharedSpan } from '../../spans.server.ts';
import { isWebhookTopic } from '../../shopify/webhook-topics.ts';
import type { WebhookTopic } from '../../shopify/webhook-topics.ts';
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
import { mayNameLink, parseOrderRisk, parseReferral } from './order-referral.ts';
import { parseEditedOrderId, parseOrder, parseRefund } from './order-payload.ts';
import type { ToldTrigger } from './order-payload.ts';
import { hasReferralProgram, leaveTraces } from './record-referral.server.ts';
import { parseScopes, parseShop } from './shop-payload.ts';

/** How a delivery ended. `settled`: core recorded its end together with its effect. */
export type DeliveryResult =
  | 'settled'
  | {
      readonly status: 'processed' | 'ignored';
      readonly reason: OutcomeReason;
      readonly points?: number;
    };

export interface DeliveryEffects {
  enqueue(job: NewJob): Promise<void>;
  /** Forgets the shop's tokens. */
  deleteSessions(shop: string): Promise<void>;
  updateScopes(shop: string, scopes: readonly string[]): Promise<void>;
  /** Whether the shop has the app, as Shopify says now. */
  shopStanding(shop: string): Promise<ShopStanding>;
}

/** Shopify could not confirm a delivery's claim yet: retried for a day. */
export class NotYetKnown extends Error {}

/** Thrown for a shop that is not installed (yet): its first deliveries can overtake its installation. */
export class UnknownShop extends Error {
  readonly isTransient = true;
}

const ignored = (reason: OutcomeReason): DeliveryResult => ({ status: 'ignored', reason });
const processed = (reason: OutcomeReason): DeliveryResult => ({ status: 'processed', reason });

interface Work {
  readonly delivery: Delivery;
  readonly effects: DeliveryEffects;
  readonly shop: { readonly merchantId: string; readonly shop: string };
  readonly admin: CoreClients['admin'];
  /** Facts without their own time are as old as the delivery; only Shopify's time orders states. */
  readonly triggeredAt: string;
}

/**
 * Turns a stored delivery into calls of core. Every effect may happen twice: core knows orders, refunds and requests
 * by their own ids, and jobs by theirs.
 * @throws PayloadRefusal, CoreError, UnknownShop, NotYetKnown
 */
export async function processDelivery(
  delivery: Delivery,
  effects: DeliveryEffects,
): Promise<DeliveryResult> {
  const { topic, merchantId, shopDomain } = delivery;
  if (!isWebhookTopic(topic)) return ignored(OutcomeReason.UNKNOWN_TOPIC);
  refuseMisfits(delivery);
  if (merchantId === '') throw new UnknownShop(shopDomain);
  return effectOf[topic]({
    delivery,
    effects,
    shop: { merchantId, shop: shopDomain },
    admin: tenantOf(merchantId).admin,
    triggeredAt: timeOf(delivery),
  });
}

/** A full record: a topic without a handler does not compile. */
const effectOf: {
  readonly [Topic in WebhookTopic]: (work: Work) => DeliveryResult | Promise<DeliveryResult>;
} = {
  'orders/create': (work) => recordOrder(work, 'created'),
  'orders/paid': (work) => recordOrder(work, 'paid'),
  'orders/updated': (work) => recordOrder(work, 'updated'),
  'orders/cancelled': (work) => recordOrder(work, 'cancelled'),
  'orders/edited': recordEdit,
  'orders/risk_assessment_changed': rateOrder,
  'refunds/create': recordRefund,
  'customers/create': (work) => upsertCustomer(work, 'created'),
  'customers/update': (work) => upsertCustomer(work, 'updated'),
  'customers/enable': (work) => upsertCustomer(work, 'enabled'),
  'customers_email_marketing_consent/update': (work) =>
    upsert(work, parseConsent(work.delivery.payload, work.triggeredAt)),
  'customer.tags_added': (work) =>
    upsert(work, parseTags(work.delivery.payload, 'customer.tags_added', work.triggeredAt)),
  'customer.tags_removed': (work) =>
    upsert(work, parseTags(work.delivery.payload, 'customer.tags_removed', work.triggeredAt)),
  'customers/merge': mergeCustomers,
  // Shopify deletes only people without orders, and asks for their data by customers/redact.
  'customers/delete': () => ignored(OutcomeReason.KEPT_UNTIL_REDACTION),
  'bulk_operations/finish': async ({ effects, shop }) => {
    await effects.enqueue(syncJob(shop));
    return processed(OutcomeReason.SYNC_ENQUEUED);
  },
  'app/uninstalled': uninstall,
  'app/scopes_update': updateScopes,
  'shop/update': async ({ admin, delivery }) => {
    await admin.updateShopProfile(parseShop(delivery.payload));
    return processed(OutcomeReason.PROFILE_UPDATED);
  },
  'customers/data_request': (work) => submitPrivacyRequest(work, 'data_request'),
  'customers/redact': (work) => submitPrivacyRequest(work, 'redact'),
  'shop/redact': async ({ admin, delivery: { shopDomain, receivedAt } }) => {
    await admin.requestShopErasure({ shopDomain, receivedAt });
    return processed(OutcomeReason.ERASURE_IN_48_HOURS);
  },
};

async function recordOrder(work: Work, trigger: ToldTrigger): Promise<DeliveryResult> {
  const { delivery, triggeredAt, shop } = work;
  const { payload, deliveryId } = delivery;
  const order = {
    ...parseOrder(payload, trigger, triggeredAt),
    observedAt: delivery.triggeredAt,
  };
  const request = { order, refund: undefined, trigger, deliveryId };
  const { referrals } = tenantOf(shop.merchantId);
  const isClaim = mayNameLink(payload);
  if (!isClaim && !(await hasReferralProgram(shop.merchantId, referrals)))
    return record(work, request, order.orderId);
  const told = parseReferral(payload);
  if (told !== undefined) await leaveTraces(told, referrals);
  const referral = told?.referral;
  if (told === undefined || referral === undefined) return record(work, request, order.orderId);
  // The delivery ends with the claim, not with the order: what fails in between is done again.
  const recorded = await recordAlone(work, { ...request, deliveryId: '' }, order.orderId);
  const { shopifyCustomerId, traces } = told;
  const { orderedAt } = order;
  await claimByOrder({ referral, shopifyCustomerId, traces, orderedAt }, referrals);
  return endOf(recorded);
}

/** How core would have ended the delivery of such an order. */
function endOf({ status, reason, points }: Recorded): DeliveryResult {
  const named = points !== 0 ? '' : reason || 'nothing_new';
  return {
    status: status === 'ignored' ? 'ignored' : 'processed',
    reason:
      OutcomeReason[named.toUpperCase() as keyof typeof OutcomeReason] ?? OutcomeReason.UNSPECIFIED,
    points,
  };
}

/** Whether or not the order is known by now. */
async function rateOrder(work: Work): Promise<DeliveryResult> {
  const { referrals } = tenantOf(work.shop.merchantId);
  const rated = parseOrderRisk(work.delivery.payload, work.triggeredAt);
  if (rated === undefined || !(await hasReferralProgram(work.shop.merchantId, referrals)))
    return ignored(OutcomeReason.NOT_USED);
  const { status } = await referrals.reportOrderRisk(rated);
  if (status !== 'unknown_order') return processed(OutcomeReason.UNSPECIFIED);
  // Read with its rating.
  await readOrderAnew(work, rated.orderId);
  return processed(OutcomeReason.ORDER_FETCH_ENQUEUED);
}

async function recordEdit(work: Work): Promise<DeliveryResult> {
  const orderId = parseEditedOrderId(work.delivery.payload);
  if (orderId === undefined) return recordOrder(work, 'edited');
  await readOrderAnew(work, orderId);
  return processed(OutcomeReason.ORDER_FETCH_ENQUEUED);
}

function recordRefund(work: Work): Promise<DeliveryResult> {
  const { delivery, triggeredAt } = work;
  const { payload, deliveryId } = delivery;
  const refund = { ...parseRefund(payload, triggeredAt), observedAt: delivery.triggeredAt };
  return record(
    work,
    { order: undefined, refund, trigger: 'refunded', deliveryId },
    refund.orderId,
  );
}

async function record(
  work: Work,
  request: RecordOrderRequest,
  orderId: string,
): Promise<DeliveryResult> {
  await recordAlone(work, request, orderId);
  return 'settled';
}

async function recordAlone(
  work: Work,
  request: RecordOrderRequest,
  orderId: string,
): Promise<Recorded> {
  const recorded = await recordOrderOf(work.shop.merchantId, request);
  if (recorded.movedPoints) measureOrderLag(Date.now() - Date.parse(work.delivery.receivedAt));
  if (recorded.readAnew) await readOrderAnew(work, orderId);
  return recorded;
}

/** Not by the delivery's id, which the queue remembers for an hour: a replay reads the order again. */
function readOrderAnew({ effects, shop }: Work, orderId: string): Promise<void> {
  return effects.enqueue({
    name: 'fetch-order',
    data: { ...shop, orderId },
    options: { coalesceAs: `order-${shop.merchantId}-${orderId}` },
  });
}

function upsertCustomer(work: Work, trigger: ToldCustomerTrigger): Promise<DeliveryResult> {
  return upsert(work, parseCustomer(work.delivery.payload, trigger, work.triggeredAt));
}

async function upsert(
  { admin, delivery }: Work,
  customer: ReturnType<typeof parseCustomer>,
): Promise<DeliveryResult> {
  await admin.upsertCustomer({ ...customer, deliveryId: delivery.deliveryId });
  return 'settled';
}

async function mergeCustomers({ admin, delivery }: Work): Promise<DeliveryResult> {
  const merge = parseMerge(delivery.payload);
  if (merge === undefined) return ignored(OutcomeReason.MERGE_NOT_COMPLETED);
  await admin.mergeCustomers({ ...merge, deliveryId: delivery.deliveryId });
  return 'settled';
}

async function updateScopes({ delivery, effects, shop }: Work): Promise<DeliveryResult> {
  await effects.updateScopes(delivery.shopDomain, parseScopes(delivery.payload));
  await effects.enqueue({
    name: 'subscribe-topics',
    data: shop,
    options: { coalesceAs: `topics-${shop.merchantId}` },
  });
  return processed(OutcomeReason.SCOPES_UPDATED);
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

async function uninstall({ admin, delivery, effects }: Work): Promise<DeliveryResult> {
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
  { admin, delivery, effects }: Work,
  requestType: 'data_request' | 'redact',
): Promise<DeliveryResult> {
  const { requestId, ...person } = parsePrivacyRequest(delivery.payload);
  const { request } = await admin.submitGdprRequest({
    requestType,
    source: 'webhook',
    ...person,
    orderIds: [...person.orderIds],
    idempotencyKey: `${requestType}/${requestId === '' ? delivery.webhookId : requestId}`,
  });
  if (request === undefined || request.status === 'completed')
    return processed(OutcomeReason.ALREADY_DONE);
  const { requestId: known } = request;
  await effects.enqueue(privacyJob({ merchantId: delivery.merchantId, requestId: known }));
  return processed(OutcomeReason.REQUEST_ENQUEUED);
}

interface Tenant {
  readonly admin: CoreClients['admin'];
  readonly referrals: CoreClients['referrals'];
  readonly orders: Gatherer<Recording, RecordOrderResult>;
}

interface Recording {
  readonly request: RecordOrderRequest;
  readonly span: Span | undefined;
}

/** Made once per tenant: building a client costs more than a call. */
const tenants = new LRUCache<string, Tenant>({ max: 1_000 });

function tenantOf(merchantId: string): Tenant {
  const known = tenants.get(merchantId);
  if (known !== undefined) return known;
  const { admin, points, referrals } = systemClients(merchantId);
  const orders = new Gatherer<Recording, RecordOrderResult>({
    execute: (recordings) =>
      inSharedSpan(
        'record orders',
        recordings.map(({ span }) => span),
        async () =>
          (await points.recordOrders({ orders: recordings.map(({ request }) => request) })).results,
      ),
    capture: () => AsyncLocalStorage.snapshot(),
    maxBatch: 100,
  });
  const tenant = { admin, referrals, orders };
  tenants.set(merchantId, tenant);
  return tenant;
}

interface Recorded {
  readonly status: string;
  readonly reason: string;
  readonly readAnew: boolean;
  readonly movedPoints: boolean;
  readonly points: number;
}

/** Orders that are worked on together are recorded together. @throws CoreError when core refuses this one. */
async function recordOrderOf(merchantId: string, request: RecordOrderRequest): Promise<Recorded> {
  const span = trace.getActiveSpan();
  const { problem, recorded } = await tenantOf(merchantId).orders.submit({ request, span });
  if (problem !== undefined) throw coreErrorOf(problem);
  return {
    status: recorded?.status ?? '',
    reason: recorded?.reason ?? '',
    readAnew: recorded?.readAnew ?? false,
    movedPoints: (recorded?.entries.length ?? 0) > 0,
    points: (recorded?.entries ?? []).reduce((total, entry) => total + entry.points, 0),
  };
}
