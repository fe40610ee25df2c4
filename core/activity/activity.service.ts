import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { listActivity } from './activity.store.ts';
import { isMember } from '../members/customers.store.ts';
import { searchCustomers } from '../members/customer-search.store.ts';
import { customerSearchOf } from '../members/search.rules.ts';
import type { AdminMethods } from '../call/methods.ts';
import type { LogKind } from '#vocabulary/activity.ts';

/** A name that more members share is not searched. */
const maxMembers = 50;

/** What happened in a shop: points, redemptions, tiers, and what its staff changed. */
export function activityMethods({
  pool,
  clock,
  encryption,
  blindIndex,
}: Pick<
  CoreDependencies,
  'pool' | 'clock' | 'encryption' | 'blindIndex'
>): AdminMethods<'getLogs'> {
  return {
    getLogs: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { customerId, fromDay, toDay, action } = request;
        const { pageSize, cursor } = request.page ?? { pageSize: 50, cursor: '' };
        let customerIds: readonly string[] | undefined;
        let [membersFound, moreMembers] = [-1, false];
        if (customerId !== '') {
          if (!(await isMember(client, merchantId, customerId))) throw notFound('customer_id');
          customerIds = [customerId];
        } else if (request.query.trim() !== '') {
          const search = customerSearchOf(request.query);
          const firstPage = { pageSize: maxMembers, cursor: '' };
          const found = await searchCustomers(
            client,
            blindIndex,
            merchantId,
            search,
            'newest',
            firstPage,
          );
          customerIds = found.rows.map((row) => row.customer_id);
          membersFound = customerIds.length;
          moreMembers = found.nextCursor !== '';
        }
        const { logs, nextCursor } = await listActivity(
          client,
          encryption,
          merchantId,
          {
            kind: request.kind as LogKind | '',
            action,
            customerIds,
            fromDay,
            toDay,
            pageSize,
            cursor,
          },
          clock(),
        );
        return { logs, page: { nextCursor, total: -1 }, membersFound, moreMembers };
      }),
  };
}
