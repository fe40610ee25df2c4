import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnrecoverableError } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '#infra/local/postgres.ts';
import { startRedis } from '#infra/local/redis.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { createDeliveryProducer, enqueueDeliveries } from './delivery-producer.server.ts';
import { openQueues, readJob } from './queue.server.ts';
import type { JobQueues, JobRun } from './queue.ts';

const merchantId = '0b8f7a9e-3c1d-4a55-9f10-1f2e3d4c5b6a';
const shop = { merchantId, shop: 'demo-store.myshopify.com' };
const delivery = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** What the queues logged. */
const problems: string[] = [];
const onError = (error: Error) => void problems.push(error.message);

/** Shorter than in production, so the job of a dead worker is reassigned sooner. */
const lockMs = 2_000;

interface Engine {
  readonly settings: Readonly<Record<string, string>>;
  open(): JobQueues;
  /** Breaks the connections that are there. */
  interrupt(): Promise<void>;
  close(): Promise<void>;
}

/** A process that takes a job and never finishes it. */
async function startHoldingWorker(settings: Readonly<Record<string, string>>) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('../testing/holding-worker.ts', import.meta.url))],
    {
      env: { ...process.env, ...settings, LOCK_MS: String(lockMs) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(() => output.includes('holding'));
  return {
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function postgres(): Promise<Engine> {
  const database: TestDatabase = await createTestDatabase();
  return {
    settings: { QUEUE_URL: database.queueUrl },
    open: () => openQueues({ databaseUrl: database.queueUrl, onError, lockMs }),
    interrupt: () =>
      withClient(database.queueUrl, async (client) => {
        // BullMQ listens to its waiting connection only once it is made: one that ends in that very moment ends the process,
        // which is then started again. Here it would end the tests.
        await client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()
             AND backend_start < clock_timestamp() - interval '100 ms'`,
        );
      }),
    close: () => database.drop(),
  };
}

async function redis(): Promise<Engine | undefined> {
  const server = await startRedis();
  if (server === undefined) return undefined;
  return {
    settings: { REDIS_URL: server.url },
    open: () => openQueues({ redisUrl: server.url, databaseUrl: '', onError, lockMs }),
    async interrupt() {
      const control = new Redis(server.url);
      await control.client('KILL', 'SKIPME', 'yes');
      await control.quit();
    },
    close: () => server.stop(),
  };
}

async function until(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(20);
  }
}

/** One suite for both engines. */
describe.each([
  ['PostgreSQL', postgres],
  ['Redis', redis],
])('the queues on %s', (_name, start) => {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(async () => {
    await engine?.close();
  });

  function withQueues(run: (queues: JobQueues) => Promise<void>) {
    return async ({ skip }: { skip: (note: string) => void }) => {
      if (engine === undefined) {
        skip('SKIPPED: redis-server is not installed (apt-get install redis-server)');
        return;
      }
      const queues = engine.open();
      try {
        await run(queues);
      } finally {
        await queues.close();
      }
    };
  }

  test(
    'run each job once, with the data that its schema accepts',
    withQueues(async (queues) => {
      const seen: JobRun[] = [];
      await queues.work('webhook', 4, (run) => Promise.resolve(void seen.push(run)));
      const ids = Array.from({ length: 120 }, (_, index) => delivery(index));
      await enqueueDeliveries(queues, ids);
      await until(() => seen.length === 3);
      const done = seen.flatMap(({ data }) => (data as { deliveryIds: string[] }).deliveryIds);
      expect(done.sort()).toEqual(ids);
    }),
  );

  test(
    'skip an invalid job, and lose none of those enqueued with it',
    withQueues(async (queues) => {
      const seen: string[] = [];
      await queues.work('schedules', 1, ({ data }) =>
        Promise.resolve(void seen.push((data as { merchantId: string }).merchantId)),
      );
      const refused = problems.length;
      await queues.enqueueAll([
        { name: 'expire-points', data: { merchantId: delivery(1) } },
        { name: 'expire-points', data: { merchantId: 'no id' } },
        // An id as old seeds created them, of no existing UUID version.
        { name: 'check-plan', data: { merchantId: '0c7e41f3-93a1-f10b-05b2-9c64ac84e0d1' } },
        // BullMQ accepts no such job name.
        { name: 'check-plan', data: { merchantId: delivery(2) }, options: { jobId: '0:7:8:9' } },
        { name: 'check-plan', data: { merchantId: delivery(3) } },
      ]);
      await until(() => seen.length === 3);
      // Jobs enqueued together have no order.
      expect(seen.sort()).toEqual([
        delivery(1),
        delivery(3),
        '0c7e41f3-93a1-f10b-05b2-9c64ac84e0d1',
      ]);
      expect(problems.slice(refused)).toEqual([
        'A job expire-points was left out: merchantId invalid_format',
        'A job check-plan was left out',
      ]);
    }),
  );

  test(
    'retry as often as the catalog says, then keep the job for a manual retry',
    withQueues(async (queues) => {
      const tries: boolean[] = [];
      await queues.enqueue('process-delivery', { deliveryId: delivery(1) }, { delayMs: 50 });
      await queues.work('webhook', 1, ({ isLastAttempt }) => {
        tries.push(isLastAttempt);
        return tries.length <= 3 ? Promise.reject(new Error('no')) : Promise.resolve();
      });
      await until(async () => (await queues.failed('webhook', 10)).length === 1);
      expect(tries).toEqual([false, false, true]);
      const [failed] = await queues.failed('webhook', 10);
      expect(failed).toMatchObject({
        name: 'process-delivery',
        data: { deliveryId: delivery(1) },
        reason: 'no',
      });
      await queues.retryFailed('webhook', failed?.id ?? '');
      await until(() => tries.length === 4);
      await until(async () => (await queues.failed('webhook', 10)).length === 0);
    }),
  );

  test(
    'recognize a job by its id, also after it is done',
    withQueues(async (queues) => {
      const seen: string[] = [];
      await queues.work('shopify', 1, ({ id }) => Promise.resolve(void seen.push(id)));
      const again = () =>
        queues.enqueue('fetch-order', { ...shop, orderId: '1' }, { jobId: 'fetch-order-1' });
      await again();
      await again();
      await until(() => seen.length === 1);
      await again();
      await queues.enqueue('fetch-order', { ...shop, orderId: '2' }, { jobId: 'fetch-order-2' });
      await until(() => seen.includes('fetch-order-2'));
      expect(seen).toEqual(['fetch-order-1', 'fetch-order-2']);
    }),
  );

  test(
    'run a job that failed for good when it is enqueued again, with all attempts',
    withQueues(async (queues) => {
      const data = { merchantId, requestId: delivery(7) };
      const ask = (how: 'alone' | 'in bulk') => {
        const options = { jobId: `privacy-${delivery(7)}` };
        return how === 'alone'
          ? queues.enqueue('process-privacy-request', data, options)
          : queues.enqueueAll([
              { name: 'process-privacy-request', data, options },
              { name: 'expire-points', data: { merchantId } },
            ]);
      };
      const runs: boolean[] = [];
      await queues.work('schedules', 1, ({ name, isLastAttempt }) => {
        if (name !== 'process-privacy-request') return Promise.resolve();
        runs.push(isLastAttempt);
        return runs.length <= 2 ? Promise.reject(new UnrecoverableError('no')) : Promise.resolve();
      });
      for (const [index, how] of (['alone', 'alone', 'in bulk'] as const).entries()) {
        await ask(how);
        await until(() => runs.length === index + 1);
        if (index < 2) await until(async () => (await queues.failed('schedules', 10)).length === 1);
      }
      expect(runs).toEqual([false, false, false]);
      await until(async () => (await queues.failed('schedules', 10)).length === 0);
    }),
  );

  test(
    'let the work of a shop that asks for little go before the flood of another',
    withQueues(async (queues) => {
      const quiet = { ...shop, merchantId: '0c7e41f3-93a1-4a55-9f10-1f2e3d4c5b6a' };
      const flood = Array.from({ length: 200 }, (_, order) => ({
        name: 'fetch-order' as const,
        data: { ...shop, orderId: String(order) },
      }));
      await queues.enqueueAll(flood);
      await queues.enqueue('fetch-order', { ...quiet, orderId: '1' });
      expect((await queues.counts('shopify'))['waiting']).toBe(201);
      expect(await queues.oldestWait('shopify')).toBeGreaterThanOrEqual(0);
      const shops: string[] = [];
      await queues.work('shopify', 1, ({ data }) =>
        Promise.resolve(void shops.push((data as typeof shop).merchantId)),
      );
      await until(() => shops.length === 201);
      expect(shops.indexOf(quiet.merchantId)).toBeLessThan(60);
    }),
  );

  test(
    'let the deliveries of a quiet shop go before those of a sale',
    withQueues(async (queues) => {
      const producer = createDeliveryProducer(() => queues);
      for (let nth = 0; nth < 1_000; nth++)
        producer.enqueue(delivery(2_000 + nth), 'sale.myshopify.com');
      producer.enqueue(delivery(1), 'quiet.myshopify.com');
      await producer.idle();
      const jobs: string[][] = [];
      await queues.work('webhook', 1, ({ data }) =>
        Promise.resolve(void jobs.push((data as { deliveryIds: string[] }).deliveryIds)),
      );
      await until(() => jobs.flat().length === 1_001);
      expect(jobs.findIndex((ids) => ids.includes(delivery(1)))).toBeLessThan(5);
    }),
  );

  test(
    'give no shop all places of a worker, and make it no attempt to wait for one',
    withQueues(async (queues) => {
      const quiet = { ...shop, merchantId: '0c7e41f3-93a1-4a55-9f10-1f2e3d4c5b6b' };
      const busy = { ...shop, merchantId: '0c7e41f3-93a1-4a55-9f10-1f2e3d4c5b6c' };
      const held = Promise.withResolvers<void>();
      const runs: JobRun[] = [];
      let atOnce = 0;
      let most = 0;
      const run = async (job: JobRun) => {
        runs.push(job);
        if ((job.data as typeof shop).merchantId !== busy.merchantId) return;
        most = Math.max(most, ++atOnce);
        await held.promise;
        atOnce--;
      };
      for (let order = 0; order < 6; order++)
        await queues.enqueue('fetch-order', { ...busy, orderId: String(order) });
      await queues.work('shopify', 4, run, 2);
      await until(() => runs.length === 2);
      await queues.enqueue('fetch-order', { ...quiet, orderId: '1' });
      await until(() =>
        runs.some(({ data }) => (data as typeof shop).merchantId === quiet.merchantId),
      );
      held.resolve();
      await until(() => runs.length === 7);
      expect(most).toBe(2);
      expect(runs.every(({ waitedMs }) => waitedMs !== undefined)).toBe(true);
    }),
  );

  test(
    'coalesce equal jobs, and lose none that is enqueued while one runs',
    withQueues(async (queues) => {
      let runs = 0;
      let release = () => {};
      const ask = () =>
        queues.enqueue('write-balance-metafields', shop, { coalesceAs: `balances-${merchantId}` });
      for (let index = 0; index < 5; index += 1) await ask();
      await queues.work('shopify', 1, () => {
        runs += 1;
        return runs === 1 ? new Promise((resolve) => (release = resolve)) : Promise.resolve();
      });
      await until(() => runs === 1);
      for (let index = 0; index < 5; index += 1) await ask();
      release();
      await until(() => runs === 2);
      await sleep(300);
      expect(runs).toBe(2);
    }),
  );

  test(
    'give the job of a killed worker to another',
    withQueues(async (queues) => {
      await queues.enqueue('expire-points', { merchantId });
      const dying = await startHoldingWorker(engine?.settings ?? {});
      const runs: string[] = [];
      await queues.work('schedules', 1, ({ name }) => Promise.resolve(void runs.push(name)));
      await sleep(2 * lockMs);
      // While the worker lives, the job stays its own, however long it takes.
      expect(runs).toEqual([]);
      await dying.kill();
      await until(() => runs.length === 1, 8 * lockMs);
      expect(runs).toEqual(['expire-points']);
    }),
  );

  test(
    'continue every job after a short outage of the engine, without failing others',
    withQueues(async (queues) => {
      const done = new Set<unknown>();
      await queues.work('webhook', 4, async ({ data }) => {
        await sleep(5);
        done.add((data as { deliveryId: string }).deliveryId);
      });
      const ids = Array.from({ length: 200 }, (_, index) => delivery(1_000 + index));
      const enqueue = async (deliveryId: string) => {
        for (;;) {
          try {
            await queues.enqueue('process-delivery', { deliveryId });
            return;
          } catch {
            await sleep(100);
          }
        }
      };
      const enqueuing = Promise.all(ids.map(enqueue));
      for (let loss = 0; loss < 5; loss += 1) {
        await sleep(150);
        await engine?.interrupt();
      }
      await enqueuing;
      await until(() => done.size === ids.length, 25_000);
    }),
  );

  test(
    'carry a job’s trace beside its data, and know it as the same job without one',
    withQueues(async (queues) => {
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
      const jobId = `traced-${merchantId}`;
      await queues.enqueue('check-plan', { merchantId }, { jobId, traceparent });
      await queues.enqueue('check-plan', { merchantId }, { jobId });
      expect(await queues.oldestWait('schedules')).toBeGreaterThanOrEqual(0);
      const runs: JobRun[] = [];
      await queues.work('schedules', 1, (run) => {
        if (run.name === 'check-plan') runs.push(run);
        return Promise.resolve();
      });
      await until(() => runs.length > 0);
      await sleep(200);
      expect(runs.map((run) => run.traceparent)).toEqual([traceparent]);
      expect(runs.map((run) => readJob(run).data)).toEqual([{ merchantId }]);
    }),
  );

  test(
    'keep one schedule however many processes register it',
    withQueues(async (queues) => {
      await Promise.all(
        [1, 2, 3].map(() => queues.schedule('every-second', '* * * * * *', 'expire-all', {})),
      );
      let runs = 0;
      await queues.work('schedules', 4, ({ name }) =>
        Promise.resolve(void (runs += name === 'expire-all' ? 1 : 0)),
      );
      await until(() => runs >= 2);
      const before = runs;
      await sleep(2_000);
      expect(runs - before).toBeLessThanOrEqual(3);
    }),
  );
});
