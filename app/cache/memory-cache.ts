import type { Cache, Cached } from './cache.ts';

/** The cache of a single process: for when there is no Redis. The least recently written leaves first. */
export function createMemoryCache(options: { capacity?: number; now?: () => number } = {}): Cache {
  const { capacity = 10_000, now = Date.now } = options;
  const entries = new Map<string, Cached & { expiresAt: number }>();
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
    delete({ key }) {
      entries.delete(key);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
