import type { Redis } from 'ioredis';
import { cacheRedisUrl } from '../env.server.ts';
import { onShutdown } from '../lifecycle.server.ts';
import { cacheCircuit, openRedis } from './cache.server.ts';
import { cacheKeys } from './keys.ts';
import { createLimiter } from './limiter.ts';
import type { Limiter } from './limiter.ts';

/** Where all web processes count calls together; undefined where each counts for itself. */
let counting: Redis | undefined;

function redis(): Redis | undefined {
  const redisUrl = cacheRedisUrl();
  if (counting === undefined && redisUrl !== undefined) {
    const opened = openRedis(redisUrl);
    counting = opened;
    onShutdown(async () => {
      counting = undefined;
      await opened.quit();
    });
  }
  return counting;
}

/** Counts calls of this kind; what it counts in is opened by the first. */
export function callLimiter(kind: string, perMinute: number): Limiter {
  let opened: Limiter | undefined;
  const limiter = () => {
    if (opened === undefined) {
      opened = createLimiter({
        key: cacheKeys.calls(kind),
        limit: perMinute,
        redis: redis(),
        circuit: cacheCircuit,
      });
      onShutdown(() => {
        opened = undefined;
      });
    }
    return opened;
  };
  return {
    admit: (caller) => limiter().admit(caller),
    admitSome: (caller, calls) => limiter().admitSome(caller, calls),
    count: (caller) => limiter().count(caller),
  };
}
