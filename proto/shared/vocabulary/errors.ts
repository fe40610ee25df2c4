/** Every way in which a call to core may fail on purpose. */
export const ERROR_CODES = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'plan_required',
  'not_found',
  'insufficient_points',
  'reward_unavailable',
  // The merchant excludes this customer from the program.
  'not_participating',
  'order_not_recorded',
  'idempotency_conflict',
  // Another user saved what this caller had open.
  'edit_conflict',
  'contention',
  'rate_limited',
  'payload_too_large',
  'resource_exhausted',
  'unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
