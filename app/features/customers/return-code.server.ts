import { z } from 'zod';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused } from '../../dashboard/merchant-request.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { enqueueOrLeave } from '../../jobs/queues.server.ts';
import { redemptionJob } from '../../jobs/new-jobs.ts';

const returnForm = z.object({ intent: z.literal('return'), redemptionId: z.guid() });

export const isReturn = (form: FormData): boolean => form.get('intent') === 'return';

/** Deactivates an unused code of this customer, after which its points are returned. */
export async function returnCode(merchant: MerchantRequest, customerId: string, form: FormData) {
  const parsed = returnForm.safeParse(Object.fromEntries(form));
  if (!parsed.success) return refused(merchant, {});
  const { redemptionId } = parsed.data;
  const { points } = merchant.core;
  const { redemption } = await points.getRedemption({ redemptionId });
  if (redemption?.customerId !== customerId)
    throw new CoreError('not_found', { field: 'customer_id' });
  await points.startReturn({ redemptionId });
  await enqueueOrLeave.enqueueAll([
    redemptionJob({ merchantId: merchant.merchantId, shop: merchant.shopDomain }, redemptionId),
  ]);
  return { ok: true as const, intent: 'return' as const };
}
