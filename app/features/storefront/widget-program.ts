import type { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import type {
  WidgetCampaign,
  WidgetRedemption,
  WidgetReward,
  WidgetTier,
} from '#proto/frontend/v1/widget.ts';
import type { Language } from '../../i18n/languages.ts';
import { pictureSource } from '../../files/pictures.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import { rewardTitle, valueText } from '../../explanations/reward-title.ts';
import type {
  Campaign,
  GoalProgress,
  Money,
  Redemption,
  Reward,
  RewardValue,
  Tier,
  TierProgress,
  TierStanding,
  WidgetRewardKind,
} from './widget-contract.ts';
import { CAMPAIGN_TYPES, type CampaignType } from '#vocabulary/campaigns.ts';
import { REDEMPTION_STATUSES, REWARD_KINDS } from '#vocabulary/rewards.ts';
import { TIER_BASES, type TierBasis } from '#vocabulary/tiers.ts';

/** Rewards, codes, tiers and campaigns as the widget's JSON has them. */

function kindOf(kind: string): WidgetRewardKind {
  return REWARD_KINDS.find((known) => known === kind) ?? 'custom';
}

const moneyOf = (amount: string, currency: string): Money | undefined =>
  amount === '' ? undefined : { amount, currency };

function valueOf(value: string, isPercent: boolean, currency: string): RewardValue | undefined {
  if (value === '') return undefined;
  return isPercent ? { percent: value } : { amount: value, currency };
}

/** What the numbers and pictures of a reward are shown with. */
interface RewardView {
  readonly currency: string;
  readonly language: Language;
  /** The address of the shop's uploaded pictures. */
  readonly pictures: string;
}

export function rewardOf(
  reward: WidgetReward,
  { currency, language, pictures }: RewardView,
): Reward {
  const kind = kindOf(reward.kind);
  const value = valueOf(reward.value, kind === 'percent_off', currency);
  const minPurchase = moneyOf(reward.minPurchase, currency);
  const maxShipping = moneyOf(reward.maxShipping, currency);
  return {
    id: reward.rewardId,
    kind,
    title: reward.title || rewardTitle(kind, value, language),
    ...(reward.description !== '' && { description: reward.description }),
    points_cost: reward.pointsCost,
    ...(value && { value }),
    ...(reward.incremental && { steps: stepsOf(reward) }),
    ...(minPurchase && { min_purchase: minPurchase }),
    ...(maxShipping && { max_shipping: maxShipping }),
    ...(reward.expiresAfterDays > 0 && { expires_after_days: reward.expiresAfterDays }),
    ...(reward.iconUrl !== '' && { icon_url: pictureSource(reward.iconUrl, pictures) }),
    ...(reward.tierNames.length > 0 && { tiers: reward.tierNames }),
    eligible: reward.isEligible,
    ...(reward.isOffer && { offer: true as const }),
    ...(reward.endsAt !== '' && { ends_at: reward.endsAt }),
  };
}

/** Bounds as multiples of a step, the least of them one step; without an upper bound a hundred steps. */
function stepsOf({ pointsCost, minPoints, maxPoints }: WidgetReward): { min: number; max: number } {
  const min = Math.max(1, Math.ceil(minPoints / pointsCost)) * pointsCost;
  const most = maxPoints > 0 ? Math.floor(maxPoints / pointsCost) * pointsCost : pointsCost * 100;
  return { min, max: Math.max(min, most) };
}

/**
 * What was promised, with its worth: a reward whose amount the shopper chose does not say it in its title. "$5 off" does,
 * however the amount is written elsewhere.
 */
function promisedTitle(
  title: string,
  kind: WidgetRewardKind,
  value: RewardValue | undefined,
  language: Language,
): string {
  if (title === '' || value === undefined) return title || rewardTitle(kind, value, language);
  const figure = Number('percent' in value ? value.percent : value.amount);
  const figures = title.match(/\d+([.,]\d+)?/g) ?? [];
  const isSaid = figures.some((text) => Number(text.replace(',', '.')) === figure);
  return isSaid ? title : `${title} · ${valueText(value, language)}`;
}

export function redemptionOf(
  redemption: WidgetRedemption,
  currency: string,
  language: Language,
): Redemption {
  const kind = kindOf(redemption.kind);
  const value = valueOf(redemption.value, redemption.isPercent, currency);
  const { code, expiresAt } = redemption;
  return {
    id: redemption.redemptionId,
    kind,
    title: promisedTitle(redemption.title, kind, value, language),
    status: REDEMPTION_STATUSES.find((status) => status === redemption.status) ?? 'pending',
    ...(code !== '' && { code }),
    points_spent: redemption.pointsSpent,
    ...(value && { value }),
    ...(expiresAt !== '' && { expires_at: expiresAt }),
    // Gift cards are no discounts: they are typed in at the checkout.
    ...(code !== '' && kind !== 'gift_card' && { apply_url: applyUrlOf(code) }),
    used: redemption.isUsed,
    returnable: redemption.isReturnable,
    at: redemption.createdAt,
  };
}

const applyUrlOf = (code: string) => `/discount/${encodeURIComponent(code)}?redirect=/cart`;

export function tierOf(response: GetWidgetResponse): TierStanding | null {
  const { standing, currency } = response;
  if (response.tiers.length === 0) return null;
  const basis = TIER_BASES.find((one) => one === response.tierBasis) ?? 'any';
  // A threshold that does not count is not one.
  const tiers = response.tiers.map((tier) => ({
    ...tier,
    spendThreshold: basis === 'points' ? '' : tier.spendThreshold,
    pointsThreshold: basis === 'spend' ? 0 : tier.pointsThreshold,
  }));
  const isMember = standing !== undefined;
  const at = tiers.findIndex(({ tierId }) => tierId === standing?.tierId);
  const next = isMember ? tiers[at + 1] : undefined;
  return {
    tiers: tiers.map((tier) => toTier(tier, currency)),
    takes: basis === 'all' ? 'both' : 'either',
    current: tiers[at]?.tierId ?? null,
    next: next?.tierId ?? null,
    progress:
      next === undefined || standing === undefined
        ? null
        : progressTo(next, standing, currency, basis),
    ...(standing && standing.qualifiedUntil !== '' && { until: standing.qualifiedUntil }),
    ...(standing && standing.graceUntil !== '' && { expires: standing.graceUntil }),
  };
}

function toTier(tier: WidgetTier, currency: string): Tier {
  const spend = moneyOf(tier.spendThreshold, currency);
  return {
    id: tier.tierId,
    name: tier.name,
    ...(spend && { spend }),
    ...(tier.pointsThreshold > 0 && { points: tier.pointsThreshold }),
    ...(tier.pointsMultiplier !== '' && { multiplier: tier.pointsMultiplier }),
    ...(tier.entryPoints > 0 && { entry_points: tier.entryPoints }),
    ...(tier.hasFreeShipping && { free_shipping: true as const }),
    ...(tier.entryReward !== '' && { entry_reward: tier.entryReward }),
    ...(tier.hasEarlyAccess && { early_access: true as const }),
    ...(tier.perks !== '' && { perks: tier.perks }),
  };
}

function progressTo(
  next: WidgetTier,
  standing: { readonly spend: string; readonly points: number },
  currency: string,
  basis: TierBasis,
): TierProgress {
  const percents: number[] = [];
  const progress: Omit<TierProgress, 'percent'> = {};
  if (next.spendThreshold !== '') {
    const need = parseDecimal(next.spendThreshold);
    const have = parseDecimal(standing.spend || '0');
    const missing = need > have ? need - have : 0n;
    const money = (value: bigint): Money => ({ amount: formatDecimal(value), currency });
    progress.spend = { have: money(have), need: money(need), missing: money(missing) };
    percents.push(Number(have >= need ? 100n : (have * 100n) / need));
  }
  if (next.pointsThreshold > 0) {
    const need = next.pointsThreshold;
    const have = standing.points;
    progress.points = { have, need, missing: Math.max(0, need - have) };
    percents.push(Math.min(100, Math.floor((have / need) * 100)));
  }
  const percent = basis === 'all' ? Math.min(...percents) : Math.max(...percents);
  return { ...progress, percent: percents.length === 0 ? 0 : percent };
}

/** Campaigns shown beside the rewards: discounts are among the rewards, and lifecycle campaigns are not announced. */
const shown = {
  double_points: true,
  goal_spend: true,
  lifecycle: false,
  discount: false,
} as const satisfies Record<CampaignType, boolean>;

const isShown = (type: string): type is Campaign['type'] =>
  CAMPAIGN_TYPES.some((known) => known === type && shown[known]);

/** A campaign of a kind this release has no words for is left to the next. */
export function campaignOf(campaign: WidgetCampaign, currency: string): Campaign[] {
  const { type } = campaign;
  if (!isShown(type)) return [];
  const minSpend = moneyOf(campaign.minSpend, currency);
  const goal = moneyOf(campaign.goalAmount, currency);
  return [
    {
      id: campaign.campaignId,
      type,
      name: campaign.name,
      ...(type === 'double_points' && { multiplier: campaign.multiplier }),
      ...(campaign.endsAt !== '' && { ends_at: campaign.endsAt }),
      ...(minSpend && { min_spend: minSpend }),
      ...(goal && { goal }),
      ...(campaign.rewardPoints > 0 && { points: campaign.rewardPoints }),
      ...(goal &&
        campaign.spent !== '' && {
          progress: goalProgress(campaign.spent, campaign.goalAmount, currency),
        }),
      ...(campaign.isReached && { done: true as const }),
    },
  ];
}

/** Whole per cent, rounded down: only a goal that is reached says 100. */
export function goalProgress(spent: string, goal: string, currency: string): GoalProgress {
  const [have, need] = [parseDecimal(spent), parseDecimal(goal)];
  const percent = have <= 0n ? 0n : have >= need ? 100n : (have * 100n) / need;
  return { spent: { amount: spent, currency }, percent: Number(percent) };
}
