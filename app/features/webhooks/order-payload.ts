import { z } from 'zod';
import type { Order, Refund, RefundLine, RefundNotice } from '#proto/points/v1/points.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import { customerFields, toIdentity } from './customer-payload.ts';
import {
  PayloadRefusal,
  amount,
  currencyCode,
  instant,
  parsePayload,
  shopifyId,
  signedAmount,
  text,
} from './payload-fields.ts';

const quantity = z.number().transform((value, context) => {
  if (Number.isInteger(value) && value >= 0 && value <= 2_147_483_647) return value;
  context.addIssue({ code: 'custom', message: 'Not a whole quantity from zero upwards.' });
  return z.NEVER;
});

const moneySet = z.object({
  shop_money: z.object({ amount: signedAmount, currency_code: currencyCode }),
});

const refundFields = z.object({
  id: shopifyId,
  order_id: shopifyId.nullish(),
  created_at: instant.nullish(),
  processed_at: instant.nullish(),
  refund_line_items: z
    .array(
      z.object({
        quantity: quantity.nullish(),
        subtotal: amount.nullish(),
        subtotal_set: moneySet.nullish(),
        line_item_id: shopifyId.nullish(),
        line_item: z.object({ price: amount.nullish() }).nullish(),
      }),
    )
    .nullish(),
  order_adjustments: z
    .array(
      z.object({ kind: text(50), amount: signedAmount.nullish(), amount_set: moneySet.nullish() }),
    )
    .nullish(),
  transactions: z.array(z.object({ currency: currencyCode.nullish() })).nullish(),
});

/**
 * What a refund takes back of the goods: its lines after discounts, before shipping and taxes, and with them what was
 * paid back beside any line (Shopify's `refund_discrepancy`: negative when more went back than the lines are worth,
 * positive when less). Shipping, duties and fees never earned points and take none back. Never below zero.
 */
export function refundSubtotal(refund: z.output<typeof refundFields>): string {
  const lines = linesSubtotal(refund);
  const discrepancies = (refund.order_adjustments ?? [])
    .filter(({ kind }) => kind === 'refund_discrepancy')
    .reduce(
      (sum, adjustment) =>
        sum + parseDecimal(adjustment.amount_set?.shop_money.amount ?? adjustment.amount ?? '0'),
      0n,
    );
  const subtotal = lines - discrepancies;
  return formatDecimal(subtotal > 0n ? subtotal : 0n);
}

/** What the lines alone took back, which is what lowers the order's current subtotal. */
function linesSubtotal(refund: z.output<typeof refundFields>): bigint {
  return (refund.refund_line_items ?? []).reduce((sum, line) => sum + lineSubtotal(line), 0n);
}

type RefundedItem = NonNullable<z.output<typeof refundFields>['refund_line_items']>[number];

function lineSubtotal(line: RefundedItem): bigint {
  const named = line.subtotal_set?.shop_money.amount ?? line.subtotal;
  if (named !== null && named !== undefined) return parseDecimal(named);
  return parseDecimal(line.line_item?.price ?? '0') * BigInt(line.quantity ?? 0);
}

function subtotalsByLine(refund: z.output<typeof refundFields>): RefundLine[] {
  const lines = new Map<string, bigint>();
  for (const line of refund.refund_line_items ?? []) {
    if (!line.line_item_id) continue;
    lines.set(line.line_item_id, (lines.get(line.line_item_id) ?? 0n) + lineSubtotal(line));
  }
  return [...lines].map(([lineId, subtotal]) => ({ lineId, subtotal: formatDecimal(subtotal) }));
}

function toRefund(refund: z.output<typeof refundFields>, fallbackTime: string): Refund {
  return {
    refundId: refund.id,
    subtotal: refundSubtotal(refund),
    refundedAt: refund.processed_at ?? refund.created_at ?? fallbackTime,
    linesSubtotal: formatDecimal(linesSubtotal(refund)),
    lines: subtotalsByLine(refund),
  };
}

/** Of an address only its country; the rest is nobody's business here. */
const countryOf = z.object({ country_code: text(2) }).nullish();

const orderPayload = z.object({
  id: shopifyId,
  name: text(100),
  customer: customerFields.nullish(),
  email: text(320),
  customer_locale: text(35),
  currency: currencyCode,
  presentment_currency: currencyCode.nullish(),
  subtotal_price: amount.nullish(),
  current_subtotal_price: amount.nullish(),
  total_line_items_price: amount.nullish(),
  total_price: amount.nullish(),
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
        id: shopifyId.nullish(),
        product_id: shopifyId.nullish(),
        title: text(255),
        quantity,
        price: amount.nullish(),
        current_quantity: quantity.nullish(),
        discount_allocations: z.array(z.object({ amount: amount.nullish() })).nullish(),
      }),
    )
    .nullish(),
  discount_codes: z.array(z.object({ code: text(255) })).nullish(),
  test: z.boolean().nullish(),
  shipping_address: countryOf,
  billing_address: countryOf,
});

export type OrderTrigger = 'created' | 'paid' | 'updated' | 'edited' | 'cancelled';

/** Of all topics whose body is an order. Money stays in the shop's currency. */
export function parseOrder(payload: Uint8Array, trigger: OrderTrigger, triggeredAt: string): Order {
  const order = parsePayload(orderPayload, payload);
  const subtotal =
    order.subtotal_price ?? order.current_subtotal_price ?? order.total_line_items_price;
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
    presentmentCurrency: order.presentment_currency ?? order.currency,
    subtotal,
    currentSubtotal: order.current_subtotal_price ?? '',
    total: order.total_price ?? subtotal,
    financialStatus: order.financial_status,
    channel: order.source_name === 'pos' ? 'pos' : 'online',
    orderedAt: order.processed_at ?? order.created_at ?? updatedAt,
    updatedAt,
    // The cancelled topic means what it says, also when the body leaves the time out.
    cancelledAt: order.cancelled_at ?? (trigger === 'cancelled' ? updatedAt : ''),
    refunds: (order.refunds ?? []).map((refund) => toRefund(refund, updatedAt)),
    lines: (order.line_items ?? []).map((line) => ({
      lineId: line.id ?? '',
      productId: line.product_id ?? '',
      title: line.title,
      quantity: line.quantity,
      price: line.price ?? '',
      subtotal: lineWorth(line, order.refunds ?? []),
    })),
    discountCodes: (order.discount_codes ?? [])
      .map(({ code }) => code)
      .filter((code) => code !== ''),
    test: order.test ?? false,
    country: countryCode(
      order.shipping_address?.country_code || order.billing_address?.country_code,
    ),
  };
}

type OrderItem = NonNullable<z.output<typeof orderPayload>['line_items']>[number];

/** A line after discounts, before refunds: what is left of it and what was given back, not what an edit removed. */
function lineWorth(line: OrderItem, refunds: z.output<typeof refundFields>[]): string {
  if (!line.price || line.quantity === 0) return '';
  const discounts = (line.discount_allocations ?? []).reduce(
    (sum, allocation) => sum + parseDecimal(allocation.amount ?? '0'),
    0n,
  );
  const whole = parseDecimal(line.price) * BigInt(line.quantity) - discounts;
  const givenBack = refunds
    .flatMap((refund) => refund.refund_line_items ?? [])
    .filter((item) => item.line_item_id === line.id)
    .reduce((sum, item) => sum + (item.quantity ?? 0), 0);
  const kept = Math.min(line.quantity, (line.current_quantity ?? line.quantity) + givenBack);
  return formatDecimal(whole <= 0n ? 0n : (whole * BigInt(kept)) / BigInt(line.quantity));
}

/** Upper-case ISO 3166-1 alpha-2, or empty. */
function countryCode(code: string | undefined): string {
  return code !== undefined && /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : '';
}

/** Of refunds/create, which may come before its order. */
export function parseRefund(payload: Uint8Array, triggeredAt: string): RefundNotice {
  const refund = parsePayload(refundFields.extend({ order_id: shopifyId }), payload);
  const lineCurrency = refund.refund_line_items?.find((line) => line.subtotal_set)?.subtotal_set
    ?.shop_money.currency_code;
  const adjustmentCurrency = refund.order_adjustments?.find((adjustment) => adjustment.amount_set)
    ?.amount_set?.shop_money.currency_code;
  return {
    orderId: refund.order_id,
    refund: toRefund(refund, triggeredAt),
    currency: lineCurrency ?? adjustmentCurrency ?? '',
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
