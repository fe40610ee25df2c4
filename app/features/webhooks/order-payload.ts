import { z } from 'zod';
import type { Order, Refund, RefundLine, RefundNotice } from '#proto/points/v1/points.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import { customerFields, toIdentity } from './customer-payload.ts';
import {
  PayloadRefusal,
  amount,
  currencyCode,
  instant,
  looseAmount,
  looseCurrency,
  looseId,
  parsePayload,
  shopifyId,
  text,
} from './payload-fields.ts';
import type { OrderTrigger } from '#vocabulary/orders.ts';

const quantity = z.number().transform((value, context) => {
  if (Number.isInteger(value) && value >= 0 && value <= 2_147_483_647) return value;
  context.addIssue({ code: 'custom', message: 'Not a whole quantity from zero upwards.' });
  return z.NEVER;
});

const moneySet = z
  .object({ shop_money: z.object({ amount: looseAmount, currency_code: looseCurrency }).nullish() })
  .nullish();

const shopAmount = (set: z.output<typeof moneySet>): string => set?.shop_money?.amount ?? '';

/** An amount of Shopify's shop money, and the plain number beside it where there is none. */
const refundedItem = z
  .object({
    quantity: z.unknown().optional(),
    subtotal: z.unknown().optional(),
    subtotal_set: moneySet,
    total_tax: looseAmount,
    total_tax_set: moneySet,
    line_item_id: looseId,
    line_item: z.object({ price: z.unknown().optional(), tip: z.unknown().optional() }).nullish(),
  })
  .transform((item, context) => {
    const named = shopAmount(item.subtotal_set);
    const units = z.object({ quantity: quantity.nullish() }).safeParse(item);
    const plain = z
      .object({
        subtotal: amount.nullish(),
        line_item: z.object({ price: amount.nullish() }).nullish(),
      })
      .safeParse(item);
    // Only fields used in computations are validated.
    if (named === '' || named.startsWith('-')) {
      for (const parsed of [units, plain])
        for (const issue of parsed.error?.issues ?? [])
          context.addIssue({ code: 'custom', message: issue.message, path: issue.path });
    }
    const subtotal =
      named === '' || named.startsWith('-')
        ? (plain.data?.subtotal ??
          formatDecimal(
            parseDecimal(plain.data?.line_item?.price ?? '0') * BigInt(units.data?.quantity ?? 0),
          ))
        : named;
    return {
      lineId: item.line_item_id,
      quantity: units.data?.quantity ?? 0,
      subtotal: parseDecimal(subtotal),
      tax: parseDecimal(shopAmount(item.total_tax_set) || item.total_tax || '0'),
      tip: isTip(item.line_item),
      currency: item.subtotal_set?.shop_money?.currency_code ?? '',
    };
  });

/** Shopify describes how a tip was paid, and says nothing of the sort of goods. */
const isTip = (item: { readonly tip?: unknown } | null | undefined): boolean =>
  typeof item?.tip === 'object' && item.tip !== null;

const adjustment = z
  .object({
    kind: text(60),
    reason: text(60),
    amount: looseAmount,
    amount_set: moneySet,
    tax_amount: looseAmount,
    tax_amount_set: moneySet,
  })
  .transform((row) => {
    const named = (row.reason || row.kind)
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, '_');
    return {
      // Before 2024-10 the kind marked shipping; since then there is only a reason.
      reason: row.kind === 'shipping_refund' ? row.kind : named,
      amount:
        parseDecimal(shopAmount(row.amount_set) || row.amount || '0') +
        parseDecimal(shopAmount(row.tax_amount_set) || row.tax_amount || '0'),
      currency: row.amount_set?.shop_money?.currency_code ?? '',
    };
  });

const refundFields = z.object({
  id: shopifyId,
  order_id: shopifyId.nullish(),
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  refund_line_items: z.array(refundedItem).nullish(),
  order_adjustments: z.array(adjustment).nullish(),
  refund_shipping_lines: z
    .array(z.object({ subtotal_amount_set: moneySet, tax_amount_set: moneySet }))
    .nullish()
    .catch(null),
  total_duties_set: moneySet.catch(null),
  transactions: z
    .array(
      z.object({
        id: looseId,
        kind: text(40),
        status: text(40),
        amount: looseAmount,
        currency: looseCurrency,
      }),
    )
    .nullish()
    .catch(null),
});
type RefundBody = z.output<typeof refundFields>;

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/**
 * The refunded goods as the previous release computed them; core reads the rows themselves. Shipping, duties and fees
 * never earned points, so refunding them deducts none.
 */
export function refundSubtotal(refund: RefundBody): string {
  const discrepancies = sum(
    (refund.order_adjustments ?? [])
      .filter(({ reason }) => reason === 'refund_discrepancy')
      .map(({ amount: value }) => value),
  );
  const subtotal = linesSubtotal(refund) - discrepancies;
  return formatDecimal(subtotal > 0n ? subtotal : 0n);
}

const goodsOf = (refund: RefundBody) => (refund.refund_line_items ?? []).filter(({ tip }) => !tip);

/** The refunded lines alone, which lower the order's current subtotal. */
const linesSubtotal = (refund: RefundBody): bigint =>
  sum(goodsOf(refund).map(({ subtotal }) => subtotal));

function subtotalsByLine(refund: RefundBody): RefundLine[] {
  const lines = new Map<string, { subtotal: bigint; tip: boolean }>();
  for (const { lineId, subtotal, tip } of refund.refund_line_items ?? []) {
    if (lineId === '') continue;
    lines.set(lineId, { subtotal: (lines.get(lineId)?.subtotal ?? 0n) + subtotal, tip });
  }
  return [...lines].map(([lineId, { subtotal, tip }]) => ({
    lineId,
    subtotal: formatDecimal(subtotal),
    tip,
  }));
}

/** Shipping with its tax, and duties. Older webhooks reported shipping by an adjustment. */
function otherSubtotal(refund: RefundBody): string {
  const shipping = (refund.refund_shipping_lines ?? []).map(
    (line) =>
      parseDecimal(shopAmount(line.subtotal_amount_set) || '0') +
      parseDecimal(shopAmount(line.tax_amount_set) || '0'),
  );
  const ofOld = (refund.order_adjustments ?? [])
    .filter(({ reason }) => reason === 'shipping_refund')
    .map(({ amount: value }) => -value);
  return formatDecimal(
    sum(shipping.length > 0 ? shipping : ofOld) +
      parseDecimal(shopAmount(refund.total_duties_set) || '0'),
  );
}

function toRefund(refund: RefundBody, fallbackTime: string): Refund {
  return {
    refundId: refund.id,
    subtotal: refundSubtotal(refund),
    refundedAt: refund.processed_at ?? refund.created_at ?? fallbackTime,
    linesSubtotal: formatDecimal(linesSubtotal(refund)),
    lines: subtotalsByLine(refund),
    // A body without the list of transactions is not one of Shopify's: nothing is concluded from its absence.
    detailed: Array.isArray(refund.transactions),
    adjustments: (refund.order_adjustments ?? []).map(({ reason, amount: value }) => ({
      reason,
      amount: formatDecimal(value),
    })),
    transactions: (refund.transactions ?? []).map((transaction) => ({
      transactionId: transaction.id,
      kind: transaction.kind.toLowerCase(),
      status: transaction.status.toLowerCase(),
      amount: transaction.amount.replace('-', ''),
      currency: transaction.currency,
    })),
    linesTax: formatDecimal(sum(goodsOf(refund).map(({ tax }) => tax))),
    otherSubtotal: otherSubtotal(refund),
  };
}

/** Only the country of an address; the rest is not needed. */
const countryOf = z.object({ country_code: text(2) }).nullish();

const orderPayload = z.object({
  id: shopifyId,
  name: text(255),
  customer: customerFields.nullish(),
  email: text(320),
  customer_locale: text(35),
  currency: currencyCode,
  presentment_currency: looseCurrency,
  subtotal_price: amount.nullish(),
  current_subtotal_price: amount.nullish(),
  total_line_items_price: z.unknown().optional(),
  total_price: looseAmount,
  current_total_price: looseAmount,
  total_tax: looseAmount,
  taxes_included: z.unknown().optional(),
  financial_status: text(50),
  source_name: text(100),
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  updated_at: instant.nullish(),
  cancelled_at: instant.nullish(),
  refunds: z.array(refundFields).nullish(),
  line_items: z
    .array(
      z.object({
        id: looseId,
        product_id: looseId,
        title: text(255),
        quantity,
        price: amount.nullish(),
        current_quantity: quantity.nullish(),
        discount_allocations: z.array(z.object({ amount: amount.nullish() })).nullish(),
        gift_card: z.unknown().optional(),
        tip: z.unknown().optional(),
      }),
    )
    .nullish(),
  discount_codes: z.array(z.object({ code: text(255) })).nullish(),
  test: z.unknown().optional(),
  // Of orders placed for a company (B2B); null or absent otherwise.
  company: z.unknown().optional(),
  shipping_address: countryOf,
  billing_address: countryOf,
});

export type ToldTrigger = Extract<
  OrderTrigger,
  'created' | 'paid' | 'updated' | 'edited' | 'cancelled'
>;

/** Of all topics whose body is an order. Money stays in the shop's currency. */
export function parseOrder(payload: Uint8Array, trigger: ToldTrigger, triggeredAt: string): Order {
  const order = parsePayload(orderPayload, payload);
  const subtotal =
    order.subtotal_price ??
    order.current_subtotal_price ??
    amount.safeParse(order.total_line_items_price).data;
  if (subtotal === null || subtotal === undefined)
    throw new PayloadRefusal('subtotal_price', 'An order without a subtotal.');
  const updatedAt = order.updated_at ?? triggeredAt;
  return {
    orderId: order.id,
    name: order.name,
    customer: order.customer
      ? toIdentity(
          { ...order.customer, email: order.customer.email || order.email },
          order.customer_locale,
        )
      : undefined,
    currency: order.currency,
    presentmentCurrency: order.presentment_currency || order.currency,
    subtotal,
    currentSubtotal: order.current_subtotal_price ?? '',
    total: unsigned(order.total_price) || subtotal,
    financialStatus: order.financial_status,
    channel: order.source_name === 'pos' ? 'pos' : 'online',
    orderedAt: order.processed_at ?? order.created_at ?? updatedAt,
    updatedAt,
    // The cancelled topic means what it says, also when the body leaves the time out.
    cancelledAt: order.cancelled_at ?? (trigger === 'cancelled' ? updatedAt : ''),
    refunds: (order.refunds ?? []).map((refund) => toRefund(refund, updatedAt)),
    lines: (order.line_items ?? []).map((line) => ({
      lineId: line.id,
      productId: line.product_id,
      title: line.title,
      quantity: line.quantity,
      price: line.price ?? '',
      subtotal: lineWorth(line, order.refunds ?? []),
      giftCard: line.gift_card === true,
      tip: isTip(line),
    })),
    discountCodes: (order.discount_codes ?? [])
      .map(({ code }) => code)
      .filter((code) => code !== ''),
    test: order.test === true,
    country: countryCode(
      order.shipping_address?.country_code || order.billing_address?.country_code,
    ),
    observedAt: triggeredAt,
    source: 'webhook',
    // A missing field was usually hidden from us; null means that there is no customer.
    customerVisible: order.customer !== undefined,
    currentTotal: unsigned(order.current_total_price),
    totalRefunded: '',
    taxesIncluded: order.taxes_included === true,
    tax: unsigned(order.total_tax),
    createdAt: order.created_at ?? '',
    company: typeof order.company === 'object' && order.company !== null,
  };
}

type OrderItem = NonNullable<z.output<typeof orderPayload>['line_items']>[number];

/** A line after discounts, before refunds: the remaining and the refunded part, not what an edit removed. */
function lineWorth(line: OrderItem, refunds: RefundBody[]): string {
  if (!line.price || line.quantity === 0 || isTip(line)) return '';
  const discounts = sum(
    (line.discount_allocations ?? []).map((allocation) => parseDecimal(allocation.amount ?? '0')),
  );
  const whole = parseDecimal(line.price) * BigInt(line.quantity) - discounts;
  const givenBack = refunds
    .flatMap((refund) => refund.refund_line_items ?? [])
    .filter((item) => item.lineId === line.id)
    .reduce((total, item) => total + item.quantity, 0);
  const kept = Math.min(line.quantity, (line.current_quantity ?? line.quantity) + givenBack);
  return formatDecimal(whole <= 0n ? 0n : (whole * BigInt(kept)) / BigInt(line.quantity));
}

const unsigned = (value: string): string => (value.startsWith('-') ? '' : value);

/** Upper-case ISO 3166-1 alpha-2, or empty. */
function countryCode(code: string | undefined): string {
  return code !== undefined && /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : '';
}

/** Of refunds/create, which may come before its order. */
export function parseRefund(payload: Uint8Array, triggeredAt: string): RefundNotice {
  const refund = parsePayload(refundFields.extend({ order_id: shopifyId }), payload);
  const currency = [...(refund.refund_line_items ?? []), ...(refund.order_adjustments ?? [])].find(
    (row) => row.currency !== '',
  )?.currency;
  return {
    orderId: refund.order_id,
    refund: toRefund(refund, triggeredAt),
    currency: currency ?? '',
    observedAt: triggeredAt,
  };
}

const editPayload = z.object({ order_edit: z.object({ order_id: shopifyId }) });

/**
 * orders/edited names lines that came and went, not the order that results: the id of the order to read from Shopify,
 * or undefined when the body is an order after all.
 */
export function parseEditedOrderId(payload: Uint8Array): string | undefined {
  try {
    return parsePayload(editPayload, payload).order_edit.order_id;
  } catch (error) {
    if (error instanceof PayloadRefusal && error.field === 'order_edit') return undefined;
    throw error;
  }
}
