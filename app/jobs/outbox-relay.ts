import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import type { Analytics } from '../analytics/posthog.server.ts';
import { log } from '../log.server.ts';
import { campaignAnalytics, campaignJobs } from './campaign-events.ts';
import type { JobQueues, NewJob } from './queue.server.ts';
import type { FirstViews } from '../cache/first-views.ts';
import { planAnalytics } from './plan-events.ts';
import { readEvent } from './read-event.ts';
import { rescoreJobs, segmentAnalytics } from './segment-events.ts';
import { giftAnalytics, redemptionJobs } from './redemption-job.ts';
import { setupAnalytics } from './setup-events.ts';
import { tierAnalytics, tierJobs } from './tier-events.ts';
import { viewChanges } from './view-changes.ts';
import type { OutboxEventKind } from '#vocabulary/events.ts';
import { ENTRY_TYPES, type EntryType } from '#vocabulary/ledger.ts';

export interface RelayServices {
  readonly platform: CoreClients['admin'];
  readonly queues: Pick<JobQueues, 'enqueueAll'>;
  readonly analytics: Analytics;
  readonly now: number;
  /** Learns whose views are out of date; a cache that is away is no reason to keep events back. */
  readonly views?: Pick<FirstViews, 'outdate'>;
}

const eventsPerClaim = 500;
/** Longer than any round takes; events of a relay that died are claimed again after it. */
const leaseSeconds = 60;

/**
 * Carries core's events to where they have an effect: claimed, enqueued, acknowledged, in this order, so a crash at any
 * point sends an event once more and never loses one. Answers whether there was anything.
 */
export async function relayOutbox({
  platform,
  queues,
  analytics,
  now,
  views,
}: RelayServices): Promise<boolean> {
  const { events } = await platform.claimOutboxEvents({ limit: eventsPerClaim, leaseSeconds });
  if (events.length === 0) return false;
  // First of all, as shoppers are looking; what the cache misses is seen within a minute.
  await views?.outdate(viewChanges(events)).catch(() => undefined);
  const makers: readonly ((events: readonly OutboxEvent[]) => NewJob[])[] = [
    installations,
    jobsOf,
    (all) => campaignJobs(all, now),
    rescoreJobs,
    redemptionJobs,
    tierJobs,
  ];
  await queues.enqueueAll(
    makers.flatMap((jobsFor) => eachAlone(events, (some) => jobsFor(some)).flat()),
  );
  eachAlone(events, (some) => {
    for (const event of some) capture(event, analytics);
  });
  await platform.acknowledgeOutboxEvents({ eventIds: events.map(({ eventId }) => eventId) });
  return true;
}

/** Works on events together and, when one of them is more than the work can bear, one by one: that one is left out. */
function eachAlone<Result>(
  events: readonly OutboxEvent[],
  work: (events: readonly OutboxEvent[]) => Result,
): Result[] {
  try {
    return [work(events)];
  } catch {
    return events.flatMap((event) => {
      try {
        return [work([event])];
      } catch (error) {
        const { eventId, kind, merchantId } = event;
        log().error({ eventId, kind, merchantId, err: error }, 'An event has no effect');
        return [];
      }
    });
  }
}

/** Jobs that bring Shopify up to date, and the kinds of events after which it may be behind. */
const effects = [
  {
    name: 'write-balance-metafields',
    coalesceAs: 'balances',
    kinds: new Set<OutboxEventKind>(['points.changed', 'customer.created']),
  },
  {
    name: 'write-storefront-settings',
    coalesceAs: 'settings',
    kinds: new Set<OutboxEventKind>(['program.updated', 'settings.updated', 'content.updated']),
  },
] as const satisfies readonly {
  name: string;
  coalesceAs: string;
  kinds: ReadonlySet<OutboxEventKind>;
}[];

/** One job of a name for each shop, whatever the number of its events: core itself knows what is behind. */
export function jobsOf(events: readonly OutboxEvent[]): NewJob[] {
  return effects.flatMap(({ name, coalesceAs, kinds }) => {
    const shops = new Map(
      events
        .filter(({ kind }) => (kinds as ReadonlySet<string>).has(kind))
        .map((event) => [event.merchantId, event.shopDomain]),
    );
    return [...shops].map(([merchantId, shop]) => ({
      name,
      data: { merchantId, shop },
      options: { coalesceAs: `${coalesceAs}-${merchantId}` },
    }));
  });
}

/** What is to be done for a shop that came or came back. */
function installations(events: readonly OutboxEvent[]): NewJob[] {
  return events
    .filter(({ kind }) => kind === 'merchant.installed')
    .map(({ merchantId, shopDomain }) => ({
      name: 'install-shop',
      data: { merchantId, shop: shopDomain },
      options: { coalesceAs: `install-${merchantId}` },
    }));
}

const pointsChanged = z.object({
  type: z.enum(ENTRY_TYPES).optional().catch(undefined),
  points: z.number().optional(),
  source: z.string().optional(),
});

/** What product analytics calls a line of the ledger; undefined: it does not hear of it here. */
const eventNames: Readonly<Record<EntryType, string | undefined>> = {
  earn: 'points_earned',
  redeem: 'points_redeemed',
  adjust: 'points_adjusted',
  reversal: 'points_adjusted',
  expire: undefined,
  import: undefined,
  referral: undefined,
  campaign: undefined,
  writeoff: undefined,
};

/** Numbers and kinds alone: who it was stays here. */
function capture(event: OutboxEvent, analytics: Analytics): void {
  const ofFeature =
    campaignAnalytics(event) ??
    segmentAnalytics(event) ??
    tierAnalytics(event) ??
    giftAnalytics(event) ??
    planAnalytics(event) ??
    setupAnalytics(event);
  if (ofFeature !== undefined) analytics.capture(ofFeature);
  const change = readEvent(pointsChanged, event, 'points.changed');
  const name = change?.type && eventNames[change.type];
  if (change === undefined || name === undefined) return;
  analytics.capture({
    merchantId: event.merchantId,
    name,
    properties: { points: change.points ?? 0, source: change.source ?? '' },
    id: event.eventId,
  });
}
