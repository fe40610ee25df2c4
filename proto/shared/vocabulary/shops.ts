export const MERCHANT_STATUSES = ['active', 'suspended', 'trial'] as const;

export const PLANS = ['free', 'standard', 'plus', 'enterprise'] as const;
export type PlanCode = (typeof PLANS)[number];

/** How much of an allowance of the plan is used. */
export const ALLOWANCE_STANDINGS = ['fine', 'near', 'reached'] as const;
export type AllowanceStanding = (typeof ALLOWANCE_STANDINGS)[number];

/** The steps to a running program, in the order in which they are shown. */
export const SETUP_TASKS = ['launch_program', 'first_reward', 'add_widget'] as const;
export type SetupTaskName = (typeof SETUP_TASKS)[number];

export const SETUP_TASK_STATUSES = ['pending', 'completed', 'skipped'] as const;
export type SetupTaskStatus = (typeof SETUP_TASK_STATUSES)[number];

/** Every tip there is; what helps most comes first. */
export const TIPS = [
  'program_off',
  'first_reward',
  'show_widget',
  'win_back',
  'tiers',
  'campaign',
  'birthday',
  'expiry',
] as const;
export type TipId = (typeof TIPS)[number];

export const SYNC_STATUSES = ['queued', 'running', 'completed', 'failed'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];

export const SYNC_PHASES = ['customers', 'orders', 'done'] as const;

/** What a sync may have to leave out. */
export const SET_ASIDE_KINDS = ['customer', 'order'] as const;
export type SetAsideKind = (typeof SET_ASIDE_KINDS)[number];
