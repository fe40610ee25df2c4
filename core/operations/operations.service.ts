import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { acknowledgeOutboxEvents, claimOutboxEvents } from '../shared/outbox.store.ts';
import { deleteExpired, refreshSegmentCounts } from './upkeep.store.ts';

type Methods = AdminMethods<
  'claimOutboxEvents' | 'acknowledgeOutboxEvents' | 'deleteExpired' | 'refreshSegmentCounts'
>;

/** What the worker asks for by the clock: events to carry out, rows to delete, counts to renew. */
export function operationMethods({
  pool,
  reader,
}: Pick<CoreDependencies, 'pool' | 'reader'>): Methods {
  return {
    async claimOutboxEvents(request) {
      return { events: await claimOutboxEvents(pool, request.limit, request.leaseSeconds) };
    },

    async acknowledgeOutboxEvents(request) {
      await acknowledgeOutboxEvents(pool, request.eventIds);
      return {};
    },

    async deleteExpired(request) {
      return { deleted: await deleteExpired(pool, request.limit) };
    },

    async refreshSegmentCounts() {
      await refreshSegmentCounts(pool);
      reader.afterWrite();
      return {};
    },
  };
}
