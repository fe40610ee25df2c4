import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { invalidInput, notFound } from '../shared/errors.ts';
import { claimStalledSyncs, readNewestSync, startSync, updateSync } from './sync.store.ts';

type Methods = AdminMethods<'claimStalledSyncs' | 'startSync' | 'updateSync' | 'getSync'>;

/** How far the first reading of a shop has come, and which one came to a halt. */
export function syncMethods({ pool, clock }: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  return {
    async claimStalledSyncs(request) {
      return { syncs: await claimStalledSyncs(pool, request.olderThanSeconds, request.limit) };
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
