import { giftReward } from '../rewards/gifts.rules.ts';
import type { Reward } from '../rewards/rewards.rules.ts';
import type { SideReward } from './referral-config.rules.ts';
import type { ReferralSide } from '#vocabulary/referrals.ts';

/** What a referral's rewards are called where they are written down: once each, whatever is repeated. */
export const rewardKey = (referralId: string, side: ReferralSide): string =>
  `referral/${referralId}/${side}`;
export const reversalKey = (referralId: string, side: ReferralSide): string =>
  `referral/${referralId}/${side}/reversed`;

/** A discount that a side gets, as the reward that makes its code. Undefined where it gets points. */
export function referralGift(side: SideReward, currency: string): Reward | undefined {
  if (side.kind === 'points') return undefined;
  return giftReward({
    kind: side.discount === 'percent' ? 'percent_off' : 'amount_off',
    discount: side.discount,
    currency,
    value: side.value,
    minPurchase: side.minPurchase,
    expiresAfterDays: side.expiresAfterDays,
    combinesWith: { order: false, product: false, shipping: true },
  });
}
