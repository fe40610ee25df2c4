import { LRUCache } from 'lru-cache';
import { Interrupted, breaker } from '../breakers.server.ts';
import type { Breaker } from '../breakers.server.ts';

/** Shopify answered, with a failure of its own. */
class Unwell extends Error {
  readonly response: Response;

  constructor(response: Response) {
    super(`Shopify answered ${response.status}`);
    this.response = response;
  }
}

const isFailure = (error: unknown) => !(error instanceof Interrupted);

/** One shop's: Shopify fails for single shops, too. */
const ofShop = new LRUCache<string, Breaker>({ max: 10_000 });
/** Any shop's answer says that Shopify is there. */
const ofAll = breaker({ name: 'Shopify', failuresInARow: 20, restMs: 5_000, isFailure });

/**
 * Calls Shopify for a shop, unless it did not answer lately: a call takes up to fifteen seconds to find out, and holds
 * the place of a job that another shop waits for.
 * @throws Interrupted, or what `call` throws
 */
export async function askShopify(shop: string, call: () => Promise<Response>): Promise<Response> {
  try {
    return await circuitOf(shop)(() => ofAll(() => wellOr(call)));
  } catch (error) {
    if (error instanceof Unwell) return error.response;
    throw error;
  }
}

async function wellOr(call: () => Promise<Response>): Promise<Response> {
  const response = await call();
  if (response.status >= 500) throw new Unwell(response);
  return response;
}

function circuitOf(shop: string): Breaker {
  const known = ofShop.get(shop);
  if (known !== undefined) return known;
  const made = breaker({
    name: `Shopify for ${shop}`,
    failuresInARow: 8,
    restMs: 5_000,
    isFailure,
  });
  ofShop.set(shop, made);
  return made;
}
