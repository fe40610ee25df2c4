import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { notFound } from '../shared/errors.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import { warningOf } from './plan.rules.ts';
import { markWarned, readPlanUsage } from './plan.store.ts';
import type { AdminMethods } from '../call/methods.ts';

/** How much of its plan a shop has used. It is reported, and never blocks a shopper. */
export function planMethods({
  pool,
  clock,
}: Pick<CoreDependencies, 'pool' | 'clock'>): AdminMethods<'getPlanUsage' | 'checkPlanUsage'> {
  return {
    getPlanUsage: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const usage = await readPlanUsage(client, tenantOf(context), clock());
        if (usage === undefined) throw notFound('merchant');
        return { usage };
      }),

    checkPlanUsage: (_request, context) =>
      withTenant(pool, tenantOf(context), async (client) => {
        const merchantId = tenantOf(context);
        const usage = await readPlanUsage(client, merchantId, clock());
        const { orders, smsReferrals } = usage ?? {};
        if (usage === undefined || orders === undefined || smsReferrals === undefined)
          throw notFound('merchant');
        const what = warningOf({ orders, smsReferrals });
        const month = usage.firstDay.slice(0, 7);
        if (what === '' || !(await markWarned(client, merchantId, month))) return { warned: false };
        await addOutboxEvents(client, merchantId, 'plan.limit_near', [
          {
            what,
            plan_id: usage.planId,
            orders_used: orders.used,
            orders_limit: orders.limit,
            sms_referrals_used: smsReferrals.used,
            sms_referrals_limit: smsReferrals.limit,
          },
        ]);
        return { warned: true };
      }),
  };
}
