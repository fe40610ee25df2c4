import { amountLike } from '../../i18n/currency-size.ts';
import type { Campaign } from '#proto/points/v1/campaigns.ts';
import {
  CAMPAIGN_DISCOUNTS,
  CAMPAIGN_TRIGGERS,
  CAMPAIGN_TYPES,
  type CampaignDiscountKind,
  type CampaignTrigger,
} from '#vocabulary/campaigns.ts';
import { SEGMENTS, type Segment } from '#vocabulary/segments.ts';

/** What a merchant chooses first; two of them are one type in core, with and without an amount to reach. */
export const CAMPAIGN_KINDS = ['multiplier', 'bonus', 'goal', 'discount', 'lifecycle'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

/** The form's state of a campaign: as typed, not validated. */
export interface CampaignForm {
  name: string;
  /** As shoppers of the language see it; empty: the name. */
  nameEs: string;
  nameFr: string;
  kind: CampaignKind;
  published: boolean;
  multiplier: string;
  goalAmount: string;
  points: string;
  trigger: CampaignTrigger;
  segment: Segment;
  cooldownDays: string;
  discount: CampaignDiscountKind;
  discountValue: string;
  /** Days that a code is good for; 0: always. */
  expiryDays: string;
  endsWithCampaign: boolean;
  /** As the clock in the shop shows it, YYYY-MM-DDTHH:MM; empty: at once, and without an end. */
  startLocal: string;
  endLocal: string;
  segments: readonly string[];
  tierIds: readonly string[];
  countries: readonly string[];
  regions: readonly string[];
  minSpend: string;
}

const NEW_CAMPAIGN: CampaignForm = {
  name: '',
  nameEs: '',
  nameFr: '',
  kind: 'multiplier',
  published: true,
  multiplier: '2',
  goalAmount: '100',
  points: '200',
  trigger: 'first_order',
  segment: 'at_risk',
  cooldownDays: '30',
  discount: 'percent_off',
  discountValue: '10',
  expiryDays: '30',
  endsWithCampaign: true,
  startLocal: '',
  endLocal: '',
  segments: [],
  tierIds: [],
  countries: [],
  regions: [],
  minSpend: '',
};

/** What a discount begins with: a percentage, or about as much as ten dollars. */
export const startingDiscount = (discount: CampaignDiscountKind, currency: string): string =>
  discount === 'percent_off' ? NEW_CAMPAIGN.discountValue : amountLike('10', currency);

/** A new campaign, with amounts that suit the shop's currency. */
export const newCampaign = (currency: string): CampaignForm => ({
  ...NEW_CAMPAIGN,
  goalAmount: amountLike(NEW_CAMPAIGN.goalAmount, currency),
});

/** Undefined for a type that this release has no form for. */
export function kindOf(campaign: Pick<Campaign, 'type' | 'conditions'>): CampaignKind | undefined {
  const type = CAMPAIGN_TYPES.find((known) => known === campaign.type);
  switch (type) {
    case 'double_points':
      return 'multiplier';
    case 'goal_spend':
      return campaign.conditions?.goalAmount ? 'goal' : 'bonus';
    case 'lifecycle':
    case 'discount':
    case undefined:
      return type;
  }
}

/** What is not used by the campaign's kind stays as a new campaign proposes it. */
export function formOf(campaign: Campaign, currency: string): CampaignForm {
  const { conditions, discount } = campaign;
  const kind = kindOf(campaign) ?? 'multiplier';
  return {
    ...newCampaign(currency),
    name: campaign.name,
    nameEs: campaign.translations['es'] ?? '',
    nameFr: campaign.translations['fr'] ?? '',
    kind,
    published: campaign.status !== 'draft',
    startLocal: campaign.startLocal,
    endLocal: campaign.endLocal,
    segments: conditions?.segments ?? [],
    tierIds: conditions?.tierIds ?? [],
    countries: conditions?.countries ?? [],
    regions: conditions?.regions ?? [],
    minSpend: withoutZeros(conditions?.minSpend ?? ''),
    ...(kind === 'multiplier' && { multiplier: campaign.multiplier }),
    ...(givesPoints(kind) && { points: String(campaign.rewardPoints) }),
    ...(kind === 'goal' && { goalAmount: withoutZeros(conditions?.goalAmount ?? '') }),
    ...(discount && {
      discount: oneOf(CAMPAIGN_DISCOUNTS, discount.kind) ?? NEW_CAMPAIGN.discount,
      discountValue: withoutZeros(discount.value),
      expiryDays: String(discount.expiresAfterDays),
      endsWithCampaign: discount.endsWithCampaign,
    }),
    ...(kind === 'lifecycle' && {
      trigger: oneOf(CAMPAIGN_TRIGGERS, conditions?.trigger) ?? NEW_CAMPAIGN.trigger,
      segment: oneOf(SEGMENTS, conditions?.segment) ?? NEW_CAMPAIGN.segment,
      cooldownDays: String(conditions?.cooldownDays ?? 0),
    }),
  };
}

/** A number of points once; a multiplier gives as many as the order is worth, and a discount none. */
export const givesPoints = (kind: CampaignKind): boolean =>
  kind !== 'multiplier' && kind !== 'discount';

/** A copy for another time, which is still to be chosen. */
export function copyOf(campaign: Campaign, name: string, currency: string): CampaignForm {
  return { ...formOf(campaign, currency), name, published: true, startLocal: '', endLocal: '' };
}

const withoutZeros = (amount: string): string => amount.replace(/\.00$/, '');

function oneOf<Name extends string>(
  names: readonly Name[],
  value: string | undefined,
): Name | undefined {
  return names.find((name) => name === value);
}

export function isSameForm(one: CampaignForm, other: CampaignForm): boolean {
  return JSON.stringify(fieldsOf(one)) === JSON.stringify(fieldsOf(other));
}

/** The form as it is sent: lists with commas between. */
export function fieldsOf(form: CampaignForm): Record<string, string> {
  return Object.fromEntries(
    Object.entries(form)
      .map(([name, value]): [string, string] => [name, String(value)])
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** Whether a trigger waits for one segment. */
export const needsSegment = (trigger: CampaignTrigger): boolean =>
  trigger === 'segment_entered' || trigger === 'segment_left';
