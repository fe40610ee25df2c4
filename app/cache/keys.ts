/** Every key of the cache and how long it lives. Ids of our own only, never an address or a name. */
const hour = 3_600;
const day = 24 * hour;

export interface CacheKey {
  readonly key: string;
  readonly ttlSeconds: number;
}

const keyOf = (key: string, ttlSeconds: number): CacheKey => ({ key, ttlSeconds });

export const cacheKeys = {
  /** A balance with its ledger version, and what else a shopper's first view depends on. */
  points: (customerId: string) => keyOf(`points:${customerId}`, day),
  /** Our id of a shopper, by a hash of shop and Shopify's id: the latter is in no key. */
  shopper: (hash: string) => keyOf(`shopper:${hash}`, day),
  /** The tenant that a shop is; asked for only while core does not answer. */
  tenant: (shopDomain: string) => keyOf(`tenant:${shopDomain}`, day),
  /** Since when a shop's first views are outdated; outlives the outdated views. */
  content: (merchantId: string) => keyOf(`content:${merchantId}`, day),
  /** A shop's remaining GraphQL budget; updated with every response from Shopify. */
  shopifyRateLimit: (merchantId: string) => keyOf(`shopify:rate_limit:${merchantId}`, 60),
  /** Fast duplicate check; the ledger's keys decide. */
  webhook: (merchantId: string, eventId: string) => keyOf(`webhook:${merchantId}:${eventId}`, day),
  /** Calls within a minute, in a counter of each caller: `calls:{kind}:{hash of the caller}`. */
  calls: (kind: string) => keyOf(`calls:${kind}`, 60),
  setupTasks: (merchantId: string) => keyOf(`setup_tasks:${merchantId}`, 7 * day),
} as const;
