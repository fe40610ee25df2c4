import { MAX_ENTRY_POINTS } from '../ledger/limits.rules.ts';
import type { Campaign } from './campaign-conditions.rules.ts';
import { factorText } from './earning-config.rules.ts';
import { exactDecimal, floorPoints, formatAmount } from './money.rules.ts';
import { multiply, NO_CONTEXT, ONE, type EarningContext } from './multipliers.rules.ts';
import { rateKept, type Program } from './program.rules.ts';

/**
 * Settlement: what the ledger should say of an order, given all that is known of it.
 *
 * Facts about an order only ever accumulate (it was paid, it was cancelled, refund 7 was made, this is its newest
 * snapshot), so they can arrive late, twice and in any order. Each time something is learned, this function compares
 * what the ledger says with what it should say and answers the entries that are missing. It reads the award's own
 * line for the terms it was made on (rate, multiplier, what was excluded), never today's rules, so that a change of
 * rules changes no past order.
 */

export interface OrderFacts {
  readonly orderId: string;
  /** Ten-thousandths, after discounts, before shipping and taxes, before refunds, as edited last. */
  readonly gross: bigint;
  /** Empty when they are not known (any more). */
  readonly lines: readonly LineFact[];
  readonly currency: string;
  readonly orderedAt: string;
  /** ISO 3166 alpha-2, or empty. */
  readonly country: string;
  readonly isPaid: boolean;
  readonly isCancelled: boolean;
  /** Known only from before the shop joined: kept for history, earns nothing. */
  readonly isHistorical: boolean;
  /** False for orders without a customer, and for customers who were erased. */
  readonly hasMember: boolean;
  readonly refunds: readonly RefundFact[];
  /** Names the newest snapshot, so that each edit has a key of its own. */
  readonly snapshot: string;
}

export interface LineFact {
  readonly lineId: string;
  readonly productId: string;
  /** Ten-thousandths: its part of the order's gross. */
  readonly worth: bigint;
}

export interface RefundFact {
  readonly refundId: string;
  /** Ten-thousandths of the refunded lines. */
  readonly subtotal: bigint;
  readonly at: string;
  /** What of it belongs to which line, as far as lines were named. */
  readonly lines: Readonly<Record<string, bigint>>;
}

/** An entry that the ledger already has for this order. */
export interface RecordedEntry {
  readonly transactionId: string;
  readonly key: string;
  readonly points: number;
  /** From the entry's metadata: ten-thousandths. */
  readonly base?: bigint;
  readonly rate?: bigint;
  /** The units that the rate is for; absent: one. */
  readonly per?: bigint;
  /** Absent: as is. */
  readonly multiplier?: bigint;
  /** What the multiplier is divided by; absent: 1. */
  readonly multiplierOver?: bigint;
  readonly multiplierSource?: string;
  /** The lines that earned nothing, and what they were worth. */
  readonly excluded?: Readonly<Record<string, bigint>>;
}

export type ReasonCode = 'order_paid' | 'order_edited' | 'order_refunded' | 'order_cancelled';

export interface PlannedEntry {
  readonly key: string;
  /** Signed. */
  readonly points: number;
  readonly reasonCode: ReasonCode;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export type IdleReason =
  | 'order_unknown'
  | 'no_customer'
  | 'no_account'
  | 'not_paid'
  | 'historical'
  | 'program_inactive'
  | 'purchases_off'
  | 'cancelled'
  | 'no_points'
  | 'nothing_new';

export type Settlement =
  | { readonly kind: 'post'; readonly entries: readonly [PlannedEntry, ...PlannedEntry[]] }
  | { readonly kind: 'idle'; readonly reason: IdleReason }
  | { readonly kind: 'too_large' };

/** No single entry is larger, an order's neither. */
export const MAX_POINTS_PER_ENTRY = BigInt(MAX_ENTRY_POINTS);

export const awardKey = (orderId: string): string => `order/${orderId}/paid`;
export const refundKey = (refundId: string): string => `refund/${refundId}`;
export const cancelKey = (orderId: string): string => `order/${orderId}/cancelled`;
export const editKey = (orderId: string, snapshot: string): string =>
  `order/${orderId}/edited/${snapshot}`;

/** Points of `award` that belong to the refunded part, rounded down in the member's favour; all of them at 100 %. */
export function refundedShare(award: bigint, refunded: bigint, gross: bigint): bigint {
  if (gross <= 0n || refunded >= gross) return award;
  return refunded <= 0n ? 0n : (award * refunded) / gross;
}

/** What an order earns by: today's rules until it is awarded, and the award's own from then on. */
interface Terms {
  readonly rate: bigint;
  readonly per: bigint;
  readonly factor: bigint;
  readonly over: bigint;
  readonly source: string;
  /** The lines that earn nothing, and what they are worth. */
  readonly excluded: Readonly<Record<string, bigint>>;
  /** Ten-thousandths of what earns. */
  readonly base: bigint;
  readonly campaigns: readonly Campaign[];
}

/**
 * @param recorded the entries whose order is this one, in the order of the ledger
 * @param context what is known of the member now, null when that is nothing: then no award is made. One that is there
 * already has its own
 */
export function settle(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  program: Program,
  context: EarningContext | null = NO_CONTEXT,
): Settlement {
  const award = recorded.find((entry) => entry.key === awardKey(facts.orderId));
  const planned: PlannedEntry[] = [];
  const terms = award
    ? termsOf(facts, award, program)
    : termsToday(facts, program, context ?? NO_CONTEXT);
  const pointsFor = (base: bigint) =>
    floorPoints(base, terms.rate, terms.factor, terms.per * terms.over);

  if (!award) {
    const idle = whyNoAward(facts, program, context);
    if (idle) return { kind: 'idle', reason: idle };
    const points = pointsFor(terms.base);
    if (points > MAX_POINTS_PER_ENTRY) return { kind: 'too_large' };
    if (points === 0n) return { kind: 'idle', reason: 'no_points' };
    planned.push({
      key: awardKey(facts.orderId),
      points: Number(points),
      reasonCode: 'order_paid',
      metadata: {
        ...earningTerms('order_paid', terms.base, terms, program.version),
        ...contextTerms(terms, context ?? NO_CONTEXT),
      },
    });
  }

  /** What of the order earned when it was last awarded or edited. */
  let base = award ? (lastBase(recorded) ?? terms.base) : terms.base;
  let full = pointsFor(base);
  let net = sum(recorded) + sum(planned);

  const done = new Set(recorded.map((entry) => entry.key));
  const inOrder = [...facts.refunds].sort(
    (a, b) => compare(a.at, b.at) || compare(a.refundId, b.refundId),
  );
  let refunded = inOrder
    .filter((refund) => done.has(refundKey(refund.refundId)))
    .reduce((total, refund) => total + earningPart(refund, terms), 0n);
  for (const refund of inOrder) {
    if (done.has(refundKey(refund.refundId)) || done.has(cancelKey(facts.orderId))) continue;
    const part = earningPart(refund, terms);
    refunded += part;
    const debit = net - (full - refundedShare(full, refunded, base));
    if (debit <= 0n) continue;
    planned.push({
      key: refundKey(refund.refundId),
      points: -Number(debit),
      reasonCode: 'order_refunded',
      metadata: {
        reason_code: 'order_refunded',
        refunded: formatAmount(part),
        base: formatAmount(base),
        award_points: Number(full),
        rounding: 'floor',
      },
    });
    net -= debit;
  }

  if (award && terms.base !== base && !done.has(cancelKey(facts.orderId))) {
    base = terms.base;
    full = pointsFor(base);
    if (full > MAX_POINTS_PER_ENTRY) return { kind: 'too_large' };
    const difference = full - refundedShare(full, refunded, base) - net;
    if (difference !== 0n) {
      planned.push({
        key: editKey(facts.orderId, facts.snapshot),
        points: Number(difference),
        reasonCode: 'order_edited',
        metadata: earningTerms('order_edited', base, terms, program.version),
      });
      net += difference;
    }
  }

  if (facts.isCancelled && net > 0n && !done.has(cancelKey(facts.orderId))) {
    planned.push({
      key: cancelKey(facts.orderId),
      points: -Number(net),
      reasonCode: 'order_cancelled',
      metadata: {
        reason_code: 'order_cancelled',
        award_points: Number(full),
        base: formatAmount(base),
      },
    });
  }

  const [first, ...rest] = planned;
  return first
    ? { kind: 'post', entries: [first, ...rest] }
    : { kind: 'idle', reason: 'nothing_new' };
}

function termsToday(facts: OrderFacts, program: Program, context: EarningContext): Terms {
  const { earning, rate, per } = program;
  const products = new Set(earning.excludedProducts.map(({ productId }) => productId));
  const excluded = Object.fromEntries(
    facts.lines
      .filter(({ productId }) => products.has(productId))
      .map(({ lineId, worth }) => [lineId, worth]),
  );
  const base = lessExcluded(facts.gross, excluded);
  const { factor, over, source, campaigns } = multiply(earning, context, {
    orderedAt: facts.orderedAt,
    country: facts.country,
    base,
  });
  return { rate, per, factor, over, source, excluded, base, campaigns };
}

/** Lines that an edit added are excluded with the product they are of. */
function termsOf(facts: OrderFacts, award: RecordedEntry, program: Program): Terms {
  const recorded = award.excluded ?? {};
  const products = new Set(
    facts.lines.filter(({ lineId }) => lineId in recorded).map(({ productId }) => productId),
  );
  const excluded =
    facts.lines.length === 0
      ? recorded
      : Object.fromEntries(
          facts.lines
            .filter(({ lineId, productId }) => lineId in recorded || products.has(productId))
            .map(({ lineId, worth }) => [lineId, worth]),
        );
  return {
    rate: award.rate ?? program.rate,
    per: award.rate === undefined ? program.per : (award.per ?? 1n),
    factor: award.multiplier ?? ONE,
    over: award.multiplierOver ?? 1n,
    source: award.multiplierSource ?? '',
    excluded,
    base: lessExcluded(facts.gross, excluded),
    campaigns: [],
  };
}

function lessExcluded(gross: bigint, excluded: Terms['excluded']): bigint {
  const rest = Object.values(excluded).reduce((left, worth) => left - worth, gross);
  return rest > 0n ? rest : 0n;
}

/** What of a refund had earned. */
function earningPart(refund: RefundFact, { excluded }: Terms): bigint {
  const part = Object.keys(excluded).reduce(
    (left, lineId) => left - (refund.lines[lineId] ?? 0n),
    refund.subtotal,
  );
  return part > 0n ? part : 0n;
}

function whyNoAward(
  facts: OrderFacts,
  program: Program,
  context: EarningContext | null,
): IdleReason | undefined {
  // News of a refund can come before its order: nothing is known of a customer yet.
  if (context === null && facts.snapshot === '') return 'order_unknown';
  if (!facts.hasMember) return 'no_customer';
  if (facts.isHistorical) return 'historical';
  if (facts.isCancelled) return 'cancelled';
  if (!program.isActive) return 'program_inactive';
  if (!program.isPurchaseEnabled) return 'purchases_off';
  if (program.awardOn === 'paid' && !facts.isPaid) return 'not_paid';
  if (context === null) return 'nothing_new';
  if (program.earning.participants === 'accounts' && !context.hasAccount) return 'no_account';
  return undefined;
}

/** What an award or an edit stores, so that a refund or a question years later is answered from its line. */
function earningTerms(
  reason: ReasonCode,
  base: bigint,
  { rate, per, factor, over, source, excluded }: Terms,
  version: number,
) {
  return {
    reason_code: reason,
    base: formatAmount(base),
    rate: rateKept({ rate, per }),
    multiplier: exactDecimal(factor, over),
    ...(source !== '' && { multiplier_source: source }),
    ...(Object.keys(excluded).length > 0 && {
      excluded: Object.fromEntries(
        Object.entries(excluded).map(([lineId, worth]) => [lineId, formatAmount(worth)]),
      ),
    }),
    rounding: 'floor',
    rule_version: version,
  };
}

/** Who the member was when the order was awarded: other rules can be tried on it later. */
function contextTerms({ campaigns }: Terms, context: EarningContext) {
  const [largest] = campaigns;
  return {
    ...(context.segments.length > 0 && { segments: context.segments }),
    ...(context.tierId !== null && { tier_id: context.tierId }),
    ...(context.tierFactor !== null && { tier_multiplier: factorText(context.tierFactor) }),
    ...(largest !== undefined && {
      campaign_ids: campaigns.map(({ campaignId }) => campaignId),
      campaign_multiplier: factorText(largest.multiplier),
      subject: { '': largest.name },
    }),
    ...(context.isFirstPurchase && { first_purchase: true }),
  };
}

/** Awards and edits store what they were computed on; refunds repeat it, and do not count. */
function lastBase(recorded: readonly RecordedEntry[]): bigint | undefined {
  return recorded.filter((entry) => entry.base !== undefined && entry.rate !== undefined).at(-1)
    ?.base;
}

const sum = (entries: readonly { readonly points: number }[]): bigint =>
  entries.reduce((total, entry) => total + BigInt(entry.points), 0n);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
