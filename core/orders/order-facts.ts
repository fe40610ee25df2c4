import type { Order, RecordOrderRequest, Refund } from '#proto/points/v1/points.ts';
import { DomainError, invalidInput } from '../shared/errors.ts';
import { formatAmount, parseAmount, parseExact } from '../shared/money.rules.ts';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { textsOf } from '../shared/stored-json.rules.ts';
import type { EarningContext, Factor } from '../program/multipliers.rules.ts';
import type {
  MergedOrderRow,
  OrderContextRow,
  OrderFactsRecord,
  StoredLine,
  StoredRefund,
} from './orders.store.ts';
import { parseRate, type Program } from '../program/program.rules.ts';
import type { RefundFact } from './refunds.rules.ts';
import type { LineFact, OrderFacts, RecordedEntry } from './settlement-facts.rules.ts';
import { MULTIPLIER_SOURCES } from '#vocabulary/earning.ts';

/** What a RecordOrder request says, as facts: what is refused, what is stored, and what settling reads of it. */

/** What makes no sense at all; everything else is kept, whether it earns or not. */
export function whyRefused(
  request: RecordOrderRequest,
  context: OrderContextRow,
): DomainError | undefined {
  if (!request.order === !request.refund)
    return invalidInput('order', 'exactly one of order and refund is needed');
  if (context.currency === null) return new DomainError('not_found', { field: 'merchant' });
  if (request.refund && !request.refund.refund) return invalidInput('refund.refund', 'is missing');
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
const UNPAID = new Set(['pending', 'authorized', 'partially_paid', 'expired']);
/** Between being placed and coming into Shopify; more is an import of an old order. */
const IMPORTED_AFTER_MS = 3_600_000;

const utc = (instant: string): string => new Date(instant).toISOString();
const utcOrNull = (instant: string): string | null => (instant === '' ? null : utc(instant));

/**
 * Whether an order is more than history. One that was placed and paid before the shop joined is not, whenever it is told:
 * imports come in today with the date of years ago. One that was placed before counts if its payment came after; one
 * that the first sync finds counts from when it is told of by anything else.
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

export function factsRecord(
  merchantId: string,
  request: RecordOrderRequest,
  context: OrderContextRow,
  member: string | null,
  program: Program,
): OrderFactsRecord {
  const { order, refund, trigger } = request;
  if (!order) {
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
      ordered_at: notice?.refundedAt ?? '',
      paid_at: null,
      paid_told_at: null,
      cancelled_at: null,
      updated_at: null,
      observed_at: null,
      source: 'webhook',
      refunds: notice
        ? {
            [notice.refundId]: storedRefund(notice, utc(refund.observedAt || notice.refundedAt)),
          }
        : {},
      lines: null,
      with_lines: false,
      is_historical: true,
      is_test: false,
      country: null,
      edits: [],
    };
  }
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
    lines: isErased
      ? []
      : order.lines.map((line) => ({
          id: line.lineId,
          product_id: line.productId,
          quantity: line.quantity,
          price: line.price,
          ...(line.subtotal !== '' && { subtotal: line.subtotal }),
          ...(line.giftCard && { gift_card: true }),
          ...(line.tip && { tip: true }),
        })),
    with_lines: program.earning.excludedProducts.length > 0,
    is_historical: !isLive(order, trigger, context.joined_at, program),
    is_test: order.test,
    country: /^[A-Z]{2}$/.test(order.country) ? order.country : null,
    edits: isPartial ? [] : [[utc(happenedAt), gross]],
  };
}

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

/** Lines without a worth of their own are from before it was kept: they count at their price. A tip is no goods. */
const lineFacts = (lines: readonly StoredLine[]): LineFact[] =>
  lines
    .filter((line) => !line.tip)
    .map(({ id, product_id: productId, quantity, price, subtotal, gift_card: isGiftCard }) => ({
      lineId: id,
      productId,
      worth:
        parseAmount(subtotal ?? '') ??
        (parseAmount(price === '' ? '0' : price) ?? 0n) * BigInt(quantity),
      isGiftCard: isGiftCard ?? false,
    }));

const amountOf = (text: string | null | undefined): bigint => parseAmount(text ?? '') ?? 0n;
const amounts = (stored: Readonly<Record<string, string>>): Record<string, bigint> =>
  Object.fromEntries(Object.entries(stored).map(([name, text]) => [name, amountOf(text)] as const));

/** @param tips the lines of the order that are tips, for sources of refunds that cannot tell */
function refundFact(refundId: string, stored: StoredRefund, tips: ReadonlySet<string>): RefundFact {
  const lines = amounts(stored.lines ?? {});
  const tipped = Object.entries(lines).filter(([lineId]) => tips.has(lineId));
  const tip = tipped.reduce((total, [, amount]) => total + amount, 0n);
  const goods = amountOf(stored.goods ?? stored.subtotal) - tip;
  return {
    refundId,
    at: stored.at,
    lines: Object.fromEntries(Object.entries(lines).filter(([lineId]) => !tips.has(lineId))),
    goods: goods > 0n ? goods : 0n,
    stated: stored.transactions === undefined ? amountOf(stored.subtotal) : null,
    tax: amountOf(stored.tax),
    other: amountOf(stored.other) + tip,
    adjustments: (stored.adjustments ?? []).map(([reason, amount]) => ({
      reason,
      amount: amountOf(amount),
    })),
    transactions: Object.entries(stored.transactions ?? {}).map(([transactionId, one]) => ({
      transactionId,
      kind: one.kind,
      status: one.status,
      amount: amountOf(one.amount),
      currency: one.currency,
    })),
  };
}

/** When the program was off: [from, to), null without end. */
export type Pauses = readonly (readonly [string | null, string | null])[];

const isPaused = (at: string, pauses: Pauses): boolean =>
  pauses.some(
    ([from, to]) =>
      (from === null || Date.parse(at) >= Date.parse(from)) &&
      (to === null || Date.parse(at) < Date.parse(to)),
  );

/** What edits added while the program was off, as far as it has not gone again. */
export function addedInPause(
  edits: readonly (readonly [string, string])[],
  gross: bigint,
  pauses: Pauses,
): bigint {
  if (pauses.length === 0 || edits.length === 0) return 0n;
  const inOrder = [...edits].sort(
    (a, b) => Date.parse(a[0]) - Date.parse(b[0]) || Number(amountOf(a[1]) - amountOf(b[1])),
  );
  let before = amountOf(inOrder[0]?.[1]);
  let earning = before;
  for (const [at, text] of inOrder.slice(1)) {
    const amount = amountOf(text);
    if (amount > before && !isPaused(at, pauses)) earning += amount - before;
    if (amount < earning) earning = amount;
    before = amount;
  }
  return gross > earning ? gross - earning : 0n;
}

/** What is stored of an order, however it was read. */
export interface StoredOrder {
  order_id: string;
  gross: string;
  placed: string;
  total: string;
  current_total: string | null;
  currency: string;
  financial_status: string | null;
  is_paid: boolean;
  is_cancelled: boolean;
  is_historical: boolean;
  is_test: boolean;
  is_foreign: boolean;
  taxes_included: boolean;
  customer_id: string | null;
  refunds: Record<string, StoredRefund>;
  lines: StoredLine[] | null;
  at: string;
  country: string | null;
}

const GIVEN_BACK = new Set(['refunded', 'voided']);

export function orderFactsOf(row: StoredOrder): OrderFacts {
  const tips = new Set((row.lines ?? []).filter(({ tip }) => tip).map(({ id }) => id));
  const total = amountOf(row.total);
  return {
    orderId: row.order_id,
    gross: amountOf(row.gross),
    placed: amountOf(row.placed),
    total: total > 0n ? total : null,
    currentTotal: row.current_total === null ? null : amountOf(row.current_total),
    currency: row.currency,
    isPaid: row.is_paid,
    isCancelled: row.is_cancelled,
    isGivenBack: GIVEN_BACK.has(row.financial_status ?? ''),
    isHistorical: row.is_historical,
    isTest: row.is_test,
    isForeign: row.is_foreign,
    isFromPause: false,
    addedInPause: 0n,
    isFirst: true,
    owner: row.customer_id,
    isOwnerErased: false,
    refunds: Object.entries(row.refunds).map(([refundId, stored]) =>
      refundFact(refundId, stored, new Set([...tips, ...(stored.tips ?? [])])),
    ),
    lines: lineFacts(row.lines ?? []),
    taxesIncluded: row.taxes_included,
    orderedAt: row.at,
    country: row.country ?? '',
    isKnown: true,
    account: null,
    waived: 0n,
  };
}

export function toFacts(
  row: MergedOrderRow,
  { awardOn }: Program,
  { currency, pauses }: Pick<OrderContextRow, 'currency' | 'pauses'>,
): OrderFacts {
  const { facts } = row;
  const off = pauses ?? [];
  const gross = amountOf(facts.gross);
  // Where points are given at placing, an order that is not paid yet is of when it was placed.
  const dueAt = facts.paid_at ?? (awardOn === 'created' ? facts.ordered_at : null);
  return {
    ...orderFactsOf({
      ...facts,
      order_id: row.order_id,
      at: facts.ordered_at,
      refunds: row.refunds,
      lines: row.lines,
      is_foreign: facts.currency !== currency,
    }),
    isFromPause: dueAt !== null && isPaused(dueAt, off),
    addedInPause: addedInPause(row.edits, gross, off),
    isFirst: facts.is_first,
    isOwnerErased: facts.is_redacted,
    isKnown: facts.is_known,
    account: facts.account === null ? null : BigInt(facts.account),
    waived: BigInt(facts.waived),
  };
}

export interface Heir {
  readonly member: string;
  readonly isErased: boolean;
}

/** @param heirOf who has now what a member had, and whether they were erased */
export function recordedEntries(
  row: MergedOrderRow,
  heirOf: (member: string) => Heir,
): RecordedEntry[] {
  return (row.entries ?? []).map((entry) => {
    const base = entry.base === null ? undefined : parseAmount(entry.base);
    const rate = entry.rate === null ? undefined : parseRate(entry.rate);
    const multiplier = entry.multiplier === null ? undefined : parseExact(entry.multiplier);
    const factors = factorsOf(entry.factors);
    return {
      transactionId: entry.transactionId,
      key: entry.key,
      points: entry.points,
      ...heirOf(entry.member),
      ...(base !== undefined && { base }),
      ...rate,
      ...(multiplier && { multiplier: multiplier.value, multiplierOver: multiplier.over }),
      ...(entry.source !== null && { multiplierSource: entry.source }),
      ...(factors !== undefined && {
        factors,
        stacking: entry.stacking === 'multiply' ? ('multiply' as const) : ('highest' as const),
      }),
      ...(entry.excluded !== null && { excluded: amounts(entry.excluded) }),
    };
  });
}

const factorsOf = (stored: Readonly<Record<string, string>> | null): Factor[] | undefined =>
  stored === null
    ? undefined
    : MULTIPLIER_SOURCES.flatMap((source) => {
        const factor = parseAmount(stored[source] ?? '');
        return factor === undefined ? [] : [{ source, factor }];
      });

/**
 * Who the member of an order is now; null for news of a refund, which makes no award. Who is made a member by this
 * very order buys for the first time.
 */
export function toContext(
  { order }: Pick<RecordOrderRequest, 'order'>,
  row: OrderContextRow,
  program: Program,
): EarningContext | null {
  return order
    ? {
        ...contextOf(row, program, order.customer?.state === 'enabled'),
        // Whether it is their first is a fact of the order.
        isFirstPurchase: program.earning.firstPurchase.isEnabled && (row.member?.is_new ?? true),
      }
    : null;
}

/** @param hasAccount of somebody who is no member yet */
export function contextOf(
  { member, campaigns }: Pick<OrderContextRow, 'member' | 'campaigns'>,
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
