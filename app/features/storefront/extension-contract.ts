/**
 * The JSON between the extensions beyond the theme (extensions/checkout-ui, customer-account-ui, pos-ui) and the app,
 * called straight with `Authorization: Bearer <session token>`. What is not here is as in widget-contract.ts.
 *
 *   POST /extension/checkout?locale=<iso>                 ← CheckoutGoods → CheckoutPoints   checkout and thank-you page
 *   GET  /extension/widget?locale=<iso>                   → Widget                           customer accounts
 *   GET  /extension/history?locale=&cursor=&order_id=     → History   order_id: only what an order brought and took
 *   POST /extension/redeem?locale=<iso>                   ← RedeemRequest → { redemption: Redemption }
 *   GET  /extension/redemptions/<id>?locale=<iso>         → { redemption: Redemption }
 *   POST /extension/redemptions/<id>/return               → { redemption: Redemption }
 *   GET  /extension/pos/member?customer=<id>&locale=      → PosMember                       POS, a token of staff
 *   POST /extension/pos/redeem?locale=                    ← RedeemRequest & { customer } → { redemption: Redemption }
 *   GET  /extension/pos/redemptions/<id>?locale=          → { redemption: Redemption }
 *   POST /extension/pos/redemptions/<id>/return?locale=   → { redemption: Redemption }
 *
 * Errors are `{error: {code, message, field}}`. Only the token identifies the caller.
 */
import type { Widget, WidgetCustomer } from './widget-contract.ts';

/** What is in the cart. */
export interface CheckoutGoods {
  /** At most 250. */
  lines: {
    /** Shopify's numeric id. */ product_id: string;
    /** Of the whole line, after discounts. */ subtotal: string;
  }[];
  /** ISO 4217, that the shopper pays in. */
  currency: string;
  /** ISO 3166 alpha-2 of where it goes, or empty while that is not known. */
  country: string;
}

export interface CheckoutPoints {
  /** False: the shop turned it off here, or has no active program. */
  shown: boolean;
  /** Null for guests, and for signed-in shoppers who have no points account yet. */
  customer: WidgetCustomer | null;
  signed_in: boolean;
  points_name: { one: string; other: string };
  /** What the goods earn when they are paid. Null where it cannot be said: they are paid in another currency. */
  earn: { points: number; multiplier: string } | null;
  /** Only who has an account earns. */
  needs_account: boolean;
  /** Where rewards are. */
  rewards: number;
}

/** Null: the customer is no member yet. */
export interface PosMember {
  member: Widget | null;
}
