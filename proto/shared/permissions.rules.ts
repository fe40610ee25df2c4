import type { RewardKind } from './vocabulary/rewards.ts';

/** What a shop must have allowed the app to do before a reward of each kind can be given. */
const permissions: Readonly<Record<RewardKind, readonly string[]>> = {
  amount_off: ['write_discounts'],
  percent_off: ['write_discounts'],
  free_shipping: ['write_discounts'],
  free_product: ['write_discounts', 'read_products'],
  coupon: ['write_discounts'],
  cashback: ['write_store_credit_account_transactions', 'read_store_credit_accounts'],
  store_credit: ['write_store_credit_account_transactions', 'read_store_credit_accounts'],
  gift_card: ['write_gift_cards'],
};

/** The permissions for a kind of reward that are not among those granted. */
export function permissionsMissing(kind: RewardKind, granted: ReadonlySet<string>): string[] {
  // Permission to write includes permission to read.
  return permissions[kind].filter(
    (scope) => !granted.has(scope) && !granted.has(scope.replace(/^read_/, 'write_')),
  );
}
