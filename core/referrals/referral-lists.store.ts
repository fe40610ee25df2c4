import type { PoolClient } from 'pg';
import type { Queryable } from '../database/queryable.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import { COLUMNS, type ReferralRow } from './referrals.store.ts';
import type { OrderRisk, ReferralChannel, TraceKind } from '#vocabulary/referrals.ts';

/** Referrals as the dashboard and their advocates see them. */

export interface ListedReferral extends ReferralRow {
  readonly order_name: string | null;
  readonly order_risk: OrderRisk | null;
  readonly advocate_first_name: Buffer | null;
  readonly advocate_last_name: Buffer | null;
  readonly advocate_email: Buffer | null;
  readonly friend_first_name: Buffer | null;
  readonly friend_last_name: Buffer | null;
  readonly friend_email: Buffer | null;
}

const LISTED = `SELECT ${COLUMNS}, go.name AS order_name, go.risk AS order_risk,
    a.first_name AS advocate_first_name, a.last_name AS advocate_last_name, a.email AS advocate_email,
    f.first_name AS friend_first_name, f.last_name AS friend_last_name, f.email AS friend_email
  FROM referrals r
  JOIN customers a ON a.merchant_id = r.merchant_id AND a.customer_id = r.advocate_customer_id
  JOIN customers f ON f.merchant_id = r.merchant_id AND f.customer_id = r.friend_customer_id
  LEFT JOIN orders go ON go.merchant_id = r.merchant_id AND go.shopify_order_id = r.goal_order_id`;

export function listReferrals(
  client: PoolClient,
  merchantId: string,
  filter: {
    readonly status: string;
    readonly advocateId: string;
    readonly friendId: string;
    readonly pageSize: number;
    readonly cursor: string;
  },
): Promise<{ rows: ListedReferral[]; nextCursor: string }> {
  const values: unknown[] = [merchantId];
  const where = ['r.merchant_id = $1'];
  if (filter.status !== '') where.push(`r.status = $${values.push(filter.status)}`);
  if (filter.advocateId !== '')
    where.push(`r.advocate_customer_id = $${values.push(filter.advocateId)}`);
  if (filter.friendId !== '') where.push(`r.friend_customer_id = $${values.push(filter.friendId)}`);
  return keysetPage<ListedReferral>(client, {
    select: LISTED,
    where,
    values,
    time: 'r.created_at',
    id: 'r.referral_id',
    idOf: (row) => row.referral_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
}

export async function findListed(
  on: Queryable,
  merchantId: string,
  referralId: string,
): Promise<ListedReferral | undefined> {
  const { rows } = await on.query<ListedReferral>(
    `${LISTED} WHERE r.merchant_id = $1 AND r.referral_id = $2`,
    [merchantId, referralId],
  );
  return rows[0];
}

export async function countHeld(on: Queryable, merchantId: string): Promise<number> {
  const { rows } = await on.query<{ held: number }>(
    `SELECT count(*)::integer AS held FROM referrals r WHERE r.merchant_id = $1 AND r.status = 'held'`,
    [merchantId],
  );
  return rows[0]?.held ?? 0;
}

export interface OwnReferral extends ReferralRow {
  readonly first_name: Buffer | null;
  readonly last_name: Buffer | null;
}

/** An advocate's own, newest first. */
export async function readOwnReferrals(
  on: Queryable,
  merchantId: string,
  advocateId: string,
  limit: number,
): Promise<OwnReferral[]> {
  const { rows } = await on.query<OwnReferral>(
    `SELECT ${COLUMNS}, f.first_name, f.last_name FROM referrals r
     JOIN customers f ON f.merchant_id = $1 AND f.customer_id = r.friend_customer_id
     WHERE r.merchant_id = $1 AND r.advocate_customer_id = $2
     ORDER BY r.created_at DESC, r.referral_id DESC LIMIT $3`,
    [merchantId, advocateId, limit],
  );
  return rows;
}

export async function countCompleted(
  on: Queryable,
  merchantId: string,
  advocateId: string,
): Promise<number> {
  const { rows } = await on.query<{ completed: number }>(
    `SELECT count(*)::integer AS completed FROM referrals r
     WHERE r.merchant_id = $1 AND r.advocate_customer_id = $2 AND r.status = 'completed'`,
    [merchantId, advocateId],
  );
  return rows[0]?.completed ?? 0;
}

export interface SharedRow {
  readonly kind: TraceKind;
  readonly customer_id: string;
  readonly role: 'advocate' | 'friend_of_advocate' | 'other';
  readonly seen_at: Date;
  readonly first_name: Buffer | null;
  readonly last_name: Buffer | null;
  readonly email: Buffer | null;
}

/** Who has a trace in common with the friend, of at most so many. */
export async function readShared(
  on: Queryable,
  merchantId: string,
  referral: Pick<ReferralRow, 'friend_customer_id' | 'advocate_customer_id'>,
  limit: number,
): Promise<SharedRow[]> {
  const { rows } = await on.query<SharedRow>(
    `SELECT t.kind, o.customer_id, o.seen_at, c.first_name, c.last_name, c.email,
       CASE WHEN o.customer_id = $3 THEN 'advocate'
            WHEN EXISTS (SELECT 1 FROM referrals x WHERE x.merchant_id = $1 AND x.friend_customer_id = o.customer_id
                         AND x.advocate_customer_id = $3) THEN 'friend_of_advocate'
            ELSE 'other' END AS role
     FROM referral_traces t
     JOIN referral_traces o ON o.merchant_id = $1 AND o.kind = t.kind AND o.trace_hash = t.trace_hash AND o.customer_id <> t.customer_id
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = o.customer_id
     WHERE t.merchant_id = $1 AND t.customer_id = $2
     ORDER BY o.customer_id = $3 DESC, o.seen_at DESC, o.customer_id, t.kind LIMIT $4`,
    [merchantId, referral.friend_customer_id, referral.advocate_customer_id, limit],
  );
  return rows;
}

export interface FunnelRow {
  readonly channel: ReferralChannel;
  readonly clicked: number;
  readonly claimed: number;
  /** Did what is asked, whatever came of it. */
  readonly reached: number;
  readonly completed: number;
  readonly held: number;
  readonly reversed: number;
  /** Decimal, of the orders that completed them, less refunds. */
  readonly revenue: string;
}

/** What began in a period, by channel. */
export async function readFunnel(
  on: Queryable,
  merchantId: string,
  since: Date,
): Promise<FunnelRow[]> {
  const { rows } = await on.query<FunnelRow>(
    `WITH clicks AS (
       SELECT e.metadata->>'channel' AS channel, count(*)::integer AS clicked FROM referral_events e
       WHERE e.merchant_id = $1 AND e.action = 'click' AND e.created_at >= $2 GROUP BY 1
     ), claims AS (
       SELECT r.type AS channel, count(*)::integer AS claimed,
              count(*) FILTER (WHERE r.goal_at IS NOT NULL OR r.undone_at IS NOT NULL)::integer AS reached,
              count(*) FILTER (WHERE r.status = 'completed')::integer AS completed,
              count(*) FILTER (WHERE r.status = 'held')::integer AS held,
              count(*) FILTER (WHERE r.status = 'reversed')::integer AS reversed,
              coalesce(sum(o.gross_subtotal - o.refunded) FILTER (WHERE r.status = 'completed'), 0)::text AS revenue
       FROM referrals r
       LEFT JOIN orders o ON o.merchant_id = $1 AND o.shopify_order_id = r.goal_order_id
       WHERE r.merchant_id = $1 AND r.created_at >= $2 GROUP BY 1
     )
     SELECT channel, coalesce(c.clicked, 0) AS clicked, coalesce(k.claimed, 0) AS claimed,
            coalesce(k.reached, 0) AS reached,
            coalesce(k.completed, 0) AS completed, coalesce(k.held, 0) AS held, coalesce(k.reversed, 0) AS reversed,
            coalesce(k.revenue, '0') AS revenue
     FROM clicks c FULL JOIN claims k USING (channel)`,
    [merchantId, since],
  );
  return rows;
}

export async function countAdvocates(on: Queryable, merchantId: string): Promise<number> {
  const { rows } = await on.query<{ advocates: number }>(
    `SELECT count(*)::integer AS advocates FROM referral_links l WHERE l.merchant_id = $1 AND l.status = 'active'`,
    [merchantId],
  );
  return rows[0]?.advocates ?? 0;
}
