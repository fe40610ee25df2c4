import type { JobData } from '../catalogue.ts';
import { forEachShop, tonight } from '../fan-out.ts';
import type { JobServices } from '../services.server.ts';

export function checkAllPlans(services: JobServices): Promise<void> {
  return forEachShop('check-all-plans', services, ({ merchantId }) => ({
    name: 'check-plan',
    data: { merchantId },
    options: { jobId: `plan-${tonight(services)}-${merchantId}` },
  }));
}

/** Core knows whether there is anything to tell, and whether it was told. */
export async function checkPlan(
  { merchantId }: JobData<'check-plan'>,
  services: JobServices,
): Promise<void> {
  await services.core(merchantId).admin.checkPlanUsage({});
}
