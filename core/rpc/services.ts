import type { Server, ServiceImplementation, TsProtoServiceDefinition } from 'nice-grpc';
import type { ServiceName } from '../env.ts';
import { adminService } from './admin.ts';
import { analyticsService } from './analytics.ts';
import type { MethodRule } from './call-chain.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { frontendService } from './frontend.ts';
import { pointsService } from './points.ts';
import type { Policies } from './policies.ts';
import { referralService } from './referrals.ts';
import { readable } from './unreadable.ts';
import type { RequestSchemas } from '../call/validation.ts';

type Builder = Pick<Server<CallerContext>, 'add'>;

/** A service with what is demanded of its callers, by the path of each method. */
export interface MountedService {
  readonly fullName: string;
  readonly rules: readonly (readonly [string, MethodRule])[];
  addTo(builder: Builder): void;
}

interface Service<Definition extends TsProtoServiceDefinition> {
  readonly definition: Definition;
  readonly implement: (deps: CoreDependencies) => ServiceImplementation<Definition, CallerContext>;
  readonly policies: Policies<Definition>;
  readonly schemas: RequestSchemas<Definition>;
}

const mounting =
  <Definition extends TsProtoServiceDefinition>(service: Service<Definition>) =>
  (deps: CoreDependencies): MountedService => {
    const { definition, implement, policies, schemas } = service;
    const names = Object.keys(definition.methods) as (keyof Definition['methods'])[];
    return {
      fullName: definition.fullName,
      rules: names.map((name) => {
        const method = definition.methods[name as string];
        const path = `/${definition.fullName}/${method?.name ?? ''}`;
        return [path, { policy: policies[name], schema: schemas[name] }] as const;
      }),
      addTo: (builder) => builder.add(readable(definition), implement(deps)),
    };
  };

const services: Record<ServiceName, (deps: CoreDependencies) => MountedService> = {
  points: mounting(pointsService),
  admin: mounting(adminService),
  analytics: mounting(analyticsService),
  frontend: mounting(frontendService),
  referrals: mounting(referralService),
};

/** The services that this process serves (CORE_SERVICES), each once. */
export function mountServices(
  names: readonly ServiceName[],
  dependencies: CoreDependencies,
): readonly MountedService[] {
  return [...new Set(names)].map((name) => services[name](dependencies));
}
