import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker, createPostgresBackend, withBackend } from 'bullmq';
import type { Job, JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import type pg from 'pg';
import { catalogue, isJobName, queueNames } from './catalogue.ts';
import type { JobInput, JobName, QueueName } from './catalogue.ts';

export interface QueueSettings {
  /** With it the queues live in Redis. */
  readonly redisUrl?: string | undefined;
  /** Without Redis they live in PostgreSQL: a direct connection, as a pooler in transaction mode cannot LISTEN. */
  readonly databaseUrl: string;
  readonly onError: (error: Error) => void;
  /** After how long the job of a worker that died is another's; shorter in tests. */
  readonly lockMs?: number;
}

export interface EnqueueOptions {
  /** A job of the same id that waits, runs or is done is not added again; one that failed for good makes room. */
  readonly jobId?: string;
  readonly delayMs?: number;
  /** One waiting job of this id at most, and one more behind the one that runs: nothing asked meanwhile is lost. */
  readonly coalesceAs?: string;
}

export interface NewJob<Name extends JobName = JobName> {
  readonly name: Name;
  readonly data: JobInput<Name>;
  readonly options?: EnqueueOptions;
}

export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly isLastAttempt: boolean;
}

export interface FailedJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly reason: string;
  /** ISO 8601; empty when it is not known. */
  readonly failedAt: string;
}

/** The queues of one process, on either engine. */
export interface JobQueues {
  enqueue<Name extends JobName>(
    name: Name,
    data: JobInput<Name>,
    options?: EnqueueOptions,
  ): Promise<void>;
  /** All that can be enqueued; a job that cannot is told to `onError`, and fails the call only when all do. */
  enqueueAll(jobs: readonly NewJob[]): Promise<void>;
  /**
   * Runs `name` by a cron pattern in UTC, from however many processes; one that is there already is left to its time.
   * Answers whether it had to be made: the queue is new, or has lost its memory.
   */
  schedule<Name extends JobName>(
    id: string,
    pattern: string,
    name: Name,
    data: JobInput<Name>,
  ): Promise<boolean>;
  work(queue: QueueName, concurrency: number, run: (job: JobRun) => Promise<void>): Promise<void>;
  counts(queue: QueueName): Promise<Record<string, number>>;
  /** Jobs whose tries are used up (the dead-letter queue), newest first. */
  failed(queue: QueueName, limit: number): Promise<FailedJob[]>;
  retryFailed(queue: QueueName, jobId: string): Promise<void>;
  /** Forgets a job whose tries are used up; one that runs or waits again stays. */
  discardFailed(queue: QueueName, jobId: string): Promise<void>;
  /** Lets running jobs end, then disconnects. */
  close(): Promise<void>;
}

interface StoredJob {
  id?: string | undefined;
  name: string;
  data: unknown;
  failedReason: string;
  finishedOn?: number | undefined;
  isFailed(): Promise<boolean>;
  remove(): Promise<void>;
  retry(): Promise<void>;
}

interface AddedJob {
  name: JobName;
  data: unknown;
  opts: JobsOptions;
}

/** The part of BullMQ's queue used here: its own type differs from engine to engine. */
interface AnyQueue {
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
  getFailed(start: number, end: number): Promise<StoredJob[]>;
  getJob(id: string): Promise<StoredJob | undefined>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

interface AnyWorker {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  disconnect(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
type Processor = (
  job: Pick<Job, 'id' | 'name' | 'data' | 'attemptsMade' | 'opts'>,
) => Promise<void>;

interface Engine {
  openQueue(name: QueueName): AnyQueue;
  openWorker(name: QueueName, processor: Processor, concurrency: number): AnyWorker;
  disconnect(): Promise<void>;
}

/** Completed jobs are kept this long, so that an id enqueued twice is known. */
const keepCompletedSeconds = 3_600;
const keepFailedSeconds = 30 * 24 * 3_600;
const defaultLockMs = 20_000;
/** A schedule whose next run is this long ago has lost it: the workers take a due one within seconds. */
const overdueMs = 10 * 60_000;

const workerTimings = (lockMs: number) => ({
  lockDuration: lockMs,
  stalledInterval: lockMs / 2,
  maxStalledCount: 10,
  // Seconds an idle worker waits to be woken before it looks by itself: a lost wake-up costs no more.
  drainDelay: 1,
});

function openPostgres({ databaseUrl, onError, lockMs = defaultLockMs }: QueueSettings): Engine {
  const classes = withBackend(createPostgresBackend);
  const connection = (max: number) => ({
    connectionString: databaseUrl,
    max,
    schema: 'bullmq',
    keepAlive: true,
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
    disconnect: () => Promise.resolve(),
  };
}

function openRedis(redisUrl: string, lockMs = defaultLockMs): Engine {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  return {
    openQueue: (name) => new Queue(name, { connection }),
    openWorker: (name, processor, concurrency) =>
      new Worker(name, processor, { connection, concurrency, ...workerTimings(lockMs) }),
    disconnect: async () => {
      await connection.quit();
    },
  };
}

function jobOptions(name: JobName, options: EnqueueOptions): JobsOptions {
  const { attempts, firstDelayMs } = catalogue[name].retry;
  return {
    attempts,
    backoff: { type: 'exponential', delay: firstDelayMs },
    removeOnComplete: options.jobId === undefined ? true : { age: keepCompletedSeconds },
    removeOnFail: { age: keepFailedSeconds },
    ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
    ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
    ...(options.coalesceAs === undefined
      ? {}
      : { deduplication: { id: options.coalesceAs, keepLastIfActive: true } }),
  };
}

export function openQueues(settings: QueueSettings): JobQueues {
  const engine =
    settings.redisUrl === undefined
      ? openPostgres(settings)
      : openRedis(settings.redisUrl, settings.lockMs);
  const queues = new Map<QueueName, AnyQueue>();
  const closeWorkers: (() => Promise<void>)[] = [];
  const queueOf = (name: QueueName): AnyQueue => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const opened = engine.openQueue(name);
    opened.on('error', settings.onError);
    queues.set(name, opened);
    return opened;
  };

  /** A job in the failed set keeps its id for a month, in which whoever asks for it again would not be heard. */
  const makeRoom = async (queue: QueueName, jobId: string | undefined): Promise<void> => {
    if (jobId === undefined) return;
    const known = await queueOf(queue).getJob(jobId);
    if (known !== undefined && (await known.isFailed())) await known.remove();
  };

  /** What is not as its schema says is left out with its reason: nobody else has to do without for it. */
  const readNew = ({ name, data, options = {} }: NewJob): AddedJob[] => {
    const read = catalogue[name].schema.safeParse(data);
    if (read.success) return [{ name, data: read.data, opts: jobOptions(name, options) }];
    const fields = read.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
    settings.onError(new Error(`A job ${name} was left out: ${fields.join(', ')}`));
    return [];
  };

  /** Together; when that is refused, one by one: what the queue refuses alone is left out, with its reason. */
  const addTogether = async (queue: AnyQueue, jobs: AddedJob[]): Promise<void> => {
    try {
      await queue.addBulk(jobs);
    } catch (refusal) {
      const added = await Promise.allSettled(
        jobs.map(({ name, data, opts }) => queue.add(name, data, opts)),
      );
      if (!added.some(({ status }) => status === 'fulfilled')) throw refusal;
      for (const [index, result] of added.entries()) {
        if (result.status === 'rejected')
          settings.onError(
            new Error(`A job ${jobs[index]?.name} was left out`, { cause: result.reason }),
          );
      }
    }
  };

  return {
    async enqueue(name, data, options = {}) {
      await makeRoom(catalogue[name].queue, options.jobId);
      await queueOf(catalogue[name].queue).add(
        name,
        catalogue[name].schema.parse(data),
        jobOptions(name, options),
      );
    },
    async enqueueAll(jobs) {
      for (const queue of queueNames) {
        const its = jobs.filter(({ name }) => catalogue[name].queue === queue).flatMap(readNew);
        for (const { opts } of its) await makeRoom(queue, opts.jobId);
        const [first] = its;
        // On PostgreSQL a bulk makes temporary tables, which for a single job is most of its price.
        if (its.length === 1 && first !== undefined)
          await queueOf(queue).add(first.name, first.data, first.opts);
        else if (its.length > 1) await addTogether(queueOf(queue), its);
      }
    },
    async schedule(id, pattern, name, data) {
      const { attempts, backoff, removeOnFail } = jobOptions(name, {});
      const known = await queueOf(catalogue[name].queue).getJobScheduler(id);
      const isOverdue = (known?.next ?? 0) < Date.now() - overdueMs;
      if (known?.pattern === pattern && known.name === name && !isOverdue) return false;
      await withoutDeadlock(() =>
        queueOf(catalogue[name].queue).upsertJobScheduler(
          id,
          { pattern, tz: 'UTC' },
          { name, data, opts: { attempts, backoff, removeOnFail, removeOnComplete: true } },
        ),
      ).catch((error: unknown) => {
        // Another process that started at the same moment has just made the schedule's next run.
        if (!(error instanceof Error) || !/job ID already exists/.test(error.message)) throw error;
      });
      // A new pattern of a known schedule is no loss.
      return known === undefined || isOverdue;
    },
    async work(queue, concurrency, run) {
      const running = new Set<Promise<void>>();
      const worker = engine.openWorker(
        queue,
        (job) => {
          const work = run({
            id: job.id ?? '',
            name: job.name,
            data: job.data,
            isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
          }).finally(() => running.delete(work));
          running.add(work);
          return work;
        },
        concurrency,
      );
      worker.on('error', settings.onError);
      const idle = async () => {
        while (running.size > 0) await Promise.allSettled(running);
      };
      closeWorkers.push(() => closeWorker(worker, idle));
      await worker.waitUntilReady();
    },
    async counts(queue) {
      return queueOf(queue).getJobCounts();
    },
    async failed(queue, limit) {
      const jobs = await queueOf(queue).getFailed(0, limit - 1);
      return jobs.map((job) => ({
        id: job.id ?? '',
        name: job.name,
        data: job.data,
        reason: job.failedReason,
        failedAt: job.finishedOn === undefined ? '' : new Date(job.finishedOn).toISOString(),
      }));
    },
    async retryFailed(queue, jobId) {
      // Not `retryJobs`: on PostgreSQL it gives all tries anew, on Redis a single one.
      const job = await queueOf(queue).getJob(jobId);
      if (job !== undefined && (await job.isFailed())) await job.retry();
    },
    async discardFailed(queue, jobId) {
      const job = await queueOf(queue).getJob(jobId);
      if (job !== undefined && (await job.isFailed())) await job.remove();
    },
    async close() {
      await Promise.all(closeWorkers.map((close) => close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await engine.disconnect();
    },
  };
}

/** Once its last job has ended, a worker needs only to say so. */
const goodbyeMs = 3_000;

/**
 * Lets the jobs under way end. BullMQ waits for ever for a blocked connection to Redis that was once lost and made
 * again; without a job there is nothing to wait for.
 */
async function closeWorker(worker: AnyWorker, idle: () => Promise<void>): Promise<void> {
  const closed = worker.close().then(() => true);
  const late = idle().then(() => sleep(goodbyeMs, false, { ref: false }));
  if (await Promise.race([closed, late])) return;
  closed.catch(() => undefined);
  // Not waited for either: it waits for the same connection.
  worker.disconnect().catch(() => undefined);
}

/** Reads a job's data by its schema; a job that this release does not know is refused. */
export function readJob(run: JobRun): { name: JobName; data: unknown } {
  if (!isJobName(run.name)) throw new Error(`There is no job named ${run.name}.`);
  return { name: run.name, data: catalogue[run.name].schema.parse(run.data) };
}

const deadlockDetected = '40P01';
const deadlockTries = 5;

/** Processes that start together make the same schedules; PostgreSQL lets one of two that wait for each other go on. */
async function withoutDeadlock(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return;
    } catch (error) {
      const isDeadlock =
        error instanceof Error && 'code' in error && error.code === deadlockDetected;
      if (!isDeadlock || attempt === deadlockTries) throw error;
      await sleep(Math.random() * 50 * attempt);
    }
  }
}
