import type { Redis } from 'ioredis';
import type { Cache } from './cache.ts';

// A hash of version and value, compared and set in one step.
const setIfNewerScript = `
local current = redis.call('HGET', KEYS[1], 'version')
if current and tonumber(current) >= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

export function createRedisCache(redis: Redis): Cache {
  return {
    async get({ key }) {
      const [version, value] = await redis.hmget(key, 'version', 'value');
      return typeof version !== 'string' || typeof value !== 'string'
        ? undefined
        : { version: Number(version), value };
    },
    async setIfNewer({ key, ttlSeconds }, { version, value }) {
      return (await redis.eval(setIfNewerScript, 1, key, version, value, ttlSeconds)) === 1;
    },
    async delete({ key }) {
      await redis.del(key);
    },
    async close() {
      await redis.quit();
    },
  };
}
