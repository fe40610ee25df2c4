import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import { readEvent } from '../../jobs/read-event.ts';

const pointsChanged = z.object({
  type: z.string().optional(),
  points: z.number().optional(),
  source: z.string().optional(),
});

const eventNames: Partial<Record<string, string>> = {
  earn: 'points_earned',
  redeem: 'points_redeemed',
  adjust: 'points_adjusted',
  reversal: 'points_adjusted',
};

/** Product analytics events of points: how many and why, never whose. */
export function pointsAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const change = readEvent(pointsChanged, event, 'points.changed');
  const name = eventNames[change?.type ?? ''];
  if (change === undefined || name === undefined) return undefined;
  return {
    merchantId: event.merchantId,
    name,
    properties: { points: change.points ?? 0, source: change.source ?? '' },
    id: event.eventId,
  };
}
