import { Gatherer } from '../../proto/shared/gatherer.ts';

/**
 * Batches single items: the first at once, and everything that arrives while a batch is on its
 * way as the next batch. Callers do not wait for a result.
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
  const gatherer = new Gatherer<Item, undefined>({
    async execute(items) {
      await options.flush(items).catch((error: unknown) => options.onFailure(error, items));
      return [];
    },
    maxQueue: options.capacity,
    whenFull: 'drop-oldest',
    gapMs: options.gapMs ?? 0,
  });
  return {
    add(item) {
      gatherer.submit(item).catch((error: unknown) => options.onFailure(error, [item]));
    },
    idle: () => gatherer.idle(),
  };
}
