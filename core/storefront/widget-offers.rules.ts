import type { WidgetReward } from '#proto/frontend/v1/widget.ts';
import {
  campaignFromRow,
  campaignNameIn,
  isDiscountFor,
  type CampaignRow,
} from '../program/campaign-conditions.rules.ts';
import { discountText } from '../campaigns/campaign.rules.ts';
import { rateText } from '../program/program.rules.ts';
import { isGrantable } from './widget.rules.ts';
import type { Shopper } from './widget-earning.rules.ts';
import type { Language } from '#vocabulary/languages.ts';

/**
 * The codes of campaigns that the shopper may take for free, as rewards that cost none. One they have already is
 * among their codes; one that is not for them is not mentioned. A guest sees what is for all shoppers.
 */
export function offersOf(
  rows: readonly (CampaignRow & { readonly taken: boolean; readonly country: string | null })[],
  shopper: Pick<Shopper, 'segments' | 'tierId'>,
  now: Date,
  language: Language,
  granted: string | null = null,
): WidgetReward[] {
  return rows.flatMap((row) => {
    const campaign = campaignFromRow(row);
    const { discount } = campaign.reward;
    if (row.taken || discount === undefined) return [];
    if (!isDiscountFor(campaign, { ...shopper, country: row.country }, now)) return [];
    if (!isGrantable(discount.kind, granted)) return [];
    const { minSpend } = campaign.conditions;
    return [
      {
        rewardId: campaign.campaignId,
        kind: discount.kind,
        title: campaignNameIn(campaign, language),
        pointsCost: 0,
        value: discountText(discount),
        incremental: false,
        minPoints: 0,
        maxPoints: 0,
        minPurchase: minSpend > 0n ? rateText(minSpend) : '',
        maxShipping: '',
        expiresAfterDays: discount.expiresAfterDays,
        iconUrl: '',
        tierNames: [],
        isEligible: true,
        isOffer: true,
        endsAt: campaign.endsAt?.toISOString() ?? '',
        description: '',
      },
    ];
  });
}
