import { observeQueues } from '../metrics.server.ts';
import { queueNames } from './catalog.ts';
import type { JobQueues } from './queue.ts';

/** Has depth and age of every queue measured for as long as the process lives. */
export function measureQueues(queues: JobQueues): void {
  observeQueues(() =>
    Promise.all(
      queueNames.map(async (queue) => ({
        queue,
        counts: await queues.counts(queue),
        ageSeconds: (await queues.oldestWait(queue)) / 1_000,
      })),
    ),
  );
}
