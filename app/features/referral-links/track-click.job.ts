import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';

/** Counts one visit. Core counts each id once, so a job that runs twice counts once. */
export async function trackClick(
  { merchantId, clickId, code, channel, at }: JobData<'track-click'>,
  services: Pick<JobServices, 'core'>,
): Promise<void> {
  await services
    .core(merchantId)
    .referrals.trackClick({ clickId, referralCode: code, channel, clickedAt: at });
}
