import type { PoolClient } from 'pg';
import type { ExplainBalanceResponse } from '#proto/points/v1/points.ts';
import { readBalance } from '../ledger/index.ts';
import { notFound } from '../shared/errors.ts';

interface Account {
  lines: { type: string; source: string | null; entries: number; points: number }[] | null;
  lots:
    | {
        sequence: number;
        points: number;
        remaining: number;
        expires_at: string | null;
        order_id: string | null;
        created_at: string;
      }[]
    | null;
}

/** One statement, so that lines and lots are of the same moment. */
const ACCOUNT = `SELECT
  (SELECT jsonb_agg(l) FROM (
     SELECT type, source, count(*) AS entries, sum(points) AS points FROM points_transactions
     WHERE merchant_id = $1 AND customer_id = $2 GROUP BY type, source ORDER BY min(sequence)) l) AS lines,
  (SELECT jsonb_agg(l) FROM (
     SELECT sequence, points, remaining, expires_at, order_id, created_at FROM point_lots
     WHERE merchant_id = $1 AND customer_id = $2 AND remaining > 0 ORDER BY expires_at NULLS LAST, sequence) l) AS lots,
  (SELECT balance FROM points_balances WHERE merchant_id = $1 AND customer_id = $2) AS balance,
  (SELECT debt FROM points_balances WHERE merchant_id = $1 AND customer_id = $2) AS debt`;

/**
 * Accounts for every point of a balance three ways: the sum of the lines, the sum of the lots less debt, and the
 * stored balance. `consistent` says whether they agree. The tenant must be set on the transaction.
 */
export async function explainBalance(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<ExplainBalanceResponse> {
  const balance = await readBalance(client, merchantId, customerId);
  if (!balance) throw notFound('customer_id');
  const { rows } = await client.query<Account & { balance: number | null; debt: number | null }>(
    ACCOUNT,
    [merchantId, customerId],
  );
  const lines = rows[0]?.lines ?? [];
  const lots = rows[0]?.lots ?? [];
  const stored = rows[0]?.balance ?? 0;
  const total = (rows: readonly number[]) => rows.reduce((sum, points) => sum + points, 0);
  return {
    balance,
    lines: lines.map((line) => ({ ...line, source: line.source ?? '' })),
    lots: lots.map((lot) => ({
      sequence: lot.sequence,
      points: lot.points,
      remaining: lot.remaining,
      expiresAt: lot.expires_at ? new Date(lot.expires_at).toISOString() : '',
      orderId: lot.order_id ?? '',
      createdAt: new Date(lot.created_at).toISOString(),
    })),
    consistent:
      total(lines.map((line) => line.points)) === stored &&
      total(lots.map((lot) => lot.remaining)) - (rows[0]?.debt ?? 0) === stored,
  };
}
