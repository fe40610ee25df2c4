import type { Queryable } from '../database/queryable.ts';
import { newEntryId } from './entry-id.ts';
import type { HoldStatus } from '#vocabulary/ledger.ts';

export interface NewHold {
  readonly customerId: string;
  readonly points: number;
  /** The same key is always the same hold. */
  readonly key: string;
  readonly purpose: string;
  /** Then it expires, and its points are available again. */
  readonly expiresAt: Date;
}

/**
 * Sets points of a member aside: available = balance - held. The tenant must be set on the transaction.
 * @returns the hold's id, the same one for the same key, or why there is none: `unknown_customer`, `insufficient` or
 * `conflict` (the key was another hold's)
 */
export async function holdPoints(
  on: Queryable,
  merchantId: string,
  { customerId, points, key, purpose, expiresAt }: NewHold,
  now: Date,
): Promise<{ readonly status: string; readonly holdId: string | null }> {
  const { rows } = await on.query<{ status: string; hold_id: string | null }>(
    'SELECT status, hold_id FROM ledger_hold($1,$2,$3,$4,$5,$6,$7,$8)',
    [newEntryId(), merchantId, customerId, points, key, purpose, expiresAt, now],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('ledger_hold answered nothing');
  return { status: row.status, holdId: row.hold_id };
}

/**
 * Ends a hold: `confirmed` spends its points by an entry, `released` frees them.
 * @returns the entry, if there is one; of a hold that has ended otherwise the status is `conflict`, of none `unknown_hold`
 */
export async function settleHold(
  on: Queryable,
  merchantId: string,
  holdId: string,
  outcome: Extract<HoldStatus, 'confirmed' | 'released'>,
  actor: string,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly status: string; readonly transactionId: string | null }> {
  const { rows } = await on.query<{ status: string; transaction_id: string | null }>(
    'SELECT status, transaction_id FROM ledger_settle_hold($1,$2,$3,$4,$5,$6,$7)',
    [newEntryId(), merchantId, holdId, outcome, 'redemption', actor, JSON.stringify(metadata)],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('ledger_settle_hold answered nothing');
  return { status: row.status, transactionId: row.transaction_id };
}
