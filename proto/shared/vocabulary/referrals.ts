/**
 * `pending`: a friend is known, who has not done yet what the merchant asks. `held`: they have, and a person must look at
 * it first. `reversed`: was completed, and the order that completed it was refunded.
 */
export const REFERRAL_STATUSES = [
  'pending',
  'held',
  'completed',
  'refused',
  'expired',
  'reversed',
] as const;
export type ReferralStatus = (typeof REFERRAL_STATUSES)[number];

/** How a link reached the friend. */
export const REFERRAL_CHANNELS = [
  'copy',
  'email',
  'sms',
  'whatsapp',
  'social',
  'merchant',
] as const;
export type ReferralChannel = (typeof REFERRAL_CHANNELS)[number];

/** As Shopify rates an order. */
export const ORDER_RISKS = ['low', 'medium', 'high'] as const;
export type OrderRisk = (typeof ORDER_RISKS)[number];

/** What completes a referral. */
export const REFERRAL_GOALS = ['signup', 'first_order'] as const;
export type ReferralGoal = (typeof REFERRAL_GOALS)[number];

export const REFERRAL_SIDES = ['advocate', 'friend'] as const;
export type ReferralSide = (typeof REFERRAL_SIDES)[number];

/** Why a referral is suspicious. Each has a weight and a sentence in every language. */
export const REFERRAL_SIGNALS = [
  'same_email',
  'similar_email',
  'disposable_email',
  'same_phone',
  'same_address',
  'same_device',
  'same_network',
  'shared_device',
  'shared_network',
  'shared_address',
  'shared_phone',
  'shared_mailbox',
  'many_claims',
  'several_claims',
  'too_fast',
  'order_risk_medium',
  'order_risk_high',
  'unusual_order',
] as const;
export type ReferralSignal = (typeof REFERRAL_SIGNALS)[number];

/** Why a referral was refused, beside its score. */
export const REFERRAL_REFUSALS = [
  'suspicious',
  'denied',
  'existing_customer',
  'goal_undone',
  'limit_reached',
] as const;
export type ReferralRefusal = (typeof REFERRAL_REFUSALS)[number];

/** Of what shoppers leave behind, what is compared: kept as hashes for 90 days. */
export const TRACE_KINDS = ['email', 'mailbox', 'phone', 'address', 'device', 'network'] as const;
export type TraceKind = (typeof TRACE_KINDS)[number];
