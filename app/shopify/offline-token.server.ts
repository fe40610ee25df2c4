import { Session } from '@shopify/shopify-app-remix/server';
import type pg from 'pg';
import { z } from 'zod';
import type { SessionStorage } from '../sessions/session-storage.server.ts';
import { askShopify } from './shop-circuits.server.ts';

/** Tokens are renewed this long before they expire, as Shopify's library does. */
const renewBeforeMs = 5 * 60_000;
const requestTimeoutMs = 10_000;

/** Why there is no token: only `invalid_grant` is Shopify's word that the shop's grant is over. */
export type NotConnectedCause = 'no_session' | 'no_refresh_token' | 'invalid_grant' | 'refused';

/** The shop has no usable session: it was uninstalled, or must be opened once by its staff. */
export class ShopNotConnected extends Error {
  override readonly cause: NotConnectedCause;

  constructor(shop: string, cause: NotConnectedCause) {
    super(`${shop} has no usable session`);
    this.name = 'ShopNotConnected';
    this.cause = cause;
  }
}

const tokenAnswer = z.object({
  access_token: z.string(),
  scope: z.string(),
  expires_in: z.number(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.number(),
});

const refusalAnswer = z.object({ error: z.string().optional().catch(undefined) }).catch({});

export interface OfflineTokens {
  /**
   * @param refused a token that Shopify has refused, and that is not to be given again
   * @throws ShopNotConnected
   */
  accessToken(shop: string, refused?: string): Promise<string>;
}

export interface OfflineTokenOptions {
  readonly pool: pg.Pool;
  readonly storage: SessionStorage;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch?: typeof fetch;
}

/**
 * The access token for background work in a shop, refreshed when it nears its end. A refresh token is good for one use,
 * so callers in this process share one refresh, and an advisory lock of the transaction keeps other machines waiting
 * until the new pair is stored.
 */
export function createOfflineTokens(options: OfflineTokenOptions): OfflineTokens {
  const { pool, storage } = options;
  const refreshing = new Map<string, Promise<string>>();

  const refresh = async (shop: string, refused: string | undefined): Promise<string> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      await client.query(`SET LOCAL lock_timeout = '20s'`);
      await client.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
        `shopify-token/${shop}`,
      ]);
      const locked = storage.within(client);
      const session = await connected(locked, shop);
      const known = usableToken(session, refused);
      const token = known ?? (await renew(locked, session, options));
      await client.query('COMMIT');
      return token;
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error('rollback failed');
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };

  return {
    async accessToken(shop, refused) {
      const known = usableToken(await connected(storage, shop), refused);
      if (known !== undefined) return known;
      const running = refreshing.get(shop);
      if (running !== undefined) return running;
      const started = refresh(shop, refused).finally(() => refreshing.delete(shop));
      refreshing.set(shop, started);
      return started;
    },
  };
}

async function connected(storage: SessionStorage, shop: string): Promise<Session> {
  const session = await storage.loadSession(`offline_${shop}`);
  if (session === undefined) throw new ShopNotConnected(shop, 'no_session');
  return session;
}

function usableToken(session: Session, refused: string | undefined): string | undefined {
  return session.isExpired(renewBeforeMs) || session.accessToken === refused
    ? undefined
    : session.accessToken;
}

async function renew(
  storage: SessionStorage,
  session: Session,
  options: OfflineTokenOptions,
): Promise<string> {
  const { shop, refreshToken } = session;
  if (refreshToken === undefined) throw new ShopNotConnected(shop, 'no_refresh_token');
  const send = options.fetch ?? fetch;
  const response = await askShopify(shop, () =>
    send(`https://${shop}/admin/oauth/access_token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        client_id: options.clientId,
        client_secret: options.clientSecret,
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
      }),
      signal: AbortSignal.timeout(requestTimeoutMs),
    }),
  );
  if (response.status === 400 || response.status === 401) {
    // Spent or expired for good: only a visit of the staff (token exchange) brings a new one.
    const { error } = refusalAnswer.parse(await response.json().catch(() => ({})));
    // A wrong secret of ours is refused too, and says nothing about the shop.
    throw new ShopNotConnected(shop, error === 'invalid_grant' ? 'invalid_grant' : 'refused');
  }
  if (!response.ok) throw new Error(`Shopify answered ${response.status} to a token refresh`);
  const answer = tokenAnswer.parse(await response.json());
  const now = Date.now();
  const renewed = new Session({
    ...session.toObject(),
    scope: answer.scope,
    accessToken: answer.access_token,
    expires: new Date(now + answer.expires_in * 1000),
    refreshToken: answer.refresh_token,
    refreshTokenExpires: new Date(now + answer.refresh_token_expires_in * 1000),
  });
  await storage.storeSession(renewed);
  return answer.access_token;
}
