import type { SetupTask } from '#proto/admin/v1/admin.ts';
import { liveResponse } from '../../dashboard/live.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { isSetupOver } from './setup-tasks.ts';

/** Steps complete elsewhere, in another tab or at Shopify, so polling need not be exact to the second. */
const lookEveryMs = 2_000;

/** The checklist as its steps are done. */
export function followSetup({ core, request }: MerchantRequest): Promise<Response> {
  const { admin } = core;
  return liveResponse<readonly SetupTask[]>(
    request,
    { read: async () => (await admin.getSetupProgress({})).tasks, isOver: isSetupOver },
    lookEveryMs,
  );
}
