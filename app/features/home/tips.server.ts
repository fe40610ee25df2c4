import { z } from 'zod';
import type { Tip } from '#proto/admin/v1/tips.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { TIPS } from '#vocabulary/shops.ts';

export async function loadTips({ core, merchantId }: MerchantRequest): Promise<readonly Tip[]> {
  const { tips } = await core.admin.getTips({});
  // Once a day each, however often the page is opened.
  for (const { tipId, isNew } of tips)
    if (isNew) analytics().capture({ merchantId, name: 'tip_viewed', properties: { tip: tipId } });
  return tips;
}

const tipForm = z.object({ tipId: z.enum(TIPS), undo: z.enum(['true', 'false']) });

/** Dismisses a tip for good, or restores it. */
export async function changeTip(merchant: MerchantRequest, form: FormData) {
  const parsed = tipForm.safeParse({ tipId: form.get('tipId'), undo: form.get('undo') });
  if (!parsed.success) return refused(merchant, {});
  const { tipId, undo } = parsed.data;
  await merchant.core.admin.dismissTip({ tipId, undo: undo === 'true' });
  return { ok: true as const, tipId, isDismissed: undo === 'false' };
}
