import { LRUCache } from 'lru-cache';
import type { Cache, Cached } from './cache.ts';

/** The cache of a single process, without Redis. Evicts the least recently used first. */
export function createMemoryCache({ capacity = 10_000 } = {}): Cache {
  const entries = new LRUCache<string, Cached>({ max: capacity });
  return {
    get: ({ key }) => Promise.resolve(entries.get(key)),
    setIfNewer({ key, ttlSeconds }, { version, value }) {
      if ((entries.peek(key)?.version ?? -1) >= version) return Promise.resolve(false);
      entries.set(key, { version, value }, { ttl: ttlSeconds * 1000 });
      return Promise.resolve(true);
    },
    delete({ key }) {
      entries.delete(key);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
