import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Session } from '@shopify/shopify-app-remix/server';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { ShopNotConnected, createOfflineTokens } from '../shopify/offline-token.server.ts';
import { SessionStorage } from './session-storage.server.ts';
import { createTokenCipher } from './token-cipher.server.ts';

const key = { id: 'k1', key: randomBytes(32) };
let database: TestDatabase;
let pool: pg.Pool;
let storage: SessionStorage;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.appUrl, max: 4 });
  storage = new SessionStorage(pool, createTokenCipher([key]));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const in60Minutes = () => new Date(Date.now() + 3_600_000);

function offline(
  shop: string,
  change: Partial<ConstructorParameters<typeof Session>[0]> = {},
): Session {
  return new Session({
    id: `offline_${shop}`,
    shop,
    state: '',
    isOnline: false,
    scope: 'read_orders,write_customers',
    accessToken: 'shpat_first',
    expires: in60Minutes(),
    refreshToken: 'shprt_first',
    refreshTokenExpires: new Date(Date.now() + 90 * 86_400_000),
    ...change,
  });
}

describe('sessions', () => {
  test('are read as they were stored, and updated in place', async () => {
    const session = offline('round-trip.myshopify.com');
    await storage.storeSession(session);
    const loaded = await storage.loadSession(session.id);
    expect(loaded?.equals(session)).toBe(true);
    expect(loaded?.refreshToken).toBe('shprt_first');
    expect(loaded?.refreshTokenExpires).toEqual(session.refreshTokenExpires);
    session.accessToken = 'shpat_second';
    await storage.storeSession(session);
    expect((await storage.loadSession(session.id))?.accessToken).toBe('shpat_second');
  });

  test('without token, scope or expiry are read as such', async () => {
    const bare = new Session({
      id: 'bare',
      shop: 'bare.myshopify.com',
      state: 'x',
      isOnline: false,
    });
    await storage.storeSession(bare);
    const loaded = await storage.loadSession('bare');
    expect(loaded?.accessToken).toBeUndefined();
    expect(loaded?.expires).toBeUndefined();
  });

  test('are found by shop and deleted together', async () => {
    const shop = 'two.myshopify.com';
    await storage.storeSession(offline(shop));
    await storage.storeSession(offline(shop, { id: 'online_1', isOnline: true }));
    const found = await storage.findSessionsByShop(shop);
    expect(found.map(({ id }) => id).sort()).toEqual(['offline_two.myshopify.com', 'online_1']);
    await storage.deleteSessions(found.map(({ id }) => id));
    expect(await storage.findSessionsByShop(shop)).toEqual([]);
    expect(await storage.loadSession('online_1')).toBeUndefined();
  });

  test('have encrypted tokens, and the app has no rights on the table itself', async () => {
    await storage.storeSession(offline('encrypted.myshopify.com', { accessToken: 'shpat_plain' }));
    const { rows } = await pool.query<{ access_token: Buffer }>(
      `SELECT access_token FROM load_session('offline_encrypted.myshopify.com')`,
    );
    expect(rows[0]?.access_token.toString('latin1')).not.toContain('shpat_plain');
    const { rows: direct } = await pool
      .query('SELECT session_id FROM shopify_sessions')
      .catch(() => ({ rows: [] }));
    expect(direct).toEqual([]);
  });

  test('cannot be taken over by another shop', async () => {
    await storage.storeSession(offline('owner.myshopify.com'));
    await storage.storeSession(
      offline('thief.myshopify.com', { id: 'offline_owner.myshopify.com' }),
    );
    expect((await storage.loadSession('offline_owner.myshopify.com'))?.shop).toBe(
      'owner.myshopify.com',
    );
  });

  test('whose key is gone make staff sign in again instead of failing', async () => {
    await storage.storeSession(offline('rotated.myshopify.com'));
    const later = new SessionStorage(pool, createTokenCipher([{ id: 'k2', key: randomBytes(32) }]));
    expect(await later.loadSession('offline_rotated.myshopify.com')).toBeUndefined();
  });
});

describe('a rotation of the encryption key', () => {
  test('re-encrypts every token but those no key decrypts, so that the old key can be removed', async () => {
    const next = { id: 'next', key: randomBytes(32) };
    for (let number = 0; number < 3; number += 1)
      await storage.storeSession(offline(`rotated-${number}.myshopify.com`));
    const lost = createTokenCipher([{ id: 'lost', key: randomBytes(32) }]);
    await new SessionStorage(pool, lost).storeSession(offline('rotated-lost.myshopify.com'));
    const rotating = new SessionStorage(pool, createTokenCipher([next, key]));
    expect(await rotating.reencryptTokens()).toBeGreaterThanOrEqual(6);
    expect(await rotating.reencryptTokens()).toBe(0);
    const without = new SessionStorage(pool, createTokenCipher([next]));
    for (let number = 0; number < 3; number += 1)
      expect(await without.loadSession(`offline_rotated-${number}.myshopify.com`)).toMatchObject({
        accessToken: 'shpat_first',
        refreshToken: 'shprt_first',
      });
    // Back, for the tests that follow.
    await new SessionStorage(pool, createTokenCipher([key, next])).reencryptTokens();
  });

  test('keeps a token that was renewed during the rotation', async () => {
    const next = { id: 'next', key: randomBytes(32) };
    const shop = 'renewed-meanwhile.myshopify.com';
    await storage.storeSession(offline(shop));
    const renewing = {
      async query(...parameters: [string, unknown[]]) {
        const answer = await pool.query(...parameters);
        if (parameters[0].includes('encrypted_with_other_keys'))
          await storage.storeSession(
            offline(shop, { accessToken: 'shpat_newer', refreshToken: 'shprt_newer' }),
          );
        return answer;
      },
    } as Pick<pg.Pool, 'query'>;
    await new SessionStorage(renewing, createTokenCipher([next, key])).reencryptTokens();
    const both = new SessionStorage(pool, createTokenCipher([next, key]));
    expect(await both.loadSession(`offline_${shop}`)).toMatchObject({
      accessToken: 'shpat_newer',
      refreshToken: 'shprt_newer',
    });
    await new SessionStorage(pool, createTokenCipher([key, next])).reencryptTokens();
  });
});

describe('an expired token', () => {
  /** Shopify's side: each refresh token works once. */
  function shopify() {
    const spent: string[] = [];
    const refusals: string[] = [];
    const send = async (_url: unknown, init?: RequestInit): Promise<Response> => {
      const { refresh_token: token } = JSON.parse(init?.body as string) as {
        refresh_token: string;
      };
      await sleep(50);
      if (spent.includes(token)) {
        refusals.push(token);
        return Response.json({ error: 'invalid_grant' }, { status: 400 });
      }
      spent.push(token);
      return Response.json({
        access_token: `shpat_${spent.length}`,
        scope: 'read_orders',
        expires_in: 3_600,
        refresh_token: `shprt_${spent.length}`,
        refresh_token_expires_in: 7_776_000,
      });
    };
    return { spent, refusals, fetch: send as typeof fetch };
  }

  const tokensOf = (server: { fetch: typeof fetch }, ownPool = pool) =>
    createOfflineTokens({
      pool: ownPool,
      storage,
      clientId: 'id',
      clientSecret: 'secret',
      fetch: server.fetch,
    });

  test('is refreshed once for eight concurrent callers in two processes', async () => {
    const shop = 'race.myshopify.com';
    await storage.storeSession(offline(shop, { expires: new Date(Date.now() - 1_000) }));
    const server = shopify();
    const otherPool = new pg.Pool({ connectionString: database.appUrl, max: 4 });
    try {
      const first = tokensOf(server);
      const second = tokensOf(server, otherPool);
      const tokens = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (index % 2 === 0 ? first : second).accessToken(shop),
        ),
      );
      expect(new Set(tokens)).toEqual(new Set(['shpat_1']));
      expect(server.spent).toEqual(['shprt_first']);
      expect(server.refusals).toEqual([]);
    } finally {
      await otherPool.end();
    }
    const kept = await storage.loadSession(`offline_${shop}`);
    expect(kept).toMatchObject({
      accessToken: 'shpat_1',
      refreshToken: 'shprt_1',
      scope: 'read_orders',
    });
    expect(kept?.isExpired(5 * 60_000)).toBe(false);
  });

  test('is not refreshed while it is valid for more than five minutes', async () => {
    const server = shopify();
    await storage.storeSession(offline('fresh.myshopify.com'));
    expect(await tokensOf(server).accessToken('fresh.myshopify.com')).toBe('shpat_first');
    expect(server.spent).toEqual([]);
  });

  test('that Shopify will not renew, or of a shop that left, is not treated as a failure', async () => {
    const server = shopify();
    const shop = 'gone.myshopify.com';
    await storage.storeSession(
      offline(shop, { expires: new Date(0), refreshToken: 'shprt_spent' }),
    );
    server.spent.push('shprt_spent');
    await expect(tokensOf(server).accessToken(shop)).rejects.toBeInstanceOf(ShopNotConnected);
    await expect(tokensOf(server).accessToken('never.myshopify.com')).rejects.toBeInstanceOf(
      ShopNotConnected,
    );
  });

  test('is retried after an outage of Shopify, with the same refresh token', async () => {
    const shop = 'away.myshopify.com';
    await storage.storeSession(offline(shop, { expires: new Date(0) }));
    const server = shopify();
    const failing = {
      fetch: (() => Promise.resolve(new Response('', { status: 502 }))) as typeof fetch,
    };
    await expect(tokensOf(failing).accessToken(shop)).rejects.toThrow(/502/);
    expect(await tokensOf(server).accessToken(shop)).toBe('shpat_1');
  });
});
