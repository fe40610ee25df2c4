import { createSigner } from 'fast-jwt';
import { LRUCache } from 'lru-cache';

/** On whose behalf a call is made. `merchantId` null: the platform itself. */
export interface Caller {
  readonly merchantId: string | null;
  /** customer:<shopify id> | staff:<id> | admin:<id> | system | guest */
  readonly actor: string;
  readonly scopes: readonly string[];
}

const lifeSeconds = 300;
/** A token is renewed while it is still valid for the longest call. */
const renewBeforeSeconds = 60;
const cacheSize = 5_000;

/** Signs tokens (HS256, five minutes) and reuses them: core caches verified ones, so reuse is cheap on both sides. */
export function createTokenSource(
  signingKey: string,
  now: () => number = Date.now,
): (caller: Caller) => string {
  const sign = createSigner({ key: signingKey, algorithm: 'HS256', noTimestamp: true });
  const kept = new LRUCache<string, { token: string; exp: number }>({ max: cacheSize });
  return (caller) => {
    const nowSeconds = Math.floor(now() / 1000);
    const key = `${caller.merchantId ?? ''} ${caller.actor} ${caller.scopes.join(',')}`;
    const known = kept.get(key);
    if (known !== undefined && known.exp - renewBeforeSeconds > nowSeconds) return known.token;
    const exp = nowSeconds + lifeSeconds;
    const token = sign({
      ...(caller.merchantId === null ? {} : { merchant: caller.merchantId }),
      actor: caller.actor,
      scopes: caller.scopes,
      exp,
    });
    kept.set(key, { token, exp });
    return token;
  };
}
