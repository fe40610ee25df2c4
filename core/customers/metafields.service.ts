import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { notFound } from '../shared/errors.ts';
import { confirmMetafieldBalances, readMetafieldBalances } from './metafields.store.ts';

/** Balances that Shopify is to show, and what it has confirmed of them. */
export function metafieldMethods({
  pool,
}: Pick<CoreDependencies, 'pool'>): AdminMethods<
  'getMetafieldBalances' | 'confirmMetafieldBalances'
> {
  return {
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
  };
}
