import type { Refusal } from '../../dashboard/refusal.ts';

/** What the forms of the VIP page are answered. */
export type TiersAction =
  | {
      readonly ok: true;
      readonly intent: 'draft' | 'publish' | 'discard' | 'restore';
      readonly version: number;
    }
  | Refusal;
