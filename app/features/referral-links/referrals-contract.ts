import type { ReferralChannel, ReferralGoal } from '#vocabulary/referrals.ts';

/** What the panel reads and sends of referrals. Money is a decimal string with its currency. */
export interface Money {
  amount: string;
  currency: string;
}

/** What one side gets: points, or a discount code. */
export type SideOffer =
  | { points: number }
  | { value: Money | { percent: string }; min_purchase?: Money; expires_after_days?: number };

export interface Promised {
  friend: SideOffer;
  goal: ReferralGoal;
  min_order?: Money;
}

/** A friend as their advocate may see them. */
export interface Friend {
  id: string;
  /** First name and initial; empty when it is not known. */
  name: string;
  status: 'pending' | 'completed' | 'expired';
  at: string;
  points: number;
}

/** `GET referrals` of a member. */
export interface OwnReferrals extends Promised {
  active: boolean;
  /** Null until a link was made. */
  code: string | null;
  advocate: SideOffer;
  channels: ReferralChannel[];
  friends: Friend[];
  completed: number;
  /** For the next friend; absent where the advocate gets a discount. */
  next_points?: number;
}

/** `GET referrals?code=…` of a guest who followed a link. */
export interface FriendsOffer extends Promised {
  active: boolean;
  /** First name of who invites; empty when it is not known. */
  name: string;
}

/** `POST referrals` */
export interface NewLink {
  code: string;
}

/** `POST referrals/claim` */
export interface ClaimBody {
  code: string;
  channel?: string;
  click?: string;
  device?: string;
}
export interface ClaimResult {
  status: 'claimed' | 'already_claimed' | 'own_link' | 'existing_customer';
  /** What came of it, in the shopper's language. */
  title: string;
  text: string;
}
