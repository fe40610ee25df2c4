import type { CoreClients } from '../../core-client/clients.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { appInstallation } from '../../shopify/admin/installation.ts';
import { setMetafields, settingsMetafield } from '../../shopify/admin/metafields.ts';
import { refusalOf } from '../../shopify/admin/user-errors.ts';
import { storefrontSettings } from './storefront-settings.ts';

/** Writes the theme's settings to Shopify; repeating it changes nothing. */
export async function writeStorefrontSettings(
  frontend: CoreClients['frontend'],
  shopify: AdminClient,
): Promise<void> {
  const [own, en, es, fr] = await Promise.all(
    ['', 'en', 'es', 'fr'].map((locale) => frontend.getWidget({ locale })),
  );
  if (own === undefined || en === undefined || es === undefined || fr === undefined) return;
  const settings = storefrontSettings({ en, es, fr }, own.locale);
  const { currentAppInstallation } = await shopify.request(appInstallation, {});
  const { metafieldsSet } = await shopify.request(setMetafields, {
    metafields: [
      {
        ...settingsMetafield,
        ownerId: currentAppInstallation.id,
        value: JSON.stringify(settings),
      },
    ],
  });
  const refusal = refusalOf('metafieldsSet', metafieldsSet);
  if (refusal !== undefined) throw refusal;
}
