import type { AppProviderProps } from '@shopify/polaris';
import { languageOf } from '../i18n/i18next.server.ts';
import type { Language } from '../i18n/languages.ts';
import type { MerchantRequest } from './merchant-request.server.ts';
import type { Shop } from './shop.ts';

type PolarisWords = AppProviderProps['i18n'];

// English is Polaris's own default and travels with its script.
const polarisWords: Partial<Record<Language, () => Promise<{ default: PolarisWords }>>> = {
  es: () => import('@shopify/polaris/locales/es.json', { with: { type: 'json' } }),
  fr: () => import('@shopify/polaris/locales/fr.json', { with: { type: 'json' } }),
};

export interface Layout {
  readonly polaris: PolarisWords | undefined;
  readonly shop: Shop;
}

export async function loadLayout(merchant: MerchantRequest): Promise<Layout> {
  const language = await languageOf(merchant.request);
  const [{ settings }, polaris] = await Promise.all([
    merchant.core.admin.getSettings({}),
    polarisWords[language]?.(),
  ]);
  return {
    polaris: polaris?.default,
    shop: {
      shopDomain: merchant.shopDomain,
      currency: settings?.merchant?.currency ?? '',
      timezone: settings?.merchant?.timezone || 'UTC',
      pointsNames: settings?.pointsName ?? {},
    },
  };
}
