import { log } from '../log.server.ts';
import type { JobName } from './catalogue.ts';
import type { JobQueues } from './queue.server.ts';
import { tonight } from './fan-out.ts';

interface Schedule {
  readonly id: string;
  /** Cron, in UTC. */
  readonly pattern: string;
  readonly name: Extract<
    JobName,
    | 'reconcile-all'
    | 'expire-all'
    | 'rescore-all'
    | 'award-birthdays-everywhere'
    | 'review-all-tiers'
    | 'refresh-segment-counts'
    | 'delete-expired'
    | 'erase-shops'
    | 'check-all-plans'
    | 'reseal-values'
    | 'update-all-shops'
  >;
}

/** All that happens by the clock. Each may run twice, and late. */
export const schedules: readonly Schedule[] = [
  // A minute past every quarter: shops' midnights are at full quarters of an hour, and none is earlier than its day's end.
  { id: 'nightly-expiry', pattern: '1,16,31,46 * * * *', name: 'expire-all' },
  // Before segments are counted.
  { id: 'nightly-rescore', pattern: '45 0 * * *', name: 'rescore-all' },
  { id: 'nightly-tiers', pattern: '0 1 * * *', name: 'review-all-tiers' },
  { id: 'nightly-reconcile', pattern: '30 1 * * *', name: 'reconcile-all' },
  { id: 'nightly-refresh', pattern: '0 2 * * *', name: 'refresh-segment-counts' },
  { id: 'nightly-retention', pattern: '0 3 * * *', name: 'delete-expired' },
  { id: 'nightly-resealing', pattern: '30 3 * * *', name: 'reseal-values' },
  { id: 'nightly-plans', pattern: '0 4 * * *', name: 'check-all-plans' },
  { id: 'nightly-shops', pattern: '30 4 * * *', name: 'update-all-shops' },
  { id: 'hourly-birthdays', pattern: '10 * * * *', name: 'award-birthdays-everywhere' },
  { id: 'hourly-erasures', pattern: '20 * * * *', name: 'erase-shops' },
];

/**
 * Makes the schedules that are missing, at every start and every minute by every worker: whoever is alive renews what
 * the queue has forgotten. What was forgotten may have been due meanwhile, with the jobs of single shops, so it also
 * runs at once.
 */
export async function renewSchedules(services: {
  readonly queues: JobQueues;
  readonly now: () => number;
}): Promise<void> {
  const made: string[] = [];
  for (const { id, pattern, name } of schedules) {
    if (!(await services.queues.schedule(id, pattern, name, {}))) continue;
    made.push(id);
    // Of many workers that notice, one runs it; it is known for an hour.
    const hour = new Date(services.now()).toISOString().slice(11, 13);
    const jobId = `renewed-${id}-${tonight(services)}-${hour}`;
    // Expiry looks only at shops whose day began within the last hours; here nobody knows what was missed.
    const data = name === 'expire-all' ? { everyShop: true } : {};
    await services.queues.enqueueAll([{ name, data, options: { jobId } }]);
  }
  if (made.length > 0)
    log().warn({ schedules: made }, 'Schedules were missing; they were made, and run now');
}

/** A worker that starts may be the first for a long time: shops whose midnight nobody saw are caught up at once. */
export async function catchUpExpiry(services: {
  readonly queues: JobQueues;
  readonly now: () => number;
}): Promise<void> {
  const hour = new Date(services.now()).toISOString().slice(0, 13);
  await services.queues.enqueueAll([
    { name: 'expire-all', data: { everyShop: true }, options: { jobId: `start-${hour}` } },
  ]);
}
