import type { GetVipTiersResponse } from '#proto/points/v1/tiers.ts';
import type { Reward } from '#proto/points/v1/rewards.ts';
import type { ProgramVersion } from '#proto/points/v1/earning.ts';
import type { ReferralConfig } from '#proto/referrals/v1/referrals.ts';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';

export interface ProgramOverview {
  readonly program: PointsProgram;
  readonly currency: string;
  /** Newest first. */
  readonly versions: readonly ProgramVersion[];
  readonly rewards: readonly Reward[];
  readonly vip: Pick<GetVipTiersResponse, 'published' | 'draft'>;
  readonly referrals: ReferralConfig | undefined;
}

export async function loadProgramOverview({ core }: MerchantRequest): Promise<ProgramOverview> {
  const [{ program, currency }, { versions }, { rewards }, { published, draft }, { config }] =
    await Promise.all([
      core.points.getPointsProgram({}),
      core.points.listProgramVersions({}),
      core.points.listRewards({}),
      core.points.getVipTiers({}),
      core.referrals.getReferralConfig({}),
    ]);
  if (program === undefined) throw new CoreError('not_found', { field: 'program' });
  return { program, currency, versions, rewards, vip: { published, draft }, referrals: config };
}
