/**
 * The folders of core, in the order in which they build on each other: each imports from those before it and from none
 * after it. ARCHITECTURE.md says what each is for; `.dependency-cruiser.cjs` holds the code to it.
 */
module.exports = [
  'database',
  'shared',
  'ledger',
  'call',
  'members',
  'program',
  'merchants',
  'inbox',
  'rewards',
  'tiers',
  'campaigns',
  'earning',
  'orders',
  'points',
  'rfm',
  'referrals',
  'member-review',
  'simulator',
  'reports',
  'customers',
  'privacy',
  'activity',
  'tips',
  'shop-health',
  'storefront',
  'operations',
  'console',
  'rpc',
];
