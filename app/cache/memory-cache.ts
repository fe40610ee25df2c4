import type { Cache, Cached } from './cache.ts';

/** The cache of a single process: for when there is no Redis. The least recently written leaves first. */
export function createMemoryCache(options: { capacity?: number; now?: () => number } = {}): Cache {
  const { capacity = 10_000, now = Date.now } = options;
  const entries = new Map<string, Cached & { expiresAt: number }>();
  const counters = new Map<string, { count: number; expiresAt: number }>();
  const current = (key: string) => {
    const entry = entries.get(key);
    return entry !== undefined && entry.expiresAt > now() ? entry : undefined;
  };
  return {
    get(key) {
      const entry = current(key.key);
      return Promise.resolve(
        entry === undefined ? undefined : { version: entry.version, value: entry.value },
      );
    },
    setIfNewer({ key, ttlSeconds }, { version, value }) {
      if ((current(key)?.version ?? -1) >= version) return Promise.resolve(false);
      entries.delete(key);
      entries.set(key, { version, value, expiresAt: now() + ttlSeconds * 1000 });
      if (entries.size > capacity) entries.delete(entries.keys().next().value ?? key);
      return Promise.resolve(true);
    },
    count({ key, ttlSeconds }) {
      const counter = counters.get(key);
      if (counter !== undefined && counter.expiresAt > now()) {
        counter.count += 1;
        return Promise.resolve(counter.count);
      }
      counters.delete(key);
      counters.set(key, { count: 1, expiresAt: now() + ttlSeconds * 1000 });
      if (counters.size > capacity) counters.delete(counters.keys().next().value ?? key);
      return Promise.resolve(1);
    },
    delete({ key }) {
      counters.delete(key);
      entries.delete(key);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
