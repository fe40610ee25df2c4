import { z } from 'zod';
import type { Award, PointsProgram, PointsServiceDefinition } from '#proto/points/v1/points.ts';
import {
  fieldPath,
  instant,
  page,
  shopifyId,
  text,
  unstorablePath,
  uuid,
  uuidOrEmpty,
} from '../call/validation.ts';
import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import type { RequestSchemas } from '../call/validation.ts';
import type { DomainErrorDetails } from '../shared/errors.ts';
import { campaignSchemas } from '../campaigns/requests.ts';
import { networkNames } from '../program/earning.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { expirySchemas } from './expiry.service.ts';
import { tierSchemas } from '../tiers/requests.ts';
import { rewardSchemas } from '../rewards/requests.ts';

/** Awards in one AwardMany or ImportPoints call. */
export const MAX_AWARDS = 500;
export const MAX_ORDERS = 100;
/** Points of one entry; the same bound as an order's award. */
export const MAX_POINTS = MAX_ENTRY_POINTS;
/** Says of an award that it does not expire, whatever the program's rule. */
export const NEVER = 'never';

const key = text(200, 1);
const instantOrEmpty = z.union([z.literal(''), instant]);
const expiryAsked = z.union([instantOrEmpty, z.literal(NEVER)]);
const amount = text(24).refine(
  (value) => parseAmount(value) !== undefined,
  'must be a decimal with at most four places',
);
const amountOrEmpty = z.union([z.literal(''), amount]);
const notNegative = (value: string) => value === '' || (parseAmount(value) ?? -1n) >= 0n;
/** Of a country's money, or of a digital one (USDC). */
const currencyCode = z.string().regex(/^[A-Z][A-Z0-9]{2,7}$/, 'must be a currency code');
/** What nothing is decided by, and nothing refused for. */
const unread = z.string().transform((value) => value.slice(0, 255));
const currencyOrEmpty = z.string().transform((value) => currencyCode.safeParse(value).data ?? '');
const looseAmount = z
  .string()
  .transform((value) => (parseAmount(value) === undefined ? '' : value))
  .transform((value) => (value.startsWith('-') ? '' : value));
const notNegativeAmount = amount.refine(notNegative, 'must not be negative');

/** The most lines, refunds and rows of an order that are read; Shopify's own limits are below them. */
const MAX_ROWS = 5_000;

const refund = z.object({
  refundId: shopifyId,
  subtotal: notNegativeAmount,
  refundedAt: instant,
  linesSubtotal: amountOrEmpty.refine(notNegative, 'must not be negative'),
  lines: z
    .array(z.object({ lineId: unread, subtotal: notNegativeAmount, tip: z.boolean() }))
    .max(MAX_ROWS),
  detailed: z.boolean(),
  adjustments: z.array(z.object({ reason: text(60), amount })).max(MAX_ROWS),
  transactions: z
    .array(
      z.object({
        transactionId: unread,
        kind: unread,
        status: unread,
        amount: looseAmount,
        currency: currencyOrEmpty,
      }),
    )
    .max(MAX_ROWS),
  linesTax: looseAmount,
  otherSubtotal: looseAmount,
});

const customer = z
  .object({
    shopifyCustomerId: shopifyId,
    email: text(320),
    firstName: text(255),
    lastName: text(255),
    locale: text(35),
    state: z.enum(['', 'disabled', 'invited', 'enabled', 'declined']),
  })
  .optional();

const line = z.object({
  lineId: unread,
  productId: unread,
  title: unread,
  quantity: z.number().int().min(0, 'must not be negative'),
  price: amountOrEmpty.refine(notNegative, 'must not be negative'),
  subtotal: amountOrEmpty.refine(notNegative, 'must not be negative'),
  giftCard: z.boolean(),
  tip: z.boolean(),
});

const order = z
  .object({
    orderId: shopifyId,
    name: unread,
    customer,
    currency: currencyCode,
    presentmentCurrency: currencyOrEmpty,
    subtotal: notNegativeAmount,
    currentSubtotal: amountOrEmpty.refine(notNegative, 'must not be negative'),
    total: looseAmount,
    financialStatus: text(32),
    channel: z.enum(['', 'online', 'pos']),
    orderedAt: instant,
    updatedAt: instant,
    cancelledAt: instantOrEmpty,
    refunds: z.array(refund).max(MAX_ROWS),
    lines: z.array(line).max(MAX_ROWS),
    discountCodes: z.array(text(255)).max(100),
    test: z.boolean(),
    country: z.string().regex(/^([A-Z]{2})?$/, 'must be two letters or empty'),
    observedAt: instantOrEmpty,
    source: z.enum(['', 'webhook', 'reading', 'partial']),
    customerVisible: z.boolean(),
    currentTotal: looseAmount,
    totalRefunded: looseAmount,
    taxesIncluded: z.boolean(),
    tax: looseAmount,
    createdAt: instantOrEmpty,
  })
  .optional();

/** Of each order of RecordOrders as well: there a bad one must not spoil the others. */
export const recordOrder = z.object({
  order,
  refund: z
    .object({
      orderId: shopifyId,
      refund: refund.optional(),
      currency: currencyOrEmpty,
      observedAt: instantOrEmpty,
    })
    .optional(),
  trigger: z.enum([
    'created',
    'paid',
    'updated',
    'edited',
    'cancelled',
    'refunded',
    'synced',
    'reconciled',
  ]),
  deliveryId: uuidOrEmpty,
});

/**
 * What each request must look like. The hot calls (EarnPoints, AwardMany, AwardStream) are checked by `awardProblem`
 * instead, item by item, because one bad award must not spoil the other 499; RecordOrders likewise by `recordOrder`.
 */
export const pointsSchemas: RequestSchemas<typeof PointsServiceDefinition> = {
  getPointsBalance: z.object({ customerId: uuid }),
  listEntries: z.object({ customerId: uuidOrEmpty, page, types: z.array(text(32)).max(16) }),
  explainBalance: z.object({ customerId: uuid }),
  recordOrder,
  adjustPoints: z.object({
    customerId: uuid,
    points: z
      .number()
      .int()
      .min(-MAX_POINTS)
      .max(MAX_POINTS)
      .refine((value) => value !== 0, 'must not be zero'),
    reason: z.string().trim().min(1).max(500),
    idempotencyKey: key,
    expiresAt: expiryAsked,
  }),
  reverseEntry: z.object({ transactionId: uuid, reason: text(500), customerId: uuidOrEmpty }),
  holdPoints: z.object({
    customerId: uuid,
    points: z.number().int().min(1).max(MAX_POINTS),
    idempotencyKey: key,
    purpose: text(100),
    expiresAt: instant,
  }),
  confirmHold: z.object({ holdId: uuid }),
  releaseHold: z.object({ holdId: uuid }),
  restoreProgram: z.object({
    version: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    currentVersion: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  }),
  claimAction: z.object({
    action: z.enum(['newsletter', 'birthday', 'social_follow', 'social_share', 'review']),
    network: z.enum(['', ...networkNames]),
    birthday: text(5),
    idempotencyKey: key,
  }),
  recordReview: z.object({
    shopifyCustomerId: shopifyId,
    provider: z.string().regex(/^[a-z0-9_-]{1,30}$/, 'must be short, in lower case'),
    reviewId: text(100, 1),
  }),
  simulateProgram: z.object({
    program: z.custom<PointsProgram>((value) => typeof value === 'object').optional(),
    months: z.number().int().min(0).max(24),
    includeHistory: z.boolean(),
  }),
  calculateDynamicPoints: z.object({
    customerId: uuidOrEmpty,
    lines: z
      .array(
        z.object({
          productId: text(32),
          subtotal: amount.refine(notNegative, 'must not be negative'),
        }),
      )
      .max(250),
    country: z.string().regex(/^([A-Z]{2})?$/, 'must be two letters or empty'),
  }),
  ...expirySchemas,
  ...campaignSchemas,
  ...tierSchemas,
  ...rewardSchemas,
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const CREDIT_TYPES = new Set(['', 'earn', 'referral', 'campaign', 'import']);

/** @returns what is wrong with an award, naming its field, or undefined. */
export function awardProblem(
  award: Award | undefined,
): Required<Pick<DomainErrorDetails, 'field' | 'message'>> | undefined {
  if (!award) return { field: 'award', message: 'is missing' };
  const unstorable = unstorablePath(award);
  if (unstorable !== undefined)
    return {
      field: fieldPath(unstorable),
      message: 'contains a character that no text can hold',
    };
  if (!UUID.test(award.customerId)) return { field: 'customer_id', message: 'must be a UUID' };
  if (!Number.isSafeInteger(award.points) || award.points < 1 || award.points > MAX_POINTS) {
    return { field: 'points', message: `must be a whole number from 1 to ${MAX_POINTS}` };
  }
  const { length } = award.idempotencyKey;
  if (length < 1 || length > 200)
    return { field: 'idempotency_key', message: 'must have 1 to 200 characters' };
  if (!CREDIT_TYPES.has(award.type))
    return { field: 'type', message: 'must be earn, referral, campaign or import' };
  if (award.source.length > 64)
    return { field: 'source', message: 'must have at most 64 characters' };
  if (award.reason.length > 500)
    return { field: 'reason', message: 'must have at most 500 characters' };
  if (award.orderId !== '' && !/^\d{1,20}$/.test(award.orderId))
    return { field: 'order_id', message: 'must be a numeric Shopify id' };
  if (!expiryAsked.safeParse(award.expiresAt).success)
    return { field: 'expires_at', message: 'must be ISO 8601 or never' };
  if (award.occurredAt !== '' && !instant.safeParse(award.occurredAt).success)
    return { field: 'occurred_at', message: 'must be ISO 8601' };
  return undefined;
}
