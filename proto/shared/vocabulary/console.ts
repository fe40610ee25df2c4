export const ADMIN_ROLES = ['superadmin', 'support', 'analyst'] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

export const ADMIN_STATUSES = ['active', 'disabled'] as const;

/** What is left to do to be signed in. */
export const SIGN_IN_STAGES = ['second_factor', 'new_password', 'enrolment', 'signed_in'] as const;
export type SignInStage = (typeof SIGN_IN_STAGES)[number];

/** What a person may do in the console. */
export const CONSOLE_SCOPES = [
  'admin:full_access',
  'admin:overview',
  'admin:logs',
  'admin:queues',
] as const;
export type ConsoleScope = (typeof CONSOLE_SCOPES)[number];

/** What can be done with jobs that failed. */
export const QUEUE_ACTS = ['retry', 'discard'] as const;
