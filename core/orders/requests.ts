import { z } from 'zod';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { instant, shopifyId, text, uuidOrEmpty } from '../call/validation.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { CUSTOMER_STATES } from '#vocabulary/customers.ts';
import { ORDER_CHANNELS, ORDER_SOURCES, ORDER_TRIGGERS } from '#vocabulary/orders.ts';

export const MAX_ORDERS = 100;

const instantOrEmpty = z.union([z.literal(''), instant]);
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
    state: z.enum(['', ...CUSTOMER_STATES]),
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
    channel: z.enum(['', ...ORDER_CHANNELS]),
    orderedAt: instant,
    updatedAt: instant,
    cancelledAt: instantOrEmpty,
    refunds: z.array(refund).max(MAX_ROWS),
    lines: z.array(line).max(MAX_ROWS),
    discountCodes: z.array(text(255)).max(100),
    test: z.boolean(),
    country: z.string().regex(/^([A-Z]{2})?$/, 'must be two letters or empty'),
    observedAt: instantOrEmpty,
    source: z.enum(['', ...ORDER_SOURCES]),
    customerVisible: z.boolean(),
    currentTotal: looseAmount,
    totalRefunded: looseAmount,
    taxesIncluded: z.boolean(),
    tax: looseAmount,
    createdAt: instantOrEmpty,
    company: z.boolean(),
  })
  .optional();

/** Of each order of RecordOrders as well: there a bad one must not fail the others. */
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
  trigger: z.enum(ORDER_TRIGGERS),
  deliveryId: uuidOrEmpty,
});

export const orderSchemas = {
  recordOrder,
  settlePendingOrders: z.object({ limit: z.number().int().min(1).max(10_000) }),
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
} satisfies RequestSchemas<typeof PointsServiceDefinition>;
