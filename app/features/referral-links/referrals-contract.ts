import type { ReferralChannel } from '#vocabulary/referrals.ts';

/** A friend as their advocate may see them. */
export interface Friend {
  id: string;
  name: string;
  /** What became of it. */
  note: string;
  /** When they accepted. */
  at: string;
  points: number;
}

/** `GET` and `POST referrals` of a member. Texts are in the shopper's language. */
export interface OwnReferrals {
  active: boolean;
  /** Null until a link was made, which a POST does. */
  code: string | null;
  /** What both sides get, and what it takes. */
  title: string;
  text: string;
  /** Addresses with `[link]` in the place of the link, which the page knows in full. */
  shares: { channel: ReferralChannel; label: string; href: string }[];
  /** For the device's own ways to share; absent where the merchant wants none. */
  message?: string;
  friends: Friend[];
  /** How many of them brought their reward, in words and of a hundred. */
  progress: string;
  percent: number;
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
