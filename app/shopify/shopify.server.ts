import '@shopify/shopify-app-remix/adapters/node';
import { ApiVersion, AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import { env } from '../env.server.ts';
import { installShop } from './install-shop.server.ts';
import { log } from '../log.server.ts';
import { sessionStorage } from '../sessions/session-storage.server.ts';
import { createAdminClient } from './admin-client.server.ts';
import { adminApiVersion } from './api-version.ts';

const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL, SCOPES } = env();

/**
 * Managed installation and token exchange: the staff's signed session token becomes an expiring offline token, with no
 * redirect and no form that asks for a shop's domain. Webhooks and the storefront do not come through here: they are
 * verified by our own code (shopify/signatures.server.ts), which loads no session.
 */
const shopify = shopifyApp({
  apiKey: SHOPIFY_API_KEY,
  apiSecretKey: SHOPIFY_API_SECRET,
  appUrl: SHOPIFY_APP_URL,
  scopes: SCOPES,
  apiVersion: libraryApiVersion(),
  authPathPrefix: '/auth',
  distribution: AppDistribution.AppStore,
  sessionStorage: sessionStorage(),
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  logger: {
    // The library's own log quotes addresses with their signatures.
    log: (_severity, message) =>
      log().debug({ library: 'shopify' }, message.split('|')[0]?.slice(0, 200) ?? ''),
  },
  hooks: {
    // Runs once for each new token, and twice at once when two loaders meet an expired one.
    afterAuth: async ({ session }) => {
      const { shop, accessToken } = session;
      if (accessToken === undefined) return;
      await installShop(
        shop,
        createAdminClient({ shop, accessToken: () => Promise.resolve(accessToken) }),
      );
    },
  },
});

function libraryApiVersion(): ApiVersion {
  const known = Object.values(ApiVersion).find((version) => String(version) === adminApiVersion);
  if (known === undefined)
    throw new Error(`Shopify's library does not know version ${adminApiVersion} of the Admin API.`);
  return known;
}

export const { addDocumentResponseHeaders, authenticate } = shopify;
