import type { PoolClient } from 'pg';
import type { Hold, HoldPointsRequest } from '#proto/points/v1/points.ts';
import { newEntryId } from '../ledger/index.ts';
import { DomainError, notFound } from '../shared/errors.ts';
import type { HoldStatus } from '#vocabulary/ledger.ts';

interface HoldRow {
  hold_id: string;
  customer_id: string;
  points: number;
  status: string;
  purpose: string | null;
  transaction_id: string | null;
  expires_at: Date;
}

/** @throws DomainError not_found naming hold_id */
export async function readHold(
  client: PoolClient,
  merchantId: string,
  holdId: string,
): Promise<Hold> {
  const { rows } = await client.query<HoldRow>(
    `SELECT hold_id, customer_id, points, status, purpose, transaction_id, expires_at FROM point_holds
     WHERE merchant_id = $1 AND hold_id = $2`,
    [merchantId, holdId],
  );
  const row = rows[0];
  if (!row) throw notFound('hold_id');
  return {
    holdId: row.hold_id,
    customerId: row.customer_id,
    points: row.points,
    status: row.status,
    purpose: row.purpose ?? '',
    transactionId: row.transaction_id ?? '',
    expiresAt: row.expires_at.toISOString(),
  };
}

/**
 * Sets points of a member aside.
 * @returns the hold's id, the same one for the same key
 * @throws DomainError not_found, insufficient_points or idempotency_conflict, naming the field
 */
export async function setAside(
  client: PoolClient,
  merchantId: string,
  { customerId, points, idempotencyKey, purpose, expiresAt }: HoldPointsRequest,
  now: Date,
): Promise<string> {
  const { rows } = await client.query<{ status: string; hold_id: string | null }>(
    `SELECT status, hold_id FROM ledger_hold($1,$2,$3,$4,$5,$6,$7,$8)`,
    [
      newEntryId(),
      merchantId,
      customerId,
      points,
      idempotencyKey,
      purpose,
      new Date(expiresAt),
      now,
    ],
  );
  const row = rows[0];
  if (row?.status === 'unknown_customer') throw notFound('customer_id');
  if (row?.status === 'insufficient')
    throw new DomainError('insufficient_points', { field: 'points' });
  if (row?.status === 'conflict' || !row?.hold_id)
    throw new DomainError('idempotency_conflict', { field: 'idempotency_key' });
  return row.hold_id;
}

/**
 * Ends a hold: `confirmed` spends its points, `released` gives them back.
 * @throws DomainError not_found, or idempotency_conflict when the hold has ended the other way
 */
export async function settleHold(
  client: PoolClient,
  merchantId: string,
  holdId: string,
  outcome: Extract<HoldStatus, 'confirmed' | 'released'>,
  actor: string,
): Promise<Hold> {
  const { rows } = await client.query<{ status: string }>(
    `SELECT status FROM ledger_settle_hold($1,$2,$3,$4,$5,$6,$7)`,
    [newEntryId(), merchantId, holdId, outcome, 'redemption', actor, '{}'],
  );
  const status = rows[0]?.status;
  if (status === 'unknown_hold') throw notFound('hold_id');
  if (status === 'conflict')
    throw new DomainError('idempotency_conflict', {
      field: 'hold_id',
      message: 'the hold has ended otherwise',
    });
  return readHold(client, merchantId, holdId);
}
