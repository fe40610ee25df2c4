/** What a tier is reached by. */
export const TIER_BASES = ['spend', 'points', 'any', 'all'] as const;
export type TierBasis = (typeof TIER_BASES)[number];

/** What counts towards a tier. */
export const TIER_PERIODS = ['lifetime', 'calendar_year', 'rolling_365'] as const;
export type TierPeriod = (typeof TIER_PERIODS)[number];

export const TIER_SET_STATUSES = ['draft', 'published', 'superseded'] as const;
export type TierSetStatus = (typeof TIER_SET_STATUSES)[number];

export const TIER_CHANGE_DIRECTIONS = ['up', 'down'] as const;
export type TierChangeDirection = (typeof TIER_CHANGE_DIRECTIONS)[number];

export const TIER_CHANGE_REASONS = ['reached', 'tiers_changed', 'grace_over', 'no_grace'] as const;
export type TierChangeReason = (typeof TIER_CHANGE_REASONS)[number];

/** Whose list a preview answers. */
export const TIER_MOVES = ['rise', 'fall'] as const;
export type TierMove = (typeof TIER_MOVES)[number];
