/** The segments that every shop has, best first; a shop may make others of its own. `other`: those in none. */
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

export const LIFECYCLE_STAGES = ['new_lead', 'repeat_buyer', 'churned', 'vip'] as const;
export type LifecycleStage = (typeof LIFECYCLE_STAGES)[number];

/** What had a member scored. */
export const SCORE_TRIGGERS = ['order', 'schedule', 'config', 'import', 'manual'] as const;
export type ScoreTrigger = (typeof SCORE_TRIGGERS)[number];

/** What has all members of a shop scored. */
export const RESCORE_TRIGGERS = [
  'schedule',
  'config',
  'manual',
] as const satisfies readonly ScoreTrigger[];
export type RescoreTrigger = (typeof RESCORE_TRIGGERS)[number];

export const RECENCY_DECAYS = ['standard', 'subscription'] as const;
export type RecencyDecay = (typeof RECENCY_DECAYS)[number];

export const UPDATE_CADENCES = ['realtime', 'daily', 'weekly', 'monthly', 'quarterly'] as const;
export type UpdateCadence = (typeof UPDATE_CADENCES)[number];
