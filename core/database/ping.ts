import type { Queryable } from './queryable.ts';

/** Resolves when the database answers, and rejects when it cannot be asked. */
export async function ping(on: Queryable): Promise<void> {
  await on.query('SELECT 1');
}
