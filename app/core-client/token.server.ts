import { createHmac } from 'node:crypto';

/** Who a call is made for. `merchantId` null: the platform itself. */
export interface Caller {
  readonly merchantId: string | null;
  /** customer:<shopify id> | staff:<id> | admin:<id> | system | guest */
  readonly actor: string;
  readonly scopes: readonly string[];
}

const lifeSeconds = 300;
/** A token is renewed while it still outlives any call made with it. */
const renewBeforeSeconds = 60;
const cacheSize = 5_000;

/** Signs tokens (HS256, five minutes) and keeps them: core remembers verified ones, so repeating one is cheap at both ends. */
export function createTokenSource(
  signingKey: string,
  now: () => number = Date.now,
): (caller: Caller) => string {
  const header = encode({ alg: 'HS256', typ: 'JWT' });
  const kept = new Map<string, { token: string; exp: number }>();
  return (caller) => {
    const nowSeconds = Math.floor(now() / 1000);
    const key = `${caller.merchantId ?? ''} ${caller.actor} ${caller.scopes.join(',')}`;
    const known = kept.get(key);
    if (known !== undefined && known.exp - renewBeforeSeconds > nowSeconds) return known.token;
    const exp = nowSeconds + lifeSeconds;
    const claims = {
      ...(caller.merchantId === null ? {} : { merchant: caller.merchantId }),
      actor: caller.actor,
      scopes: caller.scopes,
      exp,
    };
    const content = `${header}.${encode(claims)}`;
    const token = `${content}.${createHmac('sha256', signingKey).update(content).digest('base64url')}`;
    kept.delete(key);
    kept.set(key, { token, exp });
    if (kept.size > cacheSize) kept.delete(kept.keys().next().value ?? key);
    return token;
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
