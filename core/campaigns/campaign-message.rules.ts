import type { Campaign as CampaignMessage } from '#proto/points/v1/campaigns.ts';
import type { Campaign } from '../program/campaign-conditions.rules.ts';
import { discountText, statusAt, type CampaignPlan } from './campaign.rules.ts';
import { revisionOf } from '../shared/revision.rules.ts';
import { localOf } from '../shared/local-time.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';

interface MessageContext {
  readonly timezone: string;
  readonly currency: string;
  readonly now: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly results:
    | {
        readonly orders: number;
        readonly members: number;
        readonly points: number;
        readonly spend: string;
        readonly codes: number;
      }
    | undefined;
}

const amountOrEmpty = (amount: bigint): string => (amount > 0n ? formatAmount(amount) : '');

/** `2` and `1.5`: a multiplier without needless zeros. */
export const multiplierText = (multiplier: bigint): string =>
  formatAmount(multiplier).replace(/\.?0+$/, '');

/** What an editor of the campaign can change. That it has begun meanwhile is no change of anybody's. */
export const campaignRevision = (plan: CampaignPlan): string =>
  revisionOf({
    name: plan.name,
    translations: plan.translations,
    type: plan.type,
    status: plan.status === 'draft' || plan.status === 'cancelled' ? plan.status : 'published',
    multiplier: plan.multiplier,
    startsAt: plan.startsAt,
    endsAt: plan.endsAt,
    conditions: plan.conditions,
    reward: plan.reward,
  });

export function toCampaignMessage(campaign: Campaign, context: MessageContext): CampaignMessage {
  const { conditions } = campaign;
  const { discount } = campaign.reward;
  const { timezone, results } = context;
  return {
    revision: campaignRevision(campaign),
    campaignId: campaign.campaignId,
    name: campaign.name,
    translations: { ...campaign.translations },
    type: campaign.type,
    status: statusAt(campaign, context.now),
    multiplier: multiplierText(campaign.multiplier),
    startsAt: campaign.startsAt?.toISOString() ?? '',
    endsAt: campaign.endsAt?.toISOString() ?? '',
    startLocal: campaign.startsAt ? localOf(campaign.startsAt, timezone) : '',
    endLocal: campaign.endsAt ? localOf(campaign.endsAt, timezone) : '',
    conditions: {
      segments: [...conditions.segments],
      tierIds: [...conditions.tierIds],
      countries: [...conditions.countries],
      regions: [...conditions.regions],
      minSpend: amountOrEmpty(conditions.minSpend),
      goalAmount: amountOrEmpty(conditions.goalAmount),
      trigger: conditions.trigger ?? '',
      segment: conditions.segment,
      cooldownDays: conditions.cooldownDays,
    },
    rewardPoints: campaign.reward.points,
    results: {
      orders: results?.orders ?? 0,
      members: results?.members ?? 0,
      points: results?.points ?? 0,
      sales: {
        amount: formatAmount(parseAmount(results?.spend ?? '0') ?? 0n),
        currency: context.currency,
      },
      codes: results?.codes ?? 0,
    },
    createdAt: context.createdAt.toISOString(),
    updatedAt: context.updatedAt.toISOString(),
    discount: discount && {
      kind: discount.kind,
      value: discountText(discount),
      expiresAfterDays: discount.expiresAfterDays,
      endsWithCampaign: discount.endsWithCampaign,
    },
  };
}
