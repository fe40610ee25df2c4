import { z } from 'zod';
import type { GetReferralFunnelResponse, Referral } from '#proto/referrals/v1/referrals.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { periodOf, type Period } from './referral-period.ts';
import { REFERRAL_STATUSES } from '#vocabulary/referrals.ts';

const PAGE_SIZE = 50;

/** Invalid values in the URL count as absent. */
const query = z.object({
  status: z.enum(['', ...REFERRAL_STATUSES]).catch(''),
  cursor: z.string().max(500).catch(''),
});

export interface ReferralsData {
  readonly status: string;
  readonly days: Period;
  readonly isActive: boolean;
  readonly referrals: readonly Referral[];
  readonly nextCursor: string;
  /** Of the whole shop. */
  readonly held: number;
  readonly funnel: GetReferralFunnelResponse;
}

export async function loadReferrals({
  core,
  url,
  merchantId,
}: MerchantRequest): Promise<ReferralsData> {
  const { status, cursor } = query.parse({
    status: url.searchParams.get('status') ?? '',
    cursor: url.searchParams.get('cursor') ?? '',
  });
  const days = periodOf(url.searchParams.get('days'));
  const [{ referrals, page, held }, funnel, { config }] = await Promise.all([
    core.referrals.listReferrals({ status, page: { pageSize: PAGE_SIZE, cursor } }),
    core.referrals.getReferralFunnel({ days }),
    core.referrals.getReferralConfig({}),
  ]);
  analytics().capture({ merchantId, name: 'referral_analytics_viewed', properties: { days } });
  return {
    status,
    days,
    isActive: config?.active ?? false,
    referrals,
    nextCursor: page?.nextCursor ?? '',
    held,
    funnel,
  };
}
