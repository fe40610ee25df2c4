/**
 * Gathers what is submitted one by one into calls that carry many, each item with an answer of its own. Eager, without a
 * timer: what is submitted in one turn of the event loop leaves together, and what comes while a call is under way leaves
 * with the next. An idle system adds no delay, and a busy one makes few, full calls.
 */
export interface Batcher<Item, Result> {
  /** Rejects with what the item's call threw. */
  submit(item: Item): Promise<Result>;
}

export interface BatcherOptions<Item, Result> {
  /** Answers stand in the order of the items. */
  readonly send: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items in one call. */
  readonly maxItems: number;
  /** Bytes in one call, where items differ; a single larger one goes alone. */
  readonly maxBytes?: number;
  readonly bytesOf?: (item: Item) => number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

export function createBatcher<Item, Result>(
  options: BatcherOptions<Item, Result>,
): Batcher<Item, Result> {
  const { send, maxItems, maxBytes = Number.POSITIVE_INFINITY, bytesOf = () => 0 } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let isRunning = false;

  const take = (): Waiting<Item, Result>[] => {
    let bytes = 0;
    const length = waiting.findIndex((one, index) => {
      bytes += bytesOf(one.item);
      return index > 0 && (index >= maxItems || bytes > maxBytes);
    });
    return waiting.splice(0, length === -1 ? waiting.length : length);
  };

  const run = async () => {
    while (waiting.length > 0) {
      const batch = take();
      try {
        const results = await send(batch.map(({ item }) => item));
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isRunning = false;
  };

  return {
    submit(item) {
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isRunning) return;
        isRunning = true;
        setImmediate(() => void run());
      });
    },
  };
}
