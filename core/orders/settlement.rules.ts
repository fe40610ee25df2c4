import { formatAmount } from '../shared/money.rules.ts';
import { NO_CONTEXT, type EarningContext } from '../program/multipliers.rules.ts';
import type { Program } from '../program/program.rules.ts';
import { worthOfRefund, type RefundedOrder } from './refunds.rules.ts';
import {
  awardKey,
  cancelKey,
  editKey,
  MAX_POINTS_PER_ENTRY,
  moveKey,
  refundKey,
  type Account,
  type IdleReason,
  type LotFact,
  type OrderFacts,
  type PlannedEntry,
  type RecordedEntry,
  type Settlement,
} from './settlement-facts.rules.ts';
import { afterWait, waitOf } from './pending.rules.ts';
import {
  contextTerms,
  earningTerms,
  lessExcluded,
  pointsFor,
  termsOf,
  termsToday,
  whyNoAward,
  type Terms,
} from './settlement-terms.rules.ts';
import type { EntryMetadata } from '../ledger/entry-metadata.rules.ts';
import type { OrderReasonCode } from '#vocabulary/ledger.ts';

/**
 * Settlement: what the ledger should say of an order, given all that is known of it.
 *
 * Facts about an order only ever accumulate (it was paid, it was cancelled, refund 7 was made, this is its newest
 * snapshot), so they can arrive late, twice and in any order. Each time something is learned, this function works out
 * what the order should be worth and answers the entries that are missing. It reads the award's own line for the terms
 * it was made on (rate, multipliers, what was excluded), never today's rules, so that a change of rules changes no past
 * order.
 *
 * Two sums are kept apart. The order's account is what it is worth, whichever member has it; what expired of it counts as
 * deducted already. What each member has of it are the ledger's entries: they follow the account, and the order's customer.
 */

/** Points of `award` that belong to the refunded part, rounded down in the member's favor; all of them at 100 %. */
export function refundedShare(award: bigint, refunded: bigint, gross: bigint): bigint {
  if (gross <= 0n || refunded >= gross) return award;
  return refunded <= 0n ? 0n : (award * refunded) / gross;
}

/**
 * @param recorded the entries whose order is this one, in the order of the ledger
 * @param context what is known of the member now, null when that is nothing: then no award is made. One that is there
 * already has its own
 * @param lots the order's points by when they expire; needed only where points are deducted or move to another member
 * @param atExpiry what the entries said that the order was worth when points of it expired last; null: none have
 */
export function settle(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  program: Program,
  context: EarningContext | null = NO_CONTEXT,
  lots: readonly LotFact[] = [],
  atExpiry: bigint | null = null,
): Settlement {
  const posted = recorded.find((entry) => entry.key === awardKey(facts.orderId));
  const award = posted ?? facts.pending?.award;
  const terms = award
    ? termsOf(facts, award, program)
    : termsToday(facts, program, context ?? NO_CONTEXT);
  const given = givenBack(facts, terms);
  const refunded = refundedGoods(facts, given.share);
  const kept: Account = { points: facts.account, waived: facts.waived };
  const full = pointsFor(terms.base, terms);
  const worth = whatItIsWorth(facts, terms, full, given.refunded);

  if (!award) {
    const idle = whyNoAward(facts, program, context);
    if (idle) return { kind: 'idle', reason: idle, account: kept, pending: null, refunded };
    if (full === 0n)
      return { kind: 'idle', reason: 'no_points', account: kept, pending: null, refunded };
  }
  if (full > MAX_POINTS_PER_ENTRY) {
    const pending = facts.pending && { ...facts.pending, points: 0n };
    return { kind: 'idle', reason: 'too_large', account: kept, pending, refunded };
  }
  const wait = posted ? null : waitOf(facts, terms, program, context ?? NO_CONTEXT);
  if (wait) return { ...afterWait(facts, wait, worth, given.refunds), account: kept, refunded };

  const before = facts.account ?? accountOf(recorded);
  const opened = posted ? before : full;
  const expired = sumOf(lots.map((lot) => lot.expired));
  // What was settled while the order had no customer is in its account and not in entries.
  const expiredAt = facts.account ?? atExpiry ?? opened;
  const after = expired === 0n ? worth : lessWhatExpired(worth, expired, expiredAt);

  const steps = stepsOf(facts, recorded, terms, program, {
    isAwarded: posted === undefined,
    context: context ?? NO_CONTEXT,
    full,
    opened,
    after,
    refunds: given.refunds,
    canSplit: expired === 0n && facts.account === null,
  });
  const moves = movesOf(facts, recorded, lots, posted ? before - expired : 0n);
  const { entries, waived } = forOwner(facts, steps, moves.length > 0 ? 0n : facts.waived);
  const stated = accountOf(recorded) + sumOf(entries.map(({ points }) => BigInt(points)));
  const account: Account = {
    points: facts.account === null && waived === 0n && stated === after ? null : after,
    waived,
  };
  const [first, ...rest] = [...moves, ...entries];
  return first
    ? { kind: 'post', entries: [first, ...rest], account, pending: null, refunded }
    : { kind: 'idle', reason: whyNothing(facts), account, pending: null, refunded };
}

/**
 * Of what an order was worth when points of it expired, those count as deducted already: a refund deducts only what goes
 * beyond them. What was added later goes first, and in full. Said of what the order is worth now, whatever it was worth
 * in between, so that updates in another order lead to the same end.
 */
const lessWhatExpired = (worth: bigint, expired: bigint, atExpiry: bigint): bigint =>
  worth >= atExpiry ? worth : least(atExpiry, worth + expired);

/** What the entries will say that the order is worth, once all that is planned is posted. */
export const accountAfter = (recorded: readonly RecordedEntry[], settlement: Settlement): bigint =>
  accountOf(recorded) + (settlement.kind === 'post' ? accountOf(settlement.entries) : 0n);

/** Whether lots have to be read: points are or were deducted, or a member other than the owner had some. */
export function needsLots(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  settlement: Settlement,
): boolean {
  return (
    recorded.some((entry) => entry.member !== facts.owner || entry.points < 0) ||
    (settlement.kind === 'post' && settlement.entries.some(({ points }) => points < 0)) ||
    (settlement.account.points !== null && settlement.account.points !== facts.account)
  );
}

const whyNothing = (facts: OrderFacts): IdleReason =>
  facts.isOwnerErased ? 'redacted_customer' : 'nothing_new';

function whatItIsWorth(facts: OrderFacts, terms: Terms, full: bigint, refunded: bigint): bigint {
  if (facts.isCancelled || facts.isGivenBack || facts.isFromPause) return 0n;
  return full - refundedShare(full, refunded, terms.goods);
}

interface GivenBack {
  /** Ten-thousandths of the goods that earn. */
  readonly refunded: bigint;
  /** What each refund refunded of them, oldest first. */
  readonly refunds: readonly { readonly refundId: string; readonly earning: bigint }[];
  readonly share: RefundedOrder;
}

function givenBack(facts: OrderFacts, terms: Pick<Terms, 'goods' | 'excluded'>): GivenBack {
  const share: RefundedOrder = {
    goods: terms.goods,
    excluded: terms.excluded,
    cost: costInAll(facts),
    currency: facts.currency,
    taxesIncluded: facts.taxesIncluded,
  };
  const inOrder = [...facts.refunds].sort(
    (a, b) => compare(a.at, b.at) || compare(a.refundId, b.refundId),
  );
  const worths = inOrder.map((refund) => worthOfRefund(refund, share));
  const all = least(sumOf(worths.map(({ earning }) => earning)), terms.goods);
  return {
    refunded: worths.some(({ isPartKept }) => isPartKept)
      ? lessWhatPaysForOthers(facts, terms, all, sumOf(worths.map(({ returned }) => returned)))
      : all,
    refunds: inOrder.map(({ refundId }, nth) => ({
      refundId,
      earning: worths[nth]?.earning ?? 0n,
    })),
    share,
  };
}

/**
 * Money that the shop kept for returned goods is a fee, or it paid for what was taken in exchange: then it counts with
 * that. So no more is left than the goods are worth now, or what was paid for goods and not refunded.
 */
function lessWhatPaysForOthers(
  facts: OrderFacts,
  { goods, excluded }: Pick<Terms, 'goods' | 'excluded'>,
  refunded: bigint,
  returned: bigint,
): bigint {
  const now = most(goods - returned, 0n);
  const paid = most(lessExcluded(facts.placed, excluded) - refunded, 0n);
  return goods - least(goods - refunded, most(now, paid));
}

/** Goods, shipping, taxes and tips, before anything went back. */
function costInAll({ gross, placed, total, currentTotal, refunds, taxesIncluded }: OrderFacts) {
  const returned = sumOf(
    refunds.map(({ goods, tax, other }) => goods + other + (taxesIncluded ? 0n : tax)),
  );
  const cost =
    (gross === placed || currentTotal === null) && total !== null
      ? total
      : (currentTotal ?? gross) + returned;
  return most(cost, gross);
}

/** Of all its goods, whether they earn or not. */
function refundedGoods(facts: OrderFacts, share: RefundedOrder): bigint {
  if (facts.isGivenBack) return facts.gross;
  const order = { ...share, goods: facts.gross, excluded: {} };
  const all = sumOf(facts.refunds.map((refund) => worthOfRefund(refund, order).earning));
  return least(all, facts.gross);
}

interface Step {
  readonly key: string;
  readonly points: bigint;
  readonly reasonCode: OrderReasonCode;
  readonly metadata: EntryMetadata;
}

interface AccountChange {
  readonly isAwarded: boolean;
  readonly context: EarningContext;
  readonly full: bigint;
  readonly opened: bigint;
  readonly after: bigint;
  readonly refunds: GivenBack['refunds'];
  readonly canSplit: boolean;
}

/** What the order was worth as it was last awarded or edited: what an edit adds has an entry of its own. */
interface Worth {
  readonly base: bigint;
  readonly goods: bigint;
  readonly whole: bigint;
}

/** What brings the account from what it is to what it should be, each step with its reason. */
function stepsOf(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  terms: Terms,
  program: Program,
  change: AccountChange,
): Step[] {
  const steps: Step[] = [];
  if (change.isAwarded)
    steps.push({
      key: awardKey(facts.orderId),
      points: change.full,
      reasonCode: 'order_paid',
      metadata: {
        ...earningTerms('order_paid', terms, program.version),
        ...contextTerms(terms, change.context, facts.isFirst),
      },
    });
  const done = new Set(
    recorded.flatMap(({ key, refunds }) => [key, ...(refunds ?? []).map(refundKey)]),
  );
  const base = change.isAwarded ? terms.base : (lastBase(recorded) ?? terms.base);
  const goods = most(base + (terms.goods - terms.base), 1n);
  const worth = { base, goods, whole: pointsFor(base, terms) };
  const due = change.after - change.opened;
  const refunds = refundSteps(facts.orderId, done, worth, change, due);
  steps.push(...refunds);
  const left = due - sumOf(refunds.map(({ points }) => points));
  if (left === 0n) return steps;
  if (facts.isCancelled && left < 0n && !done.has(cancelKey(facts.orderId)))
    steps.push(cancelStep(facts.orderId, worth, left));
  else {
    const key = editKey(facts.orderId, recorded.length + steps.length);
    steps.push(
      facts.isGivenBack
        ? givenBackStep(key, worth, left)
        : {
            key,
            points: left,
            reasonCode: 'order_edited',
            metadata: earningTerms('order_edited', terms, program.version),
          },
    );
  }
  return steps;
}

/** What each refund that has no entry yet deducts, unless the order's end has deducted all. */
function refundSteps(
  orderId: string,
  done: ReadonlySet<string>,
  { base, goods, whole }: Worth,
  { refunds, canSplit }: Pick<AccountChange, 'refunds' | 'canSplit'>,
  due: bigint,
): Step[] {
  const steps: Step[] = [];
  let left = due;
  let refunded = 0n;
  for (const { refundId, earning } of refunds) {
    const earlier = refunded;
    refunded = least(refunded + earning, goods);
    if (done.has(refundKey(refundId)) || done.has(cancelKey(orderId))) continue;
    const nominal = refundedShare(whole, refunded, goods) - refundedShare(whole, earlier, goods);
    const points = canSplit ? nominal : least(nominal, most(-left, 0n));
    if (points <= 0n) continue;
    left += points;
    steps.push({
      key: refundKey(refundId),
      points: -points,
      reasonCode: 'order_refunded',
      metadata: {
        reason_code: 'order_refunded',
        refunded: formatAmount(earning),
        base: formatAmount(base),
        award_points: Number(whole),
        rounding: 'floor',
      },
    });
  }
  return steps;
}

const cancelStep = (orderId: string, { base, whole }: Worth, points: bigint): Step => ({
  key: cancelKey(orderId),
  points,
  reasonCode: 'order_cancelled',
  metadata: {
    reason_code: 'order_cancelled',
    award_points: Number(whole),
    base: formatAmount(base),
  },
});

const givenBackStep = (key: string, { whole }: Worth, points: bigint): Step => ({
  key,
  points,
  reasonCode: 'order_refunded',
  metadata: { reason_code: 'order_refunded', award_points: Number(whole), rounding: 'floor' },
});

/** What each member but the owner still has of the order goes to the owner, with the dates on which it expires. */
function movesOf(
  facts: OrderFacts,
  recorded: readonly RecordedEntry[],
  lots: readonly LotFact[],
  standing: bigint,
): PlannedEntry[] {
  const entries: PlannedEntry[] = [];
  const nth = recorded.length;
  const held = heldBy(recorded);
  for (const [member, { points, isErased }] of held) {
    if (member === facts.owner || isErased) continue;
    const expired = expiredOf(lots, member);
    // What stopping at zero left with its former owner was forgiven them.
    const rest = points - expired - (facts.waived < points ? facts.waived : points);
    if (rest <= 0n) continue;
    entries.push({
      member,
      key: moveKey(facts.orderId, nth, `from/${member}`),
      points: -Number(rest),
      reasonCode: 'order_moved',
      metadata: { reason_code: 'order_moved' },
    });
  }
  const { owner } = facts;
  if (owner === null || facts.isOwnerErased) return entries;
  const own = (held.get(owner)?.points ?? 0n) - expiredOf(lots, owner);
  let missing = standing - own;
  // It was theirs all along; one that had no customer for a while is not.
  const isOnlyTheirs = held.size <= 1 && held.has(owner) && !recorded.some(isMove);
  if (missing <= 0n || isOnlyTheirs) return entries;
  const former = [...lots].sort(
    (a, b) =>
      Number(a.member === owner) - Number(b.member === owner) ||
      compare(b.expiresAt ?? '~', a.expiresAt ?? '~'),
  );
  const parts: { points: bigint; expiresAt?: string | null }[] = [];
  for (const lot of former) {
    const points = least(missing, lot.points - lot.expired);
    if (points <= 0n) continue;
    const same = parts.find(({ expiresAt }) => expiresAt === lot.expiresAt);
    if (same) same.points += points;
    else parts.push({ points, expiresAt: lot.expiresAt });
    missing -= points;
  }
  if (missing > 0n) parts.push({ points: missing });
  for (const [part, { points, ...expiry }] of parts.entries())
    entries.push({
      member: owner,
      key: moveKey(facts.orderId, nth, `to/${part}`),
      points: Number(points),
      reasonCode: 'order_moved',
      ...expiry,
      metadata: { reason_code: 'order_moved' },
    });
  return entries;
}

/** The steps as entries of the owner: none without an owner, and none for an erased person. */
function forOwner(
  { owner, isOwnerErased }: OrderFacts,
  steps: readonly Step[],
  waivedBefore: bigint,
): { entries: PlannedEntry[]; waived: bigint } {
  const entries: PlannedEntry[] = [];
  let waived = waivedBefore;
  if (owner === null || isOwnerErased) return { entries, waived };
  for (const step of steps) {
    // A waived deduction is not given again when the order is worth more after all.
    const forgiven = step.points > 0n ? least(step.points, waived) : 0n;
    waived -= forgiven;
    const points = step.points - forgiven;
    if (points === 0n) continue;
    entries.push({
      member: owner,
      key: step.key,
      points: Number(points),
      reasonCode: step.reasonCode,
      metadata: step.metadata,
    });
  }
  return { entries, waived };
}

function heldBy(recorded: readonly RecordedEntry[]) {
  const held = new Map<string, { points: bigint; isErased: boolean }>();
  for (const { member, points, isErased } of recorded) {
    const before = held.get(member)?.points ?? 0n;
    held.set(member, { points: before + BigInt(points), isErased });
  }
  return held;
}

const expiredOf = (lots: readonly LotFact[], member: string): bigint =>
  sumOf(lots.filter((lot) => lot.member === member).map((lot) => lot.expired));

const isMove = ({ key }: { readonly key: string }): boolean => /^order\/[^/]+\/moved\//.test(key);

/** What the entries say that the order is worth, over all members. */
const accountOf = (recorded: readonly Pick<PlannedEntry, 'key' | 'points'>[]): bigint =>
  sumOf(recorded.filter((entry) => !isMove(entry)).map(({ points }) => BigInt(points)));

/** Awards and edits store what they were computed on; refunds repeat it, and do not count. */
function lastBase(recorded: readonly RecordedEntry[]): bigint | undefined {
  return recorded.filter((entry) => entry.base !== undefined && entry.rate !== undefined).at(-1)
    ?.base;
}

const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
