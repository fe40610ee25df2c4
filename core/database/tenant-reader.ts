import type { Pool, PoolClient } from 'pg';
import type { Queryable } from './queryable.ts';
import { beginTenant, inTransaction, withTenant } from './tenant-transaction.ts';

/** Reads of one tenant that may be a little old, from a replica where there is one. */
export interface TenantReader {
  /**
   * Runs reads in one transaction, on the replica if it has replayed all that the primary had committed `maxLagMs` ago,
   * else on the primary; also when the replica fails. `work` may therefore run twice, and must not write.
   */
  read<T>(merchantId: string, work: (client: PoolClient) => Promise<T>): Promise<T>;
  /**
   * Reads of which only some may be a little old: with a replica those are read there, else all `atOnce`, by one statement
   * that sets the tenant for itself.
   */
  readBoth<Now, Old>(
    merchantId: string,
    reads: {
      readonly now: (client: PoolClient) => Promise<Now>;
      readonly old: (client: PoolClient) => Promise<Old>;
      readonly atOnce: (primary: Queryable) => Promise<readonly [Now, Old]>;
    },
  ): Promise<readonly [Now, Old]>;
  /** What this process reads from now on includes all that was committed until now. */
  afterWrite(): void;
}

export interface ReaderOptions {
  readonly primary: Pool;
  readonly replica?: Pool | undefined;
  /** How old what is read may be. */
  readonly maxLagMs: number;
  readonly now?: () => number;
  /** Hears why the primary is read instead, at most once in a pause. */
  readonly onFallback?: (reason: Error) => void;
}

/** A position in the primary's log, and a time at which no later one had been committed. */
interface Position {
  readonly lsn: string;
  readonly at: number;
}

/** A replica that lags is asked again after a second; one that does not answer, after five. */
const behindPauseMs = 1_000;
const failedPauseMs = 5_000;

class Behind extends Error {}

export function createTenantReader(options: ReaderOptions): TenantReader {
  const { primary, replica, maxLagMs, now = Date.now } = options;
  const onPrimary = <T>(merchantId: string, work: (client: PoolClient) => Promise<T>) =>
    withTenant(primary, merchantId, work, 'BEGIN READ ONLY');
  if (replica === undefined)
    return {
      read: onPrimary,
      readBoth: (_merchantId, { atOnce }) => atOnce(primary),
      afterWrite: () => undefined,
    };
  const positions = knownPositions(primary, maxLagMs, now);
  let pausedUntil = 0;
  const fallBack = (reason: Error) => {
    pausedUntil = now() + (reason instanceof Behind ? behindPauseMs : failedPauseMs);
    options.onFallback?.(reason);
  };
  const read: TenantReader['read'] = async (merchantId, work) => {
    if (now() >= pausedUntil) {
      const { lsn } = await positions.wanted();
      try {
        return await inTransaction(
          replica,
          beginTenant(merchantId, 'BEGIN READ ONLY'),
          async (client) => {
            await demandReplayed(client, lsn);
            return work(client);
          },
        );
      } catch (error) {
        fallBack(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return onPrimary(merchantId, work);
  };
  return {
    read,
    readBoth: (merchantId, reads) =>
      Promise.all([onPrimary(merchantId, reads.now), read(merchantId, reads.old)]),
    afterWrite: () => positions.forget(),
  };
}

/**
 * Asked on the connection that is read from: behind a pooler, replicas take turns. A server that is not in recovery is
 * no replica, or no longer one, and its log has a history of its own.
 */
async function demandReplayed(on: Queryable, lsn: string): Promise<void> {
  const { rows } = await on.query<{ fresh: boolean | null }>(
    'SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= $1::pg_lsn AS fresh',
    [lsn],
  );
  if (rows[0]?.fresh !== true) throw new Behind('the replica is behind');
}

/**
 * The two newest positions of the primary, half a limit apart: the older one, while it is young enough, is what a
 * replica must have reached. Measured so, and not by the replica's own clock, a replica that lost its primary is seen.
 */
function knownPositions(primary: Queryable, maxLagMs: number, now: () => number) {
  let older: Position | undefined;
  let newer: Position | undefined;
  let asking: Promise<Position> | undefined;
  let generation = 0;
  const isYoung = (position: Position | undefined, limitMs: number): position is Position =>
    position !== undefined && now() - position.at <= limitMs;

  async function ask(): Promise<Position> {
    const asked = generation;
    const at = now();
    const { rows } = await primary.query<{ lsn: string }>(
      'SELECT pg_current_wal_insert_lsn()::text AS lsn',
    );
    const position = { lsn: rows[0]?.lsn ?? '', at };
    if (asked === generation) {
      older = newer;
      newer = position;
    }
    return position;
  }

  return {
    async wanted(): Promise<Position> {
      if (!isYoung(newer, maxLagMs / 2)) {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
        const asked = await asking;
        return isYoung(older, maxLagMs) ? older : asked;
      }
      return isYoung(older, maxLagMs) ? older : newer;
    },
    forget(): void {
      generation += 1;
      older = undefined;
      newer = undefined;
      asking = undefined;
    },
  };
}
