import { decryptName } from '../members/customer-encryption.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { toEntryMessage } from '../ledger/index.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AnalyticsMethods } from '../call/methods.ts';
import { notFound } from '../shared/errors.ts';
import { readFigures, readRecentActivity } from './figures.store.ts';

const recentEntries = 10;

/** The figures of the first page. */
export function reportMethods(
  deps: Pick<CoreDependencies, 'pool' | 'encryption'>,
): AnalyticsMethods<'getAnalytics'> {
  return {
    async getAnalytics(request, context) {
      const merchantId = tenantOf(context);
      const [figures, activity] = await withTenant(deps.pool, merchantId, async (client) => [
        await readFigures(client, merchantId, request.days),
        await readRecentActivity(client, merchantId, recentEntries),
      ]);
      if (figures === undefined) throw notFound('merchant');
      const sum = (index: 1 | 2) => figures.daily.reduce((total, day) => total + day[index], 0);
      return {
        members: figures.members,
        membersInPeriod: figures.members_in_period,
        pointsIssued: sum(1),
        pointsRedeemed: sum(2),
        pointsExpired: figures.expired,
        pointsOutstanding: figures.outstanding,
        daily: figures.daily.map(([day, issued, redeemed]) => ({ day, issued, redeemed })),
        recent: activity.map((row) => ({
          entry: toEntryMessage(row),
          customerName: decryptName(deps.encryption, merchantId, row.customer_id, row),
        })),
      };
    },
  };
}
