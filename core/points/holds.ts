import type { PoolClient } from 'pg';
import type {
  Balance,
  ConfirmHoldResponse,
  Entry,
  Hold,
  HoldPointsRequest,
  HoldPointsResponse,
} from '#proto/points/v1/points.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import {
  ENTRY_COLUMNS,
  newEntryId,
  readBalance,
  toEntryMessage,
  type EntryRow,
} from '../ledger/index.ts';
import { holdHeir } from '../members/identities.store.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import { DomainError, invalidInput, notFound } from '../shared/errors.ts';

/** A hold lives at most a day: longer than any redemption takes, short enough that a lost one is not missed. */
const MAX_HOLD_MS = 24 * 3_600_000;

interface HoldRow {
  hold_id: string;
  customer_id: string;
  points: number;
  status: string;
  purpose: string | null;
  transaction_id: string | null;
  expires_at: Date;
}

export interface Holds {
  hold(merchantId: string, request: HoldPointsRequest): Promise<HoldPointsResponse>;
  confirm(merchantId: string, holdId: string, actor: string): Promise<ConfirmHoldResponse>;
  release(merchantId: string, holdId: string, actor: string): Promise<HoldPointsResponse>;
  entryAndBalance(
    client: PoolClient,
    merchantId: string,
    customerId: string,
    transactionId: string,
  ): Promise<{ entry: Entry; balance: Balance | undefined }>;
}

/** Points set aside during a redemption: available = balance - held. */
export function createHolds({ pool, clock }: Pick<CoreDependencies, 'pool' | 'clock'>): Holds {
  async function readHold(client: PoolClient, merchantId: string, holdId: string): Promise<Hold> {
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

  async function readEntry(
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

  async function settle(
    client: PoolClient,
    merchantId: string,
    holdId: string,
    outcome: string,
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

  return {
    hold: (merchantId, request) =>
      withTenant(pool, merchantId, async (client) => {
        const expiresAt = new Date(request.expiresAt);
        const ahead = expiresAt.getTime() - clock().getTime();
        if (ahead <= 0 || ahead > MAX_HOLD_MS)
          throw invalidInput('expires_at', 'must be within the next 24 hours');
        const customerId = await holdHeir(client, merchantId, request.customerId);
        const { rows } = await client.query<{ status: string; hold_id: string | null }>(
          `SELECT status, hold_id FROM ledger_hold($1,$2,$3,$4,$5,$6,$7,$8)`,
          [
            newEntryId(),
            merchantId,
            customerId,
            request.points,
            request.idempotencyKey,
            request.purpose,
            expiresAt,
            clock(),
          ],
        );
        const row = rows[0];
        if (row?.status === 'unknown_customer') throw notFound('customer_id');
        if (row?.status === 'insufficient')
          throw new DomainError('insufficient_points', { field: 'points' });
        if (row?.status === 'conflict' || !row?.hold_id)
          throw new DomainError('idempotency_conflict', { field: 'idempotency_key' });
        return {
          hold: await readHold(client, merchantId, row.hold_id),
          balance: await readBalance(client, merchantId, customerId),
        };
      }),

    confirm: (merchantId, holdId, actor) =>
      withTenant(pool, merchantId, async (client) => {
        const hold = await settle(client, merchantId, holdId, 'confirmed', actor);
        return {
          hold,
          entry: await readEntry(client, merchantId, hold.transactionId),
          balance: await readBalance(client, merchantId, hold.customerId),
        };
      }),

    release: (merchantId, holdId, actor) =>
      withTenant(pool, merchantId, async (client) => {
        const hold = await settle(client, merchantId, holdId, 'released', actor);
        return { hold, balance: await readBalance(client, merchantId, hold.customerId) };
      }),

    entryAndBalance: async (client, merchantId, customerId, transactionId) => ({
      entry: await readEntry(client, merchantId, transactionId),
      balance: await readBalance(client, merchantId, customerId),
    }),
  };
}
