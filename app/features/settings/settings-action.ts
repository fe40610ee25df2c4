import type { Refusal } from '../../dashboard/refusal.ts';

/** What the forms of the settings page are answered. */
export type SettingsAction =
  | { ok: true; intent: 'save' }
  | { ok: true; intent: 'download'; requestId: string; exportJson: string }
  | Refusal;
