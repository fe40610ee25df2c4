import { createSigner, createVerifier, TokenError } from 'fast-jwt';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { actorPattern, type Caller } from '../call/context.ts';
import { DomainError } from '../shared/errors.ts';

/** Longest life of a token, and how far clocks of two machines may differ. */
const maxLifeSeconds = 300;
const clockSkewSeconds = 30;

const claimsSchema = z.object({
  merchant: z.guid().nullish(),
  actor: z.string().regex(actorPattern),
  scopes: z.array(z.string().max(64)).max(50),
  exp: z.number().int(),
});

const headerSchema = z.object({ typ: z.literal('JWT').optional() });

type VerifiedToken = Omit<Caller, 'requestId'> & { readonly expiresAtSeconds: number };

/** As the library hands it over: signed by our key with HS256, and nothing more is known of it. */
interface SignedToken {
  readonly header: unknown;
  readonly payload: unknown;
}

export interface TokenVerifier {
  /** @throws DomainError unauthenticated, saying why without repeating the token. */
  verify(token: string): VerifiedToken;
}

export interface TokenVerifierOptions {
  readonly now?: () => number;
  readonly cacheSize?: number;
}

/**
 * Verifies HS256 tokens. A token that was good stays good until it expires, so verified ones are kept,
 * the least recently used leaving first: a busy caller pays for the signature once in minutes.
 */
export function createTokenVerifier(
  signingKey: string,
  options: TokenVerifierOptions = {},
): TokenVerifier {
  const now = options.now ?? Date.now;
  const verified = new LRUCache<string, VerifiedToken>({ max: options.cacheSize ?? 10_000 });
  // Times are checked by our own clock, which tests set, and the library's own memory of tokens stays off: ours forgets
  // nothing too late, because a token's end is looked at each time.
  const open = createVerifier({
    key: signingKey,
    algorithms: ['HS256'],
    complete: true,
    ignoreExpiration: true,
    ignoreNotBefore: true,
  });
  return {
    verify(token) {
      const nowSeconds = now() / 1000;
      const known = verified.get(token);
      if (known !== undefined && known.expiresAtSeconds > nowSeconds) return known;
      let signed: SignedToken;
      try {
        signed = open(token) as SignedToken;
      } catch (error) {
        throw refusalOf(error);
      }
      const fresh = callerIn(signed, nowSeconds);
      verified.set(token, fresh);
      return fresh;
    },
  };
}

/** What of its signature and form is wrong with a token; whatever else the library finds is its signature. */
function refusalOf(error: unknown): DomainError {
  if (!(error instanceof TokenError)) throw error;
  switch (error.code) {
    case TokenError.codes.malformed:
    case TokenError.codes.invalidPayload:
      return unauthenticated('the token is malformed');
    case TokenError.codes.invalidAlgorithm:
    case TokenError.codes.invalidCritHeader:
      return unauthenticated('the token is not HS256');
    default:
      return unauthenticated('the token is not signed by this key');
  }
}

/** What the token says, once its signature is good: whether it says all of it, and whether it is good now. */
function callerIn({ header, payload }: SignedToken, nowSeconds: number): VerifiedToken {
  if (!headerSchema.safeParse(header).success) throw unauthenticated('the token is not HS256');
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) {
    throw unauthenticated(
      `the token's claim ${claims.error.issues[0]?.path.join('.') ?? ''} is missing or malformed`,
    );
  }
  const { merchant, actor, scopes, exp } = claims.data;
  if (exp <= nowSeconds) throw unauthenticated('the token has expired');
  if (exp > nowSeconds + maxLifeSeconds + clockSkewSeconds)
    throw unauthenticated('the token lives too long');
  return {
    merchantId: merchant?.toLowerCase() ?? null,
    actor,
    scopes: new Set(scopes),
    expiresAtSeconds: exp,
  };
}

function unauthenticated(message: string): DomainError {
  return new DomainError('unauthenticated', { message });
}

/** Signs a token as callers do; for tests and tools of core itself. */
export function signToken(
  signingKey: string,
  claims: { merchant?: string | null; actor: string; scopes: readonly string[]; exp: number },
): string {
  return createSigner({ key: signingKey, algorithm: 'HS256', noTimestamp: true })(claims);
}
