import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';
import { log } from '../../log.server.ts';

const referralsPerCall = 200;

/** Ends the referrals of a shop whose friends did not do in time what is asked. */
export async function expireReferrals(
  { merchantId }: JobData<'expire-referrals'>,
  services: JobServices,
): Promise<void> {
  const { referrals } = services.core(merchantId);
  for (let more = true; more;) {
    const ended = await referrals.expireReferrals({ limit: referralsPerCall });
    more = ended.more;
    if (ended.expired > 0)
      log().info({ merchantId, referrals: ended.expired }, 'Referrals expired');
  }
}
