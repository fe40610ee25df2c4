import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import type { AdminServiceImplementation } from '#proto/admin/v1/admin.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { activityMethods } from '../activity/activity.service.ts';
import { activitySchemas } from '../activity/requests.ts';
import { adminUserMethods } from '../console/admins.service.ts';
import { platformMethods } from '../console/platform.service.ts';
import { consoleSchemas } from '../console/requests.ts';
import { signInMethods } from '../console/sign-in.service.ts';
import { customerMethods } from '../customers/customers.service.ts';
import { metafieldMethods } from '../customers/metafields.service.ts';
import { participationMethods } from '../customers/participation.service.ts';
import { customerSchemas } from '../customers/requests.ts';
import { eventEndpointMethods } from '../event-subscriptions/endpoints.service.ts';
import { eventLogMethods } from '../event-subscriptions/log.service.ts';
import { eventSubscriptionSchemas } from '../event-subscriptions/requests.ts';
import { eventSendingMethods } from '../event-subscriptions/sending.service.ts';
import { deliveryMethods } from '../inbox/deliveries.service.ts';
import { deliverySchemas } from '../inbox/requests.ts';
import { memberReviewSchemas } from '../member-review/requests.ts';
import { memberReviewMethods } from '../member-review/review.service.ts';
import { merchantMethods } from '../merchants/merchants.service.ts';
import { planMethods } from '../merchants/plan.service.ts';
import { merchantSchemas } from '../merchants/requests.ts';
import { setupMethods } from '../merchants/setup.service.ts';
import { syncMethods } from '../merchants/sync.service.ts';
import { messageLogMethods } from '../messages/log.service.ts';
import { messageMethods } from '../messages/messages.service.ts';
import { messageReportMethods } from '../messages/reports.service.ts';
import { messageSchemas } from '../messages/requests.ts';
import { messageSettingsMethods } from '../messages/settings.service.ts';
import { templateSchemas } from '../messages/template-requests.ts';
import { templateMethods } from '../messages/templates.service.ts';
import { testMessageMethods } from '../messages/test-messages.service.ts';
import { operationMethods } from '../operations/operations.service.ts';
import { operationSchemas } from '../operations/requests.ts';
import { reencryptMethods } from '../operations/reencrypt.service.ts';
import { erasureMethods } from '../privacy/erasure.service.ts';
import { privacyMethods } from '../privacy/privacy.service.ts';
import { privacySchemas } from '../privacy/requests.ts';
import { shopErasureMethods } from '../privacy/shop-erasure.service.ts';
import { shopHealthSchemas } from '../shop-health/requests.ts';
import { shopHealthMethods } from '../shop-health/shop-health.service.ts';
import { tipSchemas } from '../tips/requests.ts';
import { tipMethods } from '../tips/tips.service.ts';
import { platform, platformStaff, systemOnly, tenant } from './policies.ts';
import type { Policies } from './policies.ts';

const implement = (deps: CoreDependencies): AdminServiceImplementation<CallerContext> => ({
  ...merchantMethods(deps),
  ...syncMethods(deps),
  ...planMethods(deps),
  ...setupMethods(deps),
  ...tipMethods(deps),
  ...shopHealthMethods(deps),
  ...customerMethods(deps),
  ...participationMethods(deps),
  ...metafieldMethods(deps),
  ...deliveryMethods(deps),
  ...memberReviewMethods(deps),
  ...messageMethods(deps),
  ...messageLogMethods(deps),
  ...messageSettingsMethods(deps),
  ...messageReportMethods(deps),
  ...testMessageMethods(deps),
  ...templateMethods(deps),
  ...eventSendingMethods(deps),
  ...eventEndpointMethods(deps),
  ...eventLogMethods(deps),
  ...operationMethods(deps),
  ...reencryptMethods(deps),
  ...activityMethods(deps),
  ...privacyMethods(deps),
  ...erasureMethods(deps),
  ...shopErasureMethods(deps),
  ...signInMethods(deps),
  ...adminUserMethods(deps),
  ...platformMethods(deps),
});

const schemas: RequestSchemas<typeof AdminServiceDefinition> = {
  ...merchantSchemas,
  ...tipSchemas,
  ...shopHealthSchemas,
  ...customerSchemas,
  ...deliverySchemas,
  ...memberReviewSchemas,
  ...messageSchemas,
  ...templateSchemas,
  ...eventSubscriptionSchemas,
  ...operationSchemas,
  ...activitySchemas,
  ...privacySchemas,
  ...consoleSchemas,
};

const policies: Policies<typeof AdminServiceDefinition> = {
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
  getShopHealth: tenant('admin:settings', 'admin:setup', 'admin:analytics'),
  recordShopVisit: systemOnly,
  checkBalances: systemOnly,
  upsertCustomer: systemOnly,
  upsertCustomers: systemOnly,
  getCustomers: tenant('admin:users'),
  getCustomer: tenant('admin:users'),
  getParticipation: tenant('admin:points', 'admin:users'),
  updateParticipation: tenant('admin:points'),
  previewExclusions: tenant('admin:points'),
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
  queueMessages: systemOnly,
  claimDueMessages: platform,
  claimMessage: systemOnly,
  beginSending: systemOnly,
  settleMessage: systemOnly,
  listMessages: tenant('admin:logs', 'admin:settings'),
  retryMessage: tenant('admin:logs', 'admin:settings'),
  unsubscribe: systemOnly,
  readUnsubscribe: systemOnly,
  getMessagingSettings: tenant('admin:settings'),
  updateMessagingSettings: tenant('admin:settings'),
  updateMessagingProvider: tenant('admin:settings'),
  getMessagingCredentials: systemOnly,
  recordProviderCheck: systemOnly,
  recordProviderReport: systemOnly,
  recordEvents: systemOnly,
  claimEventDeliveries: platform,
  openEventDelivery: systemOnly,
  settleEventDelivery: systemOnly,
  listEventEndpoints: tenant('admin:settings'),
  createEventEndpoint: tenant('admin:settings'),
  updateEventEndpoint: tenant('admin:settings'),
  setEventEndpointStatus: tenant('admin:settings'),
  deleteEventEndpoint: tenant('admin:settings'),
  rotateEventSecret: tenant('admin:settings'),
  sendTestEvent: tenant('admin:settings'),
  listEventDeliveries: tenant('admin:settings', 'admin:logs'),
  retryEventDelivery: tenant('admin:settings', 'admin:logs'),
  replayEvents: tenant('admin:settings', 'admin:logs'),
  reportFlowTrigger: systemOnly,
  beginTestMessage: systemOnly,
  recordTestMessage: systemOnly,
  claimStalledSyncs: platform,
  claimOpenPrivacyRequests: platform,
  reviewMembers: platform,
  reencryptValues: platform,
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
  describeErasure: systemOnly,
  repeatErasure: systemOnly,
  repeatShopErasure: systemOnly,
  claimShopErasures: platform,
  getLogs: tenant('admin:logs'),
  listMessageTemplates: tenant('admin:templates', 'admin:settings'),
  getMessageTemplate: tenant('admin:templates'),
  updateNotificationTemplate: tenant('admin:templates'),
  resetMessageTemplate: tenant('admin:templates'),

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
  listUnwellShops: platformStaff('admin:overview'),
  listPlatformDeliveries: platformStaff('admin:logs'),
  replayPlatformDeliveries: platformStaff('admin:queues'),
  recordQueueAct: platformStaff('admin:queues'),
  listShopErasures: platformStaff('admin:logs'),
  stopShopErasure: platformStaff('admin:full_access'),
  resumeShopErasure: platformStaff('admin:full_access'),
};

/** admin.v1, put together of what the capabilities implement of it. */
export const adminService = { definition: AdminServiceDefinition, implement, policies, schemas };
