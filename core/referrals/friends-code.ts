import type { PoolClient } from 'pg';
import type { CoreDependencies } from '../call/dependencies.ts';
import { readAbsence } from '../members/participation.store.ts';
import { giveGifts } from '../rewards/start-redemption.ts';
import type { ReferralConfig } from './referral-config.rules.ts';
import { referralGift, rewardKey } from './referral-terms.rules.ts';

type Terms = Pick<ReferralConfig, 'goal' | 'friend'>;

/** Where the friend has to buy first, their code is for that purchase and cannot wait for it. */
export const isCodeAhead = ({ goal, friend }: Terms): boolean =>
  goal === 'first_order' && friend.kind === 'discount';

/** Gives the friend what they buy with, once. @returns whether there is such a code */
export async function giveFriendsCode(
  { client, blindIndex, now }: GivenBy,
  merchantId: string,
  given: {
    readonly referralId: string;
    readonly friendId: string;
    readonly terms: Terms;
    readonly currency: string;
  },
): Promise<boolean> {
  const gift = referralGift(given.terms.friend, given.currency);
  if (!isCodeAhead(given.terms) || gift === undefined) return false;
  if ((await readAbsence(client, merchantId, given.friendId)) !== null) return false;
  await giveGifts(
    client,
    { blindIndex },
    merchantId,
    [
      {
        kind: 'referral',
        customerId: given.friendId,
        reward: gift,
        value: gift.value,
        key: rewardKey(given.referralId, 'friend'),
      },
    ],
    now,
  );
  return true;
}

interface GivenBy extends Pick<CoreDependencies, 'blindIndex'> {
  readonly client: PoolClient;
  readonly now: Date;
}
