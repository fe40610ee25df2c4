import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';

type Services = Pick<JobServices, 'core'>;

/** Counts visits in one call. Core counts each id once, so a job that runs twice counts once. */
export async function trackClicks(
  { merchantId, clicks }: JobData<'track-clicks'>,
  services: Services,
): Promise<void> {
  await services.core(merchantId).referrals.trackClicks({
    clicks: clicks.map(({ clickId, code, channel, at }) => ({
      clickId,
      referralCode: code,
      channel,
      clickedAt: at,
    })),
  });
}

export const trackClick = (
  { merchantId, ...visit }: JobData<'track-click'>,
  services: Services,
): Promise<void> => trackClicks({ merchantId, clicks: [visit] }, services);
