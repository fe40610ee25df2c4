import { FrontendServiceDefinition } from '#proto/frontend/v1/frontend.ts';
import type { FrontendServiceImplementation } from '#proto/frontend/v1/frontend.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { RequestSchemas } from '../call/validation.ts';
import { contentMethods } from '../storefront/content.service.ts';
import { storefrontSchemas } from '../storefront/requests.ts';
import { widgetMethods } from '../storefront/storefront.service.ts';
import { publicly, tenant } from './policies.ts';
import type { Policies } from './policies.ts';

const implement = (deps: CoreDependencies): FrontendServiceImplementation<CallerContext> => ({
  ...contentMethods(deps),
  ...widgetMethods(deps),
});

const schemas: RequestSchemas<typeof FrontendServiceDefinition> = {
  ...storefrontSchemas,
};

const policies: Policies<typeof FrontendServiceDefinition> = {
  getWidget: publicly('customer:frontend', 'customer:points', 'admin:frontend'),
  getWidgetVersion: publicly('customer:frontend', 'customer:points', 'admin:frontend'),
  getHistory: tenant('customer:points'),
  getPosMember: tenant('admin:points', 'pos:points'),
  getContent: tenant('admin:frontend'),
  updateContent: tenant('admin:frontend'),
  restoreContent: tenant('admin:frontend'),
  listPictures: tenant('admin:frontend'),
};

/** frontend.v1, put together of what the capabilities implement of it. */
export const frontendService = {
  definition: FrontendServiceDefinition,
  implement,
  policies,
  schemas,
};
