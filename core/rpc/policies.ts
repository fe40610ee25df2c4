import type { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import type { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import type { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import type { PointsServiceDefinition } from '#proto/points/v1/points.ts';

/** Who may call a method. `system` (the worker, and the web server on Shopify's behalf) may call every tenant method. */
export interface Policy {
  readonly tenant: boolean;
  /** One of these is enough. */
  readonly scopes: readonly string[];
  /** Whether a shopper who has not signed in may call it, too. */
  readonly isForGuests?: boolean;
}

export type Policies<Definition extends { methods: object }> = Readonly<
  Record<keyof Definition['methods'], Policy>
>;

const platform: Policy = { tenant: false, scopes: ['platform'] };
const tenant = (...scopes: string[]): Policy => ({ tenant: true, scopes: ['system', ...scopes] });
/** What a shop shows to everybody. */
const publicly = (...scopes: string[]): Policy => ({ ...tenant(...scopes), isForGuests: true });
const systemOnly = tenant();
/** People of the platform, by what their role gives them; no tenant, and not the worker either. */
const platformStaff = (...scopes: string[]): Policy => ({ tenant: false, scopes });

/** Of the scopes that a token brings, whether this kind of caller may use one: a shopper never acts as the staff. */
export function canUse(actor: string, scope: string, policy: Policy): boolean {
  const isShoppers = scope.startsWith('customer:');
  if (actor === 'guest') return isShoppers && policy.isForGuests === true;
  if (actor.startsWith('customer:')) return isShoppers || scope === 'system';
  // Neither the staff nor the worker is a shopper: what a shopper's scope allows needs to be told whose it is.
  return !isShoppers;
}

export const adminPolicies: Policies<typeof AdminServiceDefinition> = {
  installMerchant: platform,
  getMerchantByShop: platform,
  listMerchants: platform,
  uninstallMerchant: systemOnly,
  getSettings: tenant(
    'admin:settings',
    'admin:setup',
    'admin:users',
    'admin:points',
    'admin:analytics',
  ),
  updateSettings: tenant('admin:settings'),
  updateShopProfile: systemOnly,
  getSetupProgress: tenant('admin:setup', 'admin:analytics'),
  completeSetupTask: tenant('admin:setup'),
  recordWidgetSeen: systemOnly,
  getTips: tenant('admin:tips'),
  dismissTip: tenant('admin:tips'),
  getPlanUsage: tenant('admin:settings', 'admin:setup', 'admin:analytics'),
  checkPlanUsage: systemOnly,
  upsertCustomer: systemOnly,
  upsertCustomers: systemOnly,
  getCustomers: tenant('admin:users'),
  getCustomer: tenant('admin:users'),
  mergeCustomers: systemOnly,
  storeDelivery: platform,
  storeDeliveries: platform,
  getDeliveries: platform,
  finishDeliveries: platform,
  claimStaleDeliveries: platform,
  listDeliveries: tenant('admin:logs', 'admin:settings'),
  replayDeliveries: tenant('admin:logs', 'admin:settings'),
  claimOutboxEvents: platform,
  acknowledgeOutboxEvents: platform,
  deleteExpired: platform,
  refreshSegmentCounts: platform,
  claimStalledSyncs: platform,
  claimOpenPrivacyRequests: platform,
  reviewMembers: platform,
  resealValues: platform,
  getMetafieldBalances: systemOnly,
  confirmMetafieldBalances: systemOnly,
  startSync: tenant('admin:setup', 'admin:settings'),
  updateSync: systemOnly,
  getSync: tenant('admin:setup', 'admin:settings', 'admin:analytics'),
  submitGdprRequest: tenant('admin:users'),
  processGdprRequest: tenant('admin:users'),
  listGdprRequests: tenant('admin:users', 'admin:settings'),
  requestShopErasure: systemOnly,
  cancelShopErasure: systemOnly,
  redactShop: systemOnly,
  claimShopErasures: platform,
  getLogs: tenant('admin:logs'),

  signInAdmin: platform,
  confirmAdminCode: platform,
  getAdminSession: platform,
  beginAdminEnrolment: platform,
  confirmAdminEnrolment: platform,
  changeAdminPassword: platform,
  replaceAdminAuthenticator: platform,
  endAdminSession: platform,
  listAdminUsers: platformStaff('admin:full_access'),
  createAdminUser: platformStaff('admin:full_access'),
  updateAdminUser: platformStaff('admin:full_access'),
  resetAdminAccess: platformStaff('admin:full_access'),
  getPlatformOverview: platformStaff('admin:overview'),
  listPlatformDeliveries: platformStaff('admin:logs'),
  replayPlatformDeliveries: platformStaff('admin:queues'),
  recordQueueAct: platformStaff('admin:queues'),
  listShopErasures: platformStaff('admin:logs'),
  stopShopErasure: platformStaff('admin:full_access'),
  resumeShopErasure: platformStaff('admin:full_access'),
};

const readPoints = tenant('admin:points', 'admin:users', 'admin:analytics');
const changePoints = tenant('admin:points');
const changeCampaigns = tenant('admin:campaigns');
const readCampaigns = tenant('admin:campaigns', 'admin:points', 'admin:analytics');

export const pointsPolicies: Policies<typeof PointsServiceDefinition> = {
  getPointsBalance: readPoints,
  listEntries: tenant('admin:points', 'admin:users', 'admin:analytics', 'admin:logs'),
  explainBalance: readPoints,
  earnPoints: changePoints,
  awardMany: systemOnly,
  awardStream: systemOnly,
  recordOrder: systemOnly,
  recordOrders: systemOnly,
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
  beginFulfilment: systemOnly,
  markSent: systemOnly,
  completeRedemption: systemOnly,
  failRedemption: systemOnly,
  claimStuckRedemptions: platform,
};

export const analyticsPolicies: Policies<typeof AnalyticsServiceDefinition> = {
  getAnalytics: tenant('admin:analytics'),
  getSegments: tenant('admin:analytics', 'admin:users', 'admin:campaigns'),
  getRFMConfig: tenant('admin:analytics'),
  updateRFMConfig: tenant('admin:analytics'),
  previewRFMSegments: tenant('admin:analytics'),
  getRFMScore: tenant('admin:analytics', 'admin:users'),
  getScoreHistory: tenant('admin:analytics', 'admin:users'),
  calculateRFMScore: tenant('admin:analytics', 'admin:users'),
  recalculateMerchant: tenant('admin:analytics'),
  rescoreMembers: systemOnly,
};

export const frontendPolicies: Policies<typeof FrontendServiceDefinition> = {
  getWidget: publicly('customer:frontend', 'customer:points', 'admin:frontend'),
  getWidgetVersion: publicly('customer:frontend', 'customer:points', 'admin:frontend'),
  getHistory: tenant('customer:points'),
  getTillMember: tenant('admin:points', 'pos:points'),
  getContent: tenant('admin:frontend'),
  updateContent: tenant('admin:frontend'),
  restoreContent: tenant('admin:frontend'),
};
