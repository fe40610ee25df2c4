import { readFileSync } from 'node:fs';
import https from 'node:https';
import { startEmulator } from '#e2e/shopify/emulator.ts';
import type { Emulator } from '#e2e/shopify/emulator.ts';
import { tokenEndpoint } from '#e2e/shopify/tokens.ts';
import type { JobServices } from '../jobs/services.ts';
import { clientId, secret, shop, storeOfflineSession } from './web.ts';

export interface ShopifyUnderTest {
  readonly emulator: Emulator;
  /** Like the global fetch, but Shopify's hosts are the emulator's. */
  readonly fetch: typeof fetch;
  /** What jobs work with in production, on this Shopify. */
  services(changes?: Partial<JobServices>): Promise<JobServices>;
  stop(): Promise<void>;
}

/** The Shopify emulator with the app installed in it, called over TLS as the original is. */
export async function startTestShopify(options: {
  readonly appUrl: string;
  readonly customers?: number;
  readonly seed?: 'none' | 'demo';
  /** What the merchant allowed beside the least that the app asks for. */
  readonly optionalScopes?: readonly string[];
}): Promise<ShopifyUnderTest> {
  const emulator = await startEmulator({
    ...options,
    shop,
    apiKey: clientId,
    apiSecret: secret,
    bulkDelayMs: 1,
    retryScale: 0,
  });
  const agent = new https.Agent({
    ca: readFileSync(emulator.certificatePath),
    proxyEnv: { NODE_ENV: 'test', ...emulator.environment },
    keepAlive: true,
  });
  const { body } = tokenEndpoint(emulator.world, shop, {
    client_id: clientId,
    client_secret: secret,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: emulator.idToken(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    expiring: '1',
  });
  await storeOfflineSession(shop, String(body['access_token']), options.optionalScopes);
  const fetchShopify: typeof fetch = (input, init) =>
    request(new URL(addressOf(input)), init, agent);
  return {
    emulator,
    fetch: fetchShopify,
    async services(changes = {}) {
      const { createJobServices } = await import('../worker/services.server.ts');
      const { backgroundAdminClient } = await import('../shopify/admin-client.server.ts');
      const { createMemoryCache } = await import('../cache/memory-cache.ts');
      const { createOfflineTokens } = await import('../shopify/offline-token.server.ts');
      const { sessionPool } = await import('../sessions/database.server.ts');
      const { sessionStorage } = await import('../sessions/session-storage.server.ts');
      const tokens = createOfflineTokens({
        pool: sessionPool(),
        storage: sessionStorage(),
        clientId,
        clientSecret: secret,
        fetch: fetchShopify,
      });
      const { createShopStanding } = await import('../shopify/shop-standing.server.ts');
      const cache = createMemoryCache();
      return {
        ...createJobServices(),
        shopStanding: createShopStanding({
          storage: sessionStorage(),
          tokens,
          fetch: fetchShopify,
        }),
        // Whatever the tenant: there is one shop at this Shopify.
        shopify: ({ merchantId }) =>
          backgroundAdminClient({ shop, merchantId, tokens, cache, fetch: fetchShopify }),
        download: (url) => fetchShopify(url),
        ...changes,
      };
    },
    async stop() {
      agent.destroy();
      await emulator.stop();
    },
  };
}

function addressOf(input: Parameters<typeof fetch>[0]): string {
  return input instanceof Request ? input.url : String(input);
}

function request(url: URL, init: RequestInit | undefined, agent: https.Agent): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = https.request(
      url,
      {
        agent,
        method: init?.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init?.headers)),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve(new Response(Buffer.concat(chunks), { status: incoming.statusCode ?? 500 })),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(init?.body);
  });
}
