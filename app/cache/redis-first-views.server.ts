import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { hashOf } from './first-views.ts';
import type { FirstViews } from './first-views.ts';
import { cacheKeys } from './keys.ts';

// Milliseconds of Redis' clock, which all processes use.
const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

// A view, unless its member or its shop changed since.
const lookScript = `${clock}
local view = redis.call('HMGET', KEYS[1], 'version', 'balance', 'tag', 'content_version', 'next_change_at', 'etag', 'locale', 'as_of')
local shop = redis.call('GET', KEYS[2])
if not view[6] or (shop and tonumber(shop) >= tonumber(view[8])) then return {tostring(now)} end
table.insert(view, 1, tostring(now))
return view`;

// Only what is newer: by the balance's version, then by when it was read, and not from before a change.
const keepScript = `
local known = redis.call('HMGET', KEYS[1], 'version', 'as_of', 'changed_at')
local shop = redis.call('GET', KEYS[2])
local as_of = tonumber(ARGV[8])
if known[1] and tonumber(known[1]) > tonumber(ARGV[1]) then return 0 end
if known[1] and tonumber(known[1]) == tonumber(ARGV[1]) and tonumber(known[2]) > as_of then return 0 end
if known[3] and tonumber(known[3]) >= as_of then return 0 end
if shop and tonumber(shop) >= as_of then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'balance', ARGV[2], 'tag', ARGV[3], 'content_version', ARGV[4],
  'next_change_at', ARGV[5], 'etag', ARGV[6], 'locale', ARGV[7], 'as_of', ARGV[8])
redis.call('EXPIRE', KEYS[1], ARGV[9])
return 1`;

// The version stays, so that a late reading of an older balance is still refused.
const memberScript = `${clock}
redis.call('HDEL', KEYS[1], 'etag')
redis.call('HSET', KEYS[1], 'changed_at', now)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`;

const shopScript = `${clock}
redis.call('SET', KEYS[1], now, 'EX', ARGV[1])
return 1`;

export function createRedisViews(redis: Redis): FirstViews {
  return {
    isShared: true,

    ...memberNames(redis),

    async look({ merchantId, customerId }) {
      const answer = (await redis.eval(
        lookScript,
        2,
        cacheKeys.points(customerId).key,
        cacheKeys.content(merchantId).key,
      )) as string[];
      const [now, version, balance, tag, contentVersion, nextChangeAt, etag, locale, asOf] = answer;
      return {
        now: Number(now),
        view:
          etag === undefined
            ? undefined
            : {
                version: Number(version),
                balance: Number(balance),
                tag: tag ?? '',
                contentVersion: contentVersion ?? '',
                nextChangeAt: nextChangeAt ?? '',
                etag,
                locale: locale ?? '',
                asOf: Number(asOf),
              },
      };
    },

    async now() {
      const [seconds = 0, microseconds = 0] = await redis.time();
      return seconds * 1_000 + Math.floor(microseconds / 1_000);
    },

    async keep({ merchantId, customerId }, view) {
      const { key, ttlSeconds } = cacheKeys.points(customerId);
      const kept = await redis.eval(
        keepScript,
        2,
        key,
        cacheKeys.content(merchantId).key,
        view.version,
        view.balance,
        view.tag,
        view.contentVersion,
        view.nextChangeAt,
        view.etag,
        view.locale,
        view.asOf,
        ttlSeconds,
      );
      return kept === 1;
    },

    async outdate(changes) {
      const pipeline = redis.pipeline();
      for (const { merchantId, customerId } of changes) {
        const { key, ttlSeconds } =
          customerId === undefined ? cacheKeys.content(merchantId) : cacheKeys.points(customerId);
        pipeline.eval(customerId === undefined ? shopScript : memberScript, 1, key, ttlSeconds);
      }
      await pipeline.exec();
    },
  };
}

function memberNames(redis: Redis): Pick<FirstViews, 'memberOf' | 'name'> {
  /** Those that this process has asked for. */
  const members = new LRUCache<string, string>({ max: 10_000 });
  return {
    async memberOf(shopper) {
      const hash = hashOf(shopper);
      const known = members.get(hash) ?? (await redis.get(cacheKeys.shopper(hash).key));
      if (known === null) return undefined;
      members.set(hash, known);
      return known;
    },

    async name(shopper, customerId) {
      const hash = hashOf(shopper);
      members.set(hash, customerId);
      const { key, ttlSeconds } = cacheKeys.shopper(hash);
      await redis.set(key, customerId, 'EX', ttlSeconds);
    },
  };
}
