import type { Server, ServiceImplementation, TsProtoServiceDefinition } from 'nice-grpc';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { AnalyticsServiceDefinition } from '#proto/analytics/v1/analytics.ts';
import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import { PointsServiceDefinition } from '#proto/points/v1/points.ts';
import { adminSchemas } from './admin-requests.ts';
import { createAdminService } from './admin.ts';
import { analyticsSchemas } from '../rfm/requests.ts';
import { createAnalyticsService } from '../reports/reports.service.ts';
import type { ServiceName } from '../env.ts';
import { frontendSchemas } from '../storefront/requests.ts';
import { createFrontendService } from '../storefront/storefront.service.ts';
import { pointsSchemas } from '../points/requests.ts';
import { createPointsService } from '../points/points.service.ts';
import type { MethodRule } from './call-chain.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { adminPolicies, analyticsPolicies, frontendPolicies, pointsPolicies } from './policies.ts';
import type { Policies } from './policies.ts';
import { readable } from './unreadable.ts';
import type { RequestSchemas } from '../call/validation.ts';

type Builder = Pick<Server<CallerContext>, 'add'>;

/** A service with what is demanded of its callers, by the path of each method. */
export interface MountedService {
  readonly fullName: string;
  readonly rules: readonly (readonly [string, MethodRule])[];
  addTo(builder: Builder): void;
}

function mount<Definition extends TsProtoServiceDefinition>(
  definition: Definition,
  implementation: ServiceImplementation<Definition, CallerContext>,
  policies: Policies<Definition>,
  schemas: RequestSchemas<Definition>,
): MountedService {
  const names = Object.keys(definition.methods) as (keyof Definition['methods'])[];
  return {
    fullName: definition.fullName,
    rules: names.map((name) => {
      const method = definition.methods[name as string];
      const path = `/${definition.fullName}/${method?.name ?? ''}`;
      return [path, { policy: policies[name], schema: schemas[name] }] as const;
    }),
    addTo: (builder) => builder.add(readable(definition), implementation),
  };
}

const builders: Record<ServiceName, (dependencies: CoreDependencies) => MountedService> = {
  points: (deps) =>
    mount(PointsServiceDefinition, createPointsService(deps), pointsPolicies, pointsSchemas),
  admin: (deps) =>
    mount(AdminServiceDefinition, createAdminService(deps), adminPolicies, adminSchemas),
  analytics: (deps) =>
    mount(
      AnalyticsServiceDefinition,
      createAnalyticsService(deps),
      analyticsPolicies,
      analyticsSchemas,
    ),
  frontend: (deps) =>
    mount(
      FrontendServiceDefinition,
      createFrontendService(deps),
      frontendPolicies,
      frontendSchemas,
    ),
};

/** The services that this process serves (CORE_SERVICES), each once. */
export function mountServices(
  names: readonly ServiceName[],
  dependencies: CoreDependencies,
): readonly MountedService[] {
  return [...new Set(names)].map((name) => builders[name](dependencies));
}
