import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startRedis } from '#infra/local/redis.ts';
import type { Cache } from './cache.ts';
import { cacheKeys } from './keys.ts';
import type { CacheKey } from './keys.ts';
import { createMemoryCache } from './memory-cache.ts';
import { createRedisCache } from './redis-cache.server.ts';

interface Engine {
  /** Another process: what the caches of one engine share, and what each has for itself. */
  open(): Cache;
  close(): Promise<void>;
  readonly isShared: boolean;
}

const memory = (): Promise<Engine | undefined> =>
  Promise.resolve({
    open: () => createMemoryCache(),
    close: () => Promise.resolve(),
    isShared: false,
  });

async function redis(): Promise<Engine | undefined> {
  const server = await startRedis();
  if (server === undefined) return undefined;
  return {
    open: () => createRedisCache(new Redis(server.url, { maxRetriesPerRequest: 1 })),
    close: () => server.stop(),
    isShared: true,
  };
}

/** One suite for both engines. */
describe.each([
  ['memory', memory],
  ['Redis', redis],
])('the cache in %s', (_name, start) => {
  let engine: Engine | undefined;
  let number = 0;
  let key: CacheKey;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(async () => {
    await engine?.close();
  });
  beforeEach(() => {
    number += 1;
    key = cacheKeys.points(`customer-${number}`);
  });

  function withCache(run: (cache: Cache, engine: Engine) => Promise<void>) {
    return async ({ skip }: { skip: (note: string) => void }) => {
      if (engine === undefined) {
        skip('SKIPPED: redis-server is not installed (apt-get install redis-server)');
        return;
      }
      const cache = engine.open();
      try {
        await run(cache, engine);
      } finally {
        await cache.close();
      }
    };
  }

  test(
    'returns what was stored, and nothing for what was not',
    withCache(async (cache) => {
      expect(await cache.get(key)).toBeUndefined();
      expect(await cache.setIfNewer(key, { version: 3, value: '{"points":1}' })).toBe(true);
      expect(await cache.get(key)).toEqual({ version: 3, value: '{"points":1}' });
      expect(await cache.get(cacheKeys.points('somebody-else'))).toBeUndefined();
    }),
  );

  test(
    'keeps the newer of two versions, whichever is written last',
    withCache(async (cache) => {
      expect(await cache.setIfNewer(key, { version: 5, value: 'five' })).toBe(true);
      expect(await cache.setIfNewer(key, { version: 4, value: 'four' })).toBe(false);
      expect(await cache.setIfNewer(key, { version: 5, value: 'another five' })).toBe(false);
      expect(await cache.get(key)).toEqual({ version: 5, value: 'five' });
      expect(await cache.setIfNewer(key, { version: 10, value: 'ten' })).toBe(true);
      expect(await cache.get(key)).toEqual({ version: 10, value: 'ten' });
    }),
  );

  test(
    'accepts one of many concurrent writes of the same version, and ends with the newest',
    withCache(async (cache) => {
      const same = await Promise.all(
        Array.from({ length: 20 }, () => cache.setIfNewer(key, { version: 0, value: 'zero' })),
      );
      expect(same.filter(Boolean)).toHaveLength(1);
      await Promise.all(
        [7, 3, 9, 1, 8].map((version) =>
          cache.setIfNewer(key, { version, value: String(version) }),
        ),
      );
      expect(await cache.get(key)).toEqual({ version: 9, value: '9' });
    }),
  );

  test(
    'distinguishes versions that differ only in the last of sixteen digits',
    withCache(async (cache) => {
      const version = Number.MAX_SAFE_INTEGER - 1;
      await cache.setIfNewer(key, { version, value: 'first' });
      expect(await cache.setIfNewer(key, { version: version + 1, value: 'second' })).toBe(true);
      expect(await cache.get(key)).toEqual({ version: version + 1, value: 'second' });
    }),
  );

  test(
    'forgets an entry after its lifetime, and then accepts any version',
    withCache(async (cache) => {
      const brief = { ...key, ttlSeconds: 1 };
      await cache.setIfNewer(brief, { version: 9, value: 'nine' });
      await sleep(1_150);
      expect(await cache.get(brief)).toBeUndefined();
      expect(await cache.setIfNewer(brief, { version: 1, value: 'one' })).toBe(true);
    }),
  );

  test(
    'forgets a deleted entry, and then accepts any version',
    withCache(async (cache) => {
      await cache.setIfNewer(key, { version: 9, value: 'nine' });
      await cache.delete(key);
      await cache.delete(key);
      expect(await cache.get(key)).toBeUndefined();
      expect(await cache.setIfNewer(key, { version: 1, value: 'one' })).toBe(true);
    }),
  );

  test(
    'stores any text unchanged',
    withCache(async (cache) => {
      const value = JSON.stringify({ name: 'Zoë “Ω” 🎁', lines: 'a\r\nb\u0000c' });
      await cache.setIfNewer(key, { version: 1, value });
      expect((await cache.get(key))?.value).toBe(value);
    }),
  );

  test(
    'is shared between processes where possible, and never returns half an entry',
    withCache(async (cache, shared) => {
      const other = shared.open();
      try {
        await cache.setIfNewer(key, { version: 2, value: 'two' });
        expect((await other.get(key))?.value).toBe(shared.isShared ? 'two' : undefined);
      } finally {
        await other.close();
      }
    }),
  );
});

test('one process’s cache stays within its capacity and evicts the least recently written', async () => {
  const cache = createMemoryCache({ capacity: 3 });
  const key = (name: string) => cacheKeys.points(name);
  for (const name of ['a', 'b', 'c'])
    await cache.setIfNewer(key(name), { version: 1, value: name });
  await cache.setIfNewer(key('a'), { version: 2, value: 'a' });
  await cache.setIfNewer(key('d'), { version: 1, value: 'd' });
  const left = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) => (await cache.get(key(name)))?.value),
  );
  expect(left).toEqual(['a', undefined, 'c', 'd']);
});
