import type { Order, RecordOrderRequest, Refund } from '#proto/points/v1/points.ts';
import { DomainError, invalidInput } from '../server/errors.ts';
import { floorPoints, formatAmount, parseAmount, parseExact } from './money.rules.ts';
import { campaignFromRow } from './campaign-conditions.rules.ts';
import { textsOf } from '../stored-json.rules.ts';
import type { EarningContext } from './multipliers.rules.ts';
import type {
  MergedOrderRow,
  OrderContextRow,
  OrderFactsRecord,
  StoredLine,
  StoredRefund,
} from './orders.store.ts';
import { parseRate, type Program } from './program.rules.ts';
import {
  MAX_POINTS_PER_ENTRY,
  type LineFact,
  type OrderFacts,
  type RecordedEntry,
} from './settlement.rules.ts';

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
  if (
    request.order &&
    floorPoints(grossOf(request.order), program.rate, undefined, program.per) > MAX_POINTS_PER_ENTRY
  )
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
  excludes: boolean,
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
      refunds: notice ? { [notice.refundId]: storedRefund(notice) } : {},
      lines: null,
      with_lines: false,
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
    refunds: Object.fromEntries(order.refunds.map((r) => [r.refundId, storedRefund(r)])),
    lines: order.lines.map((line) => ({
      id: line.lineId,
      product_id: line.productId,
      quantity: line.quantity,
      price: line.price,
      ...(line.subtotal !== '' && { subtotal: line.subtotal }),
    })),
    with_lines: excludes,
    // Orders first seen by the first-run sync, or older than the shop's joining, are history until they are paid anew.
    is_historical: !isLive && (trigger === 'synced' || !isSinceJoining),
    country: /^[A-Z]{2}$/.test(order.country) ? order.country : null,
  };
}

function storedRefund({ subtotal, refundedAt, lines }: Refund): StoredRefund {
  const named = Object.fromEntries(lines.map((line) => [line.lineId, line.subtotal]));
  return { subtotal, at: refundedAt, ...(lines.length > 0 && { lines: named }) };
}

/** Lines without a worth of their own are from before it was kept: they count at their price. */
const lineFact = ({
  id,
  product_id: productId,
  quantity,
  price,
  subtotal,
}: StoredLine): LineFact => ({
  lineId: id,
  productId,
  worth:
    parseAmount(subtotal ?? '') ??
    (parseAmount(price === '' ? '0' : price) ?? 0n) * BigInt(quantity),
});

const amounts = (stored: Readonly<Record<string, string>>): Record<string, bigint> =>
  Object.fromEntries(
    Object.entries(stored).map(([name, text]) => [name, parseAmount(text) ?? 0n] as const),
  );

/** What is stored of an order, however it was read. */
export interface StoredOrder {
  order_id: string;
  gross: string;
  currency: string;
  is_paid: boolean;
  is_cancelled: boolean;
  is_historical: boolean;
  customer_id: string | null;
  refunds: Record<string, StoredRefund>;
  lines: StoredLine[] | null;
  at: string;
  country: string | null;
}

export function orderFactsOf(row: StoredOrder): OrderFacts {
  return {
    orderId: row.order_id,
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
      lines: amounts(fact.lines ?? {}),
    })),
    lines: (row.lines ?? []).map(lineFact),
    orderedAt: row.at,
    country: row.country ?? '',
    snapshot: '',
  };
}

export function toFacts(orderId: string, row: MergedOrderRow): OrderFacts {
  return {
    ...orderFactsOf({ ...row, order_id: orderId, at: row.ordered_at }),
    snapshot: row.snapshot ?? '',
  };
}

export function recordedEntries(row: MergedOrderRow): RecordedEntry[] {
  return (row.entries ?? []).map((entry) => {
    const base = entry.base === null ? undefined : parseAmount(entry.base);
    const rate = entry.rate === null ? undefined : parseRate(entry.rate);
    const multiplier = entry.multiplier === null ? undefined : parseExact(entry.multiplier);
    return {
      transactionId: entry.transactionId,
      key: entry.key,
      points: entry.points,
      ...(base !== undefined && { base }),
      ...rate,
      ...(multiplier && { multiplier: multiplier.value, multiplierOver: multiplier.over }),
      ...(entry.source !== null && { multiplierSource: entry.source }),
      ...(entry.excluded !== null && { excluded: amounts(entry.excluded) }),
    };
  });
}

/**
 * Who the member of an order is now; null for news of a refund, which makes no award. Who is made a member by this
 * very order buys for the first time.
 */
export function toContext(
  { order }: Pick<RecordOrderRequest, 'order'>,
  row: OrderContextRow,
  program: Program,
): EarningContext | null {
  return order ? contextOf(row, program, order.customer?.state === 'enabled') : null;
}

/** @param hasAccount of somebody who is no member yet */
export function contextOf(
  { member, campaigns }: OrderContextRow,
  { earning }: Program,
  hasAccount: boolean,
): EarningContext {
  const factor = parseAmount(member?.tier_multiplier ?? '');
  return {
    hasAccount: member?.has_account ?? hasAccount,
    segments: textsOf(member?.segments),
    tierId: member?.tier_id ?? null,
    tierFactor: factor ?? null,
    isFirstPurchase: earning.firstPurchase.isEnabled && (member?.is_first ?? true),
    campaigns: (campaigns ?? []).map(campaignFromRow),
  };
}
