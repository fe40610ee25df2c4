/** Effects that leave the database: what core writes to the outbox and the worker carries out. */
export const OUTBOX_EVENTS = [
  'points.changed',
  'points.expiring',
  'customer.created',
  'redemption.changed',
  'rewards.updated',
  'program.updated',
  'content.updated',
  'settings.updated',
  'tier.changed',
  'tiers.published',
  'segment.changed',
  'rfm.recalculate',
  'campaign.changed',
  'campaign.triggered',
  'merchant.installed',
  'setup.task_completed',
  'setup.completed',
  'onboarding.completed',
  'plan.limit_near',
  'gdpr.ready',
] as const;
export type OutboxEventKind = (typeof OUTBOX_EVENTS)[number];
