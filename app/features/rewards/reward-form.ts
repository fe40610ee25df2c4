import type { Reward } from '#proto/points/v1/rewards.ts';
import {
  REWARD_CHANNELS,
  REWARD_DISCOUNTS,
  REWARD_KINDS,
  REWARD_MODES,
  REWARD_TARGETS,
  type RewardChannel,
  type RewardDiscount,
  type RewardKind,
  type RewardMode,
  type RewardTarget,
} from '#vocabulary/rewards.ts';

/** The form's state of a reward: as typed, not validated. */
export interface RewardForm {
  kind: RewardKind;
  channel: RewardChannel;
  active: boolean;
  titleEn: string;
  titleEs: string;
  titleFr: string;
  descriptionEn: string;
  descriptionEs: string;
  descriptionFr: string;
  pointsCost: string;
  value: string;
  discount: RewardDiscount;
  mode: RewardMode;
  minPoints: string;
  maxPoints: string;
  appliesTo: RewardTarget;
  collectionId: string;
  productId: string;
  variantId: string;
  targetTitle: string;
  maxShipping: string;
  minPurchase: string;
  codePrefix: string;
  combineOrder: boolean;
  combineProduct: boolean;
  combineShipping: boolean;
  expiresAfterDays: string;
  /** Divided by commas. */
  tierIds: string;
  segments: string;
  iconUrl: string;
}

/** What of the form a kind has a use for. */
export interface KindShape {
  readonly hasAmount: boolean;
  readonly mayBeIncremental: boolean;
  readonly isCode: boolean;
  readonly mayBeLimited: boolean;
}

/** As core has it (core/rewards/rewards.rules.ts), so far as the form shows it. */
const traits: Readonly<
  Record<
    RewardKind,
    {
      readonly worth: RewardDiscount | 'either' | 'none';
      readonly mayBeIncremental: boolean;
      readonly isCode: boolean;
    }
  >
> = {
  amount_off: { worth: 'amount', mayBeIncremental: true, isCode: true },
  percent_off: { worth: 'percent', mayBeIncremental: false, isCode: true },
  free_shipping: { worth: 'none', mayBeIncremental: false, isCode: true },
  free_product: { worth: 'none', mayBeIncremental: false, isCode: true },
  coupon: { worth: 'either', mayBeIncremental: false, isCode: true },
  cashback: { worth: 'amount', mayBeIncremental: false, isCode: false },
  store_credit: { worth: 'amount', mayBeIncremental: true, isCode: false },
  gift_card: { worth: 'amount', mayBeIncremental: true, isCode: false },
};

export function shapeOf({ kind, discount }: Pick<RewardForm, 'kind' | 'discount'>): KindShape {
  const { worth, mayBeIncremental, isCode } = traits[kind];
  return {
    hasAmount: worth === 'amount' || (worth === 'either' && discount !== 'percent'),
    mayBeIncremental,
    isCode,
    mayBeLimited: isCode && kind !== 'free_shipping',
  };
}

export const isPercent = ({ kind, discount }: Pick<RewardForm, 'kind' | 'discount'>): boolean =>
  traits[kind].worth === 'percent' || (traits[kind].worth === 'either' && discount === 'percent');

const orEmpty = (value: number): string => (value === 0 ? '' : String(value));

export function formOf(reward: Reward): RewardForm {
  return {
    kind: REWARD_KINDS.find((kind) => kind === reward.kind) ?? 'amount_off',
    channel: REWARD_CHANNELS.find((one) => one === reward.channel) ?? 'online',
    active: reward.status !== 'disabled',
    titleEn: reward.title['en'] ?? '',
    titleEs: reward.title['es'] ?? '',
    titleFr: reward.title['fr'] ?? '',
    descriptionEn: reward.description['en'] ?? '',
    descriptionEs: reward.description['es'] ?? '',
    descriptionFr: reward.description['fr'] ?? '',
    pointsCost: String(reward.pointsCost),
    value: reward.value,
    discount: REWARD_DISCOUNTS.find((one) => one === reward.discount) ?? 'amount',
    mode: REWARD_MODES.find((one) => one === reward.mode) ?? 'fixed',
    minPoints: orEmpty(reward.minPoints),
    maxPoints: orEmpty(reward.maxPoints),
    appliesTo: REWARD_TARGETS.find((one) => one === reward.appliesTo) ?? 'order',
    collectionId: reward.collectionId,
    productId: reward.productId,
    variantId: reward.variantId,
    targetTitle: reward.targetTitle,
    maxShipping: reward.maxShipping,
    minPurchase: reward.minPurchase,
    codePrefix: reward.codePrefix,
    combineOrder: reward.combinesWith?.order ?? false,
    combineProduct: reward.combinesWith?.product ?? false,
    combineShipping: reward.combinesWith?.shipping ?? false,
    expiresAfterDays: orEmpty(reward.expiresAfterDays),
    tierIds: reward.tierIds.join(','),
    segments: reward.segments.join(','),
    iconUrl: reward.iconUrl,
  };
}

export function isSameForm(one: RewardForm, other: RewardForm): boolean {
  return (Object.keys(one) as (keyof RewardForm)[]).every((key) => one[key] === other[key]);
}
