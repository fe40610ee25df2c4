import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker, createPostgresBackend, withBackend } from 'bullmq';
import type { Job, JobsOptions } from 'bullmq';
import type pg from 'pg';
import { connectRedis } from '../redis-connection.server.ts';
import type { QueueName } from './catalog.ts';
import type { QueueSettings } from './queue.ts';

interface StoredJob {
  id?: string | undefined;
  name: string;
  data: unknown;
  failedReason: string;
  finishedOn?: number | undefined;
  timestamp: number;
  opts: JobsOptions;
  isFailed(): Promise<boolean>;
  remove(): Promise<void>;
  retry(): Promise<void>;
}

/** The part of BullMQ's queue used here: its own type differs from engine to engine. */
export interface AnyQueue {
  add(name: string, data: unknown, options: JobsOptions): Promise<unknown>;
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { pattern: string; tz: string },
    template: {
      name: string;
      data: unknown;
      opts: Pick<JobsOptions, 'attempts' | 'backoff' | 'removeOnFail' | 'removeOnComplete'>;
    },
  ): Promise<unknown>;
  getJobScheduler(
    id: string,
  ): Promise<{ name: string; pattern?: string; next?: number } | undefined>;
  getJobCounts(): Promise<Record<string, number>>;
  getWaiting(start: number, end: number): Promise<StoredJob[]>;
  getPrioritized(start: number, end: number): Promise<StoredJob[]>;
  getFailed(start: number, end: number): Promise<StoredJob[]>;
  getJob(id: string): Promise<StoredJob | undefined>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface AnyWorker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
type Processor = (
  job: Pick<Job, 'id' | 'name' | 'data' | 'attemptsMade' | 'opts' | 'timestamp' | 'moveToDelayed'>,
  token?: string,
) => Promise<void>;

export interface Engine {
  openQueue(name: QueueName): AnyQueue;
  openWorker(name: QueueName, processor: Processor, concurrency: number): AnyWorker;
  isReachable(): boolean;
  disconnect(): Promise<void>;
}

const defaultLockMs = 20_000;

const workerTimings = (lockMs: number) => ({
  lockDuration: lockMs,
  stalledInterval: lockMs / 2,
  maxStalledCount: 10,
  // Seconds an idle worker waits for a wake-up before it polls: the most that a lost wake-up costs.
  drainDelay: 1,
});

function openPostgres({ databaseUrl, onError, lockMs = defaultLockMs }: QueueSettings): Engine {
  const classes = withBackend(createPostgresBackend);
  const connection = (max: number) => ({
    connectionString: databaseUrl,
    max,
    schema: 'bullmq',
    keepAlive: true,
    // As core's: a server that is gone without a word is noticed within a minute.
    keepAliveInitialDelayMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    // BullMQ listens to idle connections and to the one that waits for notifications, and not to those in use.
    onConnect: (client: pg.PoolClient) => void client.on('error', onError),
  });
  return {
    openQueue: (name) => new classes.Queue(name, { connection: connection(2) }),
    openWorker: (name, processor, concurrency) =>
      new classes.Worker(name, processor, {
        connection: connection(3),
        concurrency,
        ...workerTimings(lockMs),
      }),
    // Its calls fail on their own.
    isReachable: () => true,
    disconnect: () => Promise.resolve(),
  };
}

function openRedis(redisUrl: string, lockMs = defaultLockMs): Engine {
  const connection = connectRedis(redisUrl, { maxRetriesPerRequest: null });
  return {
    openQueue: (name) => new Queue(name, { connection }),
    openWorker: (name, processor, concurrency) =>
      new Worker(name, processor, { connection, concurrency, ...workerTimings(lockMs) }),
    isReachable: () => !['close', 'reconnecting', 'end'].includes(connection.status),
    disconnect: async () => {
      await connection.quit();
    },
  };
}

/** BullMQ on Redis where it is configured, else on PostgreSQL. */
export function openEngine(settings: QueueSettings): Engine {
  return settings.redisUrl === undefined
    ? openPostgres(settings)
    : openRedis(settings.redisUrl, settings.lockMs);
}

/** Once its last job has ended, a worker needs only to say so. */
const goodbyeMs = 3_000;

/**
 * Lets the jobs under way end. BullMQ waits for ever for a blocked connection to Redis that was once lost and made
 * again; without a job there is nothing to wait for.
 */
export async function closeWorker(worker: AnyWorker, idle: () => Promise<void>): Promise<void> {
  const closed = worker.close().then(() => true);
  const late = idle().then(() => sleep(goodbyeMs, false, { ref: false }));
  if (await Promise.race([closed, late])) return;
  closed.catch(() => undefined);
  // Not waited for either: it waits for the same connection.
  worker.disconnect().catch(() => undefined);
}
