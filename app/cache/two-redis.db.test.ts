import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findRedis } from '#infra/local/optional-tools.ts';
import { startRedis } from '#infra/local/redis.ts';
import type { RunningRedis } from '#infra/local/redis.ts';
import { closeAll } from '../lifecycle.server.ts';
import { pretendEnvironment } from '../testing/environment.ts';
import { queues } from '../jobs/queues.server.ts';
import { cache, firstViews } from './cache.server.ts';
import { cacheKeys } from './keys.ts';
import { callLimiter } from './limiters.server.ts';

const skips = findRedis() === undefined && process.env.CI !== 'true';
let ofQueue: RunningRedis | undefined;
let ofCache: RunningRedis | undefined;

beforeAll(async () => {
  ofQueue = await startRedis();
  ofCache = await startRedis({ policy: 'allkeys-lru' });
  pretendEnvironment({
    NODE_ENV: 'test',
    REDIS_URL: ofQueue?.url ?? '',
    CACHE_REDIS_URL: ofCache?.url ?? '',
  });
});
afterAll(async () => {
  await closeAll();
  await ofQueue?.stop();
  await ofCache?.stop();
});

async function on<T>(redis: RunningRedis | undefined, work: (client: Redis) => Promise<T>) {
  const client = new Redis(redis?.url ?? '');
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

test.skipIf(skips)(
  'a full cache costs no job: what may be lost is kept in the Redis that evicts, jobs alone in the other',
  async () => {
    const customerId = randomUUID();
    const { waiting: before = 0 } = await queues().counts('shopify');
    await queues().enqueue('install-shop', { merchantId: randomUUID(), shop: 'a.myshopify.com' });

    const limiter = callLimiter('read', 60);
    await expect
      .poll(
        async () => {
          // Until it is connected, a process counts for itself, and what would be cached is not.
          await limiter.admit('203.0.113.7');
          await cache().setIfNewer(cacheKeys.points(customerId), { version: 1, value: '{}' });
          await firstViews().outdate([{ merchantId: randomUUID() }]);
          const cached = await on(ofCache, (client) => client.keys('*'));
          return [...new Set(cached.map((key) => key.split(':')[0]))].sort();
        },
        { timeout: 10_000 },
      )
      .toEqual(['calls', 'content', 'points']);
    const queued = await on(ofQueue, (client) => client.keys('*'));
    expect(queued.length).toBeGreaterThan(0);
    expect(queued.filter((key) => !key.startsWith('bull:'))).toEqual([]);

    await on(ofCache, async (client) => {
      await client.config('SET', 'maxmemory', '4mb');
      for (let nth = 0; nth < 40; nth++)
        await client.mset(
          Object.fromEntries(
            Array.from({ length: 100 }, (_, index) => [
              `filler:${nth}:${index}`,
              'x'.repeat(2_000),
            ]),
          ),
        );
    });
    // Which keys go is Redis's choice; that some went, its own figures say.
    const figures = await on(ofCache, (client) => client.info('stats'));
    expect(Number(/^evicted_keys:(\d+)/m.exec(figures)?.[1])).toBeGreaterThan(0);
    expect(await queues().counts('shopify')).toMatchObject({ waiting: before + 1 });
  },
);
