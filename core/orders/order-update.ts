import type { Order, RecordOrderRequest, Refund } from '#proto/points/v1/points.ts';
import { absenceOf, absenceOfOrder, participationFrom } from '../members/participation.rules.ts';
import { DomainError, invalidInput } from '../shared/errors.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import type { Program } from '../program/program.rules.ts';
import type {
  OrderContextRow,
  OrderFactsRecord,
  StoredLine,
  StoredRefund,
} from './orders.store.ts';

/** What a RecordOrder request says, as it is refused or stored. */

/** What makes no sense at all; everything else is kept, whether it earns or not. */
export function whyRefused(
  request: RecordOrderRequest,
  context: OrderContextRow,
  isDue = false,
): DomainError | undefined {
  if (!request.order === !request.refund)
    return invalidInput('order', 'exactly one of order and refund is needed');
  if (context.currency === null) return new DomainError('not_found', { field: 'merchant' });
  if (request.refund && !request.refund.refund && !isDue)
    return invalidInput('refund.refund', 'is missing');
  return undefined;
}

/**
 * What the goods of an order cost before refunds, as edited last: what they cost now and what was refunded for lines
 * (money refunded beside any line does not lower the current subtotal). Shopify's own subtotal is what they cost when
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
const UNPAID = new Set(['pending', 'authorized', 'partially_paid', 'expired']);
/** Between being placed and coming into Shopify; more is an import of an old order. */
const IMPORTED_AFTER_MS = 3_600_000;

const utc = (instant: string): string => new Date(instant).toISOString();
const utcOrNull = (instant: string): string | null => (instant === '' ? null : utc(instant));

/**
 * Whether an order is more than history. One that was placed and paid before the shop joined is not, whenever it arrives:
 * imports come in today with the date of years ago. One that was placed before counts if its payment came after; one
 * that the first sync finds counts from when any other source reports it.
 */
function isLive(
  order: Order,
  trigger: string,
  joinedAt: Date | null,
  { awardOn }: Program,
): boolean {
  if (joinedAt === null) return false;
  if (new Date(order.orderedAt) >= joinedAt) return trigger !== 'synced';
  const seenAt = new Date(order.observedAt || order.updatedAt);
  if (UNPAID.has(order.financialStatus)) return awardOn === 'paid' && seenAt >= joinedAt;
  const isImport =
    order.createdAt !== '' &&
    Date.parse(order.createdAt) - Date.parse(order.orderedAt) > IMPORTED_AFTER_MS;
  return trigger === 'paid' && !isImport;
}

/** What a request reports of an order, as it is merged into what is known of it. */
export const factsRecord = (
  merchantId: string,
  { order, refund, trigger }: RecordOrderRequest,
  context: OrderContextRow,
  member: string | null,
  program: Program,
): OrderFactsRecord =>
  order === undefined
    ? noticeRecord(merchantId, refund, context)
    : snapshotRecord(merchantId, order, trigger, context, member, program);

/** A refund alone says nothing else of its order; without one nothing at all is said. */
function noticeRecord(
  merchantId: string,
  refund: RecordOrderRequest['refund'],
  context: OrderContextRow,
): OrderFactsRecord {
  const notice = refund?.refund;
  return {
    merchant_id: merchantId,
    order_id: refund?.orderId ?? '',
    name: null,
    customer_id: null,
    customer_told: false,
    subtotal: null,
    gross: null,
    total: null,
    current_total: null,
    tax: null,
    taxes_included: false,
    currency: refund?.currency || (context.currency ?? ''),
    presentment_currency: null,
    financial_status: null,
    channel: null,
    ordered_at: notice?.refundedAt ?? new Date(0).toISOString(),
    paid_at: null,
    paid_told_at: null,
    cancelled_at: null,
    updated_at: null,
    observed_at: null,
    source: 'webhook',
    refunds: notice
      ? { [notice.refundId]: storedRefund(notice, utc(refund.observedAt || notice.refundedAt)) }
      : {},
    lines: null,
    with_lines: false,
    is_historical: true,
    is_test: false,
    country: null,
    is_company: false,
    absence: null,
    edits: [],
  };
}

/** The order as it was when it was reported. */
function snapshotRecord(
  merchantId: string,
  order: Order,
  trigger: string,
  context: OrderContextRow,
  member: string | null,
  program: Program,
): OrderFactsRecord {
  const source = order.source === '' ? 'webhook' : order.source;
  const isPartial = source === 'partial';
  // A webhook is sent when something happens, so it dates it better than Shopify's whole seconds; a reading may come
  // days later.
  const happenedAt =
    source === 'webhook' && order.observedAt !== '' ? order.observedAt : order.updatedAt;
  const isPaid = PAID.has(order.financialStatus) || trigger === 'paid';
  const gross = formatAmount(grossOf(order));
  const isErased = context.is_redacted;
  return {
    merchant_id: merchantId,
    order_id: order.orderId,
    name: isErased ? null : order.name,
    customer_id: member,
    customer_told: order.customer !== undefined || order.customerVisible,
    subtotal: order.subtotal,
    gross,
    total: order.total || '0',
    current_total: order.currentTotal || null,
    tax: order.tax || null,
    taxes_included: order.taxesIncluded,
    currency: order.currency,
    presentment_currency: order.presentmentCurrency || order.currency,
    financial_status: order.financialStatus || null,
    channel: order.channel || 'online',
    ordered_at: order.orderedAt,
    paid_at: isPaid ? happenedAt : null,
    paid_told_at: trigger === 'paid' ? utcOrNull(order.observedAt) : null,
    cancelled_at: order.cancelledAt || (trigger === 'cancelled' ? order.updatedAt : null),
    updated_at: order.updatedAt,
    observed_at: utcOrNull(order.observedAt),
    source,
    refunds: Object.fromEntries(
      order.refunds.map((r) => [
        r.refundId,
        storedRefund(r, utc(order.observedAt || order.updatedAt)),
      ]),
    ),
    lines: isErased ? [] : order.lines.map(storedLine),
    with_lines: program.earning.excludedProducts.length > 0,
    is_historical: !isLive(order, trigger, context.joined_at, program),
    is_test: order.test,
    country: /^[A-Z]{2}$/.test(order.country) ? order.country : null,
    is_company: order.company,
    absence: absenceOfOrder(
      absenceOf(context.member?.absence),
      order.company,
      participationFrom(jsonObject(context.config)['participation']),
    ),
    edits: isPartial ? [] : [[utc(happenedAt), gross]],
  };
}

const storedLine = (line: Order['lines'][number]): StoredLine => ({
  id: line.lineId,
  product_id: line.productId,
  quantity: line.quantity,
  price: line.price,
  ...(line.subtotal !== '' && { subtotal: line.subtotal }),
  ...(line.giftCard && { gift_card: true }),
  ...(line.tip && { tip: true }),
});

function storedRefund(refund: Refund, seen: string): StoredRefund {
  const goods = refund.lines.filter(({ tip }) => !tip);
  const tips = refund.lines.filter(({ tip }) => tip).map(({ lineId }) => lineId);
  return {
    subtotal: refund.subtotal,
    at: refund.refundedAt,
    seen,
    ...(goods.length > 0 && {
      lines: Object.fromEntries(goods.map((line) => [line.lineId, line.subtotal])),
    }),
    ...(tips.length > 0 && { tips }),
    ...(refund.detailed && {
      goods: refund.linesSubtotal || '0',
      ...(refund.linesTax !== '' && { tax: refund.linesTax }),
      ...(refund.otherSubtotal !== '' && { other: refund.otherSubtotal }),
      adjustments: refund.adjustments.map(({ reason, amount }) => [reason, amount] as const),
      transactions: Object.fromEntries(
        refund.transactions.map(({ transactionId, kind, status, amount, currency }, nth) => [
          transactionId || `#${nth}`,
          { kind, status, amount, currency },
        ]),
      ),
    }),
  };
}
