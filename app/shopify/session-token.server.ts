import { createHmac } from 'node:crypto';
import { createVerifier, TokenError } from 'fast-jwt';
import { z } from 'zod';
import { appSecrets, env } from '../env.server.ts';
import { isShopDomain } from './signatures.server.ts';

/** Clocks differ; Shopify's library allows as much. */
const toleranceSeconds = 10;

/** What is wrong with a token, and which of its claims says so. */
export class TokenRefusal extends Error {
  readonly field: string;
  /** A new token of the same caller may be good: this one is too old, or not Shopify's. */
  readonly isRenewable: boolean;

  constructor(field: string, message: string, isRenewable = false) {
    super(message);
    this.name = 'TokenRefusal';
    this.field = field;
    this.isRenewable = isRenewable;
  }
}

const time = z.number().finite();
const claimsSchema = z.object({
  aud: z.string(),
  exp: time,
  nbf: time.optional(),
  dest: z.string(),
  iss: z.string().optional(),
  sub: z.string().optional(),
});
export type TokenClaims = z.output<typeof claimsSchema>;

type Verifier = (token: string) => unknown;
const verifiers = new Map<string, Verifier>();

/** Created once per secret; times are checked below, to distinguish an expired token from one that is not Shopify's. */
function verifierOf(key: string): Verifier {
  let verify = verifiers.get(key);
  if (verify === undefined) {
    verify = createVerifier({
      key,
      algorithms: ['HS256'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    }) as Verifier;
    verifiers.set(key, verify);
  }
  return verify;
}

/** What a token says and the secret that signed it, or undefined when none of ours did. */
function opened(token: string): { readonly payload: unknown; readonly secret: string } | undefined {
  for (const secret of appSecrets()) {
    try {
      return { payload: verifierOf(secret)(token), secret };
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
    }
  }
  return undefined;
}

/**
 * The claims of a session token that Shopify signed for this app and that is good now.
 * @throws TokenRefusal
 */
export function readSessionToken(token: string, nowMs = Date.now()): TokenClaims {
  const signed = opened(token);
  if (signed === undefined)
    throw new TokenRefusal('authorization', 'the session token is missing or not good', true);
  const claims = claimsSchema.safeParse(signed.payload);
  if (!claims.success)
    throw new TokenRefusal(
      String(claims.error.issues[0]?.path[0] ?? 'authorization'),
      'the token lacks a claim',
    );
  const { aud, exp, nbf } = claims.data;
  if (aud !== env().SHOPIFY_API_KEY) throw new TokenRefusal('aud', 'the token is for another app');
  const now = nowMs / 1000;
  if (exp <= now - toleranceSeconds) throw new TokenRefusal('exp', 'the token has ended', true);
  if (nbf !== undefined && nbf > now + toleranceSeconds)
    throw new TokenRefusal('nbf', 'the token begins later', true);
  return claims.data;
}

export interface Staff {
  readonly shop: string;
  readonly staffId: string;
}

/**
 * Whose token of the admin, or of POS, this is; the two look alike.
 * @throws TokenRefusal for a token of a shopper's surface
 */
export function staffIn({ dest, iss, sub }: TokenClaims): Staff {
  const shop = /^https:\/\/([^/]+)$/.exec(dest)?.[1] ?? '';
  if (!isShopDomain(shop)) throw new TokenRefusal('dest', 'the token names no shop');
  if (iss !== `${dest}/admin`)
    throw new TokenRefusal('iss', 'the token is not of the shop’s admin');
  if (sub === undefined || !/^\d{1,20}$/.test(sub))
    throw new TokenRefusal('sub', 'the token is not of staff');
  return { shop, staffId: sub };
}

export interface Shopper {
  readonly shop: string;
  /** Empty for a guest. */
  readonly shopifyCustomerId: string;
}

/**
 * Whose token of the checkout or of the customer accounts this is.
 * @throws TokenRefusal for a token of staff
 */
export function shopperIn({ dest, iss, sub }: TokenClaims): Shopper {
  // Checkout and accounts write a name here, where the admin writes an address.
  const shop = dest.replace(/^https:\/\//, '');
  if (!isShopDomain(shop)) throw new TokenRefusal('dest', 'the token names no shop');
  if (iss?.endsWith('/admin') === true)
    throw new TokenRefusal('iss', 'the token is of the shop’s admin');
  if (sub === undefined || sub === '') return { shop, shopifyCustomerId: '' };
  const id = /^gid:\/\/shopify\/Customer\/(\d{1,20})$/.exec(sub)?.[1];
  if (id === undefined) throw new TokenRefusal('sub', 'the token is not of a customer');
  return { shop, shopifyCustomerId: id };
}

/**
 * The same token under the current secret: Shopify's library knows only one, and has to go on through a rotation. Its
 * bytes stay as Shopify wrote them, which no library that signs claims can promise; only the signature is another.
 */
export function signedAnew(token: string): string {
  const current = env().SHOPIFY_API_SECRET;
  const secret = opened(token)?.secret;
  if (secret === undefined || secret === current) return token;
  const content = token.slice(0, token.lastIndexOf('.'));
  return `${content}.${createHmac('sha256', current).update(content).digest('base64url')}`;
}
