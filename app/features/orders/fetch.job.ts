import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import { orderGid } from '../../shopify/admin/ids.ts';
import { recordWholeOrder } from '../../shopify/record-readings.ts';

export function fetchOrder(
  { orderId, ...shop }: JobData<'fetch-order'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(
    shop,
    async () => {
      const { points, referrals } = services.core(shop.merchantId);
      const { isInDoubt } = await recordWholeOrder(orderGid(orderId), {
        points,
        referrals,
        shopify: services.shopify(shop),
        trigger: 'edited',
        // A webhook older than this read is ignored, its lines too.
        lines: 'products',
        now: () => services.now(),
      });
      // Shopify's response is behind its webhooks, or our clock is wrong: both are temporary.
      if (isInDoubt) throw new AdminApiError('an order is later than its reading', true);
    },
    { job: { name: 'fetch-order', data: { orderId, ...shop } }, services },
  );
}
