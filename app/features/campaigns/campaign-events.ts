import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { readEvent } from '../../jobs/read-event.ts';
import type { CampaignStatus } from '#vocabulary/campaigns.ts';

const campaignChanged = z.object({
  campaign_id: z.guid(),
  type: z.string(),
  status: z.string(),
  /** ISO 8601, or empty. */
  starts_at: z.string(),
  ends_at: z.string(),
  is_new: z.boolean(),
});

const campaignTriggered = z.object({
  trigger: z.string(),
  members: z.number(),
  points: z.number(),
});

const toCome: ReadonlySet<string> = new Set<CampaignStatus>(['scheduled', 'active']);

/**
 * A job at the start and at the end of each campaign that was saved. The moment is part of its id: a campaign that is
 * moved gets other jobs, and the old ones find nothing to do.
 */
export function campaignJobs(events: readonly OutboxEvent[], now: number): NewJob[] {
  return events.flatMap((event) => {
    const change = readEvent(campaignChanged, event, 'campaign.changed');
    if (change === undefined || !toCome.has(change.status)) return [];
    return [change.starts_at, change.ends_at]
      .map((time) => Date.parse(time))
      .filter((time) => time > now)
      .map((time) => ({
        name: 'advance-campaigns' as const,
        data: {},
        options: { jobId: `campaign-${change.campaign_id}-${time}`, delayMs: time - now },
      }));
  });
}

/** Product analytics events of campaigns; undefined for other events. */
export function campaignAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const { merchantId, eventId: id } = event;
  const change = readEvent(campaignChanged, event, 'campaign.changed');
  if (change !== undefined)
    return change.is_new
      ? { merchantId, id, name: 'campaign_created', properties: { type: change.type } }
      : undefined;
  const triggered = readEvent(campaignTriggered, event, 'campaign.triggered');
  return (
    triggered && { merchantId, id, name: 'lifecycle_campaign_triggered', properties: triggered }
  );
}
