import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const keys = new Map<string, KeyObject>();

/** Created once per secret: from text Node.js would derive the key for every signature, which takes longer than signing. */
function keyOf(secret: string): KeyObject {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = createSecretKey(Buffer.from(secret, 'utf8'));
  keys.set(secret, key);
  return key;
}

/**
 * Whether Shopify signed these bytes: HMAC-SHA256 of the raw body, base64.
 * Source: shopify.dev, "Verify webhook deliveries".
 */
export function isSignedWebhook(
  body: Uint8Array,
  signature: string | null,
  secret: string,
): boolean {
  if (signature === null || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return false;
  const expected = createHmac('sha256', keyOf(secret)).update(body).digest();
  return timingSafeEqual(expected, Buffer.from(signature, 'base64'));
}

/** How far the clock of a signed storefront request may be from ours. */
const freshnessSeconds = 90;

export type ProxyRefusal = 'unsigned' | 'wrong_signature' | 'stale';

export interface ProxyRequest {
  readonly shop: string;
  /** Shopify's id of the signed-in shopper; empty for a guest. */
  readonly shopifyCustomerId: string;
  /** Where the app lives at the shop, e.g. /apps/loyalnest. */
  readonly pathPrefix: string;
}

/**
 * Checks a request that came through Shopify's app proxy and reads who it is about.
 *
 * The signature is the hex HMAC-SHA256 of all other parameters as `key=value`, values of one key joined by commas,
 * sorted and concatenated without a separator (shopify.dev, "Authenticate app proxies"). Sorting is by code unit, so
 * keys of mixed case, which the library's locale-aware sort gets wrong, verify too.
 */
export function readProxyRequest(
  parameters: URLSearchParams,
  secrets: readonly string[],
  nowMs: number,
): ProxyRequest | ProxyRefusal {
  const signature = parameters.get('signature');
  if (signature === null || parameters.getAll('signature').length !== 1) return 'unsigned';
  const given = /^[0-9a-f]{64}$/.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(32);
  const text = signedText(parameters);
  const isSigned = secrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', keyOf(secret)).update(text).digest(), given),
  );
  if (!isSigned) return 'wrong_signature';
  const age = Math.abs(nowMs / 1000 - Number(parameters.get('timestamp') ?? Number.NaN));
  if (!(age <= freshnessSeconds)) return 'stale';
  const shop = parameters.get('shop') ?? '';
  const shopifyCustomerId = parameters.get('logged_in_customer_id') ?? '';
  // A shopper could append parameters of these names: Shopify then signs several values, and none is trusted.
  if (
    parameters.getAll('shop').length !== 1 ||
    parameters.getAll('logged_in_customer_id').length > 1
  )
    return 'wrong_signature';
  if (!isShopDomain(shop) || !/^\d{0,20}$/.test(shopifyCustomerId)) return 'wrong_signature';
  return { shop, shopifyCustomerId, pathPrefix: parameters.get('path_prefix') ?? '' };
}

function signedText(parameters: URLSearchParams): string {
  const keys = new Set([...parameters.keys()].filter((key) => key !== 'signature'));
  return [...keys]
    .map((key) => `${key}=${parameters.getAll(key).join(',')}`)
    .sort()
    .join('');
}

export function isShopDomain(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com$/.test(text);
}
