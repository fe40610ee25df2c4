import type { JobData } from '../../jobs/catalog.ts';
import type { JobServices } from '../../jobs/services.ts';

/** Core knows whether there is anything to tell, and whether it was told. */
export async function checkPlan(
  { merchantId }: JobData<'check-plan'>,
  services: JobServices,
): Promise<void> {
  await services.core(merchantId).admin.checkPlanUsage({});
}
