export const ENTRY_TYPES = [
  'earn',
  'redeem',
  'expire',
  'adjust',
  'import',
  'referral',
  'campaign',
  'reversal',
  'writeoff',
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** What a caller may credit points as. */
export const AWARD_TYPES = [
  'earn',
  'referral',
  'campaign',
  'import',
] as const satisfies readonly EntryType[];
export type AwardType = (typeof AWARD_TYPES)[number];

export const HOLD_STATUSES = ['active', 'confirmed', 'released', 'expired'] as const;
export type HoldStatus = (typeof HOLD_STATUSES)[number];

/** Why an entry is that many points; each has a sentence in every language. */
export const REASON_CODES = [
  'order_paid',
  'order_edited',
  'order_refunded',
  'order_cancelled',
  'order_moved',
  'signup',
  'tier_entered',
  'newsletter',
  'review',
  'birthday',
  'social_follow',
  'social_share',
  'goal_spend',
  'adjusted',
  'adjustment_undone',
  'campaign_goal',
  'campaign_bonus',
  'campaign_gift',
  'campaign_taken_back',
  'referral_advocate',
  'referral_friend',
  'referral_reversed',
  'redeemed',
  'redemption_released',
  'redemption_returned',
  'redemption_used_anyway',
  'expired',
  'imported',
  'merged',
  'written_off',
  'awarded',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Those that settling an order gives. */
export const ORDER_REASON_CODES = [
  'order_paid',
  'order_edited',
  'order_refunded',
  'order_cancelled',
  'order_moved',
] as const satisfies readonly ReasonCode[];
export type OrderReasonCode = (typeof ORDER_REASON_CODES)[number];
