import type { SessionStorage } from '../sessions/session-storage.server.ts';
import { adminApiVersion } from './api-version.ts';
import { ShopNotConnected } from './offline-token.server.ts';
import type { OfflineTokens } from './offline-token.server.ts';

/**
 * Whether a shop has the app, as its own token shows:
 *   connected   Shopify takes the token
 *   gone        the token no longer works: the app was uninstalled
 *   no_token    there is none to ask with
 *   unknown     Shopify did not say; ask again later
 */
export type ShopStanding = 'connected' | 'gone' | 'no_token' | 'unknown';

const requestTimeoutMs = 10_000;

export interface ShopStandingOptions {
  readonly storage: Pick<SessionStorage, 'loadSession'>;
  readonly tokens: OfflineTokens;
  readonly fetch?: typeof fetch;
}

/** Headers of a delivery can be forged, so an uninstall is accepted only once the shop's token no longer works. */
export function createShopStanding(
  options: ShopStandingOptions,
): (shop: string) => Promise<ShopStanding> {
  const { storage, tokens } = options;
  return async (shop) => {
    const session = await storage.loadSession(`offline_${shop}`);
    if (session === undefined) return 'no_token';
    const { accessToken } = session;
    const known =
      accessToken === undefined || session.isExpired()
        ? 401
        : await statusOf(shop, accessToken, options);
    // A frozen, locked or unpaid shop, a throttled call and an outage are no uninstall.
    if (known !== 401) return known === 200 ? 'connected' : 'unknown';
    let fresh: string;
    try {
      fresh = await tokens.accessToken(shop, accessToken);
    } catch (error) {
      if (!(error instanceof ShopNotConnected)) return 'unknown';
      if (error.cause === 'invalid_grant') return 'gone';
      // A token without an end cannot be renewed: what was refused just now was all there is.
      return error.cause === 'no_refresh_token' ? 'gone' : 'unknown';
    }
    const status = await statusOf(shop, fresh, options);
    return status === 401 ? 'gone' : status === 200 ? 'connected' : 'unknown';
  };
}

/** What Shopify answers to the smallest question; 0 when it does not. */
async function statusOf(
  shop: string,
  accessToken: string,
  options: ShopStandingOptions,
): Promise<number> {
  try {
    const response = await (options.fetch ?? fetch)(
      `https://${shop}/admin/api/${adminApiVersion}/graphql.json`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-shopify-access-token': accessToken,
        },
        body: JSON.stringify({ query: '{ shop { id } }' }),
        redirect: 'manual',
        signal: AbortSignal.timeout(requestTimeoutMs),
      },
    );
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
