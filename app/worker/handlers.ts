import { writeBalances } from '../features/balance-metafields/write.job.ts';
import { awardBirthdays } from '../features/birthdays/award.job.ts';
import { advanceCampaigns } from '../features/campaigns/advance.job.ts';
import { expirePoints } from '../features/expiry/expire.job.ts';
import { reencryptValues } from '../features/key-rotation/re-encrypt.job.ts';
import { sendMessage } from '../features/messages/send.job.ts';
import { finishInstallation } from '../features/onboarding/install.job.ts';
import { runFirstRunSync } from '../features/onboarding/sync.job.ts';
import { fetchOrder } from '../features/orders/fetch.job.ts';
import { reconcileShop } from '../features/orders/reconcile.job.ts';
import { deleteUnusedPictures } from '../features/pictures/delete-unused.job.ts';
import { checkPlan } from '../features/plans/check.job.ts';
import { deleteExpired } from '../features/privacy/delete-expired.job.ts';
import { eraseShops } from '../features/privacy/erase-shops.job.ts';
import { processPrivacyRequest } from '../features/privacy/process-request.job.ts';
import { expireReferrals } from '../features/referrals/expire.job.ts';
import { trackClick, trackClicks } from '../features/referral-links/track-click.job.ts';
import { settleRedemptionJob } from '../features/redemptions/settle.job.ts';
import { refreshSegmentCounts, rescoreShop } from '../features/segments/rescore.job.ts';
import { checkBalances } from '../features/shop-health/check-balances.job.ts';
import { writeSettings } from '../features/storefront-settings/write.job.ts';
import { reviewTiers } from '../features/vip-tiers/review.job.ts';
import { processDeliveries, processOneDelivery } from '../features/webhooks/process.job.ts';
import { subscribeShop } from '../features/webhooks/subscribe.job.ts';
import type { Handlers } from '../jobs/perform.ts';
import { fanOut } from './schedules.ts';

/** What each job does: the features' own work, put together here and nowhere else. */
export const handlers: Handlers = {
  'process-deliveries': processDeliveries,
  'process-delivery': processOneDelivery,
  'track-click': trackClick,
  'track-clicks': trackClicks,
  'install-shop': finishInstallation,
  'first-run-sync': runFirstRunSync,
  'write-balance-metafields': writeBalances,
  'write-storefront-settings': writeSettings,
  'subscribe-topics': subscribeShop,
  'fetch-order': fetchOrder,
  'settle-redemption': settleRedemptionJob,
  'reconcile-shop': reconcileShop,
  'expire-points': expirePoints,
  'expire-referrals': expireReferrals,
  'rescore-shop': rescoreShop,
  'award-birthdays': awardBirthdays,
  'review-tiers': reviewTiers,
  'check-plan': checkPlan,
  'check-balances': checkBalances,
  'send-message': sendMessage,
  'process-privacy-request': processPrivacyRequest,
  'advance-campaigns': advanceCampaigns,
  'delete-expired': deleteExpired,
  'delete-unused-pictures': deleteUnusedPictures,
  'refresh-segment-counts': refreshSegmentCounts,
  'reencrypt-values': reencryptValues,
  'erase-shops': eraseShops,
  'reconcile-all': fanOut('reconcile-all'),
  'expire-all': fanOut('expire-all'),
  'update-all-shops': fanOut('update-all-shops'),
  'rescore-all': fanOut('rescore-all'),
  'award-birthdays-everywhere': fanOut('award-birthdays-everywhere'),
  'review-all-tiers': fanOut('review-all-tiers'),
  'expire-all-referrals': fanOut('expire-all-referrals'),
  'check-all-plans': fanOut('check-all-plans'),
  'check-all-balances': fanOut('check-all-balances'),
};
