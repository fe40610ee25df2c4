import type { Merchant } from '#proto/admin/v1/admin.ts';
import { platformClients } from '../../core-client/clients.server.ts';
import { queues } from '../../jobs/queues.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { shopProfile } from '../../shopify/admin/shop.ts';

/**
 * Makes the shop a tenant, or one again after an uninstall. May run any number of times, also at once: core knows the
 * shop by its domain, and the jobs behind it by the merchant.
 */
export async function installShop(shop: string, admin: AdminClient): Promise<Merchant> {
  const profile = await admin.request(shopProfile, {});
  const { merchant, newlyInstalled } = await platformClients().admin.installMerchant({
    shopDomain: shop,
    name: profile.shop.name,
    currency: profile.shop.currencyCode,
    timezone: profile.shop.ianaTimezone,
    locale: '',
  });
  if (merchant === undefined) throw new Error('core answered no merchant');
  if (newlyInstalled) {
    await queues().enqueue(
      'install-shop',
      { merchantId: merchant.merchantId, shop },
      { coalesceAs: `install-${merchant.merchantId}` },
    );
  }
  return merchant;
}
