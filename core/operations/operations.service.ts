import { inTransaction, withTenant } from '../database/tenant-transaction.ts';
import { createReviewer } from '../member-review/review-members.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { claimOpenPrivacyRequests } from '../privacy/gdpr.store.ts';
import { confirmMetafieldBalances, readMetafieldBalances } from '../customers/metafields.store.ts';
import { acknowledgeOutboxEvents, claimOutboxEvents } from '../shared/outbox.store.ts';
import type { AdminMethods } from '../rpc/admin.ts';
import { claimStalledSyncs, readNewestSync, startSync, updateSync } from '../merchants/sync.store.ts';

type Methods = AdminMethods<
  | 'claimOutboxEvents'
  | 'acknowledgeOutboxEvents'
  | 'deleteExpired'
  | 'refreshSegmentCounts'
  | 'reviewMembers'
  | 'getMetafieldBalances'
  | 'confirmMetafieldBalances'
  | 'claimStalledSyncs'
  | 'claimOpenPrivacyRequests'
  | 'startSync'
  | 'updateSync'
  | 'getSync'
>;

/** What the worker and the dashboard need to keep things running: outbox, metafields, first-run sync. */
export function operationMethods(
  deps: Pick<CoreDependencies, 'pool' | 'clock' | 'ledger' | 'blindIndex' | 'logger'>,
): Methods {
  const { pool, clock } = deps;
  const reviewer = createReviewer(deps);
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

    reviewMembers: (request) => reviewer.round(request.limit),

    getMetafieldBalances: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const wanted = [...new Set(request.customerIds)];
        const { known, balances } = await readMetafieldBalances(client, tenantOf(context), wanted);
        if (known < wanted.length) throw notFound('customer_ids');
        return { balances };
      }),

    confirmMetafieldBalances: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const ids = new Set(request.balances.map((balance) => balance.customerId));
        const known = await confirmMetafieldBalances(client, tenantOf(context), request.balances);
        if (known < ids.size) throw notFound('balances.customer_id');
        return {};
      }),

    async claimStalledSyncs(request) {
      return { syncs: await claimStalledSyncs(pool, request.olderThanSeconds, request.limit) };
    },

    async claimOpenPrivacyRequests({ olderThanSeconds, limit }) {
      return { requests: await claimOpenPrivacyRequests(pool, olderThanSeconds, limit) };
    },

    startSync: (_request, context) =>
      withTenant(pool, tenantOf(context), (client) => startSync(client, tenantOf(context))),

    updateSync: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        if (request.sync === undefined) throw invalidInput('sync', 'is missing');
        const sync = await updateSync(client, tenantOf(context), request.sync, clock());
        if (sync === undefined) throw notFound('sync.sync_id');
        return { sync };
      }),

    getSync: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => ({
        sync: await readNewestSync(client, tenantOf(context)),
      })),
  };
}
