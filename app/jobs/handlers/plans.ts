import type { JobData } from '../catalogue.ts';
import type { JobServices } from '../services.server.ts';
import { installedShops, tonight } from './schedules.ts';

export async function checkAllPlans(services: JobServices): Promise<void> {
  for await (const merchants of installedShops(services)) {
    await services.queues.enqueueAll(
      merchants.map(({ merchantId }) => ({
        name: 'check-plan',
        data: { merchantId },
        options: { jobId: `plan-${tonight(services)}-${merchantId}` },
      })),
    );
  }
}

/** Core knows whether there is anything to tell, and whether it was told. */
export async function checkPlan(
  { merchantId }: JobData<'check-plan'>,
  services: JobServices,
): Promise<void> {
  await services.core(merchantId).admin.checkPlanUsage({});
}
