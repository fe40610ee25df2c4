import type { PoolClient } from 'pg';
import type { CoreDependencies } from '../call/dependencies.ts';
import { giveGifts, type Gift } from '../rewards/start-redemption.ts';
import { NOTHING_GIVEN } from '../rewards/gifts.rules.ts';
import { entryOf, readTierGifts, shippingOf, withdrawGifts } from '../rewards/gifts.store.ts';
import { priceOf } from '../rewards/redemption.rules.ts';
import { readRewards } from '../rewards/rewards.store.ts';
import { isEntryRewardDue, isShippingDue, shippingGift } from './tier-gifts.rules.ts';
import type { StoredTierSet } from './tier-set.rules.ts';
import type { TierContext, TierRow } from './tiers.store.ts';

export interface PerkReview {
  readonly client: PoolClient;
  readonly merchantId: string;
  readonly now: Date;
  readonly blindIndex: CoreDependencies['blindIndex'];
}

/** A member whose row the transaction has locked, with the tier they hold from now on. */
export interface PerkMember {
  readonly customerId: string;
  readonly tierId: string | null;
  /** They come into it at this moment. */
  readonly isEntering: boolean;
}

/**
 * Gives members the codes that their tier promises, and withdraws those it no longer promises. What was given is asked of
 * the table and never remembered, so that a review may be repeated, and a fall and a rise come as often as they like.
 */
export async function reviewTierPerks(
  { client, merchantId, now, blindIndex }: PerkReview,
  members: readonly PerkMember[],
  stored: Pick<StoredTierSet, 'period'>,
  tiers: ReadonlyMap<string, TierRow>,
  context: TierContext,
): Promise<void> {
  const customerIds = members.map(({ customerId }) => customerId);
  const given = await readTierGifts(client, merchantId, customerIds, now);
  const isOn = context.program.isActive;
  const gifts: Gift[] = [];
  const withdrawn: string[] = [];
  const entering: { readonly member: PerkMember; readonly tier: TierRow }[] = [];

  for (const member of members) {
    const { customerId } = member;
    const tier = member.tierId === null ? undefined : tiers.get(member.tierId);
    const shipping = given.get(shippingOf(customerId)) ?? NOTHING_GIVEN;
    if (tier?.benefits.free_shipping !== true) withdrawn.push(...shipping.live);
    else {
      // Two who became one may both have had a code.
      withdrawn.push(...shipping.live.slice(1));
      if (isOn && isShippingDue(shipping, now))
        gifts.push({
          kind: 'tier_shipping',
          customerId,
          tierId: tier.tier_id,
          reward: shippingGift(context.currency),
          value: null,
          key: `tier/shipping/${customerId}/${shipping.count + 1}`,
        });
    }
    if (!isOn || tier?.benefits.entry_reward_id === undefined) continue;
    const before = given.get(entryOf(customerId, tier.tier_id)) ?? NOTHING_GIVEN;
    if (isEntryRewardDue(before, member.isEntering, stored.period, context.calendar, now))
      entering.push({ member, tier });
  }

  const rewardIds = entering.flatMap(({ tier }) => tier.benefits.entry_reward_id ?? []);
  const rewards = await readRewards(client, merchantId, rewardIds);
  for (const { member, tier } of entering) {
    const reward = rewards.get(tier.benefits.entry_reward_id ?? '');
    // A deactivated reward is not for sale but may be given; a deleted one is gone.
    if (reward === undefined || reward.status === 'deleted') continue;
    const { customerId } = member;
    const count = given.get(entryOf(customerId, tier.tier_id))?.count ?? 0;
    const price = priceOf(reward, 0);
    gifts.push({
      kind: 'tier_entry',
      customerId,
      tierId: tier.tier_id,
      reward,
      value: 'problem' in price ? reward.value : price.value,
      key: `tier/${tier.tier_id}/reward/${customerId}/${count + 1}`,
    });
  }
  await giveGifts(client, { blindIndex }, merchantId, gifts, now);
  await withdrawGifts(client, merchantId, withdrawn);
}
