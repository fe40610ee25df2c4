import {
  campaignNameIn,
  NAME_LANGUAGES,
  type Campaign,
} from '../program/campaign-conditions.rules.ts';
import { giftReward } from '../rewards/gifts.rules.ts';
import type { Reward } from '../rewards/rewards.rules.ts';

/** A campaign's discount, under the names of the campaign. Undefined for a campaign that gives none. */
export function campaignGift(campaign: Campaign, currency: string): Reward | undefined {
  const { discount } = campaign.reward;
  if (campaign.type !== 'discount' || discount === undefined) return undefined;
  const { minSpend } = campaign.conditions;
  return giftReward({
    kind: discount.kind,
    discount: discount.kind === 'percent_off' ? 'percent' : 'amount',
    currency,
    // In every language, so that none is read in the translation of another.
    title: Object.fromEntries(
      (['en', ...NAME_LANGUAGES] as const).map((one) => [one, campaignNameIn(campaign, one)]),
    ),
    value: discount.value,
    minPurchase: minSpend > 0n ? minSpend : null,
    expiresAfterDays: discount.expiresAfterDays,
    combinesWith: { order: false, product: false, shipping: true },
  });
}
