import type { Entry } from './contract.ts';

/** What an order brought, less what refunds took back; null while the ledger has nothing of it. */
export const earnedOf = (entries: readonly Entry[]): number | null =>
  entries.length === 0 ? null : entries.reduce((sum, { points }) => sum + points, 0);
