import { setTimeout as sleep } from 'node:timers/promises';
import { CoreError } from '../core-client/errors.server.ts';
import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { countQueueError } from '../metrics.server.ts';
import { openQueues } from './queue.server.ts';
import type { JobQueues, NewJob } from './queue.ts';

let opened: JobQueues | undefined;

/** The queues of this process: Redis when it is configured, else PostgreSQL. */
export function queues(): JobQueues {
  if (opened === undefined) {
    const { REDIS_URL, QUEUE_DATABASE_URL, DATABASE_URL } = env();
    const open = openQueues({
      redisUrl: REDIS_URL,
      databaseUrl: QUEUE_DATABASE_URL ?? DATABASE_URL,
      onError(error) {
        log().warn({ err: error }, 'The queue reported an error');
        countQueueError();
      },
    });
    opened = open;
    onShutdown(async () => {
      opened = undefined;
      await open.close();
    });
  }
  return opened;
}

/** How long a person's request may wait for the queue. */
const reachedWithinMs = 1_000;

/**
 * Asks the queue on behalf of a person. A client of Redis waits for its server to come back; a person does not.
 * @throws CoreError unavailable
 */
export async function whileReachable<Result>(
  ask: (queues: JobQueues) => Promise<Result>,
): Promise<Result> {
  const asked = queues();
  if (!asked.isReachable()) throw away();
  const answer = ask(asked);
  const late = new AbortController();
  try {
    return await Promise.race([
      answer,
      sleep(reachedWithinMs, undefined, { signal: late.signal }).then(() => {
        throw away();
      }),
    ]);
  } finally {
    late.abort();
    answer.catch(() => undefined);
  }
}

/** Enqueues what a sweep or the relay of events finds anyway, only later: the request goes on without the queue. */
export const enqueueOrLeave = {
  async enqueueAll(jobs: readonly NewJob[]): Promise<void> {
    try {
      await whileReachable((reached) => reached.enqueueAll(jobs));
    } catch (error) {
      const names = [...new Set(jobs.map(({ name }) => name))];
      log().warn({ err: error, jobs: names }, 'Jobs are left to the sweeps and the relay');
    }
  },
};

const away = () => new CoreError('unavailable', { message: 'the queue is not reached' });
