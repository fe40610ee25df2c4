import type { AppProviderProps } from '@shopify/polaris';
import { picturesAddress } from '../files/pictures.ts';
import { env } from '../env.server.ts';
import { documentationAddress } from './documentation.server.ts';
import { languageOf } from '../i18n/i18next.server.ts';
import type { Language } from '../i18n/languages.ts';
import { isShownWhileDown } from './status-page.ts';
import type { MerchantRequest } from './merchant-request.server.ts';
import { UNKNOWN_SHOP } from './shop.ts';
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
  const [{ settings }, polaris] = await Promise.all([
    merchant.core.admin.getSettings({}),
    wordsFor(merchant.request),
  ]);
  return {
    polaris,
    shop: {
      shopDomain: merchant.shopDomain,
      currency: settings?.merchant?.currency ?? '',
      timezone: settings?.merchant?.timezone || 'UTC',
      pointsNames: settings?.pointsName ?? {},
      pictures: picturesAddress(merchant.merchantId),
      documentation: documentationAddress(env().DOCUMENTATION_URL),
    },
  };
}

/** The status page says what is down, and the home page shows what is not: both must be shown without it. */
export function layoutWhileDown(request: Request): Promise<Layout> | undefined {
  if (!isShownWhileDown(new URL(request.url).pathname)) return undefined;
  return wordsFor(request).then((polaris) => ({ polaris, shop: UNKNOWN_SHOP }));
}

async function wordsFor(request: Request): Promise<PolarisWords | undefined> {
  return (await polarisWords[await languageOf(request)]?.())?.default;
}
