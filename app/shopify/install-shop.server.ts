import type { Merchant } from '#proto/admin/v1/admin.ts';
import { platformClients } from '../core-client/clients.server.ts';
import type { AdminClient } from './admin-client.server.ts';
import { shopProfile } from './admin/shop.ts';

/**
 * Creates the shop's tenant, or restores it after an uninstall. Safe to run repeatedly and concurrently: core knows the
 * shop by its domain. Further work for a new shop follows from core's event (worker/event-effects.ts), so it is
 * not lost with this process.
 */
export async function installShop(shop: string, admin: AdminClient): Promise<Merchant> {
  const profile = await admin.request(shopProfile, {});
  const { merchant } = await platformClients().admin.installMerchant({
    shopDomain: shop,
    name: profile.shop.name,
    currency: profile.shop.currencyCode,
    timezone: profile.shop.ianaTimezone,
    locale: '',
    isDevelopment: profile.shop.plan.partnerDevelopment,
  });
  if (merchant === undefined) throw new Error('core answered no merchant');
  return merchant;
}
