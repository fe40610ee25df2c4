import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Hands on what arrives one by one in batches: the first at once, and everything that arrives while a batch is on its
 * way as the next batch. An idle system adds no delay and a busy one makes few, large batches.
 */
export interface Coalescer<Item> {
  add(item: Item): void;
  /** Resolves when all that was added is on its way or given up. */
  idle(): Promise<void>;
}

export function createCoalescer<Item>(options: {
  flush: (items: readonly Item[]) => Promise<void>;
  /** What to do with a batch that could not be handed on. */
  onFailure: (error: unknown, items: readonly Item[]) => void;
  /** Beyond this many waiting items the oldest are dropped to `onFailure`: memory is finite. */
  capacity: number;
  /** Batches leave at least this far apart, so that a steady stream makes few of them. Default 0. */
  gapMs?: number;
}): Coalescer<Item> {
  let waiting: Item[] = [];
  let running: Promise<void> | undefined;

  const run = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      const startedAt = performance.now();
      waiting = [];
      try {
        await options.flush(batch);
      } catch (error) {
        options.onFailure(error, batch);
      }
      const restMs = (options.gapMs ?? 0) - (performance.now() - startedAt);
      if (restMs > 0) await sleep(restMs);
    }
    running = undefined;
  };

  return {
    add(item) {
      if (waiting.length >= options.capacity)
        options.onFailure(new Error('Too many wait to be enqueued.'), waiting.splice(0, 1));
      waiting.push(item);
      // Behind the callers that are ready now, so that a burst makes one batch.
      running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(run);
    },
    async idle() {
      while (running !== undefined) await running;
    },
  };
}
