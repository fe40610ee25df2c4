import type { GetReferralResponse } from '#proto/referrals/v1/referrals.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';

export interface ReferralData extends Pick<GetReferralResponse, 'shared' | 'advocate' | 'friend'> {
  readonly referral: NonNullable<GetReferralResponse['referral']>;
  readonly thresholds: { readonly holdFrom: number; readonly refuseFrom: number };
}

export type Decision = 'approved' | 'denied';

/** A malformed id is answered 404, like an unknown one. */
function idOf({ params }: MerchantRequest): string {
  const id = params['id'] ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new CoreError('not_found', { field: 'referral_id' });
  return id;
}

export async function loadReferral(merchant: MerchantRequest): Promise<ReferralData> {
  const { referrals } = merchant.core;
  const [{ referral, shared, advocate, friend }, { config }] = await Promise.all([
    referrals.getReferral({ referralId: idOf(merchant) }),
    referrals.getReferralConfig({}),
  ]);
  if (referral === undefined) throw new CoreError('not_found', { field: 'referral_id' });
  return {
    referral,
    shared,
    advocate,
    friend,
    thresholds: { holdFrom: config?.holdFrom ?? 0, refuseFrom: config?.refuseFrom ?? 0 },
  };
}

/** Deciding twice the same is once; another decision in the meantime is core's to refuse. */
export async function decideReferral(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true; decision: Decision } | Refusal> {
  const decision = (['approved', 'denied'] as const).find((one) => one === form.get('decision'));
  if (decision === undefined) return refused(merchant, {});
  await merchant.core.referrals.decideReferral({ referralId: idOf(merchant), decision });
  return { ok: true, decision };
}
