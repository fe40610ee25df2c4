import type { JobData } from '../../jobs/catalog.ts';
import { redemptionJob } from '../../jobs/new-jobs.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';
import { ShopPaused } from '../../shopify/admin-client.server.ts';
import { journalCredit } from './credit-journal.ts';
import { settleRedemption } from './fulfil.server.ts';
import type { Step } from './fulfil.server.ts';

const waitMs = 3_000;
const sweepLimit = 200;
/** Untouched for this long means lost: longer than any step takes. */
const stuckAfterSeconds = 30;

export async function settleRedemptionJob(
  { redemptionId, ...shop }: JobData<'settle-redemption'>,
  services: JobServices,
): Promise<void> {
  let step: Step;
  try {
    step = await settleRedemption(
      {
        points: services.core(shop.merchantId).points,
        shopify: services.shopify(shop),
        journal: (promised) =>
          journalCredit(services.files, shop.merchantId, promised, services.now()),
        now: () => services.now(),
      },
      redemptionId,
    );
  } catch (error) {
    if (!(error instanceof ShopPaused)) throw error;
    // The sweep finds it again, and returns its points if the shop stays closed.
    log().info({ merchantId: shop.merchantId }, 'The shop is frozen; its redemption waits');
    return;
  }
  if (step === 'wait')
    await services.queues.enqueueAll([redemptionJob(shop, redemptionId, waitMs)]);
}

/** Finds redemptions and returns that the queue lost, or whose worker died. Returns whether there may be more. */
export async function sweepRedemptions(
  services: Pick<JobServices, 'platformPoints' | 'queues'>,
): Promise<boolean> {
  const { redemptions } = await services.platformPoints.claimStuckRedemptions({
    limit: sweepLimit,
    olderThanSeconds: stuckAfterSeconds,
  });
  if (redemptions.length === 0) return false;
  log().info({ count: redemptions.length }, 'Stalled redemptions were resumed');
  await services.queues.enqueueAll(
    redemptions.map(({ merchantId, shopDomain, redemptionId }) =>
      redemptionJob({ merchantId, shop: shopDomain }, redemptionId),
    ),
  );
  return redemptions.length === sweepLimit;
}
