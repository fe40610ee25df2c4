import type { Refusal } from '../../dashboard/refusal.ts';

/** What the forms of the page are answered. */
export type ExpiryAction =
  | {
      readonly ok: true;
      readonly intent: 'extend' | 'undo';
      readonly members: number;
      readonly points: number;
    }
  | Refusal;
