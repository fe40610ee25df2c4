import type { AdminServiceImplementation } from '#proto/admin/v1/admin.ts';
import type { CallerContext } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { activityMethods } from '../activity/activity.service.ts';
import { adminUserMethods } from '../console/admins.service.ts';
import { platformMethods } from '../console/platform.service.ts';
import { signInMethods } from '../console/sign-in.service.ts';
import { customerMethods } from '../customers/customers.service.ts';
import { deliveryMethods } from '../inbox/deliveries.service.ts';
import { merchantMethods } from '../merchants/merchants.service.ts';
import { operationMethods } from '../operations/operations.service.ts';
import { planMethods } from '../merchants/plan.service.ts';
import { privacyMethods } from '../privacy/privacy.service.ts';
import { resealMethods } from '../operations/reseal.service.ts';
import { shopErasureMethods } from '../privacy/shop-erasure.service.ts';
import { setupMethods } from '../merchants/setup.service.ts';
import { tipMethods } from '../tips/tips.service.ts';

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
