import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { traceparentSetting } from './traceparent.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Serialization failure and deadlock: the same work succeeds when tried again. */
const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 4;

type Mode = 'BEGIN' | 'BEGIN READ ONLY';

/** Runs work in a transaction; rolls back and rethrows when it throws. */
export async function inTransaction<T>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | boolean = false;
  try {
    await client.query(begin + traceparentSetting());
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: unknown) => {
      broken = failure instanceof Error ? failure : true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/**
 * Runs work that spans tenants, in the functions of the database that may: no tenant is set, so that row-level security
 * shows no row of any.
 */
export const acrossTenants = <T>(pool: Pool, work: (client: PoolClient) => Promise<T>) =>
  inTransaction(pool, 'BEGIN', work);

/**
 * Runs work as one tenant: row-level security shows and accepts this tenant's rows alone. Everything of a request
 * belongs into one such transaction. Contention is retried a few times; `work` must therefore have no effect outside
 * of the database.
 */
export async function withTenant<T>(
  pool: Pool,
  merchantId: string,
  work: (client: PoolClient) => Promise<T>,
  mode: Mode = 'BEGIN',
): Promise<T> {
  const begin = beginTenant(merchantId, mode);
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, begin, work);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!RETRYABLE.has(code) || !(await contentionBackoff(attempt))) throw error;
    }
  }
}

/** The statement that begins a tenant's transaction. @throws TypeError for what is no id of a tenant */
export function beginTenant(merchantId: string, mode: Mode = 'BEGIN'): string {
  // The id becomes part of the statement (one round trip for both), so it must be nothing but a UUID.
  if (!isTenantId(merchantId)) throw new TypeError('the tenant is not a UUID');
  return `${mode}; SELECT set_config('app.merchant_id', '${merchantId}', true)`;
}

/**
 * Inside a transaction: works on all items together and, when that fails, on each alone, so that one item that the work
 * fails on is left out and passed to `onFailure`. Contention and a lost connection are no fault of an item, and are thrown.
 */
export async function togetherOrAlone<Item, Result>(
  client: PoolClient,
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Result>,
  onFailure: (item: Item, error: unknown) => void,
): Promise<Result[]> {
  const attempt = async (
    some: readonly Item[],
  ): Promise<{ result: Result } | { error: unknown }> => {
    await client.query('SAVEPOINT attempt');
    try {
      const result = await work(some);
      await client.query('RELEASE SAVEPOINT attempt');
      return { result };
    } catch (error) {
      if (isNobodysFault(error)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt');
      return { error };
    }
  };
  const together = await attempt(items);
  if ('result' in together) return [together.result];
  const results: Result[] = [];
  for (const item of items) {
    const alone = await attempt([item]);
    if ('result' in alone) results.push(alone.result);
    else onFailure(item, alone.error);
  }
  return results;
}

/** Contention, or a server that is away: without an SQL state of data, the transaction itself is over. */
function isNobodysFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return RETRYABLE.has(code) || /^(08|53|55P03|57|25P03|E[A-Z]+$)/.test(code);
}

export function isTenantId(value: string): boolean {
  return UUID.test(value);
}

/** Waits a little, longer after each failed attempt. @returns false, at once, when there were enough of them */
export async function contentionBackoff(attempt: number): Promise<boolean> {
  if (attempt >= ATTEMPTS) return false;
  await sleep(5 * 2 ** attempt * Math.random());
  return true;
}
