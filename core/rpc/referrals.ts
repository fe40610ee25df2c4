import { ReferralServiceDefinition } from '#proto/referrals/v1/referrals.ts';
import type { ReferralServiceImplementation } from '#proto/referrals/v1/referrals.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { linkMethods, visitMethods } from '../referrals/links.service.ts';
import { orderTraceMethods } from '../referrals/order-traces.service.ts';
import { referralMethods } from '../referrals/referrals.service.ts';
import { referralSchemas } from '../referrals/requests.ts';
import { publicly, systemOnly, tenant } from './policies.ts';
import type { Policies } from './policies.ts';

const implement = (deps: CoreDependencies): ReferralServiceImplementation<CallerContext> => ({
  ...linkMethods(deps),
  ...visitMethods(deps),
  ...orderTraceMethods(deps),
  ...referralMethods(deps),
});

const schemas: RequestSchemas<typeof ReferralServiceDefinition> = { ...referralSchemas };

const policies: Policies<typeof ReferralServiceDefinition> = {
  createReferral: tenant('customer:referrals', 'admin:users'),
  trackClick: systemOnly,
  trackClicks: systemOnly,
  getOffer: publicly('customer:frontend', 'admin:frontend'),
  claimReferral: tenant('customer:referrals'),
  completeReferral: systemOnly,
  keepTraces: systemOnly,
  reportOrderRisk: systemOnly,
  getReferralStatus: tenant('customer:referrals', 'admin:users'),
  getReferralConfig: tenant('admin:referrals'),
  updateReferralConfig: tenant('admin:referrals'),
  listReferrals: tenant('admin:referrals', 'admin:users'),
  getReferral: tenant('admin:referrals', 'admin:users'),
  decideReferral: tenant('admin:referrals'),
  getReferralFunnel: tenant('admin:referrals', 'admin:analytics'),
  expireReferrals: systemOnly,
};

/** referrals.v1, put together of what the capabilities implement of it. */
export const referralService = {
  definition: ReferralServiceDefinition,
  implement,
  policies,
  schemas,
};
