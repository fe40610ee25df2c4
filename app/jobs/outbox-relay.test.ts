import { expect, test } from 'vitest';
import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import { balanceJobs } from '../features/balance-metafields/write.job.ts';
import { installJobs } from '../features/onboarding/install-events.ts';
import type { RelayServices } from './outbox-relay.ts';
import { relayOutbox } from './outbox-relay.ts';
import type { NewJob } from './queue.ts';

const traceparent = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

function eventOf(eventId: string, kind: string, trace: string): OutboxEvent {
  return {
    eventId,
    kind,
    merchantId: 'm',
    shopDomain: 'demo.myshopify.com',
    payload: '{"customer_id":"c"}',
    createdAt: '2026-11-30T10:00:00.000Z',
    attempts: 1,
    traceparent: trace,
  };
}

/** What is enqueued for events that the relay claims at once. */
async function jobsOf(events: OutboxEvent[]): Promise<readonly NewJob[]> {
  const enqueued: NewJob[] = [];
  const platform = {
    claimOutboxEvents: () => Promise.resolve({ events }),
    acknowledgeOutboxEvents: () => Promise.resolve({}),
  } as unknown as RelayServices['platform'];
  await relayOutbox(
    {
      platform,
      queues: {
        enqueueAll: (jobs) => {
          enqueued.push(...jobs);
          return Promise.resolve();
        },
      },
      analytics: { capture: () => undefined },
      now: Date.parse('2026-11-30T10:00:01.000Z'),
    },
    { jobs: [installJobs, balanceJobs], analytics: [], views: () => [] },
  );
  return enqueued;
}

test('a job continues the trace of what brought it about, not of the shop’s other news', async () => {
  const install = eventOf('1', 'merchant.installed', traceparent('a'));
  const points = eventOf('2', 'points.changed', traceparent('b'));
  const more = eventOf('3', 'points.changed', traceparent('c'));
  const jobs = await jobsOf([install, points, more]);
  const traceOf = (name: string) => jobs.find((job) => job.name === name)?.options?.traceparent;
  expect(traceOf('write-balance-metafields')).toBe(traceparent('b'));
  expect(jobs.filter(({ name }) => name !== 'write-balance-metafields')).not.toEqual([]);
  for (const { name } of jobs)
    if (name !== 'write-balance-metafields') expect(traceOf(name), name).toBe(traceparent('a'));
});

test('a job of untraced events continues no trace', async () => {
  const [job] = await jobsOf([eventOf('1', 'points.changed', '')]);
  expect(job?.name).toBe('write-balance-metafields');
  expect(job?.options?.traceparent).toBeUndefined();
});
