import { createHash } from 'node:crypto';
import { cache } from '../../cache/cache.server.ts';
import { cacheKeys } from '../../cache/keys.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { log } from '../../log.server.ts';
import { createCallLimiter } from './call-limiter.ts';

/** Calls a minute of one caller: against scripts, not against people. */
const perMinute = {
  /** Looks at a balance, a history, how far a redemption is. */
  read: 240,
  /** Redeems, returns. */
  redeem: 60,
  claim: 20,
  /** What the widget saw, sent in bundles. */
  observe: 120,
  /** A till serves many customers. */
  till: 600,
} as const;
export type CallKind = keyof typeof perMinute;

/** While the shared count cannot be asked each process counts for itself. */
const alone = Object.fromEntries(
  Object.entries(perMinute).map(([kind, limit]) => [kind, createCallLimiter({ perMinute: limit })]),
) as Record<CallKind, ReturnType<typeof createCallLimiter>>;

/**
 * Counts a call, for all web processes together where they have a cache in common.
 * @throws CoreError rate_limited
 */
export async function admitCall(kind: CallKind, merchantId: string, caller: string): Promise<void> {
  // Who calls may be an address or an id of Shopify's, and neither is kept.
  const hash = createHash('sha256').update(`${merchantId}/${caller}`).digest('hex').slice(0, 32);
  const minute = Math.floor(Date.now() / 60_000);
  let isAdmitted: boolean;
  try {
    isAdmitted = (await cache().count(cacheKeys.calls(kind, hash, minute))) <= perMinute[kind];
  } catch (error) {
    log().warn({ err: error, kind }, 'Calls are counted by this process alone');
    isAdmitted = alone[kind].admit(hash);
  }
  if (!isAdmitted)
    throw new CoreError('rate_limited', { message: 'too many calls within a minute' });
}
