import { openQueues } from '../jobs/queue.server.ts';

/** A separate process for queue tests: takes one job of `schedules`, reports it, and never finishes it. */
const { QUEUE_URL = '', REDIS_URL, LOCK_MS } = process.env;
const queues = openQueues({
  databaseUrl: QUEUE_URL,
  redisUrl: REDIS_URL,
  lockMs: Number(LOCK_MS),
  onError: (error) => void process.stderr.write(`${error.message}\n`),
});
await queues.work('schedules', 1, () => {
  process.stdout.write('holding\n');
  return new Promise(() => undefined);
});
