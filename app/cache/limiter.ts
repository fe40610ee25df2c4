import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Breaker } from '../breakers.server.ts';
import type { CacheKey } from './keys.ts';

/** Limits calls per caller within a window that starts with the first call: against scripts, not people. */
export interface Limiter {
  /** Counts a call. Returns whether it is within the limit. */
  admit(caller: string): Promise<boolean>;
  /** Counts so many calls at once. Returns how many of them are within the limit. */
  admitSome(caller: string, calls: number): Promise<number>;
  /** Counts, and returns the count and its remaining lifetime. */
  count(caller: string): Promise<{ readonly calls: number; readonly endsInMs: number }>;
}

export interface LimiterOptions {
  /** The prefix of the counters' keys, and their lifetime. */
  readonly key: CacheKey;
  readonly limit: number;
  /** The Redis where all processes count together; without it, or while it is down, each counts for itself. */
  readonly redis?: Redis | undefined;
  /** Knows when that Redis does not answer, so that not every call has to find out. */
  readonly circuit?: Breaker;
  /** How many callers a process counts for itself; the most recent ones are kept. */
  readonly capacity?: number;
}

export function createLimiter(options: LimiterOptions): Limiter {
  const { key, limit, redis, circuit = (work) => work(), capacity = 10_000 } = options;
  const common = { keyPrefix: key.key, points: limit, duration: key.ttlSeconds };
  const alone = new RateLimiterMemory(common);
  // The library's memory only expires over time; an attacker with many addresses would fill it.
  const callers = new LRUCache<string, true>({
    max: capacity,
    dispose: (_, caller, reason) => {
      if (reason === 'evict') void alone.delete(caller);
    },
  });
  const shared =
    redis === undefined
      ? undefined
      : // No call waits for Redis while it is down.
        new RateLimiterRedis({ ...common, storeClient: redis, rejectIfRedisNotReady: true });
  const counted = async (
    count: (counter: RateLimiterAbstract) => Promise<RateLimiterRes>,
  ): Promise<RateLimiterRes> => {
    if (shared === undefined) return count(alone);
    try {
      return await circuit(() => count(shared));
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      return count(alone);
    }
  };
  const nameOf = (caller: string) => {
    const name = hashOf(caller);
    callers.set(name, true);
    return name;
  };
  return {
    async admit(caller) {
      try {
        await counted((counter) => counter.consume(nameOf(caller)));
        return true;
      } catch (error) {
        if (error instanceof RateLimiterRes) return false;
        throw error;
      }
    },
    async admitSome(caller, calls) {
      const { consumedPoints } = await counted((counter) => counter.penalty(nameOf(caller), calls));
      return Math.max(0, Math.min(calls, limit + calls - consumedPoints));
    },
    async count(caller) {
      const { consumedPoints, msBeforeNext } = await counted((counter) =>
        counter.penalty(nameOf(caller)),
      );
      return { calls: consumedPoints, endsInMs: msBeforeNext };
    },
  };
}

/** The caller may be an IP address or a Shopify id, and neither is stored. */
function hashOf(caller: string): string {
  return createHash('sha256').update(caller).digest('hex').slice(0, 32);
}
