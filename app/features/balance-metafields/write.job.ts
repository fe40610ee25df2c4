import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { JobData } from '../../jobs/catalog.ts';
import { balancesJob } from '../../jobs/new-jobs.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { shopsOf } from '../../jobs/read-event.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { writeBalanceMetafields } from './write-balances.server.ts';

/** One job per shop, however many events: core knows whose balances are behind. */
export function balanceJobs(events: readonly OutboxEvent[]): NewJob[] {
  return shopsOf(events, ['points.changed', 'customer.created']).map(balancesJob);
}

export function writeBalances(
  shop: JobData<'write-balance-metafields'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(
    shop,
    async () => {
      await writeBalanceMetafields(services.core(shop.merchantId).admin, services.shopify(shop));
    },
    { job: { name: 'write-balance-metafields', data: shop }, services },
  );
}
