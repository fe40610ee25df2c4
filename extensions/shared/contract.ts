// What the app answers, as far as extensions read it: app/features/storefront/{widget,extension}-contract.ts, which a test
// compares with this. An extension is shipped to Shopify as is, so nothing of the app can be imported.

export interface Money {
  amount: string;
  currency: string;
}
export interface PointsName {
  one: string;
  other: string;
}
export interface Member {
  balance: number;
  available: number;
  held: number;
  debt: number;
  pending?: { points: number; text: string };
  name?: string;
}
export interface Reward {
  id: string;
  kind: string;
  title: string;
  description?: string;
  points_cost: number;
  value?: Money | { percent: string };
  steps?: { min: number; max: number };
  min_purchase?: Money;
  expires_after_days?: number;
  tiers?: string[];
  eligible: boolean;
  /** A campaign gives it for free: claimed by `campaign_id`. */
  offer?: true;
}
export interface Redemption {
  id: string;
  kind: string;
  title: string;
  status: 'pending' | 'completed' | 'failed' | 'returned';
  code?: string;
  points_spent: number;
  expires_at?: string;
  apply_url?: string;
  used: boolean;
  returnable: boolean;
  at: string;
}
export interface Entry {
  id: string;
  points: number;
  at: string;
  explanation: string;
}
export interface History {
  entries: Entry[];
  pending?: Entry[];
  next_cursor: string | null;
}
export interface Tier {
  id: string;
  name: string;
  perks?: string;
}
export interface TierStanding {
  tiers: Tier[];
  current: string | null;
  next: string | null;
  progress: {
    spend?: { missing: Money };
    points?: { missing: number };
    percent: number;
  } | null;
  takes: 'either' | 'both';
}
export interface Widget {
  customer: Member | null;
  points_name: PointsName;
  program: { active: boolean; notice?: 'paused' | 'not_participating' };
  expiring?: { points: number; at: string } | null;
  rewards: Reward[];
  redemptions: Redemption[];
  tier: TierStanding | null;
}
export interface CheckoutGoods {
  lines: { product_id: string; subtotal: string }[];
  currency: string;
  country: string;
}
export interface CheckoutPoints {
  shown: boolean;
  customer: Member | null;
  signed_in: boolean;
  points_name: PointsName;
  earn: { points: number; multiplier: string } | null;
  needs_account: boolean;
  rewards: number;
}
export interface PosMember {
  member: Widget | null;
}
export interface RedeemRequest {
  reward_id?: string;
  campaign_id?: string;
  points?: number;
  idempotency_key: string;
}
