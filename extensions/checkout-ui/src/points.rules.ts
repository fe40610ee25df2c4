import type { CheckoutPoints } from '../../shared/contract.ts';

export interface PointsView {
  /** Null: it earns, but the amount is known only when paid. */
  readonly earn: number | null;
  /** Above 1, as a decimal string; null where nothing is multiplied. */
  readonly multiplier: string | null;
  readonly available: number | null;
  /** A guest is told how to get the points. */
  readonly invitation: 'account' | 'guest' | null;
  /** There are rewards. */
  readonly hasRewards: boolean;
}

/** A block's text; null to render nothing. */
export function pointsViewOf(answer: CheckoutPoints): PointsView | null {
  const { earn, customer, signed_in: isSignedIn, needs_account: needsAccount } = answer;
  if (!answer.shown) return null;
  const points = earn?.points ?? null;
  if (points === 0 && !needsAccount && customer === null) return null;
  return {
    // A guest who earns nothing is not shown a zero.
    earn: needsAccount ? null : points,
    multiplier: earn !== null && Number(earn.multiplier) > 1 ? earn.multiplier : null,
    available: customer?.available ?? null,
    invitation: isSignedIn ? null : needsAccount ? 'account' : 'guest',
    hasRewards: answer.rewards > 0,
  };
}
