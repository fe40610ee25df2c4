import { createHmac, timingSafeEqual } from 'node:crypto';
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

const headerSchema = z.object({ alg: z.literal('HS256'), typ: z.literal('JWT').optional() });

type VerifiedToken = Omit<Caller, 'requestId'> & { readonly expiresAtSeconds: number };

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
  const cacheSize = options.cacheSize ?? 10_000;
  const verified = new Map<string, VerifiedToken>();
  return {
    verify(token) {
      const nowSeconds = now() / 1000;
      const known = verified.get(token);
      if (known !== undefined) {
        verified.delete(token);
        if (known.expiresAtSeconds <= nowSeconds) throw unauthenticated('the token has expired');
        verified.set(token, known);
        return known;
      }
      const fresh = verifySignature(token, signingKey, nowSeconds);
      verified.set(token, fresh);
      if (verified.size > cacheSize) verified.delete(verified.keys().next().value ?? token);
      return fresh;
    },
  };
}

function verifySignature(token: string, signingKey: string, nowSeconds: number): VerifiedToken {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw unauthenticated('the token is malformed');
  }
  const expected = createHmac('sha256', signingKey).update(`${header}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw unauthenticated('the token is not signed by this key');
  }
  if (!headerSchema.safeParse(decode(header)).success)
    throw unauthenticated('the token is not HS256');
  const claims = claimsSchema.safeParse(decode(payload));
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

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function unauthenticated(message: string): DomainError {
  return new DomainError('unauthenticated', { message });
}

/** Signs a token as callers do; for tests and tools of core itself. */
export function signToken(
  signingKey: string,
  claims: { merchant?: string | null; actor: string; scopes: readonly string[]; exp: number },
): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', signingKey).update(content).digest('base64url')}`;
}
