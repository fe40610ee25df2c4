import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import type { AnalyticsServiceImplementation } from '#proto/analytics/v1/analytics.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { scoreReviewMethods } from '../member-review/score-review.service.ts';
import { reportMethods } from '../reports/reports.service.ts';
import { reportSchemas } from '../reports/requests.ts';
import { rfmSchemas } from '../rfm/requests.ts';
import { rfmMethods } from '../rfm/rfm.service.ts';
import { systemOnly, tenant } from './policies.ts';
import type { Policies } from './policies.ts';

const implement = (deps: CoreDependencies): AnalyticsServiceImplementation<CallerContext> => ({
  ...rfmMethods(deps),
  ...scoreReviewMethods(deps),
  ...reportMethods(deps),
});

const schemas: RequestSchemas<typeof AnalyticsServiceDefinition> = {
  ...rfmSchemas,
  ...reportSchemas,
};

const policies: Policies<typeof AnalyticsServiceDefinition> = {
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

/** analytics.v1, put together of what the capabilities implement of it. */
export const analyticsService = {
  definition: AnalyticsServiceDefinition,
  implement,
  policies,
  schemas,
};
