import { setTimeout as sleep } from 'node:timers/promises';
import type { JobsOptions } from 'bullmq';
import { catalog, isJobName, queueNames } from './catalog.ts';
import type { JobDefinition, JobName, QueueName } from './catalog.ts';
import { traceOf, withTrace } from './job-trace.ts';
import { shopOf, shopPlaces } from './shop-places.ts';
import { Turns } from './turns.ts';
import { closeWorker, openEngine } from './queue-engine.server.ts';
import type { AnyQueue, Engine } from './queue-engine.server.ts';
import type { EnqueueOptions, JobQueues, JobRun, NewJob, QueueSettings } from './queue.ts';

interface AddedJob {
  name: JobName;
  data: unknown;
  opts: JobsOptions;
}

/** Completed jobs are kept this long, so that an id enqueued twice is known. */
const keepCompletedSeconds = 3_600;
const keepFailedSeconds = 30 * 24 * 3_600;
/** A schedule whose next run is this long ago has lost it: the workers take a due one within seconds. */
const overdueMs = 10 * 60_000;

/** Of which steps behind others the queues know. */
const turns = new Turns(20);

function priorityOf(name: JobName, data: unknown, behind = 0): number {
  const { queue, behind: ofKind = 0 }: JobDefinition = catalog[name];
  const shop = shopOf(data);
  return ofKind + behind + (shop === undefined ? 0 : turns.take(`${queue}/${shop}`));
}

function jobOptions(name: JobName, options: EnqueueOptions, priority = 0): JobsOptions {
  const { attempts, firstDelayMs } = catalog[name].retry;
  return {
    // Without one a job goes before all that have one, and costs the queue less.
    ...(priority > 0 && { priority }),
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

/** Of those further back: the oldest of a shop's are mostly its first. */
const lookedAt = 20;

type QueueOf = (name: QueueName) => AnyQueue;

/** The queues of one process, on either engine. */
export function openQueues(settings: QueueSettings): JobQueues {
  const engine = openEngine(settings);
  const queues = new Map<QueueName, AnyQueue>();
  const queueOf: QueueOf = (name) => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const opened = engine.openQueue(name);
    opened.on('error', settings.onError);
    queues.set(name, opened);
    return opened;
  };
  const workers = openWorkers(engine, settings.onError);
  return {
    ...producer(queueOf, settings.onError),
    schedule: scheduler(queueOf),
    work: workers.work,
    async counts(queue) {
      const { prioritized = 0, ...counts } = await queueOf(queue).getJobCounts();
      return { ...counts, waiting: (counts['waiting'] ?? 0) + prioritized };
    },
    isReachable: () => engine.isReachable(),
    async oldestWait(queue) {
      const [inFront, behind] = await Promise.all([
        queueOf(queue).getWaiting(0, 0),
        queueOf(queue).getPrioritized(0, lookedAt - 1),
      ]);
      return Math.max(0, ...[...inFront, ...behind].map(waitOf));
    },
    ...failedSet(queueOf),
    async close() {
      await workers.close();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await engine.disconnect();
    },
  };
}

function producer(
  queueOf: QueueOf,
  onError: QueueSettings['onError'],
): Pick<JobQueues, 'enqueue' | 'enqueueAll'> {
  return {
    async enqueue(name, data, options = {}) {
      const queue = queueOf(catalog[name].queue);
      await makeRoom(queue, options.jobId);
      const parsed = withTrace(catalog[name].schema.parse(data), options.traceparent);
      const priority = priorityOf(name, parsed, options.behind);
      await queue.add(name, parsed, jobOptions(name, options, priority));
    },
    async enqueueAll(jobs) {
      for (const queue of queueNames) {
        const its = jobs
          .filter(({ name }) => catalog[name].queue === queue)
          .flatMap((job) => readNew(job, onError));
        for (const { opts } of its) await makeRoom(queueOf(queue), opts.jobId);
        const [first] = its;
        // On PostgreSQL a bulk makes temporary tables, which for a single job is most of its price.
        if (its.length === 1 && first !== undefined)
          await queueOf(queue).add(first.name, first.data, first.opts);
        else if (its.length > 1) await addTogether(queueOf(queue), its, onError);
      }
    },
  };
}

/** A job in the failed set keeps its id for a month, during which a new job with that id would be ignored. */
async function makeRoom(queue: AnyQueue, jobId: string | undefined): Promise<void> {
  if (jobId === undefined) return;
  const known = await queue.getJob(jobId);
  if (known !== undefined && (await known.isFailed())) await known.remove();
}

/** Data that does not match its schema is skipped with its reason, without affecting other jobs. */
function readNew(
  { name, data, options = {} }: NewJob,
  onError: QueueSettings['onError'],
): AddedJob[] {
  const read = catalog[name].schema.safeParse(data);
  if (read.success)
    return [
      {
        name,
        data: withTrace(read.data, options.traceparent),
        opts: jobOptions(name, options, priorityOf(name, read.data, options.behind)),
      },
    ];
  const fields = read.error.issues.map(({ path, code }) => `${path.join('.')} ${code}`);
  onError(new Error(`A job ${name} was left out: ${fields.join(', ')}`));
  return [];
}

/** Together; when that is refused, one by one: what the queue refuses alone is left out, with its reason. */
async function addTogether(
  queue: AnyQueue,
  jobs: AddedJob[],
  onError: QueueSettings['onError'],
): Promise<void> {
  try {
    await queue.addBulk(jobs);
  } catch (refusal) {
    const added = await Promise.allSettled(
      jobs.map(({ name, data, opts }) => queue.add(name, data, opts)),
    );
    if (!added.some(({ status }) => status === 'fulfilled')) throw refusal;
    for (const [index, result] of added.entries()) {
      if (result.status === 'rejected')
        onError(new Error(`A job ${jobs[index]?.name} was left out`, { cause: result.reason }));
    }
  }
}

function scheduler(queueOf: QueueOf): JobQueues['schedule'] {
  return async (id, pattern, name, data) => {
    const queue = queueOf(catalog[name].queue);
    const { attempts, backoff, removeOnFail } = jobOptions(name, {});
    const known = await queue.getJobScheduler(id);
    const isOverdue = (known?.next ?? 0) < Date.now() - overdueMs;
    if (known?.pattern === pattern && known.name === name && !isOverdue) return false;
    await withoutDeadlock(() =>
      queue.upsertJobScheduler(
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
  };
}

function openWorkers(
  engine: Engine,
  onError: QueueSettings['onError'],
): Pick<JobQueues, 'work' | 'close'> {
  const closeWorkers: (() => Promise<void>)[] = [];
  return {
    async work(queue, concurrency, run, perShop) {
      const running = new Set<Promise<void>>();
      const places = shopPlaces(perShop);
      const worker = engine.openWorker(
        queue,
        async (job, token) => {
          const leave = await places.take(job, token);
          const work = run({
            id: job.id ?? '',
            name: job.name,
            data: job.data,
            isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
            ...(job.attemptsMade === 0 && { waitedMs: waitOf(job) }),
            ...traced(job.data),
          }).finally(() => {
            leave();
            running.delete(work);
          });
          running.add(work);
          return work;
        },
        concurrency,
      );
      worker.on('error', onError);
      const idle = async () => {
        while (running.size > 0) await Promise.allSettled(running);
      };
      closeWorkers.push(() => closeWorker(worker, idle));
      await worker.waitUntilReady();
    },
    async close() {
      await Promise.all(closeWorkers.map((close) => close()));
    },
  };
}

/** Milliseconds since a job could run. */
function waitOf({ timestamp, opts }: { timestamp: number; opts: JobsOptions }): number {
  return Math.max(0, Date.now() - timestamp - (opts.delay ?? 0));
}

function traced(data: unknown): { traceparent?: string } {
  const traceparent = traceOf(data);
  return traceparent === undefined ? {} : { traceparent };
}

/** Jobs whose tries are used up. */
function failedSet(queueOf: QueueOf): Pick<JobQueues, 'failed' | 'retryFailed' | 'discardFailed'> {
  return {
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
      // Not `retryJobs`: on PostgreSQL it resets all attempts, on Redis it allows a single one.
      const job = await queueOf(queue).getJob(jobId);
      if (job !== undefined && (await job.isFailed())) await job.retry();
    },
    async discardFailed(queue, jobId) {
      const job = await queueOf(queue).getJob(jobId);
      if (job !== undefined && (await job.isFailed())) await job.remove();
    },
  };
}

/** Reads a job's data by its schema; a job that this release does not know is refused. */
export function readJob(run: JobRun): { name: JobName; data: unknown } {
  if (!isJobName(run.name)) throw new Error(`There is no job named ${run.name}.`);
  return { name: run.name, data: catalog[run.name].schema.parse(run.data) };
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
