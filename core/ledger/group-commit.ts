/**
 * Group commit: concurrent submissions are gathered into one set-based statement with a result for each.
 *
 * Eager, without a timer: a batch leaves as soon as one of the `inFlight` places is free, so a lone caller
 * waits for nobody and a crowd shares the price of one durable commit. Tenants take turns, so that one
 * shop's sale does not starve the rest. The queue is bounded; beyond it callers are refused at once.
 */

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

export interface GroupCommitOptions<Item, Result> {
  /** Writes a batch durably; results stand in the order of the items. */
  readonly execute: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly tenantOf: (item: Item) => string;
  /** Items in one statement. */
  readonly maxBatch?: number;
  /** Statements under way at once. */
  readonly inFlight?: number;
  /** Items waiting, over all tenants. */
  readonly maxQueue?: number;
  /** Whether items should be tried one by one after their batch failed so; by default whenever SQL refused one. */
  readonly isPoisoned?: (error: unknown) => boolean;
  readonly onBatch?: (size: number, milliseconds: number) => void;
}

/** Data, integrity, contention and raised errors concern rows; anything else (server gone) concerns all. */
export function refusedBySql(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|40|P0|42)/.test(code);
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export class GroupCommit<Item, Result> {
  readonly #options: Required<Omit<GroupCommitOptions<Item, Result>, 'onBatch'>> &
    Pick<GroupCommitOptions<Item, Result>, 'onBatch'>;
  /** Insertion order of the map is the order of turns. */
  readonly #queues = new Map<string, Waiting<Item, Result>[]>();
  #waiting = 0;
  #running = 0;
  #scheduled = false;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = {
      maxBatch: 256,
      inFlight: 2,
      maxQueue: 20_000,
      isPoisoned: refusedBySql,
      ...options,
    };
  }

  /** @throws QueueFullError, ClosedError, or what `execute` threw for this very item. */
  submit(item: Item): Promise<Result> {
    if (this.#closed) return Promise.reject(new ClosedError());
    if (this.#waiting >= this.#options.maxQueue) {
      return Promise.reject(new QueueFullError(this.#options.maxQueue));
    }
    return new Promise<Result>((resolve, reject) => {
      const tenant = this.#options.tenantOf(item);
      const queue = this.#queues.get(tenant);
      if (queue) queue.push({ item, resolve, reject });
      else this.#queues.set(tenant, [{ item, resolve, reject }]);
      this.#waiting++;
      this.#schedule();
    });
  }

  /** Takes nothing new and resolves when everything taken has been answered. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#waiting === 0 && this.#running === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
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

  /** One item of each tenant in turn until the batch is full. */
  #take(): Waiting<Item, Result>[] {
    const batch: Waiting<Item, Result>[] = [];
    while (batch.length < this.#options.maxBatch && this.#queues.size > 0) {
      for (const [tenant, queue] of this.#queues) {
        const next = queue.shift();
        if (next) batch.push(next);
        // Re-inserting puts a tenant that still waits behind the others.
        this.#queues.delete(tenant);
        if (queue.length > 0) this.#queues.set(tenant, queue);
        if (batch.length >= this.#options.maxBatch) break;
        if (this.#queues.size === 1) {
          const rest = [...this.#queues.values()][0];
          if (rest) batch.push(...rest.splice(0, this.#options.maxBatch - batch.length));
          if (rest?.length === 0) this.#queues.clear();
          break;
        }
      }
    }
    this.#waiting -= batch.length;
    return batch;
  }

  async #flush(): Promise<void> {
    const batch = this.#take();
    this.#running++;
    const started = performance.now();
    try {
      const results = await this.#options.execute(batch.map((waiting) => waiting.item));
      for (const [index, waiting] of batch.entries()) waiting.resolve(results[index] as Result);
    } catch (error) {
      if (batch.length > 1 && this.#options.isPoisoned(error)) await this.#oneByOne(batch);
      else for (const waiting of batch) waiting.reject(error);
    } finally {
      this.#running--;
      this.#options.onBatch?.(batch.length, performance.now() - started);
      if (this.#waiting > 0) this.#schedule();
      else if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** A poisoned batch: the statement was rolled back whole, so each item is tried alone and fails alone. */
  async #oneByOne(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    for (const waiting of batch) {
      try {
        const [result] = await this.#options.execute([waiting.item]);
        waiting.resolve(result as Result);
      } catch (error) {
        waiting.reject(error);
      }
    }
  }
}
