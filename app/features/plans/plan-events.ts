import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import { readEvent } from '../../jobs/read-event.ts';

const limitNear = z.object({
  what: z.string(),
  plan_id: z.string(),
  orders_used: z.number(),
  orders_limit: z.number(),
  sms_referrals_used: z.number(),
  sms_referrals_limit: z.number(),
});

/** Product analytics events of plans; undefined for other events. */
export function planAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const { merchantId, eventId: id } = event;
  const near = readEvent(limitNear, event, 'plan.limit_near');
  return near && { merchantId, id, name: 'plan_limit_warning', properties: near };
}
