/** What members earn by beside a purchase and an account. */
export const ACTIONS = [
  'newsletter',
  'review',
  'birthday',
  'social_follow',
  'social_share',
  'goal_spend',
] as const;
export type ActionName = (typeof ACTIONS)[number];

/** Those that a shopper says to have done. */
export const CLAIMED_ACTIONS = [
  'newsletter',
  'birthday',
  'social_follow',
  'social_share',
  'review',
] as const satisfies readonly ActionName[];
export type ClaimedAction = (typeof CLAIMED_ACTIONS)[number];

export const CLAIM_STATUSES = ['granted', 'recorded', 'already_done', 'limit_reached'] as const;
export type ClaimStatus = (typeof CLAIM_STATUSES)[number];

export const NETWORKS = ['facebook', 'instagram', 'x', 'tiktok'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** Where something of the shop can be shared. */
export const SHARE_NETWORKS = ['facebook', 'x'] as const satisfies readonly NetworkName[];

/** Pictures that a rule can have; the interface knows how each looks. */
export const EARNING_ICONS = [
  'cart',
  'person',
  'email',
  'star',
  'gift',
  'heart',
  'share',
  'target',
] as const;
export type IconName = (typeof EARNING_ICONS)[number];

/** Who takes part: every buyer, or only customers with an account. */
export const PARTICIPANTS = ['all', 'accounts'] as const;
export type Participants = (typeof PARTICIPANTS)[number];

/** What counts of several multipliers: the largest, or all of them together. */
export const STACKINGS = ['highest', 'multiply'] as const;
export type Stacking = (typeof STACKINGS)[number];

export const MULTIPLIER_SOURCES = [
  'first_purchase_24h',
  'rfm_champion',
  'tier',
  'campaign',
] as const;
export type MultiplierSource = (typeof MULTIPLIER_SOURCES)[number];

/** When an order's points are due: once it is paid, or as soon as it is placed. */
export const AWARD_MOMENTS = ['paid', 'created'] as const;
export type AwardOn = (typeof AWARD_MOMENTS)[number];

/** What a refund does when its points were already spent: leave a debt, or stop at zero. */
export const REFUND_POLICIES = ['debt', 'clip'] as const;
export type RefundPolicy = (typeof REFUND_POLICIES)[number];

/** Whether points expire so many days after they were earned, or after the member earned anything at all. */
export const EXPIRY_MODES = ['fixed', 'activity'] as const;
export type ExpiryMode = (typeof EXPIRY_MODES)[number];

/** Whether a gift card that is bought earns. */
export const GIFT_CARD_RULES = ['earn', 'nothing'] as const;
export type GiftCardRule = (typeof GIFT_CARD_RULES)[number];

/** Whether test orders earn: in a development store alone, always, never. */
export const TEST_ORDER_RULES = ['auto', 'on', 'off'] as const;
export type TestOrders = (typeof TEST_ORDER_RULES)[number];
