import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { countQueueError } from '../metrics.server.ts';
import { openQueues } from './queue.server.ts';
import type { JobQueues } from './queue.ts';

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
