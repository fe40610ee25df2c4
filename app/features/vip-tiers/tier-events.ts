import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { readEvent, shopsOf } from '../../jobs/read-event.ts';

/** Applies a published tier set to the members core did not review while publishing; one job a shop is enough. */
export function tierJobs(events: readonly OutboxEvent[]): NewJob[] {
  return shopsOf(events, ['tiers.published']).map(({ merchantId }) => ({
    name: 'review-tiers',
    data: { merchantId, outdatedOnly: true },
    options: { coalesceAs: `tiers-${merchantId}` },
  }));
}

const changed = z.object({ from: z.guid().nullable(), to: z.guid().nullable() });

/** Product analytics events of tiers: which, never who. */
export function tierAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const change = readEvent(changed, event, 'tier.changed');
  if (change === undefined) return undefined;
  const { merchantId, eventId: id } = event;
  const { from, to } = change;
  return {
    merchantId,
    id,
    name: 'vip_tier_changed',
    properties: { from: from ?? '', to: to ?? '' },
  };
}
