import { LRUCache } from 'lru-cache';
import { systemClients } from '../../core-client/clients.server.ts';
import { log } from '../../log.server.ts';

/** A change shows to who opens a page after this at the latest. */
const ttlMs = 20_000;

const known = new LRUCache<string, { readonly isOn: boolean }>({
  max: 10_000,
  ttl: ttlMs,
  fetchMethod: async (merchantId) => {
    const { config } = await systemClients(merchantId).referrals.getReferralConfig({});
    return { isOn: config?.active === true };
  },
});

/** Whether members of a shop may refer friends: asked of core for all of them at once. */
export async function hasReferrals(merchantId: string): Promise<boolean> {
  try {
    return (await known.fetch(merchantId))?.isOn === true;
  } catch (error) {
    log().warn({ err: error, merchantId }, 'The panel is shown without referrals');
    return false;
  }
}
