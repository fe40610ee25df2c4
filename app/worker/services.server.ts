import { analytics } from '../analytics/posthog.server.ts';
import { cache } from '../cache/cache.server.ts';
import { platformClients, systemClients } from '../core-client/clients.server.ts';
import { env } from '../env.server.ts';
import { files } from '../files/files.server.ts';
import { providers } from '../messaging/providers/providers.server.ts';
import { sessionPool } from '../sessions/database.server.ts';
import { sessionStorage } from '../sessions/session-storage.server.ts';
import { backgroundAdminClient } from '../shopify/admin-client.server.ts';
import type { AdminClient } from '../shopify/admin-client.server.ts';
import { createOfflineTokens } from '../shopify/offline-token.server.ts';
import type { OfflineTokens } from '../shopify/offline-token.server.ts';
import { createShopStanding } from '../shopify/shop-standing.server.ts';
import { queues } from '../jobs/queues.server.ts';
import type { Credentials } from '../messaging/providers/provider.ts';
import type { JobServices, ShopReference } from '../jobs/services.ts';

const downloadTimeoutMs = 10 * 60_000;

export function createJobServices(): JobServices {
  const storage = sessionStorage();
  const { SHOPIFY_API_KEY, SHOPIFY_API_SECRET, SHOPIFY_APP_URL } = env();
  const tokens = createOfflineTokens({
    pool: sessionPool(),
    storage,
    clientId: SHOPIFY_API_KEY,
    clientSecret: SHOPIFY_API_SECRET,
  });
  return {
    platform: platformClients().admin,
    platformPoints: platformClients().points,
    queues: queues(),
    core: (merchantId) => systemClients(merchantId),
    shopify: ({ shop, merchantId }) => unauthenticatedAdmin({ shop, merchantId }, tokens),
    async deleteSessions(shop) {
      const sessions = await storage.findSessionsByShop(shop);
      await storage.deleteSessions([`offline_${shop}`, ...sessions.map(({ id }) => id)]);
    },
    async updateScopes(shop, scopes) {
      for (const session of await storage.findSessionsByShop(shop)) {
        session.scope = scopes.join(',');
        await storage.storeSession(session);
      }
    },
    shopStanding: createShopStanding({ storage, tokens }),
    reencryptTokens: () => storage.reencryptTokens(),
    download: (url) => fetch(url, { signal: AbortSignal.timeout(downloadTimeoutMs) }),
    files: files(),
    messaging: {
      providers,
      platformSes,
      analytics,
      appUrl: SHOPIFY_APP_URL.replace(/\/$/, ''),
    },
    eventOrigins: env().EVENT_ORIGINS,
    now: Date.now,
  };
}

/** The Admin API without a member of staff: the shop's offline token, refreshed under its lock, within its budget. */
export function unauthenticatedAdmin(
  { shop, merchantId }: ShopReference,
  tokens: OfflineTokens,
): AdminClient {
  return backgroundAdminClient({ shop, merchantId, tokens, cache: cache() });
}

/** The platform's own SES, for shops without one: it sends from our address, in the shop's name. */
function platformSes(): Credentials | undefined {
  const { MESSAGES_SES_FROM, AWS_REGION } = env();
  if (MESSAGES_SES_FROM === undefined || AWS_REGION === undefined) return undefined;
  return {
    from_address: MESSAGES_SES_FROM,
    region: AWS_REGION,
    role: 'task',
  };
}
