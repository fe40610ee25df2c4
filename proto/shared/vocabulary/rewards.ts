/** What points can be exchanged for. A coupon is a code typed in at checkout; cashback is paid as store credit. */
export const REWARD_KINDS = [
  'amount_off',
  'percent_off',
  'free_shipping',
  'free_product',
  'coupon',
  'cashback',
  'store_credit',
  'gift_card',
] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];

export const REWARD_CHANNELS = ['online', 'pos'] as const;
export type RewardChannel = (typeof REWARD_CHANNELS)[number];

export const REWARD_STATUSES = ['active', 'disabled', 'deleted'] as const;
export type RewardStatus = (typeof REWARD_STATUSES)[number];

/** What a code takes off. */
export const REWARD_DISCOUNTS = ['amount', 'percent'] as const;
export type RewardDiscount = (typeof REWARD_DISCOUNTS)[number];

export const REWARD_MODES = ['fixed', 'incremental'] as const;
export type RewardMode = (typeof REWARD_MODES)[number];

export const REWARD_TARGETS = ['order', 'collection'] as const;
export type RewardTarget = (typeof REWARD_TARGETS)[number];

export const REDEMPTION_STATUSES = ['pending', 'completed', 'failed', 'returned'] as const;
export type RedemptionStatus = (typeof REDEMPTION_STATUSES)[number];

/** Why what was promised could not be made at Shopify. */
export const REDEMPTION_FAILURES = [
  'refused',
  'missing_scope',
  'customer_gone',
  'product_gone',
  'not_connected',
  'currency',
  'timeout',
] as const;
export type RedemptionFailure = (typeof REDEMPTION_FAILURES)[number];

/** What gives a reward for no points. */
export const GIFT_KINDS = ['campaign', 'tier_entry', 'tier_shipping', 'referral'] as const;
export type GiftKind = (typeof GIFT_KINDS)[number];
