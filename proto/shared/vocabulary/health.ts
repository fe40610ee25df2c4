/** What Shopify lets us do in a shop: frozen shops come back by themselves, the others when their staff open the app. */
export const SHOP_ACCESS = ['connected', 'frozen', 'not_connected'] as const;
export type ShopAccess = (typeof SHOP_ACCESS)[number];

/** What may be wrong with how a shop is served, worst first. */
export const HEALTH_PROBLEMS = [
  'balances_broken',
  'not_connected',
  'orders_waiting',
  'deliveries_failed',
  'scopes_missing',
  'topics_missing',
  'reconcile_failed',
  'reconcile_late',
  'balances_unchecked',
  'points_slow',
  'orders_drifted',
  'frozen',
] as const;
export type HealthProblem = (typeof HEALTH_PROBLEMS)[number];

/** Those by which shoppers do not have points that are theirs, or will soon not have them. */
export const GRAVE_PROBLEMS = [
  'balances_broken',
  'not_connected',
  'orders_waiting',
] as const satisfies readonly HealthProblem[];
