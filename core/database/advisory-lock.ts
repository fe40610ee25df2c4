import type { Queryable } from './queryable.ts';

/**
 * Until the transaction ends no other transaction holds this name: two calls of one attempt run one after the other, and the
 * second finds what the first made.
 */
export async function holdName(on: Queryable, name: string): Promise<void> {
  await on.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
