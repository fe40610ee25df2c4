import { LRUCache } from 'lru-cache';
import type { Limiter } from '../../cache/limiter.ts';

/**
 * Slows down guessing of signatures: limits failures per minute and address.
 * Valid deliveries are never counted, since Shopify sends all shops' from few addresses; nor do they wait for the count
 * that processes share: each process remembers blocked addresses and learns of new ones at their next failure.
 */
export interface FailureLimiter {
  isBlocked(address: string): boolean;
  recordFailure(address: string): Promise<void>;
}

export function createFailureLimiter(options: {
  readonly failures: Pick<Limiter, 'count'>;
  readonly perMinute: number;
}): FailureLimiter {
  const { failures, perMinute } = options;
  const blockedUntil = new LRUCache<string, number>({ max: 10_000 });
  return {
    isBlocked: (address) => (blockedUntil.get(address) ?? 0) > Date.now(),
    async recordFailure(address) {
      const { calls, endsInMs } = await failures.count(address);
      if (calls >= perMinute) blockedUntil.set(address, Date.now() + endsInMs);
    },
  };
}
