import type { PointsProgram } from '#proto/points/v1/points.ts';
import { analytics } from '../../analytics/posthog.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { refused, type MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import { parseProgramForm } from './program.schema.ts';

export interface ProgramData {
  readonly program: PointsProgram;
  readonly currency: string;
}

export async function loadProgram({ core }: MerchantRequest): Promise<ProgramData> {
  const { program, currency } = await core.points.getPointsProgram({});
  if (program === undefined) throw new CoreError('not_found', { field: 'program' });
  return { program, currency };
}

/** Saving the rules is also the checklist's first step. */
export async function saveProgram(merchant: MerchantRequest, form: FormData) {
  const parsed = parseProgramForm(form);
  if ('fields' in parsed) return refused(merchant, parsed.fields);
  const { program } = await merchant.core.points.updatePointsProgram({ program: parsed.program });
  await merchant.core.admin.completeSetupTask({ task: 'review_rules', status: 'completed' });
  analytics().capture({
    merchantId: merchant.merchantId,
    name: 'points_configured',
    properties: { active: parsed.program.active, version: program?.version ?? 0 },
  });
  return { ok: true as const, version: program?.version ?? 0 };
}
