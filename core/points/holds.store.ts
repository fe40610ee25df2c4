import type { PoolClient } from 'pg';
import type { Hold } from '#proto/points/v1/points.ts';
import { notFound } from '../shared/errors.ts';

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
