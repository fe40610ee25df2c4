import type { CampaignType } from '#vocabulary/campaigns.ts';
import type { ActionName, ClaimStatus, ClaimedAction } from '#vocabulary/earning.ts';
import type { EntryType } from '#vocabulary/ledger.ts';
import type { RedemptionStatus, RewardKind } from '#vocabulary/rewards.ts';

export interface Entry {
  id: string;
  type: EntryType;
  /** Signed: positive credits, negative debits. */
  points: number;
  /** May be negative: points of a refunded order that were already spent. Absent while the points are pending. */
  balance_after?: number;
  /** Of pending points: when they count. */
  at: string;
  /** `Explanation.reason_code` of proto/points/v1, e.g. order_paid, order_refunded, adjusted. */
  reason_code: string;
  params: Record<string, string | number>;
  /** As the shopper knows it, e.g. #1001. */
  order_name?: string;
  /** One sentence: why it has these points. */
  explanation: string;
}

export type EarnAction = 'purchase' | 'signup' | ActionName;

export interface EarnRule {
  action: EarnAction;
  points: number;
  /** For purchase: points are given for every so much spent. For goal_spend: what must be spent. */
  per?: Money;
  /** Of goal_spend: how far this member is. */
  progress?: GoalProgress;
  /** Nothing more can be earned by it: done once, or its yearly or total limit is reached. */
  done: boolean;
  /** Claimed with POST claim; otherwise the points are awarded automatically. */
  claimable?: boolean;
  /** How often it may still be done, where there is a limit. */
  remaining?: number;
  /** Of social_follow: the shop's pages there. Of social_share: where it may be shared, without an address. */
  networks?: { network: string; url?: string; done: boolean }[];
}

/** Of a goal: what was spent towards it, and how many of a hundred parts that is (0 to 100). */
export interface GoalProgress {
  spent: Money;
  percent: number;
}

export interface Money {
  /** A decimal string. */
  amount: string;
  /** ISO 4217. */
  currency: string;
}

export interface WidgetCustomer {
  /** May be negative. */
  balance: number;
  /** balance - held, never below zero. */
  available: number;
  /** Set aside for a redemption that is not finished yet. */
  held: number;
  /** How far below zero the balance is; 0 otherwise. */
  debt: number;
  /** Earned, but not part of the balance yet: in words, as `text`, to be shown beside it. */
  pending?: { points: number; text: string };
  /** First name, for a greeting. */
  name?: string;
}

/** `custom`: of a kind that this release has no name for. */
export type WidgetRewardKind = RewardKind | 'custom';

/** What a reward takes off: money, or per cent as a decimal string. */
export type RewardValue = Money | { percent: string };

export interface Reward {
  id: string;
  kind: WidgetRewardKind;
  title: string;
  /** In the merchant's own words. */
  description?: string;
  /** Of one step, where there are steps. */
  points_cost: number;
  /** Of one step, where there are steps. */
  value?: RewardValue;
  /** The shopper chooses a multiple of points_cost from min to max (both multiples of it). */
  steps?: { min: number; max: number };
  min_purchase?: Money;
  max_shipping?: Money;
  expires_after_days?: number;
  icon_url?: string;
  /** Names of the tiers it is for; absent: all members. */
  tiers?: string[];
  /** False for members whose tier does not allow it. */
  eligible: boolean;
  /** A campaign gives it for free, once: claimed by `campaign_id`. */
  offer?: true;
  /** Until when it can be taken. */
  ends_at?: string;
}

export interface Redemption {
  id: string;
  kind: WidgetRewardKind;
  title: string;
  status: RedemptionStatus;
  code?: string;
  points_spent: number;
  value?: RewardValue;
  expires_at?: string;
  /** Puts the code on the cart and leads there. */
  apply_url?: string;
  used: boolean;
  /** Its points may come back through POST redemptions/<id>/return. */
  returnable: boolean;
  at: string;
}

export interface RedeemRequest {
  /** One of the two: a reward for points, or the code of a campaign. */
  reward_id?: string;
  campaign_id?: string;
  /** Of a reward with steps. */
  points?: number;
  /** The same attempt again has the same key and is carried out once. */
  idempotency_key: string;
}

export interface ClaimRequest {
  action: ClaimedAction;
  network?: string;
  /** MM-DD */
  birthday?: string;
  idempotency_key: string;
}

export interface ClaimAnswer {
  granted: number;
  status: ClaimStatus;
  balance: number;
}

export interface Tier {
  id: string;
  name: string;
  /** What it takes; absent where it takes none of the kind. */
  spend?: Money;
  points?: number;
  /** A decimal string above 1. */
  multiplier?: string;
  entry_points?: number;
  free_shipping?: true;
  /** What is given for nothing when the tier is entered. */
  entry_reward?: string;
  early_access?: true;
  /** The shop's own words. */
  perks?: string;
}

export interface TierProgress {
  /** Of what the next tier takes: what there is, and what is missing. */
  spend?: { have: Money; need: Money; missing: Money };
  points?: { have: number; need: number; missing: number };
  /** 0 to 100: of the nearer of the two, or of the farther where both are asked for. */
  percent: number;
}

export interface TierStanding {
  /** Lowest first. */
  tiers: Tier[];
  /** Of a tier with both kinds of threshold. */
  takes: 'either' | 'both';
  /** Null below the first tier, and for guests. */
  current: string | null;
  /** Null at the top, and for guests. */
  next: string | null;
  progress: TierProgress | null;
  /** Until when the tier is guaranteed. */
  until?: string;
  /** When a tier that is no longer earned expires. */
  expires?: string;
}

/** A bonus that is on now and meant for this shopper. */
export interface Campaign {
  id: string;
  type: Extract<CampaignType, 'double_points' | 'goal_spend'>;
  name: string;
  /** A decimal string. */
  multiplier?: string;
  ends_at?: string;
  min_spend?: Money;
  goal?: Money;
  points?: number;
  /** Of a goal, for a member. */
  progress?: GoalProgress;
  /** The goal is reached; it awards nothing more. */
  done?: true;
}

/** So that a price can be shown in points: floor(price × rate × multiplier ÷ per). */
export interface Quote {
  /** Decimal strings; `per` is left out where the rate is a decimal for one unit. */
  rate: string;
  per?: string;
  multiplier: string;
  currency: string;
  /** Shopify's ids of products that earn nothing. */
  excluded: string[];
}

/** Colors are #rrggbb; whatever the shop has not chosen is absent. */
export interface Branding {
  color?: string;
  logo_url?: string;
  welcome?: string;
  page?: { color?: string; title?: string };
}

export interface Widget {
  version: 1;
  /** Null for guests, and for signed-in shoppers who have no points account yet. */
  customer: WidgetCustomer | null;
  points_name: { one: string; other: string };
  locale: string;
  /** `notice`: why the shopper gets nothing from it, a word of every surface. */
  program: { active: boolean; notice?: 'paused' | 'not_participating' };
  earn: EarnRule[];
  /** Newest first, at most 5. */
  recent: Entry[];
  /** The next points to expire, if points expire in this program. */
  expiring?: { points: number; at: string } | null;
  /** What expires next: at most three dates, soonest first. */
  expiries: { points: number; at: string }[];
  rewards: Reward[];
  /** The shopper's own, newest first, at most 20. */
  redemptions: Redemption[];
  /** Null where the shop has no tiers. */
  tier: TierStanding | null;
  campaigns: Campaign[];
  /** Members may refer friends. */
  referrals: boolean;
  /** Null while purchases earn nothing. */
  quote: Quote | null;
  branding: Branding;
  sign_in_url: string;
  register_url: string;
}

export interface History {
  /** With those that are pending at the top, unless one order was asked for. */
  entries: Entry[];
  /** Of the one order that was asked for. */
  pending?: Entry[];
  /** Opaque; null on the last page. */
  next_cursor: string | null;
}

/** A widget event. No personal data: props are short words, numbers, booleans and the language. */
export type WidgetEvent = { at: string } & (
  | { name: 'points_balance_viewed'; props: Told<{ surface: 'block' | 'panel' | 'page' }> }
  | { name: 'sticky_bar_clicked' | 'post_purchase_viewed'; props: Told<{ member: boolean }> }
  | { name: 'language_selected'; props: Told<{ language: string }> }
  | { name: 'language_fallback_triggered'; props: Told<object> }
  | { name: 'vip_tier_viewed'; props: Told<{ surface: 'panel' | 'page' }> }
  | { name: 'tier_progress_viewed'; props: Told<{ percent: number }> }
  /** What was known is shown, and what is new could not be had. */
  | { name: 'partial_data_loaded'; props: Told<{ trouble: 'error' | 'offline' }> }
);
type Told<Props> = Props & { locale: string };

export interface EventBatch {
  /** 1 to 20. */
  events: WidgetEvent[];
}
