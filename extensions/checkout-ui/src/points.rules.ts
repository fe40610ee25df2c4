import type { CheckoutPoints } from '../../shared/contract.ts';

export interface PointsView {
  /** Null: it earns, and how much is known when it is paid. */
  readonly earn: number | null;
  /** Above 1, as a decimal string; null where nothing is multiplied. */
  readonly multiplier: string | null;
  readonly available: number | null;
  /** Who is not signed in is told what it takes to have the points. */
  readonly invitation: 'account' | 'guest' | null;
  /** There is something to exchange points for. */
  readonly hasRewards: boolean;
}

/** What a block says; null where it has nothing to say, so that it takes no room. */
export function pointsViewOf(answer: CheckoutPoints): PointsView | null {
  const { earn, customer, signed_in: isSignedIn, needs_account: needsAccount } = answer;
  if (!answer.shown) return null;
  const points = earn?.points ?? null;
  if (points === 0 && !needsAccount && customer === null) return null;
  return {
    // Who has no account yet is not told of the nothing that they earn without one.
    earn: needsAccount ? null : points,
    multiplier: earn !== null && Number(earn.multiplier) > 1 ? earn.multiplier : null,
    available: customer?.available ?? null,
    invitation: isSignedIn ? null : needsAccount ? 'account' : 'guest',
    hasRewards: answer.rewards > 0,
  };
}
