import type { ReferralConfig } from '#proto/referrals/v1/referrals.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { Refusal } from '../../dashboard/refusal.ts';
import { revisionOf } from '../../dashboard/revision.server.ts';
import { parseReferralForm } from './referral-program.schema.ts';

export interface ReferralProgramData {
  readonly config: ReferralConfig;
  readonly currency: string;
}

export async function loadReferralProgram({ core }: MerchantRequest): Promise<ReferralProgramData> {
  const { config, currency } = await core.referrals.getReferralConfig({});
  if (config === undefined) throw new CoreError('not_found', { field: 'config' });
  return { config, currency };
}

/** Saves the whole form over the version that it was opened with. */
export async function saveReferralProgram(
  merchant: MerchantRequest,
  form: FormData,
): Promise<{ ok: true } | Refusal> {
  const version = Number(revisionOf(form));
  if (!Number.isSafeInteger(version) || version < 0) return refused(merchant, {});
  const currency = form.get('currency');
  const parsed = parseReferralForm(
    form.get('form'),
    typeof currency === 'string' ? currency.slice(0, 8) : '',
    version,
  );
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  await merchant.core.referrals.updateReferralConfig({ config: parsed.config });
  return { ok: true };
}
