/** What can be asked for; the order in which the filter offers it. */
export const LOG_KINDS = [
  'earned',
  'taken_back',
  'adjusted',
  'expired',
  'rewards',
  'tiers',
  'changes',
] as const;
