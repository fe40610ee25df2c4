import type { Order, RecordOrderRequest } from '#proto/points/v1/points.ts';
import { DomainError, invalidInput } from '../server/errors.ts';
import { floorPoints, formatAmount, parseAmount } from './money.rules.ts';
import type { MergedOrderRow, OrderContextRow, OrderFactsRecord } from './orders.store.ts';
import type { Program } from './program.rules.ts';
import { MAX_POINTS_PER_ENTRY, type OrderFacts, type RecordedEntry } from './settlement.rules.ts';

/** What a RecordOrder request says, as facts: what is refused, what is stored, and what settling reads of it. */

export const tooLarge = (): DomainError =>
  invalidInput(
    'order.subtotal',
    `would earn more than ${MAX_POINTS_PER_ENTRY} points, the most that one order may`,
  );

/** Everything that can be refused is refused before anything is written. */
export function whyRefused(
  request: RecordOrderRequest,
  context: OrderContextRow,
  program: Program,
): DomainError | undefined {
  if (!request.order === !request.refund)
    return invalidInput('order', 'exactly one of order and refund is needed');
  if (context.currency === null) return new DomainError('not_found', { field: 'merchant' });
  const currency = request.order?.currency ?? request.refund?.currency ?? '';
  if (currency !== '' && currency !== context.currency) {
    return invalidInput(
      request.order ? 'order.currency' : 'refund.currency',
      `is not the shop's currency, ${context.currency}`,
    );
  }
  if (request.refund && !request.refund.refund) return invalidInput('refund.refund', 'is missing');
  if (request.order && floorPoints(grossOf(request.order), program.rate) > MAX_POINTS_PER_ENTRY)
    return tooLarge();
  return undefined;
}

/**
 * What the goods of an order cost before refunds, as edited last: what they cost now and what was given back for lines
 * (money given back beside any line does not lower the current subtotal). Shopify's own subtotal is what they cost when
 * the order was placed, and knows nothing of edits.
 */
function grossOf(order: Order): bigint {
  const current = order.currentSubtotal === '' ? undefined : parseAmount(order.currentSubtotal);
  if (current === undefined) return parseAmount(order.subtotal) ?? 0n;
  return order.refunds.reduce(
    (total, refund) => total + (parseAmount(refund.linesSubtotal || '0') ?? 0n),
    current,
  );
}

const PAID = new Set(['paid', 'partially_refunded', 'refunded']);

export function factsRecord(
  merchantId: string,
  request: RecordOrderRequest,
  context: OrderContextRow,
  member: string | null,
): OrderFactsRecord {
  const { order, refund, trigger } = request;
  if (!order) {
    const notice = refund?.refund;
    return {
      merchant_id: merchantId,
      order_id: refund?.orderId ?? '',
      name: null,
      customer_id: null,
      subtotal: null,
      gross: null,
      total: null,
      currency: context.currency ?? '',
      presentment_currency: null,
      financial_status: null,
      channel: null,
      ordered_at: notice?.refundedAt ?? '',
      paid_at: null,
      cancelled_at: null,
      updated_at: null,
      refunds: notice
        ? { [notice.refundId]: { subtotal: notice.subtotal, at: notice.refundedAt } }
        : {},
      lines: null,
      is_historical: true,
      country: null,
    };
  }
  const isLive = trigger === 'created' || trigger === 'paid';
  const isSinceJoining =
    context.joined_at !== null && new Date(order.orderedAt) >= context.joined_at;
  return {
    merchant_id: merchantId,
    order_id: order.orderId,
    name: order.name,
    customer_id: member,
    subtotal: order.subtotal,
    gross: formatAmount(grossOf(order)),
    total: order.total || order.subtotal,
    currency: order.currency,
    presentment_currency: order.presentmentCurrency || order.currency,
    financial_status: order.financialStatus || null,
    channel: order.channel || 'online',
    ordered_at: order.orderedAt,
    paid_at: PAID.has(order.financialStatus) || trigger === 'paid' ? order.updatedAt : null,
    cancelled_at: order.cancelledAt || (trigger === 'cancelled' ? order.updatedAt : null),
    updated_at: order.updatedAt,
    refunds: Object.fromEntries(
      order.refunds.map((r) => [r.refundId, { subtotal: r.subtotal, at: r.refundedAt }]),
    ),
    lines: order.lines.map((line) => ({
      id: line.lineId,
      product_id: line.productId,
      quantity: line.quantity,
      price: line.price,
    })),
    // Orders first seen by the first-run sync, or older than the shop's joining, are history until they are paid anew.
    is_historical: !isLive && (trigger === 'synced' || !isSinceJoining),
    country: /^[A-Z]{2}$/.test(order.country) ? order.country : null,
  };
}

export function toFacts(orderId: string, row: MergedOrderRow): OrderFacts {
  return {
    orderId,
    gross: parseAmount(row.gross) ?? 0n,
    currency: row.currency,
    isPaid: row.is_paid,
    isCancelled: row.is_cancelled,
    isHistorical: row.is_historical,
    hasMember: row.customer_id !== null,
    refunds: Object.entries(row.refunds).map(([refundId, fact]) => ({
      refundId,
      subtotal: parseAmount(fact.subtotal) ?? 0n,
      at: fact.at,
    })),
    snapshot: row.snapshot ?? '',
  };
}

export function recordedEntries(row: MergedOrderRow): RecordedEntry[] {
  return (row.entries ?? []).map((entry) => {
    const base = entry.base === null ? undefined : parseAmount(entry.base);
    const rate = entry.rate === null ? undefined : parseAmount(entry.rate);
    return {
      transactionId: entry.transactionId,
      key: entry.key,
      points: entry.points,
      ...(base !== undefined && { base }),
      ...(rate !== undefined && { rate }),
    };
  });
}
