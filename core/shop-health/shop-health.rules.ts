import { HEALTH_PROBLEMS } from '#vocabulary/health.ts';
import type { HealthProblem, ShopAccess } from '#vocabulary/health.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** What counts as recent. */
export const recentMs = 24 * hourMs;
/** Shopify's webhooks come in bursts, and a worker that restarts takes up what waits within a minute. */
export const waitingTooLongMs = 5 * minuteMs;
/** The alarm on all shops together begins at the same lag. */
const slowMs = minuteMs;
/** One night may be missed, as the reading of orders looks back over two. */
export const unvisitedTooLongMs = 50 * hourMs;

/** What is known of how a shop is served. A time is null until the first visit that sets it. */
export interface HealthFacts {
  readonly medianMs: number;
  readonly waitingSince: Date | null;
  readonly failed: number;
  readonly reconciledAt: Date | null;
  readonly reconcileFailedAt: Date | null;
  readonly drifted: number;
  readonly balancesCheckedAt: Date | null;
  readonly balancesBroken: number;
  readonly access: ShopAccess | null;
  readonly missingScopes: number;
  readonly missingTopics: number;
}

/** Worst first. What was never looked at is not wrong: a new shop is well. */
export function problemsOf(facts: HealthFacts, now: Date): HealthProblem[] {
  const isOlder = (at: Date | null, ms: number) => at !== null && now.getTime() - at.getTime() > ms;
  const found: Readonly<Record<HealthProblem, boolean>> = {
    balances_broken: facts.balancesBroken > 0,
    not_connected: facts.access === 'not_connected',
    orders_waiting: isOlder(facts.waitingSince, waitingTooLongMs),
    deliveries_failed: facts.failed > 0,
    scopes_missing: facts.missingScopes > 0,
    topics_missing: facts.missingTopics > 0,
    reconcile_failed: facts.reconcileFailedAt !== null,
    reconcile_late:
      facts.reconcileFailedAt === null && isOlder(facts.reconciledAt, unvisitedTooLongMs),
    balances_unchecked: isOlder(facts.balancesCheckedAt, unvisitedTooLongMs),
    points_slow: facts.medianMs > slowMs,
    orders_drifted: facts.drifted > 0,
    frozen: facts.access === 'frozen',
  };
  return HEALTH_PROBLEMS.filter((problem) => found[problem]);
}

/** Shops by their worst problem, then by how many there are; those without any are left out. */
export function worstFirst<Shop extends { readonly problems: readonly HealthProblem[] }>(
  shops: readonly Shop[],
): Shop[] {
  const rank = ({ problems }: Shop) =>
    problems[0] === undefined ? HEALTH_PROBLEMS.length : HEALTH_PROBLEMS.indexOf(problems[0]);
  return shops
    .filter(({ problems }) => problems.length > 0)
    .sort((one, other) => rank(one) - rank(other) || other.problems.length - one.problems.length);
}
