import { randomUUID } from 'node:crypto';
import { perform } from '../jobs/perform.ts';
import { measureQueues } from '../jobs/queue-metrics.ts';
import { repeat } from '../jobs/repeat.ts';
import { renewSchedules } from '../jobs/schedules.ts';
import type { JobServices } from '../jobs/services.ts';
import { log } from '../log.server.ts';
import { inSpan, untraced } from '../spans.server.ts';
import { inWork, newWork } from '../work-context.server.ts';
import { handlers } from './handlers.ts';
import { rounds } from './rounds.ts';
import { catchUpExpiry, schedules } from './schedules.ts';

/** Calls to core and database end well within this, whatever is the matter with them. */
const longestRoundMs = 10 * 60_000;

export interface RunningWorker {
  /** Whether every round came to an end lately, with or without success. */
  isWorking(): boolean;
  /** Finishes running jobs and accepts no new ones. */
  stop(): Promise<void>;
}

/** All background work: jobs, sweeps, the relay of core's events, nightly schedules. */
export async function startWorker(services: JobServices): Promise<RunningWorker> {
  const { queues } = services;
  await queues.work('webhook', 8, (run) => perform(run, handlers, services));
  await queues.work('referrals', 8, (run) => perform(run, handlers, services));
  // Mostly they wait for Shopify. A shop that is throttled holds half of the places, and leaves the others theirs.
  await queues.work('shopify', 8, (run) => perform(run, handlers, services), 4);
  await queues.work('schedules', 2, (run) => perform(run, handlers, services));
  // A provider that does not answer holds a shop's places, and leaves the others theirs.
  await queues.work('notifications', 8, (run) => perform(run, handlers, services), 4);
  await renewSchedules(schedules, services);
  await catchUpExpiry(services);
  measureQueues(queues);
  const ended = rounds.map(() => Date.now());
  const loops = rounds.map(({ intervalMs, run, failure, span }, place) =>
    repeat({
      intervalMs,
      round: () =>
        inWork(newWork(randomUUID()), () =>
          span === undefined ? untraced(() => run(services)) : inSpan(span, () => run(services)),
        ).finally(() => (ended[place] = Date.now())),
      onError: (error) => log().warn({ err: error }, failure),
    }),
  );
  return {
    isWorking: () => Math.min(...ended) > Date.now() - longestRoundMs,
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
      await queues.close();
    },
  };
}
