import type { Balance, Entry, Explanation } from '#proto/points/v1/points.ts';
import { jsonObject } from '../shared/stored-json.rules.ts';
import { integerPattern } from '../shared/cursor.rules.ts';
import type { Queryable } from '../database/queryable.ts';
import { ENTRY_TYPES, type EntryType, type ReasonCode } from '#vocabulary/ledger.ts';

/** A row of points_transactions as the readers below select it. */
export interface EntryRow {
  transaction_id: string;
  customer_id: string;
  type: string;
  points: number;
  sequence: number;
  balance_after: number;
  idempotency_key: string | null;
  source: string | null;
  reason: string | null;
  order_id: string | null;
  order_name: string | null;
  reverses_transaction_id: string | null;
  reversed_by_transaction_id: string | null;
  currency: string | null;
  expiry_date: Date | null;
  occurred_at: Date;
  created_at: Date;
  actor: string | null;
  metadata: Readonly<Record<string, unknown>>;
  /** Of the credit's lot, where entries are listed. */
  lot_remaining?: number | null;
  lot_expires_at?: Date | null;
}

export interface BalanceRow {
  customer_id: string;
  balance: number;
  held: number;
  debt: number;
  version: number;
  earned_total: number;
  spent_total: number;
  updated_at: Date | null;
  expiring_points: number | null;
  expiring_at: Date | null;
  /** As member_pending answers it; absent where it was not asked for. */
  pending?: PendingRow | null;
}

export interface PendingRow {
  readonly points: number;
  readonly orders: readonly {
    readonly order_id: string;
    readonly order_name: string | null;
    readonly points: number;
    readonly counts_at: string;
  }[];
}

/** Columns of an entry `t`; the name of its order and the entry that undid it come by key. */
export const ENTRY_COLUMNS = `t.transaction_id, t.customer_id, t.type, t.points, t.sequence, t.balance_after,
  t.idempotency_key, t.source, t.reason, t.order_id, t.reverses_transaction_id, t.currency, t.expiry_date,
  t.occurred_at, t.created_at, t.actor, t.metadata,
  (SELECT o.name FROM orders o WHERE o.merchant_id = t.merchant_id AND o.shopify_order_id = t.order_id) AS order_name,
  (SELECT r.transaction_id FROM points_transactions r
   WHERE r.merchant_id = t.merchant_id AND r.idempotency_key = 'reversal/' || t.transaction_id) AS reversed_by_transaction_id`;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const whole = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Why an entry is that many, from what was stored with it; never from today's rules. */
function explain(row: EntryRow): Explanation {
  const stored = row.metadata;
  const currency = row.currency ?? '';
  return {
    reasonCode: text(stored['reason_code']) || reasonCodeOf(row),
    base: text(stored['base']) ? { amount: text(stored['base']), currency } : undefined,
    rate: text(stored['rate']),
    multiplier: text(stored['multiplier']) || '1',
    multiplierSource: text(stored['multiplier_source']),
    rounding: text(stored['rounding']) || 'none',
    ruleVersion: whole(stored['rule_version']),
    refunded: text(stored['refunded']) ? { amount: text(stored['refunded']), currency } : undefined,
    awardPoints: whole(stored['award_points']),
    debtRepaid: whole(stored['debt_repaid']),
    debtIncurred: whole(stored['debt_incurred']),
    subject: subjectOf(row),
  };
}

/** Kept with the entry: a reward that is renamed later was still exchanged under its old name. */
function subjectOf({ type, reason, metadata }: EntryRow): Record<string, string> {
  const names = Object.entries(jsonObject(metadata['subject'])).filter(
    (name): name is [string, string] => typeof name[1] === 'string',
  );
  // The name of a campaign is stored where an adjustment has its reason; old entries have it only there.
  const isOfCampaign =
    type === 'campaign' || text(metadata['reason_code']) === 'campaign_taken_back';
  return { ...(isOfCampaign && reason && { '': reason }), ...Object.fromEntries(names) };
}

/** Of an entry that was stored without its reason. */
const reasonByType: Readonly<Record<EntryType, ReasonCode>> = {
  earn: 'awarded',
  redeem: 'redeemed',
  expire: 'expired',
  adjust: 'adjusted',
  import: 'imported',
  referral: 'awarded',
  campaign: 'awarded',
  reversal: 'awarded',
  writeoff: 'written_off',
};

function reasonCodeOf(row: EntryRow): ReasonCode {
  if (row.reverses_transaction_id) return 'adjustment_undone';
  if (row.type === 'adjust' && row.source === 'merge') return 'merged';
  const type = ENTRY_TYPES.find((known) => known === row.type);
  const reason = type === undefined ? 'awarded' : reasonByType[type];
  return reason === 'awarded' && row.source === 'signup' ? 'signup' : reason;
}

export function toEntryMessage(row: EntryRow): Entry {
  return {
    transactionId: row.transaction_id,
    customerId: row.customer_id,
    type: row.type,
    points: row.points,
    sequence: row.sequence,
    balanceAfter: row.balance_after,
    idempotencyKey: row.idempotency_key ?? '',
    source: row.source ?? '',
    reason: row.reason ?? '',
    orderId: row.order_id ?? '',
    orderName: row.order_name ?? '',
    reversesTransactionId: row.reverses_transaction_id ?? '',
    reversedByTransactionId: row.reversed_by_transaction_id ?? '',
    expiresAt: row.expiry_date?.toISOString() ?? '',
    occurredAt: row.occurred_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    actor: row.actor ?? '',
    explanation: explain(row),
    lotRemaining: row.lot_remaining ?? 0,
    lotExpiresAt: row.lot_remaining ? (row.lot_expires_at?.toISOString() ?? '') : '',
  };
}

/** @param pending what waits until it counts, also of a member who has no balance yet */
export function toBalanceMessage(
  customerId: string,
  row: BalanceRow | undefined,
  pending: PendingRow | null | undefined = row?.pending,
): Balance {
  const balance = row?.balance ?? 0;
  const held = row?.held ?? 0;
  return {
    customerId,
    balance,
    held,
    available: Math.max(0, balance - held),
    debt: row?.debt ?? 0,
    version: row?.version ?? 0,
    earnedTotal: row?.earned_total ?? 0,
    spentTotal: row?.spent_total ?? 0,
    expiringPoints: row?.expiring_points ?? 0,
    expiringAt: row?.expiring_at?.toISOString() ?? '',
    updatedAt: row?.updated_at?.toISOString() ?? '',
    pendingPoints: pending?.points ?? 0,
    pending: (pending?.orders ?? []).map((one) => ({
      orderId: one.order_id,
      orderName: one.order_name ?? '',
      points: one.points,
      countsAt: new Date(one.counts_at).toISOString(),
    })),
  };
}

/**
 * The balance of a member, with the points that expire next; undefined when there is no such member in the tenant.
 * The tenant must be set on the transaction.
 */
export async function readBalance(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<Balance | undefined> {
  const { rows } = await on.query<BalanceRow>(
    `SELECT c.customer_id, coalesce(b.balance, 0) AS balance, coalesce(b.held, 0) AS held, coalesce(b.debt, 0) AS debt,
            coalesce(b.version, 0) AS version, coalesce(b.earned_total, 0) AS earned_total,
            coalesce(b.spent_total, 0) AS spent_total, b.updated_at, l.points AS expiring_points, l.expires_at AS expiring_at,
            member_pending(c.merchant_id, c.customer_id) AS pending
     FROM customers c
     LEFT JOIN points_balances b ON b.merchant_id = c.merchant_id AND b.customer_id = c.customer_id
     LEFT JOIN LATERAL (
       SELECT p.expires_at, sum(p.remaining)::bigint AS points FROM point_lots p
       WHERE p.merchant_id = c.merchant_id AND p.customer_id = c.customer_id AND p.remaining > 0 AND p.expires_at IS NOT NULL
       GROUP BY p.expires_at ORDER BY p.expires_at LIMIT 1) l ON true
     WHERE c.merchant_id = $1 AND c.customer_id = $2`,
    [merchantId, customerId],
  );
  const row = rows[0];
  return row && toBalanceMessage(customerId, row);
}

/** Which of these business keys are written already. */
export async function keysWritten(
  on: Queryable,
  merchantId: string,
  keys: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await on.query<{ key: string }>(
    `SELECT idempotency_key AS key FROM points_transactions WHERE merchant_id = $1 AND idempotency_key = ANY($2)`,
    [merchantId, keys],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Whose account an entry was written to; undefined when there is none of that id. */
export async function memberOfEntry(
  on: Queryable,
  merchantId: string,
  transactionId: string,
): Promise<string | undefined> {
  const { rows } = await on.query<{ customer_id: string }>(
    'SELECT customer_id FROM points_transactions WHERE merchant_id = $1 AND transaction_id = $2',
    [merchantId, transactionId],
  );
  return rows[0]?.customer_id;
}

export interface EntryFilter {
  readonly merchantId: string;
  /** Absent: the whole tenant's activity, newest first. */
  readonly customerId?: string;
  readonly types?: readonly string[];
  /** Shopify's id of the order that they are about. */
  readonly orderId?: string;
  readonly cursor?: string;
  readonly pageSize: number;
}

/** A page of entries, newest first, and the cursor of the next one (empty on the last page). */
export async function listEntries(
  on: Queryable,
  filter: EntryFilter,
): Promise<{ entries: Entry[]; nextCursor: string }> {
  const values: unknown[] = [filter.merchantId, filter.pageSize + 1];
  const where = ['t.merchant_id = $1'];
  if (filter.types?.length) where.push(`t.type = ANY($${values.push(filter.types)})`);
  if (filter.orderId) where.push(`t.order_id = $${values.push(filter.orderId)}`);
  let order: string;
  if (filter.customerId) {
    where.push(`t.customer_id = $${values.push(filter.customerId)}`);
    if (filter.cursor) where.push(`t.sequence < $${values.push(sequenceIn(filter.cursor))}`);
    order = 't.sequence DESC';
  } else {
    if (filter.cursor) {
      const [at, id] = splitCursor(filter.cursor);
      where.push(`(t.created_at, t.transaction_id) < ($${values.push(at)}, $${values.push(id)})`);
    }
    order = 't.created_at DESC, t.transaction_id DESC';
  }
  const { rows } = await on.query<EntryRow & { cursor_at: string }>(
    `SELECT ${ENTRY_COLUMNS}, l.remaining AS lot_remaining, l.expires_at AS lot_expires_at, to_char(t.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS cursor_at
     FROM points_transactions t
     LEFT JOIN point_lots l ON l.merchant_id = t.merchant_id AND l.customer_id = t.customer_id AND l.sequence = t.sequence
     WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT $2`,
    values,
  );
  const page = rows.slice(0, filter.pageSize);
  const last = rows.length > filter.pageSize ? page.at(-1) : undefined;
  return {
    entries: page.map(toEntryMessage),
    nextCursor: !last
      ? ''
      : filter.customerId
        ? String(last.sequence)
        : `${last.cursor_at}_${last.transaction_id}`,
  };
}

/** What is no cursor of ours is the end of the list. */
function sequenceIn(cursor: string): string {
  return integerPattern.test(cursor) ? cursor : '0';
}

/** @returns the two halves of a tenant-wide cursor; nonsense gives a cursor before everything, thus an empty page. */
function splitCursor(cursor: string): [string, string] {
  const [at = '', id = ''] = cursor.split('_');
  const isValid = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(at) && /^[0-9a-f-]{36}$/.test(id);
  return isValid ? [at, id] : ['-infinity', '00000000-0000-0000-0000-000000000000'];
}
