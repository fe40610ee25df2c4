import { z } from 'zod';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { AnalyticsEvent } from '../../analytics/posthog.server.ts';
import { readEvent } from '../../jobs/read-event.ts';

const step = z.object({ task: z.string() });
const over = z.object({ skipped: z.number() });
const completed = z.object({ tasks: z.number() });

/** Product analytics events of the setup; undefined for other events. */
export function setupAnalytics(event: OutboxEvent): AnalyticsEvent | undefined {
  const { merchantId, eventId: id } = event;
  const told = (name: string, properties: AnalyticsEvent['properties'] | undefined) =>
    properties && { merchantId, id, name, properties };
  return (
    told('setup_task_completed', readEvent(step, event, 'setup.task_completed')) ??
    told('onboarding_completed', readEvent(over, event, 'onboarding.completed')) ??
    told('setup_completed', readEvent(completed, event, 'setup.completed'))
  );
}
