/** How a figure compares with the period before. */
export type Change =
  | { readonly kind: 'up' | 'down'; readonly by: number }
  | { readonly kind: 'same' }
  /** There was nothing before: no percentage of nothing. */
  | { readonly kind: 'new' };

/**
 * @param before of the period before, not negative
 * @returns `by` as a ratio of it, to be shown as a percentage: less than half a percent is no change
 */
export function changeFrom(now: number, before: number): Change {
  if (before <= 0) return now > 0 ? { kind: 'new' } : { kind: 'same' };
  return signed((now - before) / before);
}

/** Of two rates: the difference of both, and no ratio of ratios. Null: there was no rate. */
export function changeOfRate(now: number | null, before: number | null): Change {
  if (now === null) return { kind: 'same' };
  return before === null ? { kind: 'new' } : signed(now - before);
}

function signed(by: number): Change {
  if (Math.abs(by) < 0.005) return { kind: 'same' };
  return by > 0 ? { kind: 'up', by } : { kind: 'down', by: -by };
}

/** Null where there is nothing to have a rate of. */
export const rateOf = (part: number, whole: number): number | null =>
  whole > 0 ? part / whole : null;
