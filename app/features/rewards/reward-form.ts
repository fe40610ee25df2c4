import type { Reward } from '#proto/points/v1/rewards.ts';

export const kinds = [
  'amount_off',
  'percent_off',
  'free_shipping',
  'free_product',
  'coupon',
  'store_credit',
  'gift_card',
  'cashback',
] as const;
export type Kind = (typeof kinds)[number];

/** A reward as its form holds it: what was typed, not yet what it means. */
export interface RewardForm {
  kind: Kind;
  channel: 'online' | 'pos';
  active: boolean;
  titleEn: string;
  titleEs: string;
  titleFr: string;
  descriptionEn: string;
  descriptionEs: string;
  descriptionFr: string;
  pointsCost: string;
  value: string;
  discount: 'amount' | 'percent';
  mode: 'fixed' | 'incremental';
  minPoints: string;
  maxPoints: string;
  appliesTo: 'order' | 'collection';
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

export function shapeOf({ kind, discount }: Pick<RewardForm, 'kind' | 'discount'>): KindShape {
  const isCode = !['store_credit', 'gift_card', 'cashback'].includes(kind);
  return {
    hasAmount:
      !['percent_off', 'free_shipping', 'free_product'].includes(kind) &&
      !(kind === 'coupon' && discount === 'percent'),
    mayBeIncremental: ['amount_off', 'store_credit', 'gift_card'].includes(kind),
    isCode,
    mayBeLimited: isCode && kind !== 'free_shipping',
  };
}

export const isPercent = ({ kind, discount }: Pick<RewardForm, 'kind' | 'discount'>): boolean =>
  kind === 'percent_off' || (kind === 'coupon' && discount === 'percent');

const orEmpty = (value: number): string => (value === 0 ? '' : String(value));

export function formOf(reward: Reward): RewardForm {
  return {
    kind: kinds.find((kind) => kind === reward.kind) ?? 'amount_off',
    channel: reward.channel === 'pos' ? 'pos' : 'online',
    active: reward.status !== 'disabled',
    titleEn: reward.title['en'] ?? '',
    titleEs: reward.title['es'] ?? '',
    titleFr: reward.title['fr'] ?? '',
    descriptionEn: reward.description['en'] ?? '',
    descriptionEs: reward.description['es'] ?? '',
    descriptionFr: reward.description['fr'] ?? '',
    pointsCost: String(reward.pointsCost),
    value: reward.value,
    discount: reward.discount === 'percent' ? 'percent' : 'amount',
    mode: reward.mode === 'incremental' ? 'incremental' : 'fixed',
    minPoints: orEmpty(reward.minPoints),
    maxPoints: orEmpty(reward.maxPoints),
    appliesTo: reward.appliesTo === 'collection' ? 'collection' : 'order',
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
