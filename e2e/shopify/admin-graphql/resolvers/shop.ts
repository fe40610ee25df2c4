import { gid } from '../../state.ts';
import { toDecimal } from '../../money.ts';
import type { World } from '../../world.ts';
import type { GraphNode } from '../relay.ts';
import type { Resolver } from '../context.ts';
import { metafieldFields } from './metafields.ts';

const PLAN = { basic: 'Basic', advanced: 'Advanced', plus: 'Shopify Plus' } as const;
const LANGUAGE: Readonly<Record<string, string>> = {
  en: 'English',
  es: 'Spanish',
  fr: 'French',
  de: 'German',
};

export const moneyV2 = (minor: number, currency: string): GraphNode => ({
  __typename: 'MoneyV2',
  amount: toDecimal(minor, currency).replace(/(\.\d)0$/, '$1'),
  currencyCode: currency,
});

export function shopNode(world: World): GraphNode {
  const { shop } = world.data,
    id = gid('Shop', shop.id);
  return {
    __typename: 'Shop',
    id,
    name: shop.name,
    email: shop.email,
    contactEmail: shop.email,
    myshopifyDomain: shop.domain,
    url: `https://${shop.domain}`,
    currencyCode: shop.currency,
    ianaTimezone: shop.timeZone,
    timezoneAbbreviation: 'EST',
    timezoneOffset: '-0500',
    timezoneOffsetMinutes: -300,
    shopOwnerName: shop.owner,
    createdAt: shop.createdAt,
    updatedAt: shop.updatedAt,
    taxesIncluded: false,
    taxShipping: false,
    setupRequired: false,
    enabledPresentmentCurrencies: [shop.currency],
    weightUnit: 'POUNDS',
    unitSystem: 'IMPERIAL_SYSTEM',
    orderNumberFormatPrefix: '#',
    orderNumberFormatSuffix: '',
    description: null,
    primaryDomain: {
      __typename: 'Domain',
      id: gid('Domain', shop.id + 1),
      host: shop.domain,
      url: `https://${shop.domain}`,
      sslEnabled: true,
    },
    plan: {
      __typename: 'ShopPlan',
      displayName: PLAN[shop.plan],
      publicDisplayName: PLAN[shop.plan],
      partnerDevelopment: shop.isDevelopment ?? false,
      shopifyPlus: shop.plan === 'plus',
    },
    currencyFormats: {
      __typename: 'CurrencyFormats',
      moneyFormat: '${{amount}}',
      moneyWithCurrencyFormat: `\${{amount}} ${shop.currency}`,
      moneyInEmailsFormat: '${{amount}}',
      moneyWithCurrencyInEmailsFormat: `\${{amount}} ${shop.currency}`,
    },
    shopAddress: {
      __typename: 'ShopAddress',
      id: gid('ShopAddress', shop.id),
      address1: shop.address,
      address2: null,
      city: shop.city,
      zip: shop.zip,
      countryCodeV2: shop.country,
      country: 'United States',
      province: 'New York',
      provinceCode: 'NY',
      company: shop.name,
      phone: shop.phone,
    },
    customerAccountsV2: {
      __typename: 'CustomerAccountsV2',
      customerAccountsVersion: 'NEW_CUSTOMER_ACCOUNTS',
      loginLinksVisibleOnStorefrontAndCheckout: true,
      loginRequiredAtCheckout: false,
      url: `https://${shop.domain}/account`,
    },
    features: {
      __typename: 'ShopFeatures',
      storefront: true,
      giftCards: false,
      reports: true,
      branding: 'SHOPIFY',
    },
    ...metafieldFields(world, id),
  };
}

const appNode = (world: World): GraphNode => ({
  __typename: 'App',
  id: gid('App', APP_ID),
  apiKey: world.settings.apiKey,
  handle: world.config.handle,
  title: world.config.name,
  description: null,
  developerName: world.config.name,
  embedded: true,
  previouslyInstalled: true,
  published: false,
  shopifyDeveloped: false,
  webhookApiVersion: world.config.apiVersion,
  requestedAccessScopes: scopes(world.config.scopes),
  availableAccessScopes: scopes(world.config.scopes),
  optionalAccessScopes: [],
  installation: () => installationNode(world),
});
export const APP_ID = 217_310_001;
const scopes = (handles: string[]): GraphNode[] =>
  handles.map((handle) => ({
    __typename: 'AccessScope',
    handle,
    description: handle.replaceAll('_', ' '),
  }));

export function installationNode(world: World): GraphNode {
  const { installation, shop } = world.data,
    id = gid('AppInstallation', installation.id);
  return {
    __typename: 'AppInstallation',
    id,
    accessScopes: scopes(installation.scopes),
    activeSubscriptions: [],
    launchUrl: `https://admin.shopify.com/store/${shop.domain.split('.')[0] ?? ''}/apps/${world.config.handle}`,
    uninstallUrl: `https://${shop.domain}/admin/settings/apps`,
    app: () => appNode(world),
    ...metafieldFields(world, id),
  };
}

export const shopQueries: Record<string, Resolver> = {
  shop: (_args, { world }) => shopNode(world),
  shopLocales: (args, { world }) =>
    world.data.shop.locales
      .filter(() => args['published'] !== false)
      .map((locale) => ({
        __typename: 'ShopLocale',
        locale,
        name: LANGUAGE[locale] ?? locale,
        primary: locale === world.data.shop.primaryLocale,
        published: true,
      })),
  currentAppInstallation: (_args, { world }) => installationNode(world),
  app: (args, { world }) =>
    (args['id'] ?? null) === null || args['id'] === gid('App', APP_ID) ? appNode(world) : null,
};
