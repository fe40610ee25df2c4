import { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

/** Of the outbox: those that endpoints may be told about. */
const kinds: ReadonlySet<string> = new Set([
  'points.changed',
  'points.expiring',
  'redemption.changed',
  'tier.changed',
  'segment.changed',
  'referral.changed',
]);
/** As many as core takes at once. */
const eventsPerCall = 500;
const shopsAtOnce = 8;
/** Shops without an endpoint are not asked about every event; a new endpoint hears of events after this. */
const silentMs = 10_000;
/** Until when. */
const silent = new LRUCache<string, number>({ max: 20_000 });

/**
 * Has core write down what endpoints are told about these events, before they are acknowledged: a queue that loses its
 * memory then loses none.
 * @throws CoreError when core is away: the events are claimed again
 */
export async function recordEvents(
  events: readonly OutboxEvent[],
  { core, now }: Pick<JobServices, 'core' | 'now'>,
): Promise<void> {
  const shops = new Map<string, string[]>();
  for (const { merchantId, kind, eventId } of events) {
    if (!kinds.has(kind) || (silent.get(merchantId) ?? 0) > now()) continue;
    shops.set(merchantId, [...(shops.get(merchantId) ?? []), eventId]);
  }
  await pMap(shops, ([merchantId, eventIds]) => ofShop(merchantId, eventIds, { core, now }), {
    concurrency: shopsAtOnce,
  });
}

async function ofShop(
  merchantId: string,
  eventIds: readonly string[],
  { core, now }: Pick<JobServices, 'core' | 'now'>,
): Promise<void> {
  for (let at = 0; at < eventIds.length; at += eventsPerCall) {
    try {
      const { hasEndpoint } = await core(merchantId).admin.recordEvents({
        eventIds: eventIds.slice(at, at + eventsPerCall),
      });
      if (!hasEndpoint) silent.set(merchantId, now() + silentMs);
    } catch (error) {
      // What core refuses it refuses again; other shops' events must not wait for it.
      if (!(error instanceof CoreError) || error.isTransient) throw error;
      log().error({ merchantId, err: error }, 'Events are not recorded for endpoints');
    }
  }
}
