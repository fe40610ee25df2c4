import { LRUCache } from 'lru-cache';
import type { GetOfferResponse } from '#proto/referrals/v1/referrals.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { log } from '../../log.server.ts';

/** A change of the offer, or the end of a link, shows after this at the latest. */
const ttlMs = 30_000;

type Asked = { readonly core: Pick<CoreClients, 'referrals'> };

const offers = new LRUCache<string, GetOfferResponse, Asked>({
  max: 10_000,
  ttl: ttlMs,
  // Those who follow one link at once wait for one answer.
  fetchMethod: (key, _stale, { context: { core } }) =>
    core.referrals.getOffer({ referralCode: key.slice(key.indexOf('/') + 1) }),
});

/**
 * What a link promises; core is asked once for all who follow it within half a minute.
 * @returns undefined while core is away
 */
export async function offerOf(
  asked: Asked & { readonly merchantId: string },
  code: string,
): Promise<GetOfferResponse | undefined> {
  try {
    return await offers.fetch(`${asked.merchantId}/${code}`, { context: asked });
  } catch (error) {
    if (!(error instanceof CoreError) || !error.isTransient) throw error;
    log().warn(
      { err: error, merchantId: asked.merchantId },
      'A referral link opens without its offer',
    );
    return undefined;
  }
}
