/**
 * The JSON between the storefront widget (extensions/loyalnest-theme) and the app, through Shopify's app proxy.
 * Points are whole numbers (safe integers, signed where said so), money a decimal string with its ISO 4217 currency,
 * times ISO 8601 in UTC. Every sentence in `explanation` is already in the language of `locale`.
 *
 *   GET  <proxy>/widget?locale=<iso>                → Widget   with ETag; If-None-Match answers 304 without a body
 *   GET  <proxy>/history?cursor=<c>&locale=<iso>    → History  newest first; no cursor is the first page
 *   POST <proxy>/events                             ← EventBatch, by sendBeacon as application/json; answers 204
 *
 * <proxy> is /apps/loyalnest unless the merchant moved it. Whatever depends on the shopper is
 * `Cache-Control: private, no-store`. Who the shopper is comes from Shopify's signature, never from the script.
 */

export type EntryType =
  | 'earn'
  | 'redeem'
  | 'expire'
  | 'adjust'
  | 'import'
  | 'referral'
  | 'campaign'
  | 'reversal'
  | 'writeoff';

export interface Entry {
  id: string;
  type: EntryType;
  /** Signed: positive credits, negative debits. */
  points: number;
  /** May be negative: points of a refunded order that were already spent. */
  balance_after: number;
  at: string;
  /** `Explanation.reason_code` of proto/points/v1, e.g. order_paid, order_refunded, adjusted. */
  reason_code: string;
  params: Record<string, string | number>;
  /** As the shopper knows it, e.g. #1001. */
  order_name?: string;
  /** One sentence: why it is that many. */
  explanation: string;
}

export interface EarnRule {
  action: 'purchase' | 'signup';
  points: number;
  /** For purchase: points are given for every so much spent. */
  per?: { amount: string; currency: string };
  /** Once-only actions that this shopper has already been rewarded for. */
  done: boolean;
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
  /** First name, for a greeting. */
  name?: string;
}

export interface Widget {
  version: 1;
  /** Null for guests, and for signed-in shoppers who have no points account yet. */
  customer: WidgetCustomer | null;
  points_name: { one: string; other: string };
  locale: string;
  program: { active: boolean };
  earn: EarnRule[];
  /** Newest first, at most 5. */
  recent: Entry[];
  /** The next points to lapse, if the programme lets points lapse. */
  expiring?: { points: number; at: string } | null;
  sign_in_url: string;
  register_url: string;
}

export interface History {
  entries: Entry[];
  /** Opaque; null on the last page. */
  next_cursor: string | null;
}

/** What the widget observes: here, that a member has seen their balance, once for each surface and page view. No personal data: props are short words, numbers and switches. */
export interface WidgetEvent {
  name: 'points_balance_viewed';
  at: string;
  props: { surface: 'block' | 'panel'; locale: string };
}

export interface EventBatch {
  /** 1 to 20. */
  events: WidgetEvent[];
}
