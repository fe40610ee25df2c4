import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout } from 'node:timers/promises';
import { startRedis } from '#infra/local/redis.ts';
import type { RunningRedis } from '#infra/local/redis.ts';
import { cacheKeys } from './keys.ts';
import { createLimiter } from './limiter.ts';
import type { Limiter } from './limiter.ts';

interface Engine {
  /** Another process: what the limiters of one engine share, and what each has for itself. */
  open(options: { limit: number; ttlSeconds?: number; kind?: string }): Promise<Limiter>;
  close(): Promise<void>;
  readonly isShared: boolean;
}

const keyOf = ({ ttlSeconds = 60, kind = 'read' }) => ({ ...cacheKeys.calls(kind), ttlSeconds });

const memory = (): Promise<Engine> =>
  Promise.resolve({
    open: ({ limit, ...key }) => Promise.resolve(createLimiter({ key: keyOf(key), limit })),
    close: () => Promise.resolve(),
    isShared: false,
  });

async function connect(server: RunningRedis): Promise<Redis> {
  const redis = new Redis(server.url, { maxRetriesPerRequest: 1, lazyConnect: true });
  redis.on('error', () => undefined);
  await redis.connect();
  return redis;
}

async function redis(): Promise<Engine | undefined> {
  const server = await startRedis();
  if (server === undefined) return undefined;
  const connections: Redis[] = [];
  return {
    open: async ({ limit, ...key }) => {
      const connection = await connect(server);
      connections.push(connection);
      return createLimiter({ key: keyOf(key), limit, redis: connection });
    },
    close: async () => {
      for (const connection of connections) await connection.quit();
      await server.stop();
    },
    isShared: true,
  };
}

const skipped = 'SKIPPED: redis-server is not installed (apt-get install redis-server)';

/** One suite for both engines. */
describe.each([
  ['memory', memory],
  ['Redis', redis],
])('calls counted in %s', (_name, start) => {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(async () => {
    await engine?.close();
  });

  test('are counted for all processes together where they share Redis, and forgotten over time', async ({
    skip,
  }) => {
    if (engine === undefined) return skip(skipped);
    const options = { limit: 3, kind: 'shared' };
    const [one, other] = [await engine.open(options), await engine.open(options)];
    expect([await one.admit('ada'), await one.admit('ada')]).toEqual([true, true]);
    expect(await other.count('ada')).toMatchObject({ calls: engine.isShared ? 3 : 1 });
    expect(await one.admit('ada')).toBe(!engine.isShared);
    const brief = await engine.open({ limit: 1, ttlSeconds: 1, kind: 'brief' });
    expect([await brief.admit('ada'), await brief.admit('ada')]).toEqual([true, false]);
    await setTimeout(1_200);
    expect(await brief.admit('ada')).toBe(true);
  });

  test('are counted per caller and kind', async ({ skip }) => {
    if (engine === undefined) return skip(skipped);
    const reads = await engine.open({ limit: 1, kind: 'reads' });
    const claims = await engine.open({ limit: 1, kind: 'claims' });
    expect([await reads.admit('ada'), await reads.admit('ada')]).toEqual([true, false]);
    expect(await reads.admit('bob')).toBe(true);
    expect(await claims.admit('ada')).toBe(true);
  });

  test('are each counted when many arrive at once', async ({ skip }) => {
    if (engine === undefined) return skip(skipped);
    const limiter = await engine.open({ limit: 7, kind: 'burst' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => limiter.admit('ada')));
    expect(answers.filter(Boolean)).toHaveLength(7);
  });
});

test('counters in Redis name no person, and expire', async ({ skip }) => {
  const server = await startRedis();
  if (server === undefined) return skip(skipped);
  const redis = await connect(server);
  const limiter = createLimiter({ key: cacheKeys.calls('read'), limit: 5, redis });
  await limiter.admit('ada@example.com');
  const [name = '', ...others] = await redis.keys('*');
  expect(others).toEqual([]);
  expect(name).toMatch(/^calls:read:[0-9a-f]{32}$/);
  const left = await redis.ttl(name);
  expect(left).toBeGreaterThan(55);
  expect(left).toBeLessThanOrEqual(60);
  await redis.quit();
  await server.stop();
});

test('while Redis is down each process counts for itself and no call waits', async ({ skip }) => {
  const server = await startRedis();
  if (server === undefined) return skip(skipped);
  const redis = await connect(server);
  const limiter = createLimiter({ key: cacheKeys.calls('read'), limit: 2, redis });
  expect([await limiter.admit('ada'), await limiter.admit('ada')]).toEqual([true, true]);
  await server.kill();
  await expect.poll(() => redis.status).not.toBe('ready');
  const began = performance.now();
  const alone = [];
  for (let call = 0; call < 3; call++) alone.push(await limiter.admit('ada'));
  expect(alone).toEqual([true, true, false]);
  expect(performance.now() - began).toBeLessThan(100);
  const again = await startRedis({ port: server.port });
  await expect.poll(() => redis.status, { timeout: 10_000 }).toBe('ready');
  expect([await limiter.admit('ada'), await limiter.admit('ada')]).toEqual([true, true]);
  expect(await limiter.admit('ada')).toBe(false);
  await redis.quit();
  await again?.stop();
});
