import type { RecentActivity, SlippingMember } from '#proto/analytics/v1/analytics.ts';
import { decryptName } from '../members/customer-encryption.ts';
import { toEntryMessage } from '../ledger/index.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AnalyticsMethods } from '../call/methods.ts';
import { notFound } from '../shared/errors.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { reportOf } from './figures.rules.ts';
import { readFigures } from './figures.store.ts';
import type { ActivityJson, FiguresRow } from './figures.store.ts';

const most = { recent: 8, slipping: 5 };

/** The figures of the first page; they may be a few seconds old. */
export function reportMethods({
  reader,
  encryption,
}: Pick<CoreDependencies, 'reader' | 'encryption'>): AnalyticsMethods<'getAnalytics'> {
  const nameOf = (
    merchantId: string,
    row: { customer_id: string; first_name: string | null; last_name: string | null },
  ) =>
    decryptName(encryption, merchantId, row.customer_id, {
      first_name: bytesOf(row.first_name),
      last_name: bytesOf(row.last_name),
    });
  return {
    async getAnalytics(request, context) {
      const merchantId = tenantOf(context);
      const figures = await reader.read(merchantId, (client) =>
        readFigures(client, merchantId, request.days, most),
      );
      if (figures === undefined) throw notFound('merchant');
      const report = reportOf(figures, request.days);
      return {
        ...report,
        members: figures.members,
        membersInPeriod: report.current?.membersGained ?? 0,
        pointsIssued: report.current?.pointsIssued ?? 0,
        pointsRedeemed: report.current?.pointsRedeemed ?? 0,
        pointsExpired: report.current?.pointsExpired ?? 0,
        pointsOutstanding: figures.outstanding,
        pointsPending: figures.pending,
        recent: figures.recent.map((row) => ({
          entry: entryOf(row),
          customerName: nameOf(merchantId, row),
        })),
        membersSlipping: figures.slipping.members,
        slipping: figures.slipping.most.map((row) => ({
          ...slippingOf(row, figures.currency),
          customerName: nameOf(merchantId, row),
        })),
      };
    },
  };
}

function entryOf(row: ActivityJson): RecentActivity['entry'] {
  return toEntryMessage({
    ...row,
    expiry_date: row.expiry_date === null ? null : new Date(row.expiry_date),
    occurred_at: new Date(row.occurred_at),
    created_at: new Date(row.created_at),
  });
}

const slippingOf = (
  row: FiguresRow['slipping']['most'][number],
  currency: string,
): Omit<SlippingMember, 'customerName'> => ({
  customerId: row.customer_id,
  totalSpend: { amount: formatAmount(parseAmount(row.spent) ?? 0n), currency },
  lastOrderAt: row.last_order_at === null ? '' : new Date(row.last_order_at).toISOString(),
});

/** As JSON of the database has bytes: `\x` and hex. */
const bytesOf = (hex: string | null): Buffer | null =>
  hex === null ? null : Buffer.from(hex.slice(2), 'hex');
