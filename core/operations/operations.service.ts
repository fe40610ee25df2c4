import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { inTransaction } from '../database/tenant-transaction.ts';
import { acknowledgeOutboxEvents, claimOutboxEvents } from '../shared/outbox.store.ts';

type Methods = AdminMethods<
  'claimOutboxEvents' | 'acknowledgeOutboxEvents' | 'deleteExpired' | 'refreshSegmentCounts'
>;

/** What the worker asks for by the clock: events to carry out, rows to delete, counts to renew. */
export function operationMethods({ pool }: Pick<CoreDependencies, 'pool'>): Methods {
  return {
    async claimOutboxEvents(request) {
      return { events: await claimOutboxEvents(pool, request.limit, request.leaseSeconds) };
    },

    async acknowledgeOutboxEvents(request) {
      await acknowledgeOutboxEvents(pool, request.eventIds);
      return {};
    },

    async deleteExpired(request) {
      const { rows } = await pool.query<{ deleted: number }>(
        'SELECT retention_delete($1) AS deleted',
        [request.limit],
      );
      return { deleted: rows[0]?.deleted ?? 0 };
    },

    async refreshSegmentCounts() {
      // Of all shops' members: longer than the role's own limit for a statement.
      await inTransaction(pool, `BEGIN; SET LOCAL statement_timeout = '15min'`, (client) =>
        client.query('SELECT refresh_rfm_segment_counts()'),
      );
      return {};
    },
  };
}
