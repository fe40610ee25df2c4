import type { AdminServiceImplementation } from '#proto/admin/v1/admin.ts';
import type { CallerContext } from '../server/context.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import { activityMethods } from './activity.service.ts';
import { adminUserMethods } from './console/admins.service.ts';
import { platformMethods } from './console/platform.service.ts';
import { signInMethods } from './console/sign-in.service.ts';
import { customerMethods } from './customers.service.ts';
import { deliveryMethods } from './deliveries.service.ts';
import { merchantMethods } from './merchants.service.ts';
import { operationMethods } from './operations.service.ts';
import { planMethods } from './plan.service.ts';
import { privacyMethods } from './privacy.service.ts';
import { resealMethods } from './reseal.service.ts';
import { shopErasureMethods } from './shop-erasure.service.ts';
import { setupMethods } from './setup.service.ts';
import { tipMethods } from './tips.service.ts';

export function createAdminService(
  deps: CoreDependencies,
): AdminServiceImplementation<CallerContext> {
  return {
    ...merchantMethods(deps),
    ...planMethods(deps),
    ...setupMethods(deps),
    ...tipMethods(deps),
    ...customerMethods(deps),
    ...deliveryMethods(deps),
    ...operationMethods(deps),
    ...activityMethods(deps),
    ...privacyMethods(deps),
    ...shopErasureMethods(deps),
    ...resealMethods(deps),
    ...signInMethods(deps),
    ...adminUserMethods(deps),
    ...platformMethods(deps),
  };
}

/** The part of the service that one file implements; together they must be all of it, or this does not compile. */
export type AdminMethods<Name extends keyof AdminServiceImplementation<CallerContext>> = Pick<
  AdminServiceImplementation<CallerContext>,
  Name
>;
