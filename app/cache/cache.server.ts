import type { Redis } from 'ioredis';
import { Interrupted, breaker } from '../breakers.server.ts';
import { cacheRedisUrl } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import { connectRedis } from '../redis-connection.server.ts';
import type { Cache } from './cache.ts';
import { createMemoryViews } from './first-views.ts';
import type { FirstViews } from './first-views.ts';
import { createMemoryCache } from './memory-cache.ts';
import { createRedisCache } from './redis-cache.server.ts';
import { createRedisViews } from './redis-first-views.server.ts';

let opened: Cache | undefined;

/** The cache of this process: Redis when it is configured, else its own memory. */
export function cache(): Cache {
  if (opened === undefined) {
    const open = openCache(cacheRedisUrl());
    opened = open;
    onShutdown(async () => {
      opened = undefined;
      await open.close();
    });
  }
  return opened;
}

let views: FirstViews | undefined;

/** The views that answer polling: shared if there is Redis. */
export function firstViews(): FirstViews {
  if (views === undefined) {
    const redisUrl = cacheRedisUrl();
    if (redisUrl === undefined) views = createMemoryViews();
    else {
      const redis = openRedis(redisUrl);
      views = createRedisViews(redis);
      onShutdown(async () => {
        await redis.quit();
      });
    }
    onShutdown(() => {
      views = undefined;
      return Promise.resolve();
    });
  }
  return views;
}

function openCache(redisUrl: string | undefined): Cache {
  if (redisUrl === undefined) return createMemoryCache();
  return forgiving(createRedisCache(openRedis(redisUrl)));
}

/** What a cache cannot say is not known, and what it cannot keep is not kept: no one fails for that. */
function forgiving(cache: Cache): Cache {
  const notReached = (error: unknown) => {
    if (error instanceof Interrupted) return;
    log().warn({ err: error }, 'The cache was not reached, and is done without');
  };
  return {
    get: (key) =>
      cacheCircuit(() => cache.get(key)).catch((error: unknown) => void notReached(error)),
    setIfNewer: (key, entry) =>
      cacheCircuit(() => cache.setIfNewer(key, entry)).catch((error: unknown) => {
        notReached(error);
        return false;
      }),
    delete: (key) => cacheCircuit(() => cache.delete(key)).catch(notReached),
    close: () => cache.close(),
  };
}

/** A shopper waits for no answer longer; connections that are held open without one must not hold requests. */
const answerWithinMs = 500;

/** Whatever asks the cache does so through it: a server without a word costs a few requests that time, and not all. */
export const cacheCircuit = breaker({
  name: 'the cache',
  failuresInARow: 3,
  restMs: 3_000,
  // Counters refuse with what is no error.
  isFailure: (error) => error instanceof Error,
});

/** A connection for data that may be lost: a call that cannot be made fails quickly. */
export function openRedis(redisUrl: string): Redis {
  const redis = connectRedis(redisUrl, {
    maxRetriesPerRequest: 1,
    commandTimeout: answerWithinMs,
  });
  redis.on('error', (error) => log().warn({ err: error }, 'The cache reported an error'));
  return redis;
}
