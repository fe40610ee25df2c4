import { CoreError } from '../../core-client/errors.server.ts';
import type { MerchantRequest } from '../../dashboard/merchant-request.server.ts';
import type { ReferralStanding } from './referrals-card.tsx';

const FRIENDS = 5;
const page = (pageSize: number) => ({ pageSize, cursor: '' });

export async function loadReferralStanding(
  { core }: MerchantRequest,
  customerId: string,
): Promise<ReferralStanding> {
  const { referrals } = core;
  const [own, brought, by] = await Promise.all([
    referrals.getReferralStatus({ customerId }).catch((error: unknown) => {
      // An erased member, or one merged into another, has no link any more.
      if (error instanceof CoreError && error.code === 'not_found') return undefined;
      throw error;
    }),
    referrals.listReferrals({ advocateCustomerId: customerId, page: page(FRIENDS) }),
    referrals.listReferrals({ friendCustomerId: customerId, page: page(1) }),
  ]);
  return {
    code: own?.referralCode ?? '',
    canShare: own?.active ?? false,
    friends: brought.referrals,
    broughtBy: by.referrals[0],
  };
}

/** The member's link, for a merchant who hands it to them; the one that is there, where there is one. */
export async function createLink(
  { core }: MerchantRequest,
  customerId: string,
): Promise<{ ok: true; intent: 'link' }> {
  await core.referrals.createReferral({ advocateCustomerId: customerId });
  return { ok: true, intent: 'link' };
}

export const isLink = (form: FormData): boolean => form.get('intent') === 'link';
