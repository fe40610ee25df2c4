import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { invalidInput } from '../shared/errors.ts';
import type { AdminMethods } from '../call/methods.ts';
import { progressOf } from './setup.rules.ts';
import { advanceSetup, markWidgetSeen, setSetupTask, tellSetup } from './setup.store.ts';
import { SETUP_TASKS } from '#vocabulary/shops.ts';

type Methods = AdminMethods<'getSetupProgress' | 'completeSetupTask' | 'recordWidgetSeen'>;

/** The way to a running program. */
export function setupMethods({ pool, clock }: Pick<CoreDependencies, 'pool' | 'clock'>): Methods {
  return {
    getSetupProgress: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const tasks = await advanceSetup(client, tenantOf(context), clock());
        return { tasks, progressPercentage: progressOf(tasks) };
      }),

    completeSetupTask: (request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const { task, status } = request;
        const before = await advanceSetup(client, merchantId, clock());
        if (!(await setSetupTask(client, merchantId, task, status, clock())))
          throw invalidInput('task', `must be one of ${SETUP_TASKS.join(', ')}`);
        const isChange = before.some((step) => step.task === task && step.status !== status);
        const done = isChange && status === 'completed' ? [task] : [];
        return { tasks: await tellSetup(client, merchantId, done, clock()) };
      }),

    recordWidgetSeen: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        await markWidgetSeen(client, tenantOf(context), clock());
        return {};
      }),
  };
}
