import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { JobData } from '../../jobs/catalog.ts';
import { settingsJob } from '../../jobs/new-jobs.ts';
import type { NewJob } from '../../jobs/queue.ts';
import { shopsOf } from '../../jobs/read-event.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { writeStorefrontSettings } from './write-settings.server.ts';

/** One job a shop, whatever was saved: Shopify compares what it has. */
export function settingsJobs(events: readonly OutboxEvent[]): NewJob[] {
  return shopsOf(events, ['program.updated', 'settings.updated', 'content.updated']).map(
    settingsJob,
  );
}

export function writeSettings(
  shop: JobData<'write-storefront-settings'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(
    shop,
    async () => {
      await writeStorefrontSettings(
        services.core(shop.merchantId).frontend,
        services.shopify(shop),
      );
    },
    { job: { name: 'write-storefront-settings', data: shop }, services },
  );
}
