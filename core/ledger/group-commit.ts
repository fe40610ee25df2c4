import { AsyncLocalStorage } from 'node:async_hooks';
import { trace } from '@opentelemetry/api';
import { Gatherer, type GathererOptions } from '../../proto/shared/gatherer.ts';
import { callScope, inCallScope } from '../database/call-scope.ts';
import type { CallScope } from '../database/call-scope.ts';

/** Data, integrity, contention and raised errors concern rows; anything else (server gone) concerns all. */
export function refusedBySql(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(22|23|40|P0|42)/.test(code);
}

interface Submission<Item> {
  readonly item: Item;
  readonly scope: CallScope | undefined;
}

/**
 * Group commit: concurrent submissions are gathered into one set-based statement with a result for each, and a batch
 * costs one durable commit. A statement that SQL refused was rolled back whole, so its items are tried
 * one by one. The batch is part of the trace of its first item, and each caller bears its share of the time.
 */
export class GroupCommit<Item, Result> {
  readonly #gatherer: Gatherer<Submission<Item>, Result>;

  constructor({ execute, tenantOf, bytesOf, ...options }: GathererOptions<Item, Result>) {
    this.#gatherer = new Gatherer<Submission<Item>, Result>({
      maxBatch: 256,
      inFlight: 2,
      maxQueue: 20_000,
      isPoisoned: refusedBySql,
      ...options,
      ...(tenantOf && { tenantOf: ({ item }) => tenantOf(item) }),
      ...(bytesOf && { bytesOf: ({ item }) => bytesOf(item) }),
      // A snapshot for each award costs more than the rest of its submission.
      capture: () =>
        trace.getActiveSpan() === undefined ? undefined : AsyncLocalStorage.snapshot(),
      execute: (submissions) => executeShared(submissions, execute),
    });
  }

  /** @throws QueueFullError, ClosedError, or what the batch threw for this very item. */
  submit(item: Item): Promise<Result> {
    return this.#gatherer.submit({ item, scope: callScope() });
  }

  idle(): Promise<void> {
    return this.#gatherer.idle();
  }

  /** Takes nothing new and resolves when everything taken has been answered. */
  close(): Promise<void> {
    return this.#gatherer.close();
  }
}

async function executeShared<Item, Result>(
  submissions: readonly Submission<Item>[],
  execute: GathererOptions<Item, Result>['execute'],
): Promise<readonly Result[]> {
  const startedAt = performance.now();
  try {
    return await inCallScope(undefined, () => execute(submissions.map(({ item }) => item)));
  } finally {
    const share = (performance.now() - startedAt) / submissions.length;
    for (const { scope } of submissions) if (scope) scope.queryMilliseconds += share;
  }
}
