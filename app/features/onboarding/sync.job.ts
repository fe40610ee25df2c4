import type { JobData } from '../../jobs/catalog.ts';
import { installJob, syncJob } from '../../jobs/new-jobs.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { log } from '../../log.server.ts';
import { continueFirstRunSync } from './first-run-sync.server.ts';

/** How long to wait for a bulk operation; its webhook usually arrives first. */
const pollBulkOperationMs = 3_000;
const sweepLimit = 500;
/** A first-run sync reports its progress every few seconds, and waits two minutes between its last tries. */
const stalledSeconds = 300;

export function runFirstRunSync(
  shop: JobData<'first-run-sync'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, async () => {
    const { admin, points, referrals } = services.core(shop.merchantId);
    const step = await continueFirstRunSync({
      core: { admin, points, referrals },
      shopify: services.shopify(shop),
      download: (url) => services.download(url),
      now: () => services.now(),
      merchantId: shop.merchantId,
    });
    if (step === 'done') return;
    // Polling replaces a lost webhook. Same id as the webhook's job, so only one waits.
    await services.queues.enqueueAll([
      syncJob(shop, step === 'wait' ? pollBulkOperationMs : undefined),
    ]);
  });
}

/** Resumes first syncs whose job was lost or failed. Returns whether there may be more. */
export async function sweepSyncs(
  services: Pick<JobServices, 'platform' | 'queues'>,
): Promise<boolean> {
  const { syncs } = await services.platform.claimStalledSyncs({
    limit: sweepLimit,
    olderThanSeconds: stalledSeconds,
  });
  if (syncs.length === 0) return false;
  log().info({ count: syncs.length }, 'Stalled first syncs were resumed');
  await services.queues.enqueueAll(
    syncs.map(({ merchantId, shopDomain, status }) => {
      const shop = { merchantId, shop: shopDomain };
      // Before anything was asked of Shopify the installation itself may have been lost.
      return status === 'queued' ? installJob(shop) : syncJob(shop);
    }),
  );
  return syncs.length === sweepLimit;
}
