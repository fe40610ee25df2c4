import { analytics } from '../analytics/posthog.server.ts';
import { CoreError } from '../core-client/errors.server.ts';
import type { MerchantRequest } from './merchant-request.server.ts';

/**
 * Turns the program on or off; the rules stay as they are.
 * @throws CoreError edit_conflict if someone saves the rules at this moment
 */
export async function switchProgram(
  { core, merchantId }: MerchantRequest,
  active: boolean,
): Promise<void> {
  const { program } = await core.points.getPointsProgram({});
  if (program === undefined) throw new CoreError('not_found', { field: 'program' });
  if (program.active === active) return;
  const saved = await core.points.updatePointsProgram({ program: { ...program, active } });
  analytics().capture({
    merchantId,
    name: 'points_configured',
    properties: { active, version: saved.program?.version ?? 0 },
  });
}
