import type { DeliveryFailure, DisabledReason, EndpointKind } from '#vocabulary/public-events.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Before each further attempt, as Standard Webhooks recommends: three days and some hours in all. */
const delaysMs = [
  5_000,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];
/** No receiver may ask for more. */
const longestRetryAfterMs = 24 * hourMs;
/** Failing for so long without a single success, an endpoint is disabled. */
const failingMs = 5 * 24 * hourMs;
/** From so many failures in a row on, an endpoint rests between attempts. */
export const FAILURES_BEFORE_REST = 5;
const longestRestMs = 5 * minuteMs;

export interface Attempt {
  readonly kind: EndpointKind;
  readonly isTest: boolean;
  /** This one counted. */
  readonly attempts: number;
  readonly failure: DeliveryFailure;
  readonly retryAfterMs: number;
  /** From 0 to 1: spreads what failed together. */
  readonly chance: number;
}

/** How long to wait before the next attempt; null: there is none. */
export function retryDelayMs(attempt: Attempt): number | null {
  const { failure, attempts, isTest, retryAfterMs, chance } = attempt;
  // A test is answered at once or not; Flow refuses again what it refused; who is gone does not return.
  if (isTest || failure === 'flow_refused' || failure === 'gone') return null;
  const delay = delaysMs[attempts - 1];
  if (delay === undefined) return null;
  const spread = Math.round(delay * (0.9 + 0.2 * chance));
  return Math.max(spread, Math.min(retryAfterMs, longestRetryAfterMs));
}

export interface EndpointHealth {
  readonly failures: number;
  readonly failingSince: Date | null;
  readonly restUntil: Date | null;
  readonly disabledReason: DisabledReason | null;
}

/** What a failure means for its endpoint. */
export function afterFailure(
  { failures, failingSince }: Pick<EndpointHealth, 'failures' | 'failingSince'>,
  { kind, failure }: Pick<Attempt, 'kind' | 'failure'>,
  now: Date,
): EndpointHealth {
  // Flow refused this event, and is well.
  if (failure === 'flow_refused')
    return { failures, failingSince, restUntil: null, disabledReason: null };
  const since = failingSince ?? now;
  const count = failures + 1;
  const beyond = count - FAILURES_BEFORE_REST;
  const restMs = beyond < 0 ? 0 : Math.min(longestRestMs, 15_000 * 2 ** Math.min(beyond, 10));
  const isLost = now.getTime() - since.getTime() >= failingMs;
  const disabledReason = failure === 'gone' ? 'gone' : isLost ? 'failing' : null;
  return {
    failures: count,
    failingSince: since,
    restUntil: restMs === 0 ? null : new Date(now.getTime() + restMs),
    // Flow is Shopify: that it is away is no reason to give it up.
    disabledReason: kind === 'flow' ? null : disabledReason,
  };
}
