import { countOf, jsonObject, textOf, textsOf } from '../shared/stored-json.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { isInCountries } from '../shared/regions.rules.ts';
import {
  CAMPAIGN_DISCOUNTS,
  CAMPAIGN_STATUSES,
  CAMPAIGN_TRIGGERS,
  CAMPAIGN_TYPES,
  type CampaignDiscountKind,
  type CampaignStatus,
  type CampaignTrigger,
  type CampaignType,
} from '#vocabulary/campaigns.ts';
import type { Language } from '#vocabulary/languages.ts';

/** Every condition that is set must hold; an empty list sets none. Money in ten-thousandths of the shop's currency. */
export interface CampaignConditions {
  readonly segments: readonly string[];
  readonly tierIds: readonly string[];
  readonly countries: readonly string[];
  readonly regions: readonly string[];
  /** What the goods of a single order must cost at least. */
  readonly minSpend: bigint;
  /** goal_spend: what must be spent in all. 0: there is no goal, and each order earns the reward. */
  readonly goalAmount: bigint;
  /** lifecycle: what sets it off, and for the segment triggers which segment. */
  readonly trigger: CampaignTrigger | undefined;
  readonly segment: string;
  /** lifecycle: days until the same member may be given the reward again. */
  readonly cooldownDays: number;
}

export interface CampaignDiscount {
  readonly kind: CampaignDiscountKind;
  /** Ten-thousandths: of the shop's currency, or of a per cent. */
  readonly value: bigint;
  readonly expiresAfterDays: number;
  /** Unused codes end with the campaign. */
  readonly endsWithCampaign: boolean;
}

export interface CampaignReward {
  readonly points: number;
  readonly discount: CampaignDiscount | undefined;
}

/** Languages that a campaign's name can be translated to; the name itself is good for all. */
export const NAME_LANGUAGES = ['es', 'fr'] as const satisfies readonly Language[];
export type CampaignTranslations = Readonly<
  Partial<Record<(typeof NAME_LANGUAGES)[number], string>>
>;

export interface Campaign {
  readonly campaignId: string;
  /** What the merchant calls it, and shoppers of a language without a translation. */
  readonly name: string;
  readonly translations: CampaignTranslations;
  readonly type: CampaignType;
  /** As stored: a draft and a cancelled campaign never apply, all else is for the clock to say. */
  readonly status: CampaignStatus;
  /** It runs in [startsAt, endsAt); null is without a bound. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  /** Ten-thousandths, at least 10_000n. */
  readonly multiplier: bigint;
  readonly conditions: CampaignConditions;
  readonly reward: CampaignReward;
}

/** A row of bonus_campaigns, from the driver or as JSON out of a statement of its own. */
export interface CampaignRow {
  readonly campaign_id: string;
  readonly name: string;
  /** Absent where the name is not shown. */
  readonly translations?: unknown;
  readonly type: string;
  readonly status: string;
  readonly start_date: Date | string | null;
  readonly end_date: Date | string | null;
  readonly multiplier: string | number;
  readonly conditions: unknown;
  readonly reward: unknown;
}

const money = (value: unknown): bigint =>
  typeof value === 'string' || typeof value === 'number' ? (parseAmount(String(value)) ?? 0n) : 0n;
const oneOf = <Name extends string>(names: readonly Name[], value: unknown): Name | undefined =>
  names.find((name) => name === value);
const instant = (value: Date | string | null): Date | null =>
  value === null ? null : new Date(value);

/** Reads a stored campaign; what a later release may have written beside it is left out. */
export function campaignFromRow(row: CampaignRow): Campaign {
  const conditions = jsonObject(row.conditions);
  const reward = jsonObject(row.reward);
  const multiplier = money(row.multiplier);
  return {
    campaignId: row.campaign_id,
    name: row.name,
    translations: translationsFrom(row.translations),
    type: oneOf(CAMPAIGN_TYPES, row.type) ?? 'double_points',
    // What this release cannot read must not give points.
    status: oneOf(CAMPAIGN_TYPES, row.type)
      ? (oneOf(CAMPAIGN_STATUSES, row.status) ?? 'draft')
      : 'draft',
    startsAt: instant(row.start_date),
    endsAt: instant(row.end_date),
    multiplier: multiplier < 10_000n ? 10_000n : multiplier,
    conditions: {
      segments: textsOf(conditions['segments']),
      tierIds: textsOf(conditions['tier_ids']),
      countries: textsOf(conditions['countries']),
      regions: textsOf(conditions['regions']),
      minSpend: money(conditions['min_spend']),
      goalAmount: money(conditions['goal_amount']),
      trigger: oneOf(CAMPAIGN_TRIGGERS, conditions['trigger']),
      segment: typeof conditions['segment'] === 'string' ? conditions['segment'] : '',
      cooldownDays: countOf(conditions['cooldown_days']),
    },
    reward: { points: countOf(reward['points']), discount: discountFrom(reward['discount']) },
  };
}

function translationsFrom(value: unknown): CampaignTranslations {
  const texts = jsonObject(value);
  return Object.fromEntries(
    NAME_LANGUAGES.flatMap((language) => {
      const text = textOf(texts[language]).trim();
      return text === '' ? [] : [[language, text]];
    }),
  );
}

type Named = Pick<Campaign, 'name' | 'translations'>;

/** What a shopper who reads a language sees. */
export const campaignNameIn = ({ name, translations }: Named, language: string): string =>
  Object.entries(translations).find(([one]) => one === language)?.[1] ?? name;

/** What an entry of the ledger keeps of the name: the empty language is good for all that are not there. */
export const campaignSubject = ({
  name,
  translations,
}: Named): Readonly<Record<string, string>> => ({
  '': name,
  ...translations,
});

function discountFrom(value: unknown): CampaignDiscount | undefined {
  const discount = jsonObject(value);
  const kind = oneOf(CAMPAIGN_DISCOUNTS, discount['kind']);
  return (
    kind && {
      kind,
      value: money(discount['value']),
      expiresAfterDays: countOf(discount['expires_after_days']),
      endsWithCampaign: discount['ends_with_campaign'] === true,
    }
  );
}

/** Who a campaign may be for: what is known of a member. */
export interface CampaignMember {
  readonly segments: readonly string[];
  readonly tierId: string | null;
}

/** An order as the conditions see it; the member's segments and tier as they were when it was judged. */
export interface CampaignOrder extends CampaignMember {
  readonly orderedAt: Date | string;
  /** ISO 3166 alpha-2; null when the order names no country. */
  readonly country: string | null;
  /** Ten-thousandths of the shop's currency. */
  readonly subtotal: bigint;
}

/** Placed in [start, end): when it is paid or reported, and when a job runs, does not matter. */
export function isDuring(campaign: Campaign, time: Date | string): boolean {
  const at = new Date(time).getTime();
  return (
    (campaign.startsAt === null || campaign.startsAt.getTime() <= at) &&
    (campaign.endsAt === null || at < campaign.endsAt.getTime())
  );
}

/** A draft was never announced, and a cancelled campaign was withdrawn before it began. */
export function isPublished(campaign: Campaign): boolean {
  return campaign.status !== 'draft' && campaign.status !== 'cancelled';
}

export function isForMember({ conditions }: Campaign, member: CampaignMember): boolean {
  const { segments, tierIds } = conditions;
  return (
    (segments.length === 0 || segments.some((segment) => member.segments.includes(segment))) &&
    (tierIds.length === 0 || (member.tierId !== null && tierIds.includes(member.tierId)))
  );
}

/** Where the order goes to and what it costs; without a country it matches no condition on one. */
export function isForPurchase(
  { conditions }: Campaign,
  order: Pick<CampaignOrder, 'country' | 'subtotal'>,
): boolean {
  return (
    isInCountries(order.country, conditions.countries, conditions.regions) &&
    order.subtotal >= conditions.minSpend
  );
}

/** Whether an order falls under a campaign. The type's own rules (a goal, a trigger) come on top. */
export function campaignApplies(campaign: Campaign, order: CampaignOrder): boolean {
  return (
    isPublished(campaign) &&
    isDuring(campaign, order.orderedAt) &&
    isForMember(campaign, order) &&
    isForPurchase(campaign, order)
  );
}

/**
 * Whether a member may take the code of a discount campaign now. What it must be spent on is the code's own matter, and
 * the country is where their latest order went.
 */
export function isDiscountFor(
  campaign: Campaign,
  member: CampaignMember & { readonly country: string | null },
  now: Date,
): boolean {
  const { countries, regions } = campaign.conditions;
  return (
    campaign.type === 'discount' &&
    campaign.reward.discount !== undefined &&
    isPublished(campaign) &&
    isDuring(campaign, now) &&
    isForMember(campaign, member) &&
    isInCountries(member.country, countries, regions)
  );
}

/** The campaigns that multiply an order's points, highest first; the stacking rule chooses among them. */
export function multiplyingCampaigns(
  campaigns: readonly Campaign[],
  order: CampaignOrder,
): Campaign[] {
  return campaigns
    .filter(
      (campaign) =>
        campaign.type === 'double_points' &&
        campaign.multiplier > 10_000n &&
        campaignApplies(campaign, order),
    )
    .sort((a, b) =>
      a.multiplier === b.multiplier
        ? a.campaignId.localeCompare(b.campaignId)
        : a.multiplier > b.multiplier
          ? -1
          : 1,
    );
}
