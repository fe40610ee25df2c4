import { balanceJobs } from '../features/balance-metafields/write.job.ts';
import { campaignAnalytics, campaignJobs } from '../features/campaigns/campaign-events.ts';
import { installJobs } from '../features/onboarding/install-events.ts';
import { setupAnalytics } from '../features/onboarding/setup-events.ts';
import { planAnalytics } from '../features/plans/plan-events.ts';
import { pointsAnalytics } from '../features/points-program/points-events.ts';
import { referralAnalytics } from '../features/referrals/referral-events.ts';
import { giftAnalytics, redemptionJobs } from '../features/redemptions/redemption-events.ts';
import { rescoreJobs, segmentAnalytics } from '../features/segments/segment-events.ts';
import { settingsJobs } from '../features/storefront-settings/write.job.ts';
import { viewChanges } from '../features/storefront/view-changes.ts';
import { tierAnalytics, tierJobs } from '../features/vip-tiers/tier-events.ts';
import type { EventEffects } from '../jobs/outbox-relay.ts';

/** What core's events bring about: the features' own answers, put together here and nowhere else. */
export const eventEffects: EventEffects = {
  jobs: [
    installJobs,
    balanceJobs,
    settingsJobs,
    campaignJobs,
    rescoreJobs,
    redemptionJobs,
    tierJobs,
  ],
  analytics: [
    campaignAnalytics,
    segmentAnalytics,
    tierAnalytics,
    giftAnalytics,
    planAnalytics,
    setupAnalytics,
    pointsAnalytics,
    referralAnalytics,
  ],
  views: viewChanges,
};
