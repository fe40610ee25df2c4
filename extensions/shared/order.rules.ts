import type { Entry } from './contract.ts';

/** What an order earned, less deductions for refunds; null while the ledger has no entries for it. */
export const earnedOf = (entries: readonly Entry[]): number | null =>
  entries.length === 0 ? null : entries.reduce((sum, { points }) => sum + points, 0);
