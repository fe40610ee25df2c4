import type {
  CampaignConditions as ConditionsMessage,
  CampaignDiscount as DiscountMessage,
  CampaignDraft,
} from '#proto/points/v1/campaigns.ts';
import {
  NAME_LANGUAGES,
  type Campaign,
  type CampaignConditions,
  type CampaignDiscount,
  type CampaignReward,
  type CampaignTranslations,
} from '../program/campaign-conditions.rules.ts';
import { instantOf, localOf } from '../shared/local-time.rules.ts';
import { formatAmount, parseAmount } from '../shared/money.rules.ts';
import { fitsCurrency, maxAmount, REWARD_LIMITS, shortAmount } from '../rewards/rewards.rules.ts';
import {
  CAMPAIGN_DISCOUNTS,
  CAMPAIGN_TRIGGERS,
  CAMPAIGN_TYPES,
  REGIONS,
  type CampaignStatus,
} from '#vocabulary/campaigns.ts';

/** What may be said of a campaign, and when it can still be changed. */

export const CAMPAIGN_LIMITS = {
  maxNameLength: 100,
  /** Hundredths; above it a typing mistake is more likely than a wish. */
  minMultiplier: 10_100n,
  maxMultiplier: 1_000_000n,
  maxPoints: 1_000_000,
  maxCooldownDays: 3_650,
  /** Campaigns of a shop that are not over: each order is held against all of them. */
  maxOpen: 50,
} as const;

/** Forms are filled in for a while before they are sent. */
const LATE_MS = 10 * 60_000;

/** What the clock makes of a campaign, whatever was written down of it. */
export function statusAt(
  campaign: Pick<Campaign, 'status' | 'startsAt' | 'endsAt'>,
  now: Date,
): CampaignStatus {
  if (campaign.status === 'draft' || campaign.status === 'cancelled') return campaign.status;
  if (campaign.endsAt !== null && campaign.endsAt <= now) return 'ended';
  if (campaign.startsAt !== null && campaign.startsAt > now) return 'scheduled';
  return 'active';
}

export interface CampaignProblem {
  readonly field: string;
  readonly message: string;
}

export type CampaignPlan = Omit<Campaign, 'campaignId'>;

interface PlanContext {
  readonly timezone: string;
  readonly currency: string;
  readonly now: Date;
  /** The campaign that is changed, as stored. */
  readonly before?: Campaign;
}

const problem = (field: string, message: string): CampaignProblem => ({
  field: `campaign.${field}`,
  message,
});

/** Reads what a merchant says of a campaign. @returns the problem with the first field that cannot be */
export function planFromDraft(
  draft: CampaignDraft,
  context: PlanContext,
): CampaignPlan | CampaignProblem {
  const { before, now } = context;
  const status = before && statusAt(before, now);
  if (status === 'ended' || status === 'cancelled')
    return { field: 'campaign_id', message: 'is over' };
  const name = draft.name.trim();
  if (name === '' || name.length > CAMPAIGN_LIMITS.maxNameLength)
    return problem('name', `1 to ${CAMPAIGN_LIMITS.maxNameLength} characters`);
  const translations = translationsFromDraft(draft);
  if ('field' in translations) return translations;
  const effect = effectFromDraft(draft, context.currency);
  if ('field' in effect) return effect;
  const dates = datesFromDraft(draft, context);
  if ('field' in dates) return dates;
  const plan: CampaignPlan = {
    name,
    translations,
    ...effect,
    ...dates,
    status: draft.published ? statusAt({ ...dates, status: 'active' }, now) : 'draft',
  };
  return (before && status === 'active' && whyUnchangeable(before, plan)) || plan;
}

/** Without words there is no translation, and shoppers see the name. */
function translationsFromDraft(draft: CampaignDraft): CampaignTranslations | CampaignProblem {
  const translations: Partial<Record<keyof CampaignTranslations, string>> = {};
  for (const language of NAME_LANGUAGES) {
    const text = draft.translations[language]?.trim() ?? '';
    if (text.length > CAMPAIGN_LIMITS.maxNameLength)
      return problem(
        `translations.${language}`,
        `at most ${CAMPAIGN_LIMITS.maxNameLength} characters`,
      );
    if (text !== '') translations[language] = text;
  }
  return translations;
}

type Effect = Pick<CampaignPlan, 'type' | 'multiplier' | 'conditions' | 'reward'>;

function effectFromDraft(draft: CampaignDraft, currency: string): Effect | CampaignProblem {
  const conditions = conditionsFromMessage(draft.conditions);
  if ('field' in conditions) return conditions;
  const { goalAmount, trigger, segment, cooldownDays, ...forWhom } = conditions;
  const none = { goalAmount: 0n, trigger: undefined, segment: '', cooldownDays: 0 };
  const points = draft.rewardPoints;
  const reward = { points, discount: undefined };
  const arePointsRight =
    Number.isSafeInteger(points) && points >= 1 && points <= CAMPAIGN_LIMITS.maxPoints;
  switch (CAMPAIGN_TYPES.find((known) => known === draft.type)) {
    case 'double_points': {
      const multiplier = parseAmount(draft.multiplier);
      if (
        multiplier === undefined ||
        multiplier < CAMPAIGN_LIMITS.minMultiplier ||
        multiplier > CAMPAIGN_LIMITS.maxMultiplier ||
        multiplier % 100n !== 0n
      )
        return problem('multiplier', 'a number from 1.01 to 100 with at most two decimals');
      return {
        type: 'double_points',
        multiplier,
        conditions: { ...forWhom, ...none },
        reward: { points: 0, discount: undefined },
      };
    }
    case 'goal_spend':
      if (!arePointsRight) return problem('reward_points', 'a whole number from 1 to 1000000');
      return {
        type: 'goal_spend',
        multiplier: 10_000n,
        conditions: { ...forWhom, ...none, goalAmount },
        reward,
      };
    case 'lifecycle':
      if (trigger === undefined)
        return problem('conditions.trigger', `one of ${CAMPAIGN_TRIGGERS.join(', ')}`);
      if (trigger.startsWith('segment_') !== (segment !== ''))
        return problem('conditions.segment', 'is for segment_entered and segment_left');
      if (!arePointsRight) return problem('reward_points', 'a whole number from 1 to 1000000');
      return {
        type: 'lifecycle',
        multiplier: 10_000n,
        conditions: { ...forWhom, ...none, trigger, segment, cooldownDays },
        reward,
      };
    case 'discount': {
      const discount = discountFromMessage(draft.discount, currency);
      if ('field' in discount) return discount;
      return {
        type: 'discount',
        multiplier: 10_000n,
        conditions: { ...forWhom, ...none },
        reward: { points: 0, discount },
      };
    }
    case undefined:
      return problem('type', `one of ${CAMPAIGN_TYPES.join(', ')}`);
  }
}

function discountFromMessage(
  message: DiscountMessage | undefined,
  currency: string,
): CampaignDiscount | CampaignProblem {
  const kind = CAMPAIGN_DISCOUNTS.find((known) => known === message?.kind);
  if (kind === undefined)
    return problem('discount.kind', `one of ${CAMPAIGN_DISCOUNTS.join(', ')}`);
  const value = parseAmount(message?.value ?? '');
  const isRight =
    value !== undefined &&
    value > 0n &&
    (kind === 'percent_off'
      ? value <= REWARD_LIMITS.maxPercent && value % 100n === 0n
      : value <= maxAmount(currency) && fitsCurrency(value, currency));
  if (!isRight)
    return problem(
      'discount.value',
      kind === 'percent_off'
        ? 'above 0 and at most 100, with at most two decimals'
        : `an amount of ${currency} above 0`,
    );
  const expiresAfterDays = message?.expiresAfterDays ?? 0;
  if (expiresAfterDays < 0 || expiresAfterDays > REWARD_LIMITS.maxExpiryDays)
    return problem('discount.expires_after_days', 'a whole number of days from 0 to 3650');
  return {
    kind,
    value,
    expiresAfterDays,
    endsWithCampaign: message?.endsWithCampaign === true,
  };
}

/** As bonus_campaigns keeps it. */
export function rewardIntoJson({
  points,
  discount,
}: CampaignReward): Readonly<Record<string, unknown>> {
  return {
    ...(points > 0 && { points }),
    ...(discount && {
      discount: {
        kind: discount.kind,
        value: discountText(discount),
        ...(discount.expiresAfterDays > 0 && { expires_after_days: discount.expiresAfterDays }),
        ...(discount.endsWithCampaign && { ends_with_campaign: true }),
      },
    }),
  };
}

/** `5.00` of money, `12.5` of per cent. */
export const discountText = ({ kind, value }: CampaignDiscount): string =>
  shortAmount(value, kind === 'percent_off' ? 'percent' : 'amount');

function conditionsFromMessage(
  message: ConditionsMessage | undefined,
): CampaignConditions | CampaignProblem {
  const amount = (text: string) => (text === '' ? 0n : parseAmount(text));
  const minSpend = amount(message?.minSpend ?? '');
  if (minSpend === undefined || minSpend < 0n)
    return problem('conditions.min_spend', 'an amount that is not negative');
  const goalAmount = amount(message?.goalAmount ?? '');
  if (goalAmount === undefined || goalAmount < 0n)
    return problem('conditions.goal_amount', 'an amount that is not negative');
  const unknown = (message?.regions ?? []).find(
    (region) => !REGIONS.some((known) => known === region),
  );
  if (unknown !== undefined) return problem('conditions.regions', `of ${REGIONS.join(', ')}`);
  const cooldownDays = message?.cooldownDays ?? 0;
  if (cooldownDays < 0 || cooldownDays > CAMPAIGN_LIMITS.maxCooldownDays)
    return problem('conditions.cooldown_days', 'a whole number of days from 0 to 3650');
  return {
    segments: sorted(message?.segments),
    tierIds: sorted(message?.tierIds),
    countries: sorted(message?.countries),
    regions: sorted(message?.regions),
    minSpend,
    goalAmount,
    trigger: CAMPAIGN_TRIGGERS.find((trigger) => trigger === message?.trigger),
    segment: message?.segment ?? '',
    cooldownDays,
  };
}

const sorted = (values: readonly string[] = []): string[] => [...new Set(values)].sort();

type Dates = Pick<CampaignPlan, 'startsAt' | 'endsAt'>;

/** A start that is left empty is the moment of publishing; one that has been reached stays where it was. */
function datesFromDraft(
  { startLocal, endLocal, published }: CampaignDraft,
  { timezone, now, before }: PlanContext,
): Dates | CampaignProblem {
  const hasBegun = before !== undefined && statusAt(before, now) === 'active';
  const isShownAs = (time: Date | null, local: string) =>
    time !== null && localOf(time, timezone) === local;
  const said = startLocal === '' ? undefined : instantOf(startLocal, timezone);
  if (startLocal !== '' && said === undefined)
    return problem('start_local', 'a date and a time, YYYY-MM-DDTHH:MM');
  // Shopify reports when an order was placed to the second: one of this very second must count.
  let startsAt = said ?? (published ? new Date(Math.floor(now.getTime() / 1_000) * 1_000) : null);
  // By what the clock showed: an hour that it shows twice has two instants of one name.
  if (hasBegun && (startLocal === '' || isShownAs(before.startsAt, startLocal)))
    startsAt = before.startsAt;
  else if (published && startsAt !== null && startsAt.getTime() < now.getTime() - LATE_MS)
    return problem('start_local', 'in the future, or empty for now');
  const endsAt =
    endLocal === ''
      ? null
      : before && isShownAs(before.endsAt, endLocal)
        ? before.endsAt
        : instantOf(endLocal, timezone);
  if (endsAt === undefined) return problem('end_local', 'a date and a time, YYYY-MM-DDTHH:MM');
  if (endsAt !== null && startsAt !== null && endsAt <= startsAt)
    return problem('end_local', 'after the start');
  if (endsAt !== null && published && endsAt <= now) return problem('end_local', 'in the future');
  return { startsAt, endsAt };
}

/** Of a campaign that has begun only the name, its translations and the end can change: the rest was promised to members. */
function whyUnchangeable(before: Campaign, plan: CampaignPlan): CampaignProblem | undefined {
  if (plan.status === 'draft') return problem('published', 'has begun: it can only be ended');
  if (plan.startsAt?.getTime() !== before.startsAt?.getTime())
    return problem('start_local', 'has begun');
  if (plan.type !== before.type) return problem('type', 'has begun');
  if (plan.multiplier !== before.multiplier) return problem('multiplier', 'has begun');
  if (plan.reward.points !== before.reward.points) return problem('reward_points', 'has begun');
  if (JSON.stringify(rewardIntoJson(plan.reward)) !== JSON.stringify(rewardIntoJson(before.reward)))
    return problem('discount', 'has begun');
  const stored = (campaign: Pick<Campaign, 'conditions'>) =>
    JSON.stringify(conditionsIntoJson(campaign.conditions));
  return stored(plan) === stored(before) ? undefined : problem('conditions', 'has begun');
}

/** As bonus_campaigns keeps them: what is not set is not there. */
export function conditionsIntoJson(
  conditions: CampaignConditions,
): Readonly<Record<string, unknown>> {
  const { segments, tierIds, countries, regions } = conditions;
  const list = (name: string, values: readonly string[]) =>
    values.length > 0 ? { [name]: sorted(values) } : {};
  return {
    ...list('segments', segments),
    ...list('tier_ids', tierIds),
    ...list('countries', countries),
    ...list('regions', regions),
    ...(conditions.minSpend > 0n && { min_spend: formatAmount(conditions.minSpend) }),
    ...(conditions.goalAmount > 0n && { goal_amount: formatAmount(conditions.goalAmount) }),
    ...(conditions.trigger && { trigger: conditions.trigger }),
    ...(conditions.segment !== '' && { segment: conditions.segment }),
    ...(conditions.cooldownDays > 0 && { cooldown_days: conditions.cooldownDays }),
  };
}
