import { createPostgresBackend, Queue, withBackend } from 'bullmq';

/**
 * Puts a job with one attempt directly into the product's queue: a nightly job, or one that an earlier release
 * left behind.
 */
export async function enqueue(
  queueName: string,
  name: string,
  data: unknown,
  jobId: string,
): Promise<void> {
  const options = { attempts: 1, jobId };
  const { REDIS_URL: redis = '', E2E_APP_DATABASE_URL: database = '' } = process.env;
  if (redis !== '') {
    const queue = new Queue(queueName, { connection: { url: redis } });
    await queue.add(name, data, options);
    await queue.close();
    return;
  }
  const { Queue: PostgresQueue } = withBackend(createPostgresBackend);
  const connection = { connectionString: database, max: 1, schema: 'bullmq' };
  const queue = new PostgresQueue(queueName, { connection });
  await queue.add(name, data, options);
  await queue.close();
}
