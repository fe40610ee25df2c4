import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { campaignDiscountMethods } from '../campaigns/campaign-discounts.service.ts';
import { campaignMethods } from '../campaigns/campaigns.service.ts';
import { campaignSchemas } from '../campaigns/requests.ts';
import { earningMethods } from '../earning/earning.service.ts';
import { earningSchemas } from '../earning/requests.ts';
import { tierReviewMethods } from '../member-review/tier-review.service.ts';
import { orderMethods } from '../orders/orders.service.ts';
import { quoteMethods } from '../orders/quote.service.ts';
import { orderSchemas } from '../orders/requests.ts';
import { adjustmentMethods } from '../points/adjustments.service.ts';
import { awardMethods } from '../points/award.service.ts';
import { balanceMethods } from '../points/balance.service.ts';
import { expiryMethods } from '../points/expiry.service.ts';
import { holdMethods } from '../points/holds.service.ts';
import { pointsSchemas } from '../points/requests.ts';
import { programMethods } from '../program/program.service.ts';
import { programSchemas } from '../program/requests.ts';
import { adoptionMethods } from '../rewards/adopt-redemption.service.ts';
import { fulfillmentMethods } from '../rewards/fulfillment.service.ts';
import { redemptionMethods } from '../rewards/redemptions.service.ts';
import { rewardSchemas } from '../rewards/requests.ts';
import { rewardMethods } from '../rewards/rewards.service.ts';
import { simulatorSchemas } from '../simulator/requests.ts';
import { simulatorMethods } from '../simulator/simulator.service.ts';
import { tierSchemas } from '../tiers/requests.ts';
import { vipTierMethods } from '../tiers/tiers.service.ts';
import { platform, publicly, systemOnly, tenant } from './policies.ts';
import type { Policies } from './policies.ts';

const implement = (deps: CoreDependencies): PointsServiceImplementation<CallerContext> => ({
  ...adjustmentMethods(deps),
  ...awardMethods(deps),
  ...balanceMethods(deps),
  ...expiryMethods(deps),
  ...holdMethods(deps),
  ...orderMethods(deps),
  ...quoteMethods(deps),
  ...programMethods(deps),
  ...earningMethods(deps),
  ...simulatorMethods(deps),
  ...campaignMethods(deps),
  ...campaignDiscountMethods(deps),
  ...vipTierMethods(deps),
  ...tierReviewMethods(deps),
  ...rewardMethods(deps),
  ...redemptionMethods(deps),
  ...fulfillmentMethods(deps),
  ...adoptionMethods(deps),
});

const schemas: RequestSchemas<typeof PointsServiceDefinition> = {
  ...pointsSchemas,
  ...orderSchemas,
  ...programSchemas,
  ...earningSchemas,
  ...simulatorSchemas,
  ...campaignSchemas,
  ...tierSchemas,
  ...rewardSchemas,
};

const readPoints = tenant('admin:points', 'admin:users', 'admin:analytics');
const changePoints = tenant('admin:points');
const changeCampaigns = tenant('admin:campaigns');
const readCampaigns = tenant('admin:campaigns', 'admin:points', 'admin:analytics');

const policies: Policies<typeof PointsServiceDefinition> = {
  getPointsBalance: readPoints,
  listEntries: tenant('admin:points', 'admin:users', 'admin:analytics', 'admin:logs'),
  explainBalance: readPoints,
  earnPoints: changePoints,
  awardMany: systemOnly,
  awardStream: systemOnly,
  recordOrder: systemOnly,
  recordOrders: systemOnly,
  settlePendingOrders: platform,
  adjustPoints: changePoints,
  reverseEntry: changePoints,
  holdPoints: changePoints,
  confirmHold: changePoints,
  releaseHold: changePoints,
  importPoints: changePoints,
  expirePoints: systemOnly,
  getPointsProgram: tenant('admin:points', 'admin:setup', 'admin:settings', 'admin:analytics'),
  updatePointsProgram: changePoints,
  listProgramVersions: tenant('admin:points', 'admin:logs'),
  restoreProgram: changePoints,
  claimAction: tenant('customer:points'),
  simulateProgram: changePoints,
  recordReview: systemOnly,
  awardBirthdays: systemOnly,
  calculateDynamicPoints: publicly('customer:points', 'customer:frontend', 'admin:points'),

  createCampaign: changeCampaigns,
  updateCampaign: changeCampaigns,
  cancelCampaign: changeCampaigns,
  getCampaign: readCampaigns,
  listCampaigns: readCampaigns,
  previewCampaign: readCampaigns,
  upsertLifecycleCampaign: changeCampaigns,
  redeemCampaignDiscount: tenant('admin:points', 'customer:points'),
  advanceCampaigns: platform,
  getExpirySchedule: readPoints,
  getExpiryForecast: readPoints,
  listExpiringMembers: readPoints,
  extendExpiry: changePoints,
  undoExpiryExtension: changePoints,
  notifyExpiring: systemOnly,

  getVipTiers: readPoints,
  previewVipTiers: changePoints,
  configureVipTiers: changePoints,
  discardVipTierDraft: changePoints,
  restoreVipTiers: changePoints,
  getVipTierStatus: readPoints,
  getVipTierProgress: readPoints,
  listVipTierChanges: tenant('admin:points', 'admin:users', 'admin:analytics', 'admin:logs'),
  reviewVipTiers: systemOnly,
  listRewards: readPoints,
  getReward: readPoints,
  upsertReward: changePoints,
  setRewardStatus: changePoints,
  reorderRewards: changePoints,
  startRedemption: tenant('admin:points', 'pos:points', 'customer:points'),
  getRedemption: tenant('admin:points', 'admin:users', 'pos:points', 'customer:points'),
  listRedemptions: readPoints,
  startReturn: tenant('admin:points', 'pos:points', 'customer:points'),
  finishReturn: systemOnly,
  adoptRedemption: systemOnly,
  beginFulfillment: systemOnly,
  markSent: systemOnly,
  completeRedemption: systemOnly,
  failRedemption: systemOnly,
  claimStuckRedemptions: platform,
};

/** points.v1, put together of what the capabilities implement of it. */
export const pointsService = { definition: PointsServiceDefinition, implement, policies, schemas };
