import { LRUCache } from 'lru-cache';
import { cache } from '../cache/cache.server.ts';
import { cacheKeys } from '../cache/keys.ts';
import { platformClients } from '../core-client/clients.server.ts';
import { CoreError } from '../core-client/errors.server.ts';

const merchantIds = new LRUCache<string, string>({ max: 10_000, ttl: 60_000 });

/**
 * The tenant that a shop is, as long as it has the app. While core does not answer it is the one that the shop was
 * within a day: what then needs core fails there, and polling does not.
 * @throws CoreError not_found, or what core's absence is
 */
export async function merchantIdOf(shop: string): Promise<string> {
  const known = merchantIds.get(shop);
  if (known !== undefined) return known;
  try {
    return await askCore(shop);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const key = cacheKeys.tenant(shop);
    if (!error.isTransient) await cache().delete(key);
    const kept = error.isTransient ? await cache().get(key) : undefined;
    if (kept === undefined) throw error;
    merchantIds.set(shop, kept.value, { ttl: whileAwayMs });
    return kept.value;
  }
}

/** How soon core is asked again. */
const whileAwayMs = 5_000;

async function askCore(shop: string): Promise<string> {
  const { merchant } = await platformClients().admin.getMerchantByShop({ shopDomain: shop });
  if (merchant === undefined || merchant.uninstalledAt !== '')
    throw new CoreError('not_found', { field: 'shop', message: 'the shop has no program' });
  merchantIds.set(shop, merchant.merchantId);
  // Not waited for: it is for later.
  void cache().setIfNewer(cacheKeys.tenant(shop), {
    version: Date.now(),
    value: merchant.merchantId,
  });
  return merchant.merchantId;
}
