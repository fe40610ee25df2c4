import type { JobInput, JobName, QueueName } from './catalog.ts';

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
  /** Steps behind those in front of the line; a job that names a shop also stands behind what its shop asked for lately. */
  readonly behind?: number;
  /** The trace that the job continues; by default the one in which it is enqueued. */
  readonly traceparent?: string;
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
  /** Of what enqueued it; it tells nothing of which job it is. */
  readonly traceparent?: string;
  /** Since it could run. */
  readonly waitedMs?: number;
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
  /** Enqueues every valid job; a job that fails is reported to `onError`, and the call fails only when all do. */
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
  /** @param perShop how many jobs of one shop run here at once; by default as many as there is place for */
  work(
    queue: QueueName,
    concurrency: number,
    run: (job: JobRun) => Promise<void>,
    perShop?: number,
  ): Promise<void>;
  /** Jobs by state. Those that stand further back in the line are waiting, too. */
  counts(queue: QueueName): Promise<Record<string, number>>;
  /** Whether the engine is connected, or was never asked to be; while it is not, calls wait for it. */
  isReachable(): boolean;
  /** Milliseconds since the oldest job that waits for a worker could run; 0 where none waits. */
  oldestWait(queue: QueueName): Promise<number>;
  /** Jobs whose tries are used up (the dead-letter queue), newest first. */
  failed(queue: QueueName, limit: number): Promise<FailedJob[]>;
  retryFailed(queue: QueueName, jobId: string): Promise<void>;
  /** Forgets a job whose tries are used up; one that runs or waits again stays. */
  discardFailed(queue: QueueName, jobId: string): Promise<void>;
  /** Lets running jobs end, then disconnects. */
  close(): Promise<void>;
}
