import type { Refusal } from '../../dashboard/refusal.ts';

/** What the forms of a customer's page are answered. */
export type CustomerAction =
  { ok: true; intent: 'adjust' | 'undo'; points: number; balance: number } | Refusal;
