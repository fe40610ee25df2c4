import { Gatherer, type GathererOptions } from '../../proto/shared/gatherer.ts';

/** Data, integrity, contention and raised errors concern rows; anything else (server gone) concerns all. */
export function refusedBySql(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|40|P0|42)/.test(code);
}

/**
 * Group commit: concurrent submissions are gathered into one set-based statement with a result for each, and a batch
 * costs one durable commit. A statement that SQL refused was rolled back whole, so its items are tried
 * one by one.
 */
export class GroupCommit<Item, Result> extends Gatherer<Item, Result> {
  constructor(options: GathererOptions<Item, Result>) {
    super({
      maxBatch: 256,
      inFlight: 2,
      maxQueue: 20_000,
      isPoisoned: refusedBySql,
      ...options,
    });
  }
}
