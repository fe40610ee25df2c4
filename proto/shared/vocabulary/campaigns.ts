export const CAMPAIGN_TYPES = ['double_points', 'goal_spend', 'lifecycle', 'discount'] as const;
export type CampaignType = (typeof CAMPAIGN_TYPES)[number];

/** In the order in which a filter offers them. */
export const CAMPAIGN_STATUSES = ['active', 'scheduled', 'draft', 'ended', 'cancelled'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** The triggers of a lifecycle campaign. */
export const CAMPAIGN_TRIGGERS = [
  'first_order',
  'segment_entered',
  'segment_left',
  'rfm_drop',
  'tier_up',
  'tier_down',
] as const;
export type CampaignTrigger = (typeof CAMPAIGN_TRIGGERS)[number];

/** What the code of a discount campaign takes off. */
export const CAMPAIGN_DISCOUNTS = ['percent_off', 'amount_off'] as const;
export type CampaignDiscountKind = (typeof CAMPAIGN_DISCOUNTS)[number];

/** Groups of countries that an audience can be limited to. */
export const REGIONS = ['EU', 'EEA', 'NORTH_AMERICA'] as const;
export type Region = (typeof REGIONS)[number];

/** What a grant of a campaign was for: a goal reached, an order that counted, or what set it off. */
export const GRANT_KINDS = ['goal', 'order', ...CAMPAIGN_TRIGGERS] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];
