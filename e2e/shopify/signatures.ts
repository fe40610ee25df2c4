// Every signature Shopify makes with an app's client secret.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

const sign = (
  secret: string,
  data: string | Buffer,
  encoding: 'hex' | 'base64' | 'base64url',
): string => createHmac('sha256', secret).update(data).digest(encoding);

function same(a: string, b: string): boolean {
  const left = Buffer.from(a),
    right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** `X-Shopify-Hmac-Sha256`: base64 over the raw bytes of the body. */
export const webhookSignature = (secret: string, body: Buffer): string =>
  sign(secret, body, 'base64');

/** The `signature` of a forwarded app-proxy request: `key=value` sorted by key and joined by nothing; repeated keys are joined by a comma. */
export function proxySignature(secret: string, query: URLSearchParams): string {
  const pairs = [...new Set(query.keys())]
    .filter((key) => key !== 'signature')
    .map((key) => `${key}=${query.getAll(key).join(',')}`);
  return sign(secret, pairs.sort().join(''), 'hex');
}

/** The `hmac` of the admin's links to an app: `key=value` sorted by key and joined by `&`. */
export function adminLinkSignature(secret: string, query: URLSearchParams): string {
  const pairs = [...query.entries()]
    .filter(([key]) => key !== 'hmac' && key !== 'signature')
    .map(([key, value]) => `${key}=${value}`);
  return sign(secret, pairs.sort().join('&'), 'hex');
}

export interface IdTokenClaims {
  iss: string;
  dest: string;
  aud: string;
  sub: string;
  exp: number;
  nbf: number;
  iat: number;
  jti: string;
  sid: string;
  sig: string;
}
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A session token as App Bridge hands it out: HS256, one minute. `nowMs` is the real clock, for that is what the app compares with. */
export function idToken(input: {
  secret: string;
  apiKey: string;
  shop: string;
  staffId: number;
  sessionId: string;
  nowMs: number;
}): string {
  const now = Math.floor(input.nowMs / 1000);
  const claims: IdTokenClaims = {
    iss: `https://${input.shop}/admin`,
    dest: `https://${input.shop}`,
    aud: input.apiKey,
    sub: String(input.staffId),
    exp: now + 60,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: input.sessionId,
    sig: sign(input.secret, input.sessionId, 'hex'),
  };
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${body}.${sign(input.secret, body, 'base64url')}`;
}

/** A session token as an extension at the checkout or in a customer's account gets it: five minutes, no `sub` for guests. */
export function shopperToken(
  secret: string,
  input: { apiKey: string; shop: string; customerId: number | null; nowMs: number },
): string {
  const now = Math.floor(input.nowMs / 1000);
  const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    dest: input.shop,
    aud: input.apiKey,
    exp: now + 300,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    ...(input.customerId !== null && { sub: `gid://shopify/Customer/${input.customerId}` }),
  })}`;
  return `${body}.${sign(secret, body, 'base64url')}`;
}

/** The claims of a session token, or undefined when it is forged, expired or meant for another app or shop. */
export function verifyIdToken(
  token: string,
  expected: { secret: string; apiKey: string; shop: string; nowMs: number },
): IdTokenClaims | undefined {
  const [header, payload, signature, ...rest] = token.split('.');
  if (!header || !payload || !signature || rest.length > 0) return undefined;
  if (!same(signature, sign(expected.secret, `${header}.${payload}`, 'base64url')))
    return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as IdTokenClaims;
  const now = expected.nowMs / 1000;
  const fits =
    claims.aud === expected.apiKey &&
    claims.dest === `https://${expected.shop}` &&
    claims.exp > now - 10 &&
    claims.nbf < now + 10;
  return fits ? claims : undefined;
}

/** A value that a browser carries and cannot change. */
export function signValue(secret: string, value: unknown): string {
  const body = encode(value);
  return `${body}.${sign(secret, body, 'base64url')}`;
}
export function readSignedValue(secret: string, signed: string | undefined): unknown {
  const [body, signature] = (signed ?? '').split('.');
  if (!body || !signature || !same(signature, sign(secret, body, 'base64url'))) return undefined;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
}
