/**
 * Keeps background work within a shop's budget of GraphQL cost. Shopify tells with every answer how much of the bucket
 * is left and how fast it refills; background calls stop at 80 % spent, so that a person's page always finds some.
 */
export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  /** Points of cost a second. */
  readonly restoreRate: number;
}

/** What remains untouched by background work. */
const reservedShare = 0.2;

/** The bucket as it is now, `ageMs` after Shopify told of it. */
export function restored(status: ThrottleStatus, ageMs: number): ThrottleStatus {
  const { maximumAvailable, currentlyAvailable, restoreRate } = status;
  const available = currentlyAvailable + (restoreRate * Math.max(0, ageMs)) / 1000;
  return { ...status, currentlyAvailable: Math.min(maximumAvailable, available) };
}

/** Milliseconds to wait until a call of `cost` leaves the reserve alone; 0 when it may go at once. */
export function delayBefore(cost: number, status: ThrottleStatus): number {
  const { maximumAvailable, currentlyAvailable: available, restoreRate } = status;
  // A call that costs more than the allowance waits for a full bucket, not forever.
  const wanted = Math.min(maximumAvailable, cost + maximumAvailable * reservedShare);
  if (available >= wanted || restoreRate <= 0) return 0;
  return Math.ceil(((wanted - available) / restoreRate) * 1000);
}
