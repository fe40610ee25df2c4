import { callLimiter } from '../cache/limiters.server.ts';
import type { Limiter } from '../cache/limiter.ts';
import { CoreError } from '../core-client/errors.server.ts';

/** Calls a minute of one caller: against scripts, not against people. */
const perMinute = {
  /** Reads of balance, history and redemptions. */
  read: 240,
  /** Redeems, returns. */
  redeem: 60,
  claim: 20,
  /** Widget events, sent in batches. */
  observe: 120,
  /** Of one referral link, by everyone. */
  visit: 3_000,
  /** One POS device serves many customers. */
  pos: 600,
} as const;
export type CallKind = keyof typeof perMinute;

const limiters = Object.fromEntries(
  Object.entries(perMinute).map(([kind, limit]) => [kind, callLimiter(kind, limit)]),
) as Record<CallKind, Limiter>;

/**
 * Counts a call, for all web processes together where they have a Redis in common.
 * @throws CoreError rate_limited
 */
export async function admitCall(kind: CallKind, merchantId: string, caller: string): Promise<void> {
  if (!(await limiters[kind].admit(`${merchantId}/${caller}`)))
    throw new CoreError('rate_limited', { message: 'too many calls within a minute' });
}

/** The same for so many calls that came together. Returns how many of them are within the limit. */
export function admitCalls(
  kind: CallKind,
  merchantId: string,
  caller: string,
  calls: number,
): Promise<number> {
  return limiters[kind].admitSome(`${merchantId}/${caller}`, calls);
}
