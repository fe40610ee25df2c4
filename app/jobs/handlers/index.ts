import type { JobData, JobName } from '../catalogue.ts';
import type { JobServices } from '../services.server.ts';
import { advanceCampaigns } from './campaigns.ts';
import { processDeliveries, processOneDelivery } from './deliveries.ts';
import { settleRedemptionJob } from './redemptions.ts';
import {
  deleteExpired,
  expireAll,
  expirePoints,
  processPrivacyRequest,
  reconcileAll,
  refreshSegmentCounts,
  rescoreAll,
  rescoreShop,
  resealValues,
  reviewAllTiers,
  reviewTiers,
  updateAllShops,
} from './schedules.ts';
import { eraseShops } from './shop-erasures.ts';
import { awardBirthdays, awardBirthdaysEverywhere } from './birthdays.ts';
import { checkAllPlans, checkPlan } from './plans.ts';
import {
  fetchOrder,
  finishInstallation,
  reconcileShop,
  runFirstRunSync,
  subscribeShop,
  writeBalances,
  writeSettings,
} from './shops.ts';

type Handler<Name extends JobName> = (
  data: JobData<Name>,
  services: JobServices,
  isLastAttempt: boolean,
) => Promise<void>;

const deliveryServices = (services: JobServices) => ({
  platform: services.platform,
  queues: services.queues,
  now: () => services.now(),
  effects: {
    enqueue: (job: Parameters<JobServices['queues']['enqueueAll']>[0][number]) =>
      services.queues.enqueueAll([job]),
    deleteSessions: (shop: string) => services.deleteSessions(shop),
    updateScopes: (shop: string, scopes: readonly string[]) => services.updateScopes(shop, scopes),
    shopStanding: (shop: string) => services.shopStanding(shop),
  },
});

/** A full record: a job without a handler does not compile. */
export const handlers: { readonly [Name in JobName]: Handler<Name> } = {
  'process-deliveries': (data, services) => processDeliveries(data, deliveryServices(services)),
  'process-delivery': (data, services, isLastAttempt) =>
    processOneDelivery(data, isLastAttempt, deliveryServices(services)),
  'install-shop': finishInstallation,
  'first-run-sync': runFirstRunSync,
  'write-balance-metafields': writeBalances,
  'subscribe-topics': subscribeShop,
  'write-storefront-settings': writeSettings,
  'fetch-order': fetchOrder,
  'settle-redemption': settleRedemptionJob,
  'delete-expired': deleteExpired,
  'refresh-segment-counts': refreshSegmentCounts,
  'reseal-values': resealValues,
  'reconcile-shop': reconcileShop,
  'reconcile-all': (_data, services) => reconcileAll(services),
  'expire-all': expireAll,
  'update-all-shops': (_data, services) => updateAllShops(services),
  'advance-campaigns': advanceCampaigns,
  'erase-shops': eraseShops,
  'expire-points': expirePoints,
  'rescore-all': (_data, services) => rescoreAll(services),
  'rescore-shop': rescoreShop,
  'award-birthdays-everywhere': (_data, services) => awardBirthdaysEverywhere(services),
  'award-birthdays': awardBirthdays,
  'review-all-tiers': (_data, services) => reviewAllTiers(services),
  'review-tiers': reviewTiers,
  'check-all-plans': (_data, services) => checkAllPlans(services),
  'check-plan': checkPlan,
  'process-privacy-request': processPrivacyRequest,
};
