import { setTimeout } from 'node:timers/promises';
import type { z } from 'zod';
import { cacheKeys } from '../cache/keys.ts';
import type { Cache } from '../cache/cache.ts';
import { countProviderError, measureShopifyBudget } from '../metrics.server.ts';
import { adminApiVersion } from './api-version.ts';
import { delayBefore, restored } from './rate-limiter.ts';
import type { ThrottleStatus } from './rate-limiter.ts';
import { answerSchema, throttleSchema } from './admin-answer.ts';
import { askShopify } from './shop-circuits.server.ts';
import type { OfflineTokens } from './offline-token.server.ts';

/** One GraphQL operation and what its data looks like. Every document is checked against Shopify's schema by a test. */
export interface AdminDocument<Data, Variables> {
  readonly name: string;
  readonly query: string;
  readonly data: z.ZodType<Data>;
  /** Roughly what it costs; Shopify's own figure is known only afterwards. */
  readonly cost: number;
  /** Only for the type. */
  readonly variables?: Variables;
}

/** Shopify refused the operation. Messages are Shopify's, about fields and scopes; variables are not repeated. */
export class AdminApiError extends Error {
  readonly isTransient: boolean;
  /** Shopify's own, such as ACCESS_DENIED; empty when it named none. */
  readonly code: string;

  constructor(message: string, isTransient: boolean, code = '') {
    super(message);
    this.name = 'AdminApiError';
    this.isTransient = isTransient;
    this.code = code;
  }
}

/** The shop is frozen (it has not paid Shopify, 402) or locked (423): it is still a shop, and comes back. */
export class ShopPaused extends AdminApiError {
  constructor(status: number) {
    super(`Shopify answered ${status}`, true);
    this.name = 'ShopPaused';
  }
}

const pausedStatuses: ReadonlySet<number> = new Set([402, 423]);
/** Codes of errors that are Shopify's own, and pass. */
const passingCodes: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'TIMEOUT']);

export interface AdminClient {
  request<Data, Variables>(
    document: AdminDocument<Data, Variables>,
    variables: Variables,
  ): Promise<Data>;
}

export interface AdminClientOptions {
  readonly shop: string;
  readonly accessToken: () => Promise<string>;
  /** Keeps background work within the shop's budget; absent for a person's own request, which goes at once. */
  readonly budget?: { readonly cache: Cache; readonly merchantId: string };
  readonly fetch?: typeof fetch;
  readonly sleep?: (ms: number) => Promise<void>;
}

const requestTimeoutMs = 15_000;
const throttledTries = 5;
/** Longer waits are the queue's business. */
const longestSleepMs = 20_000;

export function createAdminClient(options: AdminClientOptions): AdminClient {
  const { shop, budget, sleep = (ms) => setTimeout(ms) } = options;
  const send = options.fetch ?? fetch;

  const post = async (query: string, variables: unknown) => {
    const accessToken = await options.accessToken();
    const response = await askShopify(shop, () =>
      send(`https://${shop}/admin/api/${adminApiVersion}/graphql.json`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-shopify-access-token': accessToken,
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(requestTimeoutMs),
      }),
    ).catch((error: unknown) => {
      countProviderError('shopify', 'unreachable');
      throw error;
    });
    if (response.status === 429) return { throttled: true } as const;
    if (pausedStatuses.has(response.status)) throw new ShopPaused(response.status);
    if (!response.ok) {
      countProviderError('shopify', response.status >= 500 ? 'unavailable' : 'refused');
      throw new AdminApiError(`Shopify answered ${response.status}`, response.status >= 500);
    }
    const answer = answerSchema.parse(await response.json());
    measureBudget(answer.extensions?.cost?.throttleStatus);
    if (budget !== undefined && answer.extensions?.cost !== undefined)
      await remember(budget, answer.extensions.cost.throttleStatus);
    const throttled =
      answer.errors?.some(({ extensions }) => extensions?.code === 'THROTTLED') ?? false;
    return throttled ? ({ throttled: true } as const) : { throttled: false, answer };
  };

  return {
    async request(document, variables) {
      for (let attempt = 1; ; attempt += 1) {
        if (budget !== undefined)
          await sleep(Math.min(longestSleepMs, await budgetDelay(budget, document.cost)));
        const result = await post(document.query, variables);
        if (result.throttled) {
          countProviderError('shopify', 'throttled');
          if (attempt === throttledTries)
            throw new AdminApiError('Shopify throttles this shop', true);
          await sleep(Math.min(longestSleepMs, 500 * 2 ** attempt));
          continue;
        }
        const [problem] = result.answer.errors ?? [];
        if (problem !== undefined) {
          const code = problem.extensions?.code ?? '';
          throw new AdminApiError(
            `${document.name}: ${problem.message}`,
            passingCodes.has(code),
            code,
          );
        }
        return document.data.parse(result.answer.data);
      }
    },
  };
}

function measureBudget(status: ThrottleStatus | undefined): void {
  if (status !== undefined && status.maximumAvailable > 0)
    measureShopifyBudget((100 * status.currentlyAvailable) / status.maximumAvailable);
}

async function budgetDelay(
  { cache, merchantId }: NonNullable<AdminClientOptions['budget']>,
  cost: number,
): Promise<number> {
  const known = await cache.get(cacheKeys.shopifyRateLimit(merchantId));
  if (known === undefined) return 0;
  const read = throttleSchema.safeParse(JSON.parse(known.value));
  if (!read.success) return 0;
  // The version of the entry is the time it was seen.
  const now = Date.now();
  const status = restored(read.data, now - known.version);
  // Until Shopify says what is left, calls of all workers see what this one is about to take, and come after it.
  const left = Math.max(-status.maximumAvailable, status.currentlyAvailable - cost);
  await remember({ cache, merchantId }, { ...status, currentlyAvailable: left });
  return delayBefore(cost, status);
}

async function remember(
  { cache, merchantId }: NonNullable<AdminClientOptions['budget']>,
  status: ThrottleStatus,
): Promise<void> {
  await cache.setIfNewer(cacheKeys.shopifyRateLimit(merchantId), {
    version: Date.now(),
    value: JSON.stringify(status),
  });
}

/** Background access to one shop: its offline token, within its budget. */
export function backgroundAdminClient(options: {
  shop: string;
  merchantId: string;
  tokens: OfflineTokens;
  cache: Cache;
  fetch?: typeof fetch;
}): AdminClient {
  return createAdminClient({
    shop: options.shop,
    accessToken: () => options.tokens.accessToken(options.shop),
    budget: { cache: options.cache, merchantId: options.merchantId },
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}
