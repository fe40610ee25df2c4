import type { ReviewThresholds } from './referral-config.rules.ts';
import type { ReferralRefusal, ReferralStatus } from '#vocabulary/referrals.ts';

/**
 * How a referral goes from a known friend to two rewards, and back. It is decided anew from all that is known whenever
 * something changes, so that facts may come late, twice and in any order.
 */

/** What is known of one referral. Times in milliseconds since 1970. */
export interface ReferralFacts {
  readonly status: ReferralStatus;
  readonly claimedAt: number;
  readonly expiresAt: number;
  readonly completedAt: number | null;
  /** When the friend did what the merchant asks; null: not yet, or not any more. */
  readonly goalAt: number | null;
  /** When it stopped to be so: the refund of the order; null: it stands, or never was. */
  readonly undoneAt: number | null;
  /** Why it was refused before; null: it was not. */
  readonly refusal: ReferralRefusal | null;
  /** The friend had an account, or had bought, before they followed the link. */
  readonly isFriendNew: boolean;
  /** 0 to 100. */
  readonly score: number;
  /** The score with what became known after completion; null: nothing did. */
  readonly lateScore: number | null;
  /** The friend is given a code to buy with, before they have done anything. */
  readonly isCodeAhead: boolean;
  /** What a person decided; null: no one has. */
  readonly decision: 'approved' | 'denied' | null;
  /** The advocate has as many completed referrals as the merchant allows for now. */
  readonly isAtLimit: boolean;
}

export interface ReferralTerms {
  readonly review: ReviewThresholds;
  readonly refundWindowDays: number;
}

export type NextState =
  | { readonly status: 'pending' | 'held' | 'completed' | 'expired' | 'reversed' }
  | { readonly status: 'refused'; readonly reason: ReferralRefusal };

const dayMs = 86_400_000;

/**
 * @returns the status that follows from the facts; the same one when nothing changes. Expired and reversed are final: a
 * friend who buys after the deadline, or whose refund is undone, needs a merchant's hand.
 */
export function nextState(facts: ReferralFacts, terms: ReferralTerms, now: number): NextState {
  switch (facts.status) {
    case 'expired':
    case 'reversed':
      return { status: facts.status };
    case 'completed':
      return isUndone(facts, terms, now) || isFoundOut(facts, terms)
        ? { status: 'reversed' }
        : { status: 'completed' };
    case 'refused':
      // Only a person opens it again, and only while the goal stands.
      return facts.decision === 'approved' && facts.goalAt !== null
        ? { status: 'completed' }
        : { status: 'refused', reason: facts.refusal ?? 'denied' };
    case 'held':
      if (facts.isCodeAhead && facts.undoneAt === null && isAwaited(facts))
        return awaited(facts, terms, now);
      if (facts.goalAt === null) return { status: 'refused', reason: 'goal_undone' };
      return judged(facts, terms);
    case 'pending':
      if (!facts.isFriendNew && facts.decision !== 'approved')
        return { status: 'refused', reason: 'existing_customer' };
      return isAwaited(facts) ? awaited(facts, terms, now) : judged(facts, terms);
  }
}

/** Not reached, or too late. */
const isAwaited = ({ goalAt, expiresAt }: ReferralFacts): boolean =>
  goalAt === null || goalAt > expiresAt;

/** The friend has not done it yet. A code to buy with is worth money before that: a person looks at it first. */
function awaited(facts: ReferralFacts, { review }: ReferralTerms, now: number): NextState {
  if (now > facts.expiresAt) return { status: 'expired' };
  if (!facts.isCodeAhead || facts.decision === 'approved') return { status: 'pending' };
  if (facts.decision === 'denied') return { status: 'refused', reason: 'denied' };
  return { status: facts.score >= review.holdFrom ? 'held' : 'pending' };
}

/** What came to light after both were paid would have kept them from being paid. What was only doubtful stays paid. */
function isFoundOut({ lateScore, decision }: ReferralFacts, { review }: ReferralTerms): boolean {
  return lateScore !== null && lateScore >= review.refuseFrom && decision !== 'approved';
}

/** The goal is reached: pay, ask, or refuse. A person's word goes before the score. */
function judged(facts: ReferralFacts, { review }: ReferralTerms): NextState {
  if (facts.decision === 'approved') return { status: 'completed' };
  if (facts.decision === 'denied') return { status: 'refused', reason: 'denied' };
  if (facts.score >= review.refuseFrom) return { status: 'refused', reason: 'suspicious' };
  if (facts.score >= review.holdFrom) return { status: 'held' };
  if (facts.isAtLimit) return { status: 'refused', reason: 'limit_reached' };
  return { status: 'completed' };
}

/** The order that completed it is gone, soon enough to take the rewards back. */
function isUndone(facts: ReferralFacts, terms: ReferralTerms, now: number): boolean {
  if (facts.goalAt !== null || facts.completedAt === null) return false;
  const undoneAt = facts.undoneAt ?? now;
  return undoneAt <= facts.completedAt + terms.refundWindowDays * dayMs;
}
