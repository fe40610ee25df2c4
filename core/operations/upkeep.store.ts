import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/tenant-transaction.ts';

/** Deletes what is kept no longer, at most so many rows of each kind. @returns how many went */
export async function deleteExpired(on: Queryable, limit: number): Promise<number> {
  const { rows } = await on.query<{ deleted: number }>('SELECT retention_delete($1) AS deleted', [
    limit,
  ]);
  return rows[0]?.deleted ?? 0;
}

/** Recounts the members of all shops' segments: longer than the role's own limit for a statement. */
export async function refreshSegmentCounts(pool: Pool): Promise<void> {
  await inTransaction(pool, `BEGIN; SET LOCAL statement_timeout = '15min'`, (client) =>
    client.query('SELECT refresh_rfm_segment_counts()'),
  );
}
