import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRedis } from '#infra/local/redis.ts';
import type { FirstView } from '../../cache/first-views.ts';
import { createRedisViews } from '../../cache/redis-first-views.server.ts';
import { relayOutbox } from '../../jobs/outbox-relay.ts';
import { eventEffects } from '../../worker/event-effects.ts';
import { proxyPath, shop, startTestWeb } from '../../testing/web.ts';
import type { Widget } from './widget-contract.ts';

const server = await startRedis();
let web: Awaited<ReturnType<typeof startTestWeb>>;
/** Another web process: what it knows it was told, or has read from Redis. */
let other: { readonly url: string };
let store: Awaited<ReturnType<typeof web.core.installShop>>;
let redis: Redis;
let customers = 61_000;

async function member(points = 100) {
  const shopifyCustomerId = String(++customers);
  const { customerId } = await store.admin.upsertCustomer({
    customer: { shopifyCustomerId, firstName: 'Ada', state: 'enabled' },
    trigger: 'updated',
  });
  await store.points.earnPoints({ award: { customerId, points, idempotencyKey: customerId } });
  const poll = (etag?: string, locale = 'en', url = web.url) =>
    fetch(`${url}${proxyPath('widget', { logged_in_customer_id: shopifyCustomerId, locale })}`, {
      headers: etag === undefined ? {} : { 'if-none-match': etag },
    });
  const look = async (etag?: string) => {
    const response = await poll(etag);
    expect(response.status).toBe(200);
    const { customer, campaigns } = (await response.json()) as Widget;
    return { etag: response.headers.get('etag') ?? '', balance: customer?.balance, campaigns };
  };
  const key = `points:${customerId}`;
  return { customerId, poll, look, key };
}

/** As the worker does it. */
async function relay() {
  const services = {
    platform: web.core.clients().admin,
    queues: { enqueueAll: () => Promise.resolve() },
    analytics: { capture: () => undefined, close: () => Promise.resolve() },
    now: Date.now(),
    views: createRedisViews(redis),
  };
  while (await relayOutbox(services, eventEffects));
}

describe.skipIf(server === undefined)('polling with Redis', () => {
  beforeAll(async () => {
    process.env['REDIS_URL'] = server?.url;
    web = await startTestWeb();
    vi.resetModules();
    const { serveRoutes } = await import('../../testing/web.ts');
    other = await serveRoutes();
    store = await web.core.installShop(shop);
    redis = new Redis(server?.url ?? '');
    await relay();
  }, 60_000);
  afterAll(async () => {
    await web.stop();
    await redis.quit();
    await server?.stop();
    delete process.env['REDIS_URL'];
  });

  test('a member’s key holds balance, versions, next change and ETag for a day', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    const kept = await redis.hgetall(ada.key);
    expect(kept).toMatchObject({ version: '1', balance: '100', etag, locale: 'en' });
    expect(kept['content_version']).toMatch(/^[0-9a-f]{16}$/);
    expect(Date.parse(kept['next_change_at'] ?? '')).toBeGreaterThan(Date.now());
    expect(await redis.ttl(ada.key)).toBeGreaterThan(86_000);
  });

  test('a balance change is visible as soon as its event is relayed', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    expect((await ada.poll(etag)).status).toBe(304);
    const { customerId } = ada;
    await store.points.earnPoints({
      award: { customerId, points: 7, idempotencyKey: `x${customerId}` },
    });
    await relay();
    const after = await ada.look(etag);
    expect(after.balance).toBe(107);
    expect((await ada.poll(after.etag)).status).toBe(304);
  });

  test('a change of the shop’s offers is visible and changes the ETag', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    await store.points.upsertReward({
      reward: { kind: 'amount_off', title: { en: 'New' }, pointsCost: 500, value: '5' },
    });
    await relay();
    expect((await ada.look(etag)).etag).not.toBe(etag);
  });

  test('a scheduled change is visible when its time comes', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    await web.core.outside.query(
      `INSERT INTO bonus_campaigns (merchant_id, name, type, multiplier, start_date, end_date, status)
       VALUES ($1, 'Soon', 'double_points', 2, now() + interval '3 seconds', now() + interval '1 hour', 'scheduled')`,
      [store.merchantId],
    );
    await redis.hset(ada.key, 'next_change_at', new Date(Date.now() + 3_000).toISOString());
    expect((await ada.poll(etag)).status).toBe(304);
    await sleep(3_200);
    expect((await ada.look(etag)).campaigns).toMatchObject([{ name: 'Soon' }]);
  }, 20_000);

  test('an ETag of another language does not match', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    expect((await ada.poll(etag, 'fr')).status).toBe(200);
  });

  const view: FirstView = {
    version: 5,
    balance: 50,
    tag: 't',
    contentVersion: 'c',
    nextChangeAt: '',
    etag: 'W/"five"',
    locale: 'en',
    asOf: 0,
  };

  test('only newer views are stored: by version, by read time, and never from before a change', async () => {
    const views = createRedisViews(redis);
    const someone = { merchantId: 'm1', customerId: 'c1' };
    const asOf = await views.now();
    expect(await views.keep(someone, { ...view, asOf })).toBe(true);
    expect(await views.keep(someone, { ...view, version: 4, asOf: asOf + 9 })).toBe(false);
    expect(await views.keep(someone, { ...view, asOf: asOf - 9 })).toBe(false);
    expect((await views.look(someone)).view).toEqual({ ...view, asOf });

    const before = await views.now();
    await views.outdate([someone]);
    expect((await views.look(someone)).view).toBeUndefined();
    expect(await views.keep(someone, { ...view, asOf: before })).toBe(false);
    const next = { ...view, version: 6, asOf: (await views.now()) + 5 };
    expect(await views.keep(someone, next)).toBe(true);

    await sleep(10);
    await views.outdate([{ merchantId: 'm1' }]);
    expect((await views.look(someone)).view).toBeUndefined();
    expect(await views.keep(someone, { ...next, asOf: next.asOf })).toBe(false);
  });

  test('what one web process read before a change is not kept over what another read after it', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    const { view, now } = await createRedisViews(redis).look({
      merchantId: store.merchantId,
      customerId: ada.customerId,
    });
    expect(view).toMatchObject({ version: 1, etag });
    await store.points.earnPoints({
      award: { customerId: ada.customerId, points: 7, idempotencyKey: `late${ada.customerId}` },
    });
    await relay();
    const after = await ada.poll(etag, 'en', other.url);
    expect(((await after.json()) as Widget).customer?.balance).toBe(107);
    const newer = after.headers.get('etag') ?? '';
    // The first process had the old balance in its hands all the while.
    const someone = { merchantId: store.merchantId, customerId: ada.customerId };
    if (view !== undefined)
      expect(await createRedisViews(redis).keep(someone, { ...view, asOf: now })).toBe(false);
    for (const url of [web.url, other.url]) {
      expect((await ada.poll(newer, 'en', url)).status).toBe(304);
      expect((await ada.poll(etag, 'en', url)).status).toBe(200);
    }
  });

  test('a key that expired or was evicted is read from core and kept again', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    await redis.del(ada.key);
    expect((await ada.poll(etag, 'en', other.url)).status).toBe(304);
    expect(await redis.hget(ada.key, 'etag')).toBe(etag);
    expect(await redis.ttl(ada.key)).toBeGreaterThan(86_000);
  });

  test('no key names a shopper to others', async () => {
    await (await member()).look();
    const keys = await redis.keys('*');
    expect(keys.filter((key) => key.includes(String(customers)))).toEqual([]);
    expect(keys.some((key) => /^shopper:[0-9a-f]{32}$/.test(key))).toBe(true);
  });

  test('a polling shopper is answered without core, also by a web process that neither shopper nor shop has asked before', async () => {
    const ada = await member();
    const { etag } = await ada.look();
    vi.resetModules();
    const { serveRoutes } = await import('../../testing/web.ts');
    const started = await serveRoutes();
    await web.stopCore();
    for (const url of [web.url, other.url, started.url, web.url]) {
      const response = await ada.poll(etag, 'en', url);
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
    }
    const refused = await ada.poll('W/"another"');
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
