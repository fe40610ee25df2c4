import type { RecordOrderRequest } from '#proto/points/v1/points.ts';
import { parseAmount, parseExact } from '../shared/money.rules.ts';
import { campaignFromRow } from '../program/campaign-conditions.rules.ts';
import { jsonObject, textsOf } from '../shared/stored-json.rules.ts';
import { absenceOf } from '../members/participation.rules.ts';
import type { EarningContext, Factor } from '../program/multipliers.rules.ts';
import type {
  MergedOrderRow,
  OrderContextRow,
  StoredEntry,
  StoredLine,
  StoredRefund,
} from './orders.store.ts';
import { parseRate, type Program } from '../program/program.rules.ts';
import type { RefundFact } from './refunds.rules.ts';
import {
  awardKey,
  type LineFact,
  type OrderFacts,
  type PendingAward,
  type RecordedEntry,
} from './settlement-facts.rules.ts';
import { MULTIPLIER_SOURCES } from '#vocabulary/earning.ts';

/** What settling reads of an order: what is stored of it, as facts. */

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

/** @param tips the lines of the order that are tips, for sources of refunds that do not report them */
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
    absence: null,
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
    dueAt: null,
    now: '',
    pending: null,
  };
}

export function toFacts(
  row: MergedOrderRow,
  { awardOn }: Program,
  { currency, pauses }: Pick<OrderContextRow, 'currency' | 'pauses'>,
  now: Date,
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
    absence: absenceOf(facts.absence),
    isFirst: facts.is_first,
    isOwnerErased: facts.is_redacted,
    isKnown: facts.is_known,
    account: facts.account === null ? null : BigInt(facts.account),
    waived: BigInt(facts.waived),
    dueAt,
    now: now.toISOString(),
    pending: pendingOf(row),
  };
}

/** The award that waits, as its entry would be read: it is the owner's, whoever that is by then. */
function pendingOf({ order_id: orderId, facts }: MergedOrderRow): PendingAward | null {
  const { pending_award: metadata, points_count_at: countsAt, pending_points: points } = facts;
  if (!metadata || !countsAt) return null;
  const text = (name: string) => {
    const value = metadata[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    metadata,
    countsAt,
    award: recordedEntry(
      {
        transactionId: '',
        key: awardKey(orderId),
        points: Number(points ?? 0),
        member: facts.customer_id ?? '',
        base: text('base'),
        rate: text('rate'),
        multiplier: text('multiplier'),
        source: text('multiplier_source'),
        factors: textRecord(metadata['factors']),
        stacking: text('stacking'),
        excluded: textRecord(metadata['excluded']),
        refunds: null,
      },
      { member: facts.customer_id ?? '', isErased: facts.is_redacted },
    ),
  };
}

const textRecord = (value: unknown): Record<string, string> | null =>
  value === undefined
    ? null
    : Object.fromEntries(
        Object.entries(jsonObject(value)).filter(
          (pair): pair is [string, string] => typeof pair[1] === 'string',
        ),
      );

export interface Heir {
  readonly member: string;
  readonly isErased: boolean;
}

/** @param heirOf who has now what a member had, and whether they were erased */
export function recordedEntries(
  row: MergedOrderRow,
  heirOf: (member: string) => Heir,
): RecordedEntry[] {
  return (row.entries ?? []).map((entry) => recordedEntry(entry, heirOf(entry.member)));
}

function recordedEntry(entry: StoredEntry, heir: Heir): RecordedEntry {
  const base = entry.base === null ? undefined : parseAmount(entry.base);
  const rate = entry.rate === null ? undefined : parseRate(entry.rate);
  const multiplier = entry.multiplier === null ? undefined : parseExact(entry.multiplier);
  const factors = factorsOf(entry.factors);
  return {
    transactionId: entry.transactionId,
    key: entry.key,
    points: entry.points,
    ...heir,
    ...(base !== undefined && { base }),
    ...rate,
    ...(multiplier && { multiplier: multiplier.value, multiplierOver: multiplier.over }),
    ...(entry.source !== null && { multiplierSource: entry.source }),
    ...(factors !== undefined && {
      factors,
      stacking: entry.stacking === 'multiply' ? ('multiply' as const) : ('highest' as const),
    }),
    ...(entry.excluded !== null && { excluded: amounts(entry.excluded) }),
    ...(entry.refunds && { refunds: entry.refunds }),
  };
}

const factorsOf = (stored: Readonly<Record<string, string>> | null): Factor[] | undefined =>
  stored === null
    ? undefined
    : MULTIPLIER_SOURCES.flatMap((source) => {
        const factor = parseAmount(stored[source] ?? '');
        return factor === undefined ? [] : [{ source, factor }];
      });

/**
 * Who the member of an order is now; null for a refund, which makes no award. Who is made a member by this
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

/** @param hasAccount of a customer who is no member yet */
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
