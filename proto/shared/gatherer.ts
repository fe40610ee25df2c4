/**
 * Gathers what is submitted one by one into calls that carry many, each item with an answer of its own. Core commits so,
 * web and worker call core and enqueue so.
 *
 * Eager, without a timer: what is submitted in one turn of the event loop leaves together, as soon as one of the
 * `inFlight` places is free, and what comes meanwhile leaves with the next. A lone caller does not wait, and a batch
 * costs one call. Tenants take turns, so that one shop's sale does not starve the rest; where the line is full, the longest
 * one is shortened.
 */

import { OverloadedError } from './fair-gate.ts';

export class QueueFullError extends Error {
  constructor(maxQueue: number) {
    super(`more than ${maxQueue} submissions are waiting`);
    this.name = 'QueueFullError';
  }
}

export class ClosedError extends Error {
  constructor() {
    super('no submissions are taken while shutting down');
    this.name = 'ClosedError';
  }
}

export interface GathererOptions<Item, Result> {
  /** Carries a batch out; results are in the order of the items. */
  readonly execute: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items of the same tenant wait in one line; by default all do. */
  readonly tenantOf?: (item: Item) => string;
  /** Items in one call. */
  readonly maxBatch?: number;
  /** What is submitted is divided among the `inFlight` places, in calls of at least this many; by default `maxBatch`. */
  readonly minBatch?: number;
  /** Bytes in one call, where items differ; a single larger one goes alone. */
  readonly maxBytes?: number;
  readonly bytesOf?: (item: Item) => number;
  /** Calls under way at once. */
  readonly inFlight?: number;
  /** Items waiting, over all tenants; beyond it callers are refused at once. */
  readonly maxQueue?: number;
  /** Bytes waiting. */
  readonly maxQueueBytes?: number;
  /** After this an item that still waits is refused: its caller has no use for a later answer. */
  readonly maxWaitMs?: number;
  /** Whom a full queue refuses: who comes now (or the last of a tenant with more in line), or who waits longest. */
  readonly whenFull?: 'refuse' | 'drop-oldest';
  /** Calls of one place leave at least this far apart, so that a steady stream makes few of them. */
  readonly gapMs?: number;
  /** Whether items should be tried one by one after their batch failed so; by default they fail together. */
  readonly isPoisoned?: (error: unknown) => boolean;
  readonly onBatch?: (size: number, milliseconds: number) => void;
  /** Remembers what is around a submission, such as its trace: a batch is carried out within what was around its first. */
  readonly capture?: () => Around | undefined;
}

type Around = <Result>(work: () => Result) => Result;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
  readonly around: Around | undefined;
  readonly bytes: number;
  readonly timer: NodeJS.Timeout | undefined;
}

type Defaulted =
  'tenantOf' | 'maxBatch' | 'inFlight' | 'maxQueue' | 'maxQueueBytes' | 'isPoisoned' | 'gapMs';

export class Gatherer<Item, Result> {
  readonly #options: GathererOptions<Item, Result> &
    Required<Pick<GathererOptions<Item, Result>, Defaulted>>;
  /** Insertion order of the map is the order of turns. */
  readonly #queues = new Map<string, Waiting<Item, Result>[]>();
  /** Items without an answer: those that wait and those under way. */
  #submitted = 0;
  #waiting = 0;
  #waitingBytes = 0;
  #running = 0;
  #scheduled = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: GathererOptions<Item, Result>) {
    this.#options = {
      tenantOf: () => '',
      maxBatch: Number.POSITIVE_INFINITY,
      inFlight: 1,
      maxQueue: Number.POSITIVE_INFINITY,
      maxQueueBytes: Number.POSITIVE_INFINITY,
      isPoisoned: () => false,
      gapMs: 0,
      ...options,
    };
  }

  /** @throws QueueFullError, ClosedError, OverloadedError, or what `execute` threw for this very item. */
  submit(item: Item): Promise<Result> {
    if (this.#closed) return Promise.reject(new ClosedError());
    const tenant = this.#options.tenantOf(item);
    const bytes = this.#options.bytesOf?.(item) ?? 0;
    while (this.#isFullFor(bytes)) {
      const full = new QueueFullError(this.#options.maxQueue);
      if (!this.#makeRoom(tenant, full)) return Promise.reject(full);
    }
    return new Promise<Result>((resolve, reject) => {
      const { maxWaitMs } = this.#options;
      const waiting: Waiting<Item, Result> = {
        item,
        resolve,
        reject,
        around: this.#options.capture?.(),
        bytes,
        timer:
          maxWaitMs === undefined
            ? undefined
            : setTimeout(() => this.#giveUp(tenant, waiting), maxWaitMs),
      };
      const queue = this.#queues.get(tenant);
      if (queue) queue.push(waiting);
      else this.#queues.set(tenant, [waiting]);
      this.#waiting++;
      this.#waitingBytes += bytes;
      this.#submitted++;
      this.#schedule();
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    if (this.#waiting === 0 && this.#running === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Takes nothing new and resolves when everything taken has been answered. */
  close(): Promise<void> {
    this.#closed = true;
    return this.idle();
  }

  #schedule(): void {
    if (this.#scheduled || this.#running >= this.#options.inFlight) return;
    this.#scheduled = true;
    // One turn of the event loop lets the calls that arrived together leave together.
    setImmediate(() => {
      this.#scheduled = false;
      while (this.#waiting > 0 && this.#running < this.#options.inFlight) void this.#flush();
    });
  }

  #isFullFor(bytes: number): boolean {
    const { maxQueue, maxQueueBytes } = this.#options;
    return (
      this.#waiting >= maxQueue || (this.#waiting > 0 && this.#waitingBytes + bytes > maxQueueBytes)
    );
  }

  #makeRoom(tenant: string, reason: QueueFullError): boolean {
    const [first] = this.#queues;
    if (this.#options.whenFull === 'drop-oldest')
      return first !== undefined && this.#refuse(first[0], first[1][0], reason);
    let longest: [string, Waiting<Item, Result>[]] | undefined;
    for (const line of this.#queues)
      if (line[1].length > (longest?.[1].length ?? 0)) longest = line;
    const own = this.#queues.get(tenant)?.length ?? 0;
    if (longest === undefined || longest[1].length <= own + 1) return false;
    return this.#refuse(longest[0], longest[1].at(-1), reason);
  }

  #giveUp(tenant: string, waiting: Waiting<Item, Result>): void {
    this.#refuse(tenant, waiting, new OverloadedError('no call took it in time'));
    if (this.#waiting === 0 && this.#running === 0)
      for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** @returns whether it was still waiting */
  #refuse(tenant: string, waiting: Waiting<Item, Result> | undefined, reason: Error): boolean {
    const queue = this.#queues.get(tenant);
    const place = waiting === undefined ? -1 : (queue?.indexOf(waiting) ?? -1);
    if (queue === undefined || waiting === undefined || place < 0) return false;
    queue.splice(place, 1);
    if (queue.length === 0) this.#queues.delete(tenant);
    this.#submitted--;
    this.#leave(waiting);
    waiting.reject(reason);
    return true;
  }

  #leave({ bytes, timer }: Waiting<Item, Result>): void {
    clearTimeout(timer);
    this.#waiting--;
    this.#waitingBytes -= bytes;
  }

  #batchSize(): number {
    const { maxBatch, minBatch = maxBatch, inFlight } = this.#options;
    return Math.min(maxBatch, Math.max(minBatch, Math.ceil(this.#submitted / inFlight)));
  }

  /** One item of each tenant in turn until the batch is full. */
  #take(): Waiting<Item, Result>[] {
    const { maxBytes, bytesOf } = this.#options;
    const maxBatch = this.#batchSize();
    const fits = bytesOf && byteCap(bytesOf, maxBytes);
    const batch: Waiting<Item, Result>[] = [];
    let isFull = false;
    while (!isFull && this.#queues.size > 0) {
      for (const [tenant, queue] of this.#queues) {
        if (fits && queue[0] && !fits(queue[0].item)) isFull = true;
        if (isFull) break;
        const next = queue.shift();
        if (next) batch.push(next);
        // Re-inserting puts a tenant that still waits behind the others.
        this.#queues.delete(tenant);
        if (queue.length > 0) this.#queues.set(tenant, queue);
        isFull = batch.length >= maxBatch;
        if (isFull) break;
        if (this.#queues.size === 1 && fits === undefined) {
          const rest = [...this.#queues.values()][0];
          if (rest) batch.push(...rest.splice(0, maxBatch - batch.length));
          if (rest?.length === 0) this.#queues.clear();
          isFull = batch.length >= maxBatch;
          break;
        }
      }
    }
    for (const waiting of batch) this.#leave(waiting);
    return batch;
  }

  async #flush(): Promise<void> {
    const batch = this.#take();
    this.#running++;
    const started = performance.now();
    try {
      const results = await this.#execute(batch);
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && this.#options.isPoisoned(error)) await this.#oneByOne(batch);
      else for (const waiting of batch) waiting.reject(error);
    } finally {
      const milliseconds = performance.now() - started;
      this.#options.onBatch?.(batch.length, milliseconds);
      const restMs = this.#options.gapMs - milliseconds;
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
      this.#running--;
      this.#submitted -= batch.length;
      if (this.#waiting > 0) this.#schedule();
      else if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  #execute(batch: readonly Waiting<Item, Result>[]): Promise<readonly Result[]> {
    const execute = () => this.#options.execute(batch.map(({ item }) => item));
    const around = batch[0]?.around;
    return around === undefined ? execute() : around(execute);
  }

  /** A poisoned batch came to nothing as a whole, so each item is tried alone and fails alone. */
  async #oneByOne(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const waiting of batch) {
      try {
        const [result] = await this.#execute([waiting]);
        waiting.resolve(result as Result);
      } catch (error) {
        waiting.reject(error);
      }
    }
  }
}

/** Whether one more item fits; asked in turn, and the first always does. */
function byteCap<Item>(
  bytesOf: (item: Item) => number,
  maxBytes = Number.POSITIVE_INFINITY,
): (item: Item) => boolean {
  let bytes = 0;
  let isFirst = true;
  return (item) => {
    bytes += bytesOf(item);
    const fits = isFirst || bytes <= maxBytes;
    isFirst = false;
    return fits;
  };
}
