import type { Sync } from '#proto/admin/v1/admin.ts';
import { liveResponse } from '../../dashboard/live.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { enqueueOrLeave } from '../../jobs/queues.server.ts';
import { isUnderWay } from './sync-state.ts';

/** The first-run sync as it goes on. */
export function followSync({ core, request }: MerchantRequest): Promise<Response> {
  const { admin } = core;
  return liveResponse<Sync | null>(request, {
    read: async () => (await admin.getSync({})).sync ?? null,
    isOver: (sync) => !isUnderWay(sync),
  });
}

/** Restarts the first sync; a running one continues. */
export async function restartSync({ core, merchantId, shopDomain }: MerchantRequest) {
  const { sync, started } = await core.admin.startSync({});
  if (started)
    await enqueueOrLeave.enqueueAll([
      { name: 'first-run-sync', data: { merchantId, shop: shopDomain } },
    ]);
  return { ok: true as const, sync: sync ?? null };
}
