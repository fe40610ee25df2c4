/** The segments that every shop has, best first; a shop may make others of its own. */
export const SEGMENTS = [
  'champions',
  'loyal',
  'at_risk',
  'new',
  'inactive',
  'vip',
  'at_risk_high_value',
  'other',
] as const;
export type Segment = (typeof SEGMENTS)[number];
