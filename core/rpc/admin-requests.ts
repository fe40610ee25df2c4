import { z } from 'zod';
import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import {
  count,
  currency,
  instantOrEmpty,
  language,
  locale,
  maxPoints,
  page,
  revision,
  shopDomain,
  shopifyId,
  text,
  timezone,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { logKinds } from '../activity/activity.store.ts';
import { consoleSchemas } from '../console/requests.ts';
import { tipIds } from '../tips/tips.rules.ts';

/** Bodies beyond this are not Shopify's: the largest order it sends is far smaller. */
export const maxPayloadBytes = 1_048_576;

const pointsName = z.object({ one: text(40, 1), other: text(40, 1) });
const problem = z.object({ code: text(64), field: text(200), message: text(500) }).optional();
const shopifyIdOrEmpty = z.union([z.literal(''), shopifyId]);
const currencyOrEmpty = z.union([z.literal(''), currency]);
const timezoneOrEmpty = z.union([z.literal(''), timezone]);
const dayOrEmpty = z.union([z.literal(''), z.iso.date()]);
const ids = (max: number) => z.array(uuid).max(max);

/** Shopify allows 250 tags a customer. */
const tags = z.array(text(255, 1)).max(500);

const upsertCustomer = z.object({
  customer: z.object({
    shopifyCustomerId: shopifyId,
    email: text(320),
    firstName: text(255),
    lastName: text(255),
    locale,
    state: z.enum(['', 'disabled', 'invited', 'enabled', 'declined']),
  }),
  trigger: z.enum(['created', 'updated', 'enabled', 'synced', 'partial']),
  updatedAt: instantOrEmpty,
  deliveryId: uuidOrEmpty,
  marketing: z.enum(['', 'subscribed', 'not_subscribed']),
  tagsAdded: tags,
  tagsRemoved: tags,
});

const storeDelivery = z.object({
  shopDomain,
  topic: z
    .string()
    .regex(
      /^[a-z_]{1,40}[/.][a-z_]{1,40}$/,
      'must be a topic such as orders/paid or customer.tags_added',
    ),
  webhookId: text(128, 1),
  eventId: text(128),
  apiVersion: text(16),
  triggeredAt: instantOrEmpty,
  payload: z.custom<Buffer>((value) => Buffer.isBuffer(value)),
});

/** Of a list, each item is checked by itself when it is worked on, so that one bad customer spoils no page of them. */
export const upsertCustomerSchema = upsertCustomer;

export const adminSchemas: RequestSchemas<typeof AdminServiceDefinition> = {
  installMerchant: z.object({
    shopDomain,
    name: text(255),
    currency: currencyOrEmpty,
    timezone: timezoneOrEmpty,
    locale,
    isDevelopment: z.boolean().optional(),
  }),
  getMerchantByShop: z.object({ shopDomain }),
  listMerchants: z.object({ page }),
  uninstallMerchant: z.object({ uninstalledAt: instantOrEmpty }),
  updateSettings: z.object({
    defaultLanguage: language,
    revision,
    pointsName: z.record(z.string(), pointsName).superRefine((names, context) => {
      for (const name of ['en', ...Object.keys(names)]) {
        if (!(name in names)) {
          context.addIssue({ code: 'custom', path: [name], message: 'en is required' });
        } else if (!language.safeParse(name).success) {
          context.addIssue({ code: 'custom', path: [name], message: 'is not a language of ours' });
        }
      }
    }),
  }),
  updateShopProfile: z.object({
    name: text(255),
    currency: currencyOrEmpty,
    timezone: timezoneOrEmpty,
    isDevelopment: z.boolean().optional(),
  }),
  completeSetupTask: z.object({
    task: text(64, 1),
    status: z.enum(['completed', 'skipped', 'pending']),
  }),
  dismissTip: z.object({ tipId: z.enum(tipIds), undo: z.boolean() }),
  upsertCustomer,
  getCustomers: z.object({
    query: text(320),
    page,
    sort: z.enum(['', 'newest', 'balance', 'last_order']),
    vipTierId: uuidOrEmpty,
    segmentId: text(40),
  }),
  getCustomer: z
    .object({ customerId: uuidOrEmpty, shopifyCustomerId: shopifyIdOrEmpty })
    .refine((value) => (value.customerId === '') !== (value.shopifyCustomerId === ''), {
      path: ['customerId'],
      message: 'exactly one of customer_id and shopify_customer_id is needed',
    }),
  mergeCustomers: z
    .object({
      keptShopifyCustomerId: shopifyId,
      removedShopifyCustomerId: shopifyId,
      deliveryId: uuidOrEmpty,
    })
    .refine((value) => value.keptShopifyCustomerId !== value.removedShopifyCustomerId, {
      path: ['removedShopifyCustomerId'],
      message: 'a customer cannot be merged into itself',
    }),
  storeDelivery,
  storeDeliveries: z.object({ deliveries: z.array(storeDelivery).min(1).max(64) }),
  getDeliveries: z.object({ deliveryIds: ids(100) }),
  finishDeliveries: z.object({
    outcomes: z
      .array(
        z.object({
          deliveryId: uuid,
          status: z.enum(['processed', 'ignored', 'refused', 'failed', 'received']),
          reason: z.enum(OutcomeReason),
          problem,
        }),
      )
      .max(500),
  }),
  claimStaleDeliveries: z.object({
    limit: z.number().int().min(1).max(1_000),
    olderThanSeconds: z.number().int().min(0).max(86_400),
  }),
  listDeliveries: z.object({
    page,
    status: z.enum(['', 'received', 'processing', 'processed', 'ignored', 'refused', 'failed']),
    topic: text(80),
  }),
  replayDeliveries: z.object({ deliveryIds: ids(250) }),
  claimOutboxEvents: z.object({
    limit: z.number().int().min(1).max(1_000),
    leaseSeconds: z.number().int().min(1).max(3_600),
  }),
  deleteExpired: z.object({ limit: z.number().int().min(1).max(10_000) }),
  reviewMembers: z.object({ limit: z.number().int().min(1).max(10_000) }),
  acknowledgeOutboxEvents: z.object({
    eventIds: z.array(z.string().regex(/^\d{1,18}$/, 'must be the id of an event')).max(1_000),
  }),
  getMetafieldBalances: z.object({ customerIds: ids(250) }),
  confirmMetafieldBalances: z.object({
    balances: z
      .array(
        z.object({
          customerId: uuid,
          shopifyCustomerId: text(64),
          balance: z.number().int().min(-maxPoints).max(maxPoints),
          version: count,
        }),
      )
      .max(250),
  }),
  updateSync: z.object({
    sync: z.object({
      syncId: uuid,
      status: z.enum(['queued', 'running', 'completed', 'failed']),
      phase: z.enum(['customers', 'orders', 'done']),
      shopifyOperationId: text(128),
      customersTotal: count,
      customersProcessed: count,
      ordersTotal: count,
      ordersProcessed: count,
      problem,
      startedAt: instantOrEmpty,
      finishedAt: instantOrEmpty,
      customersSetAside: count,
      ordersSetAside: count,
      setAside: z
        .array(
          z.object({
            kind: z.enum(['customer', 'order']),
            shopifyId: text(32),
            code: text(64),
            field: text(200),
          }),
        )
        .max(100),
    }),
  }),
  resealValues: z.object({ cursor: text(500), limit: z.number().int().min(1).max(2_000) }),
  claimStalledSyncs: z.object({
    olderThanSeconds: z.number().int().min(1).max(86_400),
    limit: z.number().int().min(1).max(1_000),
  }),
  claimOpenPrivacyRequests: z.object({
    olderThanSeconds: z.number().int().min(1).max(86_400),
    limit: z.number().int().min(1).max(1_000),
  }),
  submitGdprRequest: z
    .object({
      requestType: z.enum(['data_request', 'redact']),
      source: z.enum(['customer', 'admin', 'webhook']),
      customerId: uuidOrEmpty,
      shopifyCustomerId: shopifyIdOrEmpty,
      idempotencyKey: text(128),
      email: text(320),
      phone: text(40),
      orderIds: z.array(shopifyId).max(5_000),
    })
    .refine((value) => value.customerId === '' || value.shopifyCustomerId === '', {
      path: ['customerId'],
      message: 'at most one of customer_id and shopify_customer_id can be given',
    })
    .refine(
      (value) =>
        value.customerId !== '' ||
        value.shopifyCustomerId !== '' ||
        value.email !== '' ||
        value.phone !== '' ||
        value.orderIds.length > 0,
      { path: ['customerId'], message: 'nobody is named' },
    ),
  processGdprRequest: z.object({ requestId: uuid }),
  listGdprRequests: z.object({ page }),
  requestShopErasure: z.object({ shopDomain, receivedAt: instantOrEmpty }),
  cancelShopErasure: z.object({ reason: z.enum(['installed_still']) }),
  redactShop: z.object({ shopDomain }),
  claimShopErasures: z.object({ limit: z.number().int().min(1).max(500) }),
  getLogs: z.object({
    page,
    action: text(64),
    kind: z.enum(['', ...logKinds]),
    customerId: uuidOrEmpty,
    query: text(320),
    fromDay: dayOrEmpty,
    toDay: dayOrEmpty,
  }),
  ...consoleSchemas,
};
