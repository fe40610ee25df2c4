import { env } from '../../env.server.ts';
import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { whileOpen } from '../../jobs/while-open.ts';
import { subscribeToTopics } from '../../shopify/subscribe-topics.server.ts';

export function subscribeShop(
  shop: JobData<'subscribe-topics'>,
  services: JobServices,
): Promise<void> {
  return whileOpen(shop, () => subscribeToTopics(services.shopify(shop), env().SHOPIFY_APP_URL));
}
