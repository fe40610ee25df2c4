import { LRUCache } from 'lru-cache';
import pMap from 'p-map';
import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { readEvent } from '../../jobs/read-event.ts';
import type { JobServices, ShopReference } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { messageJob } from './message-job.ts';

const pointsChanged = z.object({ type: z.string() });
const statusChanged = z.object({ status: z.string() });
/** As many as core takes at once. */
const eventsPerCall = 500;
const shopsAtOnce = 8;
/** Shops without a provider are not asked about every event. */
const silentMs = 30_000;
const silent = new LRUCache<string, true>({ max: 20_000, ttl: silentMs });

/** Whether members may be told about an event: core decides, but need not be asked about everything. */
export function mayBeTold(event: OutboxEvent): boolean {
  switch (event.kind) {
    case 'points.changed':
      return readEvent(pointsChanged, event, 'points.changed')?.type === 'earn';
    case 'redemption.changed':
      return readEvent(statusChanged, event, 'redemption.changed')?.status === 'completed';
    case 'referral.changed':
      return readEvent(statusChanged, event, 'referral.changed')?.status === 'completed';
    case 'points.expiring':
    case 'tier.changed':
      return true;
    default:
      return false;
  }
}

/**
 * Has core write down what members are told about these events, before they are acknowledged: a queue that loses its
 * memory then loses no message.
 * @returns one job a message
 * @throws CoreError when core is away: the events are claimed again
 */
export async function queueMessages(
  events: readonly OutboxEvent[],
  { core }: Pick<JobServices, 'core'>,
): Promise<NewJob[]> {
  const shops = new Map<string, { shop: ShopReference; eventIds: string[] }>();
  for (const event of events.filter(mayBeTold)) {
    const { merchantId, shopDomain, eventId } = event;
    if (silent.has(merchantId)) continue;
    const known = shops.get(merchantId) ?? {
      shop: { merchantId, shop: shopDomain },
      eventIds: [],
    };
    known.eventIds.push(eventId);
    shops.set(merchantId, known);
  }
  const jobs = await pMap(shops.values(), (one) => ofShop(one, core), {
    concurrency: shopsAtOnce,
  });
  return jobs.flat();
}

async function ofShop(
  { shop, eventIds }: { shop: ShopReference; eventIds: readonly string[] },
  core: JobServices['core'],
): Promise<NewJob[]> {
  const jobs: NewJob[] = [];
  for (let at = 0; at < eventIds.length; at += eventsPerCall) {
    try {
      const { messageIds, hasProvider } = await core(shop.merchantId).admin.queueMessages({
        eventIds: eventIds.slice(at, at + eventsPerCall),
      });
      if (!hasProvider) silent.set(shop.merchantId, true);
      jobs.push(...messageIds.map((messageId) => messageJob(shop, messageId, 'first')));
    } catch (error) {
      // What core refuses it refuses again; other shops' events must not wait for it.
      if (!(error instanceof CoreError) || error.isTransient) throw error;
      log().error({ merchantId: shop.merchantId, err: error }, 'Events bring no messages');
    }
  }
  return jobs;
}
