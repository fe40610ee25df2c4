import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { CacheKey } from './keys.ts';

/** So many calls within a time of each caller, the time beginning with the first: against scripts, not against people. */
export interface Limiter {
  /** Counts a call. Answers whether it is within the limit. */
  admit(caller: string): Promise<boolean>;
  /** Counts, and answers how many there have been and how long they still count. */
  count(caller: string): Promise<{ readonly calls: number; readonly endsInMs: number }>;
}

export interface LimiterOptions {
  /** What the counters' names begin with, and how long one lives. */
  readonly key: CacheKey;
  readonly limit: number;
  /** Where all processes count together; without it, and whenever it is not reached, each counts for itself. */
  readonly redis?: Redis | undefined;
  /** Callers that a process counts for itself, of whom those that came last are kept. */
  readonly capacity?: number;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const { key, limit, redis, capacity = 10_000 } = options;
  const common = { keyPrefix: key.key, points: limit, duration: key.ttlSeconds };
  const alone = new RateLimiterMemory(common);
  // The library's memory forgets with time alone; whoever has addresses without end would fill it.
  const callers = new LRUCache<string, true>({
    max: capacity,
    dispose: (_, caller, reason) => {
      if (reason === 'evict') void alone.delete(caller);
    },
  });
  const limiter =
    redis === undefined
      ? alone
      : new RateLimiterRedis({
          ...common,
          storeClient: redis,
          insuranceLimiter: alone,
          // While Redis is away nobody waits for it.
          rejectIfRedisNotReady: true,
        });
  const nameOf = (caller: string) => {
    const name = hashOf(caller);
    callers.set(name, true);
    return name;
  };
  return {
    async admit(caller) {
      try {
        await limiter.consume(nameOf(caller));
        return true;
      } catch (error) {
        if (error instanceof RateLimiterRes) return false;
        throw error;
      }
    },
    async count(caller) {
      const { consumedPoints, msBeforeNext } = await limiter.penalty(nameOf(caller));
      return { calls: consumedPoints, endsInMs: msBeforeNext };
    },
  };
}

/** Who calls may be an address or an id of Shopify's, and neither is kept. */
function hashOf(caller: string): string {
  return createHash('sha256').update(caller).digest('hex').slice(0, 32);
}
