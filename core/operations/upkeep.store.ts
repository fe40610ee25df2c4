import type { Pool } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { inTransaction } from '../database/tenant-transaction.ts';

/** Deletes what is kept no longer, at most so many rows of each kind. @returns how many went */
export async function deleteExpired(on: Queryable, limit: number): Promise<number> {
  const { rows } = await on.query<{ deleted: number }>(
    'SELECT retention_delete($1) + messages_delete_old($1) + event_deliveries_delete_old($1) AS deleted',
    [limit],
  );
  return rows[0]?.deleted ?? 0;
}

/** Recounts the members of all shops' segments: longer than the role's own limit for a statement. */
export async function refreshSegmentCounts(pool: Pool): Promise<void> {
  await inTransaction(pool, `BEGIN; SET LOCAL statement_timeout = '15min'`, (client) =>
    client.query('SELECT refresh_rfm_segment_counts()'),
  );
}

export interface WaitingWork {
  readonly events: number;
  readonly eventsAgeSeconds: number;
  readonly deliveries: number;
  readonly deliveriesAgeSeconds: number;
  readonly privacyOverdue: number;
}

interface WaitingWorkRow {
  events: number;
  events_age_seconds: number;
  deliveries: number;
  deliveries_age_seconds: number;
  privacy_overdue: number;
}

/** What the worker has not done yet, over all tenants. Counts end at 10,000; an age is that of the oldest. */
export async function readWaitingWork(on: Queryable): Promise<WaitingWork> {
  const { rows } = await on.query<WaitingWorkRow>('SELECT * FROM waiting_work()');
  const [row] = rows;
  return {
    events: row?.events ?? 0,
    eventsAgeSeconds: row?.events_age_seconds ?? 0,
    deliveries: row?.deliveries ?? 0,
    deliveriesAgeSeconds: row?.deliveries_age_seconds ?? 0,
    privacyOverdue: row?.privacy_overdue ?? 0,
  };
}
