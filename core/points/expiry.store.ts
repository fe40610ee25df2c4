import type { Pool, PoolClient } from 'pg';
import type {
  ExpiringMember,
  ExpiryDay,
  ExpiryExtension,
  ExpiryMonth,
} from '#proto/points/v1/expiry.ts';
import { decryptName, type EncryptedName } from '../members/customer-encryption.ts';
import type { Encryption } from '../shared/encryption.ts';
import { newEntryId } from '../ledger/index.ts';
import { decodeCursor, encodeCursor, integerPattern } from '../shared/cursor.rules.ts';

const MAX_DAYS = 100;
const MAX_MONTHS = 24;
const MAX_EXTENSIONS = 20;
/** How far ahead expiration is announced. */
const NOTICE_DAYS = 30;

const LIVE = 'l.merchant_id = $1 AND l.remaining > 0';
const inShopTime = (part: 'day' | 'month') =>
  `date_trunc('${part}', l.expires_at AT TIME ZONE m.timezone)`;

/** What expires when, by the shop's days; lots that never expire are separate. */
export async function readExpirySchedule(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<{ days: ExpiryDay[]; neverExpiring: number }> {
  const { rows } = await client.query<{ expires_at: Date | null; points: number }>(
    `SELECT min(l.expires_at) AS expires_at, sum(l.remaining)::bigint AS points
     FROM point_lots l JOIN merchants m ON m.merchant_id = l.merchant_id
     WHERE ${LIVE} AND l.customer_id = $2
     GROUP BY ${inShopTime('day')} ORDER BY 1 NULLS LAST`,
    [merchantId, customerId],
  );
  return {
    days: rows
      .slice(0, MAX_DAYS)
      .flatMap(({ expires_at, points }) =>
        expires_at === null ? [] : [{ expiresAt: expires_at.toISOString(), points }],
      ),
    neverExpiring: rows.find(({ expires_at }) => expires_at === null)?.points ?? 0,
  };
}

export async function readExpiryMonths(
  client: PoolClient,
  merchantId: string,
): Promise<{ months: ExpiryMonth[]; neverExpiring: number }> {
  const { rows } = await client.query<{ month: string | null; points: number; members: number }>(
    `SELECT to_char(${inShopTime('month')}, 'YYYY-MM') AS month, sum(l.remaining)::bigint AS points,
            count(DISTINCT l.customer_id) AS members
     FROM point_lots l JOIN merchants m ON m.merchant_id = l.merchant_id
     WHERE ${LIVE} GROUP BY 1 ORDER BY 1 NULLS LAST`,
    [merchantId],
  );
  return {
    months: rows
      .slice(0, MAX_MONTHS)
      .flatMap(({ month, ...rest }) => (month === null ? [] : [{ month, ...rest }])),
    neverExpiring: rows.find(({ month }) => month === null)?.points ?? 0,
  };
}

/** The first and the last moment of a month of the shop's. */
export async function monthOf(
  client: PoolClient,
  merchantId: string,
  month: string,
): Promise<{ from: Date; before: Date }> {
  const { rows } = await client.query<{ from: Date; before: Date }>(
    `SELECT $2::timestamp AT TIME ZONE m.timezone AS "from",
            ($2::timestamp + interval '1 month') AT TIME ZONE m.timezone AS before
     FROM merchants m WHERE m.merchant_id = $1`,
    [merchantId, `${month}-01`],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the tenant is gone');
  return row;
}

/** Who loses what within a month, those with the most first. */
export async function listExpiringMembers(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  question: { readonly month: string; readonly pageSize: number; readonly cursor: string },
): Promise<{ members: ExpiringMember[]; nextCursor: string }> {
  const { pageSize, cursor } = question;
  const { from, before } = await monthOf(client, merchantId, question.month);
  const after = cursor === '' ? ['', ''] : decodeCursor(cursor, integerPattern, UUID);
  if (after === undefined) return { members: [], nextCursor: '' };
  const { rows } = await client.query<
    EncryptedName & { customer_id: string; points: number; first: Date }
  >(
    `SELECT e.customer_id, e.points, e.first, c.first_name, c.last_name
     FROM (SELECT l.customer_id, sum(l.remaining)::bigint AS points, min(l.expires_at) AS first FROM point_lots l
           WHERE ${LIVE} AND l.expires_at >= $2 AND l.expires_at < $3 GROUP BY l.customer_id) e
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = e.customer_id
     WHERE $4 = '' OR (-e.points, e.customer_id) > (-nullif($4, '')::bigint, nullif($5, '')::uuid)
     ORDER BY e.points DESC, e.customer_id LIMIT $6`,
    [merchantId, from, before, after[0], after[1], pageSize + 1],
  );
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  return {
    members: page.map((row) => ({
      customerId: row.customer_id,
      name: decryptName(encryption, merchantId, row.customer_id, row),
      points: row.points,
      firstExpiresAt: row.first.toISOString(),
    })),
    nextCursor: last === undefined ? '' : encodeCursor(String(last.points), last.customer_id),
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface ExtensionRow {
  extension_id: string;
  days: number;
  lapsing_before: Date;
  members: number;
  points: number;
  created_at: Date;
  undone_at: Date | null;
  customer_id: string | null;
}

const EXTENSION_COLUMNS =
  'extension_id, days, lapsing_before, members, points, created_at, undone_at, customer_id';

const toExtension = (row: ExtensionRow): ExpiryExtension => ({
  extensionId: row.extension_id,
  days: row.days,
  lapsingBefore: row.lapsing_before.toISOString(),
  members: row.members,
  points: row.points,
  createdAt: row.created_at.toISOString(),
  undoneAt: row.undone_at?.toISOString() ?? '',
  customerId: row.customer_id ?? '',
});

export async function readExtension(
  client: PoolClient,
  merchantId: string,
  extensionId: string,
): Promise<ExpiryExtension | undefined> {
  const { rows } = await client.query<ExtensionRow>(
    `SELECT ${EXTENSION_COLUMNS} FROM expiry_extensions WHERE merchant_id = $1 AND extension_id = $2`,
    [merchantId, extensionId],
  );
  return rows[0] && toExtension(rows[0]);
}

/** Extensions by staff, newest first. */
export async function listExtensions(
  client: PoolClient,
  merchantId: string,
): Promise<ExpiryExtension[]> {
  const { rows } = await client.query<ExtensionRow>(
    `SELECT ${EXTENSION_COLUMNS} FROM expiry_extensions WHERE merchant_id = $1
     ORDER BY created_at DESC, extension_id DESC LIMIT ${MAX_EXTENSIONS}`,
    [merchantId],
  );
  return rows.map(toExtension);
}

export interface Extension {
  readonly customerId: string;
  readonly before: Date;
  readonly days: number;
  readonly key: string;
  readonly now: Date;
  readonly actor: string;
}

export async function extendLots(
  client: PoolClient,
  merchantId: string,
  { customerId, before, days, key, now, actor }: Extension,
): Promise<{ status: string; extension_id: string | null; members: number; points: number }> {
  const { rows } = await client.query<{
    status: string;
    extension_id: string | null;
    members: number;
    points: number;
  }>('SELECT * FROM ledger_extend_lots($1, $2, $3, $4, $5, $6, $7, $8)', [
    merchantId,
    newEntryId(),
    key,
    customerId === '' ? null : customerId,
    before,
    days,
    now,
    actor,
  ]);
  const row = rows[0];
  if (row === undefined) throw new Error('the ledger gave no answer');
  return row;
}

export async function undoExtension(
  client: PoolClient,
  merchantId: string,
  extensionId: string,
  now: Date,
  actor: string,
): Promise<string> {
  const { rows } = await client.query<{ status: string }>(
    'SELECT ledger_undo_extension($1, $2, $3, $4) AS status',
    [merchantId, extensionId, now, actor],
  );
  return rows[0]?.status ?? 'unknown';
}

/** Extends points where earning keeps them alive: of the given members, or of all whose lots expire before a moment. */
export async function extendByEarning(
  client: PoolClient,
  merchantId: string,
  whose: readonly string[] | Date,
  days: number,
): Promise<void> {
  const [members, before] = whose instanceof Date ? [null, whose] : [whose, null];
  await client.query('SELECT ledger_extend_by_earning($1, $2, $3, $4)', [
    merchantId,
    members,
    before,
    days,
  ]);
}

interface Expired {
  readonly members: number;
  readonly points: number;
  readonly more: boolean;
  /** Who could not be dealt with, and PostgreSQL's code of the reason. */
  readonly leftOut: readonly { readonly customerId: string; readonly code: string }[];
}

/** Expires what is due, of a number of members in one call; one who cannot be dealt with is left out. */
export async function expireDue(
  pool: Pool,
  merchantId: string,
  now: Date,
  limit: number,
): Promise<Expired> {
  const { rows } = await pool.query<{
    members: number;
    points: number;
    more: boolean;
    left_out: { customer_id: string; code: string }[];
  }>('SELECT * FROM ledger_expire($1, $2, $3)', [merchantId, now, limit]);
  const [row] = rows;
  if (row === undefined) throw new Error('the ledger gave no answer');
  const { left_out: leftOut, ...expired } = row;
  return {
    ...expired,
    leftOut: leftOut.map(({ customer_id: customerId, code }) => ({ customerId, code })),
  };
}

/** Until when lots are announced today. */
export const noticeHorizon = (now: Date): Date =>
  new Date(now.getTime() + NOTICE_DAYS * 86_400_000);

/** Writes an event for each member and day with lots that expire soon and were not announced; each lot and date once. */
export async function writeNotices(
  client: PoolClient,
  merchantId: string,
  now: Date,
  limit: number,
): Promise<{ lots: number; members: number }> {
  const { rows } = await client.query<{ lots: number; members: number }>(
    `WITH due AS (
       SELECT l.customer_id, l.sequence, l.expires_at, l.remaining FROM point_lots l
       WHERE ${LIVE} AND l.expires_at > $2 AND l.expires_at <= $3
         AND NOT EXISTS (SELECT 1 FROM expiry_notices n
                         WHERE n.merchant_id = $1 AND n.customer_id = l.customer_id AND n.sequence = l.sequence
                           AND n.expires_at = l.expires_at)
       ORDER BY l.expires_at, l.customer_id, l.sequence LIMIT $4
     ), told AS (
       INSERT INTO expiry_notices (merchant_id, customer_id, sequence, expires_at, points)
       SELECT $1, d.customer_id, d.sequence, d.expires_at, d.remaining FROM due d
       ON CONFLICT DO NOTHING RETURNING customer_id, expires_at, points
     ), events AS (
       INSERT INTO outbox_events (merchant_id, kind, payload)
       SELECT $1, 'points.expiring', jsonb_build_object('customer_id', t.customer_id, 'points', sum(t.points),
                'expires_at', to_char(min(t.expires_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       FROM told t JOIN merchants m ON m.merchant_id = $1
       GROUP BY t.customer_id, date_trunc('day', t.expires_at AT TIME ZONE m.timezone)
     )
     SELECT count(*) AS lots, count(DISTINCT customer_id) AS members FROM told`,
    [merchantId, now, noticeHorizon(now), limit],
  );
  return rows[0] ?? { lots: 0, members: 0 };
}
