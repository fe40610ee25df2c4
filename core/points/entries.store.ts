import type { PoolClient } from 'pg';
import type { Balance, Entry } from '#proto/points/v1/points.ts';
import { ENTRY_COLUMNS, readBalance, toEntryMessage, type EntryRow } from '../ledger/index.ts';
import { notFound } from '../shared/errors.ts';

/** @throws DomainError not_found naming transaction_id */
export async function readEntry(
  client: PoolClient,
  merchantId: string,
  transactionId: string,
): Promise<Entry> {
  const { rows } = await client.query<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM points_transactions t WHERE t.merchant_id = $1 AND t.transaction_id = $2`,
    [merchantId, transactionId],
  );
  if (!rows[0]) throw notFound('transaction_id');
  return toEntryMessage(rows[0]);
}

/** What a caller gets of an entry that was just made. */
export async function readEntryAndBalance(
  client: PoolClient,
  merchantId: string,
  customerId: string,
  transactionId: string,
): Promise<{ entry: Entry; balance: Balance | undefined }> {
  return {
    entry: await readEntry(client, merchantId, transactionId),
    balance: await readBalance(client, merchantId, customerId),
  };
}

/** What decides whether staff may undo an entry. */
export interface UndoableEntry {
  readonly customer_id: string;
  readonly source: string | null;
  readonly type: string;
  /** The member's account was merged into another, or erased. */
  readonly is_closed: boolean;
}

export async function readUndoable(
  client: PoolClient,
  merchantId: string,
  transactionId: string,
): Promise<UndoableEntry | undefined> {
  const { rows } = await client.query<UndoableEntry>(
    `SELECT t.customer_id, t.source, t.type, b.closed_at IS NOT NULL AS is_closed FROM points_transactions t
     LEFT JOIN points_balances b ON b.merchant_id = t.merchant_id AND b.customer_id = t.customer_id
     WHERE t.merchant_id = $1 AND t.transaction_id = $2`,
    [merchantId, transactionId],
  );
  return rows[0];
}
