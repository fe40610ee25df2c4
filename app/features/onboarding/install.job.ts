import { env } from '../../env.server.ts';
import type { JobData } from '../../jobs/catalog.ts';
import { balancesJob, settingsJob, syncJob } from '../../jobs/new-jobs.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { subscribeToTopics } from '../../shopify/subscribe-topics.server.ts';

/** The work for a shop that installed or reinstalled the app. */
export function finishInstallation(
  shop: JobData<'install-shop'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, async () => {
    await subscribeToTopics(services.shopify(shop), env().SHOPIFY_APP_URL);
    await services.core(shop.merchantId).admin.startSync({});
    // After a re-install the members of old have balances that Shopify may have forgotten.
    for (const job of [syncJob(shop), settingsJob(shop), balancesJob(shop)])
      await services.queues.enqueueAll([job]);
  });
}
