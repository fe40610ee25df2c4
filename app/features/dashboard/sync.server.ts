import type { Sync } from '#proto/admin/v1/admin.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { queues } from '../../jobs/queues.server.ts';

export async function loadSync({ core }: MerchantRequest): Promise<{ sync: Sync | null }> {
  const { sync } = await core.admin.getSync({});
  return { sync: sync ?? null };
}

/** Begins the first-run sync anew; one that is under way goes on. */
export async function restartSync({ core, merchantId, shopDomain }: MerchantRequest) {
  const { sync, started } = await core.admin.startSync({});
  if (started)
    await queues().enqueueAll([{ name: 'first-run-sync', data: { merchantId, shop: shopDomain } }]);
  return { ok: true as const, sync: sync ?? null };
}
