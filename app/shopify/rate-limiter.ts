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

/** Milliseconds to wait until a call of `cost` leaves the reserve alone; 0 when it may go at once. */
export function delayBefore(cost: number, status: ThrottleStatus, ageMs: number): number {
  const { maximumAvailable, currentlyAvailable, restoreRate } = status;
  const available = Math.min(maximumAvailable, currentlyAvailable + (restoreRate * ageMs) / 1000);
  // A call that costs more than the allowance waits for a full bucket, not forever.
  const wanted = Math.min(maximumAvailable, cost + maximumAvailable * reservedShare);
  if (available >= wanted || restoreRate <= 0) return 0;
  return Math.ceil(((wanted - available) / restoreRate) * 1000);
}
