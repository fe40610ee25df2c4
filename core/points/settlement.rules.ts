import { floorPoints, formatAmount } from './money.rules.ts';
import { rateText, type Program } from './program.rules.ts';

/**
 * Settlement: what the ledger should say of an order, given all that is known of it.
 *
 * Facts about an order only ever accumulate (it was paid, it was cancelled, refund 7 was made, this is its newest
 * snapshot), so they can arrive late, twice and in any order. Each time something is learned, this function compares
 * what the ledger says with what it should say and answers the entries that are missing. It reads the award's own
 * line for the rate it was made at, never today's rule, so that a change of rules changes no past order.
 */

export interface OrderFacts {
  readonly orderId: string;
  /** Ten-thousandths, after discounts, before shipping and taxes, before refunds, as edited last. */
  readonly gross: bigint;
  readonly currency: string;
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

export interface RefundFact {
  readonly refundId: string;
  /** Ten-thousandths of the refunded lines. */
  readonly subtotal: bigint;
  readonly at: string;
}

/** An entry that the ledger already has for this order. */
export interface RecordedEntry {
  readonly transactionId: string;
  readonly key: string;
  readonly points: number;
  /** From the entry's metadata: ten-thousandths. */
  readonly base?: bigint;
  readonly rate?: bigint;
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
  | 'no_customer'
  | 'not_paid'
  | 'historical'
  | 'program_inactive'
  | 'cancelled'
  | 'no_points'
  | 'nothing_new';

export type Settlement =
  | { readonly kind: 'post'; readonly entries: readonly [PlannedEntry, ...PlannedEntry[]] }
  | { readonly kind: 'idle'; readonly reason: IdleReason }
  | { readonly kind: 'too_large' };

/** No single order earns more; beyond it a mistake is more likely than a sale. */
export const MAX_POINTS_PER_ENTRY = 1_000_000_000n;

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

/** @param recorded the entries whose order is this one, in the order of the ledger */
export function settle(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  program: Program,
): Settlement {
  const award = recorded.find((entry) => entry.key === awardKey(facts.orderId));
  const planned: PlannedEntry[] = [];
  const rate = award?.rate ?? program.rate;

  if (!award) {
    const idle = whyNoAward(facts, program);
    if (idle) return { kind: 'idle', reason: idle };
    const points = floorPoints(facts.gross, rate);
    if (points > MAX_POINTS_PER_ENTRY) return { kind: 'too_large' };
    if (points === 0n) return { kind: 'idle', reason: 'no_points' };
    planned.push({
      key: awardKey(facts.orderId),
      points: Number(points),
      reasonCode: 'order_paid',
      metadata: earningTerms('order_paid', facts.gross, rate, program.version),
    });
  }

  /** What the order was worth when it was last awarded or edited. */
  let base = award ? (lastBase(recorded) ?? facts.gross) : facts.gross;
  let full = floorPoints(base, rate);
  let net = sum(recorded) + sum(planned);

  const done = new Set(recorded.map((entry) => entry.key));
  const inOrder = [...facts.refunds].sort(
    (a, b) => compare(a.at, b.at) || compare(a.refundId, b.refundId),
  );
  let refunded = inOrder
    .filter((refund) => done.has(refundKey(refund.refundId)))
    .reduce((total, refund) => total + refund.subtotal, 0n);
  for (const refund of inOrder) {
    if (done.has(refundKey(refund.refundId)) || done.has(cancelKey(facts.orderId))) continue;
    refunded += refund.subtotal;
    const debit = net - (full - refundedShare(full, refunded, base));
    if (debit <= 0n) continue;
    planned.push({
      key: refundKey(refund.refundId),
      points: -Number(debit),
      reasonCode: 'order_refunded',
      metadata: {
        reason_code: 'order_refunded',
        refunded: formatAmount(refund.subtotal),
        base: formatAmount(base),
        award_points: Number(full),
        rounding: 'floor',
      },
    });
    net -= debit;
  }

  if (award && facts.gross !== base && !done.has(cancelKey(facts.orderId))) {
    base = facts.gross;
    full = floorPoints(base, rate);
    if (full > MAX_POINTS_PER_ENTRY) return { kind: 'too_large' };
    const difference = full - refundedShare(full, refunded, base) - net;
    if (difference !== 0n) {
      planned.push({
        key: editKey(facts.orderId, facts.snapshot),
        points: Number(difference),
        reasonCode: 'order_edited',
        metadata: earningTerms('order_edited', base, rate, program.version),
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

function whyNoAward(facts: OrderFacts, program: Program): IdleReason | undefined {
  if (!facts.hasMember) return 'no_customer';
  if (facts.isHistorical) return 'historical';
  if (facts.isCancelled) return 'cancelled';
  if (!program.isActive || !program.isPurchaseEnabled) return 'program_inactive';
  if (program.awardOn === 'paid' && !facts.isPaid) return 'not_paid';
  return undefined;
}

/** What an award or an edit stores, so that a refund or a question years later is answered from its line. */
function earningTerms(reason: ReasonCode, base: bigint, rate: bigint, version: number) {
  return {
    reason_code: reason,
    base: formatAmount(base),
    rate: rateText(rate),
    multiplier: '1',
    rounding: 'floor',
    rule_version: version,
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
