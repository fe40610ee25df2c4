import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRedis } from '#infra/local/optional-tools.ts';
import { startRedis } from '#infra/local/redis.ts';
import type { RunningRedis } from '#infra/local/redis.ts';
import { startLink } from './testing/link.ts';
import type { Link, LinkState } from './testing/link.ts';
import {
  bodyHash,
  deliver,
  proxyPath,
  sessionToken,
  shop,
  shopperToken,
  startTestWeb,
  storeOfflineSession,
} from './testing/web.ts';

/** docs/runbook.md, "When something is down": what each surface answers while something is gone. */
const skips = findRedis() === undefined && process.env.CI !== 'true';
const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
/** Shopify gives a delivery five seconds. */
const longestMs = 5_000;

type Part = 'core' | 'database' | 'queue' | 'cache';
const links = new Map<Part, Link>();
const servers: RunningRedis[] = [];
/** PostHog takes connections and never answers, all the while. */
const provider = createServer((socket) => void held.add(socket.on('error', () => undefined)));
const held = new Set<Socket>();
let web: Awaited<ReturnType<typeof startTestWeb>>;
let rewardId = '';
let deliveryId = '';
let etag = '';

async function linkTo(part: Part, port: number): Promise<number> {
  const link = await startLink(port);
  links.set(part, link);
  return link.port;
}

async function redisBehindLink(part: 'queue' | 'cache'): Promise<string> {
  const server = await startRedis();
  if (server === undefined) throw new Error('redis-server is missing');
  servers.push(server);
  return `redis://127.0.0.1:${await linkTo(part, server.port)}`;
}

beforeAll(async () => {
  if (skips) return;
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    REDIS_URL: await redisBehindLink('queue'),
    CACHE_REDIS_URL: await redisBehindLink('cache'),
    POSTHOG_KEY: 'phc_test',
    POSTHOG_HOST: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
  });
  web = await startTestWeb({
    routes:
      /\/(webhooks|proxy|extension|health|app\.(tsx|_index|customers\._index|deliveries)|console\.(tsx|sign-in))/,
    between: linkTo,
  });
  const store = await web.core.installShop(shop);
  await storeOfflineSession(shop);
  // Grace polls, and Ada does the rest.
  await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: '5002', firstName: 'Grace', state: 'enabled' },
    trigger: 'updated',
  });
  const { customerId } = await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: '5001', firstName: 'Ada', state: 'enabled' },
    trigger: 'updated',
  });
  await store.points.earnPoints({
    award: { customerId, points: 90_000, idempotencyKey: 'start' },
  });
  const { reward } = await store.points.upsertReward({
    reward: { kind: 'amount_off', title: { en: 'Five' }, pointsCost: 500, value: '5' },
  });
  rewardId = reward?.rewardId ?? '';
  await deliver(web.url, { body: '{"id":9}' });
  const { rows } = await web.core.outside.query<{ delivery_id: string }>(
    `UPDATE webhook_inbox SET status = 'failed' RETURNING delivery_id`,
  );
  deliveryId = rows[0]?.delivery_id ?? '';
  // The home page notes that the panel was seen.
  await polling();
  await surfaces['dashboard home']();
  etag = (await polling()).headers.get('etag') ?? '';
}, 120_000);
afterAll(async () => {
  if (skips) return;
  for (const link of links.values()) await link.set('open');
  for (const socket of held) socket.destroy();
  provider.close();
  await web.stop();
  for (const link of links.values()) await link.close();
  for (const server of servers) await server.stop();
});

const storefront = (path: string, init: RequestInit = {}, query = {}) =>
  fetch(web.url + proxyPath(path, { logged_in_customer_id: '5001', locale: 'en', ...query }), init);
const polling = () =>
  storefront('widget', { headers: { 'if-none-match': etag } }, { logged_in_customer_id: '5002' });
const staff = (path: string, form?: Record<string, string>) =>
  fetch(web.url + path, {
    headers: { authorization: `Bearer ${sessionToken(shop)}`, 'user-agent': browser },
    ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form) }),
  });
const extension = (path: string, token: string) =>
  fetch(`${web.url}/extension/${path}`, {
    headers: { authorization: `Bearer ${token}`, 'user-agent': browser },
  });

/** What people and Shopify ask for. */
const surfaces = {
  webhook: () => deliver(web.url, { body: `{"id":${Math.floor(Math.random() * 1e9)}}` }),
  'dashboard page': () => staff('/app/customers.data?_routes=routes/app.customers._index'),
  'dashboard home': () => staff('/app.data?_routes=routes/app._index'),
  'dashboard replay': () =>
    staff('/app/deliveries.data?_routes=routes/app.deliveries', { id: deliveryId }),
  'storefront widget': () => storefront('widget'),
  'storefront polling': polling,
  // Its shop is asked for the first time.
  'referral link': () => storefront('r/ABCD2345', {}, { shop: 'other.myshopify.com' }),
  'storefront redeeming': () => {
    const body = JSON.stringify({
      reward_id: rewardId,
      idempotency_key: randomUUID(),
      wait_ms: 0,
    });
    return storefront('redeem', { method: 'POST', body }, bodyHash(body));
  },
  'checkout and account': () => extension('widget', shopperToken(shop, '5001')),
  'point of sale': () => extension('pos/member?customer=5001', sessionToken(shop)),
  'console sign-in': () =>
    fetch(`${web.url}/console/sign-in.data`, {
      method: 'POST',
      headers: { origin: web.url, 'user-agent': browser },
      body: new URLSearchParams({ login: 'nobody', password: 'wrong' }),
    }),
  // It waits for core without using up an attempt.
  'job of deliveries': async () => {
    const { createJobServices } = await import('./worker/services.server.ts');
    const { processDeliveries } = await import('./features/webhooks/process.job.ts');
    const backoff = { waits: 0, since: Date.now() };
    await processDeliveries({ deliveryIds: [deliveryId], backoff }, createJobServices());
    return new Response();
  },
  'job calling Shopify': async () => {
    const { cache } = await import('./cache/cache.server.ts');
    const { createAdminClient } = await import('./shopify/admin-client.server.ts');
    const { shopProfile } = await import('./shopify/admin/shop.ts');
    const { z } = await import('zod');
    const client = createAdminClient({
      shop,
      accessToken: () => Promise.resolve('shpat_test'),
      budget: { cache: cache(), merchantId: randomUUID() },
      fetch: () =>
        Promise.resolve(
          Response.json({
            data: {},
            extensions: {
              cost: {
                throttleStatus: {
                  maximumAvailable: 1_000,
                  currentlyAvailable: 900,
                  restoreRate: 50,
                },
              },
            },
          }),
        ),
    });
    await client.request({ ...shopProfile, data: z.unknown() }, {});
    return new Response();
  },
  liveness: () => fetch(`${web.url}/health`),
  readiness: () => fetch(`${web.url}/healthz`),
} satisfies Record<string, () => Promise<Response>>;
type Answers = Record<keyof typeof surfaces, number>;

const well: Answers = {
  webhook: 200,
  'dashboard page': 200,
  'dashboard home': 200,
  'dashboard replay': 200,
  'storefront widget': 200,
  'storefront polling': 304,
  // No such shop has the app.
  'referral link': 404,
  'storefront redeeming': 200,
  'checkout and account': 200,
  'point of sale': 200,
  // The password is wrong, or was too often.
  'console sign-in': 401,
  'job of deliveries': 200,
  'job calling Shopify': 200,
  liveness: 200,
  readiness: 200,
};
/** Nothing can be read or written; the last valid view stays with anyone who polls. */
const withoutCore: Answers = {
  ...(Object.fromEntries(Object.keys(well).map((name) => [name, 503])) as Answers),
  // It says of each part that it cannot be had now.
  'dashboard home': 200,
  'storefront polling': 304,
  // Without its offer, and with who sent the friend.
  'referral link': 200,
  'job of deliveries': 200,
  'job calling Shopify': 200,
  liveness: 200,
};

/** A page whose call was not answered in time says so by 504. */
const alike: Readonly<Record<number, number>> = { 504: 503, 429: 401 };

async function askAll() {
  const asked = await Promise.all(
    Object.entries(surfaces).map(async ([name, ask]) => {
      const startedAt = performance.now();
      const answer = await ask();
      const text = await answer.text();
      const ms = performance.now() - startedAt;
      return { name, status: answer.status, text, ms, again: answer.headers.get('retry-after') };
    }),
  );
  return {
    statuses: Object.fromEntries(asked.map(({ name, status }) => [name, alike[status] ?? status])),
    slowest: Math.max(...asked.map(({ ms }) => ms)),
    asked,
  };
}

async function lose(part: Part, how: LinkState): Promise<void> {
  await links.get(part)?.set(how);
}

const outages: readonly [Part, Exclude<LinkState, 'open'>, Answers][] = [
  ['core', 'gone', withoutCore],
  ['core', 'silent', withoutCore],
  ['database', 'gone', withoutCore],
  ['database', 'silent', withoutCore],
  ['queue', 'gone', well],
  // The last ones: for some seconds more no one asks the cache.
  ['cache', 'gone', well],
  ['cache', 'silent', well],
];

test.skipIf(skips)('with all that they need, all surfaces answer, PostHog or not', async () => {
  expect((await askAll()).statuses).toEqual(well);
});

test.skipIf(skips).each(outages)(
  'while the %s is %s, each surface answers as the runbook says, in time, and is well again without help',
  async (part, how, expected) => {
    await lose(part, how);
    try {
      const { statuses, slowest, asked } = await askAll();
      expect(statuses).toEqual(expected);
      expect(slowest).toBeLessThan(longestMs + 1_000);
      for (const { name, status, again } of asked)
        if (status >= 503 && name !== 'readiness') expect(Number(again), name).toBeGreaterThan(0);
      const link = asked.find(({ name, status }) => name === 'referral link' && status === 200);
      if (link !== undefined) expect(link.text).toContain('ln_ref=ABCD2345');
    } finally {
      await lose(part, 'open');
    }
    await expect
      .poll(async () => (await askAll()).statuses, { timeout: 15_000, interval: 200 })
      .toEqual(well);
  },
  40_000,
);
