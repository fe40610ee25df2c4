import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { Analytics, AnalyticsEvent } from '../analytics/posthog.server.ts';
import type { Change, FirstViews } from '../cache/first-views.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import { log } from '../log.server.ts';
import type { JobQueues, NewJob } from './queue.ts';

export interface RelayServices {
  readonly platform: CoreClients['admin'];
  readonly queues: Pick<JobQueues, 'enqueueAll'>;
  readonly analytics: Analytics;
  readonly now: number;
  /** Marks outdated views; a cache that is down must not delay events. */
  readonly views?: Pick<FirstViews, 'outdate'>;
  /** Writes down what members are told about events, before these are acknowledged. */
  /** Writes down what endpoints of merchants are told about events, before these are acknowledged. */
  readonly recordFor?: (events: readonly OutboxEvent[]) => Promise<void>;
  readonly messagesFor?: (events: readonly OutboxEvent[]) => Promise<NewJob[]>;
}

/** Effects of events. Each can get an event twice, and events that do not concern it. */
export interface EventEffects {
  readonly jobs: readonly ((events: readonly OutboxEvent[], now: number) => NewJob[])[];
  /** The first one that returns something for an event counts. */
  readonly analytics: readonly ((event: OutboxEvent) => AnalyticsEvent | undefined)[];
  readonly views: (events: readonly OutboxEvent[]) => Change[];
}

const eventsPerClaim = 500;
/** Longer than any round takes; events of a relay that died are claimed again after it. */
const leaseSeconds = 60;

/**
 * Carries core's events to where they have an effect: claimed, enqueued, acknowledged, in this order, so a crash at any
 * point sends an event once more and never loses one. Answers whether there was anything.
 */
export async function relayOutbox(
  { platform, queues, analytics, now, views, messagesFor, recordFor }: RelayServices,
  effects: EventEffects,
): Promise<boolean> {
  const { events } = await platform.claimOutboxEvents({ limit: eventsPerClaim, leaseSeconds });
  if (events.length === 0) return false;
  // First of all, as shoppers are looking; what the cache misses is seen within a minute.
  await views?.outdate(effects.views(events)).catch(() => undefined);
  const jobs = effects.jobs.flatMap((jobsFor) =>
    continuing(
      events.filter((event) => event.traceparent !== '' && brings(event, jobsFor, now)),
      eachAlone(events, (some) => jobsFor(some, now)).flat(),
    ),
  );
  await recordFor?.(events);
  const messages = (await messagesFor?.(events)) ?? [];
  await queues.enqueueAll([...jobs, ...messages]);
  eachAlone(events, (some) => {
    for (const event of some) capture(event, effects, analytics);
  });
  await platform.acknowledgeOutboxEvents({ eventIds: events.map(({ eventId }) => eventId) });
  return true;
}

/** A job continues the trace of what brought it about in its shop: of the first event, where it is about several. */
function continuing(causes: readonly OutboxEvent[], jobs: readonly NewJob[]): readonly NewJob[] {
  const traces = new Map<string, string>();
  for (const { merchantId, traceparent } of causes)
    if (!traces.has(merchantId)) traces.set(merchantId, traceparent);
  if (traces.size === 0) return jobs;
  return jobs.map((job) => {
    const traceparent = 'merchantId' in job.data ? traces.get(job.data.merchantId) : undefined;
    return traceparent === undefined ? job : { ...job, options: { ...job.options, traceparent } };
  });
}

/** Whether an event alone would be reason enough for a job. */
function brings(event: OutboxEvent, jobsFor: EventEffects['jobs'][number], now: number): boolean {
  try {
    return jobsFor([event], now).length > 0;
  } catch {
    return false;
  }
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

/** Numbers and kinds alone: who it was stays here. */
function capture(event: OutboxEvent, effects: EventEffects, analytics: Analytics): void {
  for (const told of effects.analytics) {
    const fact = told(event);
    if (fact === undefined) continue;
    analytics.capture(fact);
    return;
  }
}
