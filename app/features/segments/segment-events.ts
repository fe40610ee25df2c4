import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { readEvent } from '../../jobs/read-event.ts';
import { RESCORE_TRIGGERS } from '#vocabulary/segments.ts';

const recalculate = z.object({ trigger: z.enum(RESCORE_TRIGGERS) });
const segmentChanged = z.object({ from: z.array(z.string()), to: z.array(z.string()) });

/** Scores all members of a shop that requested it, once, however often it was requested. */
export function rescoreJobs(events: readonly OutboxEvent[]): NewJob[] {
  const asked = events.flatMap((event) => {
    const payload = readEvent(recalculate, event, 'rfm.recalculate');
    return payload === undefined ? [] : [[event.merchantId, payload.trigger] as const];
  });
  return [...new Map(asked)].map(([merchantId, trigger]) => ({
    name: 'rescore-shop',
    data: { merchantId, trigger, onlyIfDue: false },
    options: { coalesceAs: `rescore-${merchantId}` },
  }));
}

/** Product analytics events of segments; undefined for other events. Of several segments the first counts. */
export function segmentAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const { merchantId, eventId: id } = event;
  const change = readEvent(segmentChanged, event, 'segment.changed');
  if (change !== undefined) {
    const properties = { from: change.from[0] ?? '', to: change.to[0] ?? '' };
    return { merchantId, id, name: 'rfm_segment_deltas_updated', properties };
  }
  return readEvent(recalculate, event, 'rfm.recalculate')?.trigger === 'config'
    ? { merchantId, id, name: 'rfm_updated', properties: {} }
    : undefined;
}
