import type { AdminServiceImplementation } from '#proto/admin/v1/admin.ts';
import type { AnalyticsServiceImplementation } from '#proto/analytics/v1/analytics.ts';
import type { FrontendServiceImplementation } from '#proto/frontend/v1/frontend.ts';
import type { PointsServiceImplementation } from '#proto/points/v1/points.ts';
import type { CallerContext } from './context.ts';

/** What one capability implements of a service; `rpc` puts the parts together, and misses none or does not compile. */
export type PointsMethods<Name extends keyof PointsServiceImplementation<CallerContext>> = Pick<
  PointsServiceImplementation<CallerContext>,
  Name
>;

export type AdminMethods<Name extends keyof AdminServiceImplementation<CallerContext>> = Pick<
  AdminServiceImplementation<CallerContext>,
  Name
>;

export type AnalyticsMethods<Name extends keyof AnalyticsServiceImplementation<CallerContext>> =
  Pick<AnalyticsServiceImplementation<CallerContext>, Name>;

export type FrontendMethods<Name extends keyof FrontendServiceImplementation<CallerContext>> = Pick<
  FrontendServiceImplementation<CallerContext>,
  Name
>;
