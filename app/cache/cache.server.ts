import { Redis } from 'ioredis';
import { env } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { log } from '../log.server.ts';
import type { Cache } from './cache.ts';
import { createMemoryCache } from './memory-cache.ts';
import { createRedisCache } from './redis-cache.server.ts';

let opened: Cache | undefined;

/** The cache of this process: Redis when it is configured, else its own memory. */
export function cache(): Cache {
  if (opened === undefined) {
    const open = openCache(env().REDIS_URL);
    opened = open;
    onShutdown(async () => {
      opened = undefined;
      await open.close();
    });
  }
  return opened;
}

function openCache(redisUrl: string | undefined): Cache {
  if (redisUrl === undefined) return createMemoryCache();
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  redis.on('error', (error) => log().warn({ err: error }, 'The cache reported an error'));
  return createRedisCache(redis);
}
