import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { PointsMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { listEntries, readBalance } from '../ledger/index.ts';
import { notFound } from '../shared/errors.ts';
import { explainBalance } from './explain.store.ts';

/** What a member has, and how it came about. */
export function balanceMethods({
  pool,
}: Pick<CoreDependencies, 'pool'>): PointsMethods<
  'getPointsBalance' | 'listEntries' | 'explainBalance'
> {
  return {
    async getPointsBalance(request, context) {
      const balance = await withTenant(pool, tenantOf(context), (client) =>
        readBalance(client, tenantOf(context), request.customerId),
      );
      if (!balance) throw notFound('customer_id');
      return { balance };
    },

    async listEntries(request, context) {
      const merchantId = tenantOf(context);
      const { entries, nextCursor } = await withTenant(pool, merchantId, async (client) => {
        if (request.customerId && !(await readBalance(client, merchantId, request.customerId)))
          throw notFound('customer_id');
        return listEntries(client, {
          merchantId,
          ...(request.customerId && { customerId: request.customerId }),
          types: request.types,
          cursor: request.page?.cursor ?? '',
          pageSize: request.page?.pageSize ?? 50,
        });
      });
      return { entries, page: { nextCursor, total: -1 } };
    },

    explainBalance: (request, context) =>
      withTenant(pool, tenantOf(context), (client) =>
        explainBalance(client, tenantOf(context), request.customerId),
      ),
  };
}
