import type { ReferralChannel } from '#vocabulary/referrals.ts';

/** A friend as their advocate may see them. */
export interface Friend {
  id: string;
  /** First name and initial; empty when it is not known. */
  name: string;
  status: 'pending' | 'completed' | 'expired';
  at: string;
  points: number;
}

/** `GET` and `POST referrals` of a member. Texts are in the shopper's language. */
export interface OwnReferrals {
  active: boolean;
  /** Null until a link was made, which a POST does. */
  code: string | null;
  /** What the member gets for the next friend, e.g. `50 points`. */
  get: string;
  /** What the friend gets. */
  give: string;
  /** What it takes. */
  terms: string;
  channels: ReferralChannel[];
  friends: Friend[];
  completed: number;
}

/** `GET referrals?code=…` of a guest who followed a link. */
export interface FriendsOffer {
  active: boolean;
  title: string;
  text: string;
}

/** `POST referrals/claim` */
export interface ClaimResult {
  status: 'claimed' | 'already_claimed' | 'own_link' | 'existing_customer';
  /** What came of it. */
  title: string;
  text: string;
}
