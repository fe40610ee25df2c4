import type { Queryable } from '../database/queryable.ts';
import { inShopCurrency } from '../members/spending.store.ts';
import type {
  OrderRisk,
  ReferralChannel,
  ReferralRefusal,
  ReferralSignal,
  ReferralStatus,
  TraceKind,
} from '#vocabulary/referrals.ts';

/** A referral as it is stored, money as text. */
export interface ReferralRow {
  readonly referral_id: string;
  readonly referral_link_id: string;
  readonly advocate_customer_id: string;
  readonly friend_customer_id: string;
  readonly type: ReferralChannel;
  readonly status: ReferralStatus;
  readonly tier_level: number;
  readonly terms: unknown;
  readonly clicked_at: Date | null;
  readonly expires_at: Date;
  readonly goal_at: Date | null;
  readonly goal_order_id: string | null;
  readonly undone_at: Date | null;
  readonly completed_at: Date | null;
  readonly reversed_at: Date | null;
  readonly refusal: ReferralRefusal | null;
  readonly decision: 'approved' | 'denied' | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly score: number;
  readonly spoof_detection: { readonly reasons?: readonly ReferralSignal[] };
  readonly advocate_transaction_id: string | null;
  readonly friend_transaction_id: string | null;
  readonly advocate_points: number;
  readonly friend_points: number;
  readonly created_at: Date;
}

export const COLUMNS = `r.referral_id, r.referral_link_id, r.advocate_customer_id, r.friend_customer_id, r.type, r.status, r.tier_level,
  r.terms, r.clicked_at, r.expires_at, r.goal_at, r.goal_order_id, r.undone_at, r.completed_at, r.reversed_at, r.refusal,
  r.decision, r.decided_by, r.decided_at, r.score, r.spoof_detection, r.advocate_transaction_id, r.friend_transaction_id,
  r.advocate_points, r.friend_points, r.created_at`;

export interface NewReferral {
  readonly referralId: string;
  readonly linkId: string;
  readonly advocateId: string;
  readonly friendId: string;
  readonly channel: ReferralChannel;
  readonly terms: unknown;
  readonly clickId: string | null;
  readonly clickedAt: Date | null;
  readonly expiresAt: Date;
  readonly at: Date;
}

/** @returns whether the friend was no one's before */
export async function insertReferral(
  on: Queryable,
  merchantId: string,
  made: NewReferral,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `INSERT INTO referrals (merchant_id, referral_id, referral_link_id, advocate_customer_id, friend_customer_id, type,
       terms, click_id, clicked_at, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (merchant_id, friend_customer_id) DO NOTHING`,
    [
      merchantId,
      made.referralId,
      made.linkId,
      made.advocateId,
      made.friendId,
      made.channel,
      JSON.stringify(made.terms),
      made.clickId,
      made.clickedAt,
      made.expiresAt,
      made.at,
    ],
  );
  return rowCount === 1;
}

/** By its own id or by that of its friend, who has one at most. */
export async function findReferral(
  on: Queryable,
  merchantId: string,
  by: { readonly referralId: string } | { readonly friendId: string },
): Promise<ReferralRow | undefined> {
  const [column, id] =
    'friendId' in by ? ['friend_customer_id', by.friendId] : ['referral_id', by.referralId];
  const { rows } = await on.query<ReferralRow>(
    `SELECT ${COLUMNS} FROM referrals r WHERE r.merchant_id = $1 AND r.${column} = $2`,
    [merchantId, id],
  );
  return rows[0];
}

/** The advocates of these friends' referrals that may go on; of one referral, whatever its status, where `only` says so. */
export async function advocatesOf(
  on: Queryable,
  merchantId: string,
  friendIds: readonly string[],
  only: string | null,
): Promise<string[]> {
  const { rows } = await on.query<{ id: string }>(
    `SELECT DISTINCT r.advocate_customer_id AS id FROM referrals r
     WHERE r.merchant_id = $1 AND r.friend_customer_id = ANY ($2::uuid[])
       AND (r.referral_id = $3::uuid OR ($3::uuid IS NULL AND r.status IN ('pending', 'held', 'completed')))`,
    [merchantId, friendIds, only],
  );
  return rows.map((row) => row.id);
}

/** A referral with what the friend has done since, and what there is to compare. */
export interface ReviewedReferral extends ReferralRow {
  readonly has_account: boolean;
  readonly friend_since: Date;
  readonly is_gone: boolean;
  /** The friend was a customer, or had bought, before the visit. */
  readonly is_known_before: boolean;
  /** The friend's first order since that fulfils the terms. */
  readonly order_id: string | null;
  readonly ordered_at: Date | null;
  readonly order_net: string | null;
  /** Of the order that fulfils the terms, or did before. */
  readonly order_risk: OrderRisk | null;
  /** Of the order that fulfilled them before: whether it still does, and when it ceased to. */
  readonly goal_stands: boolean | null;
  readonly goal_ended_at: Date | null;
  readonly average_order: string | null;
  readonly is_email_disposable: boolean;
  readonly claims_that_day: number;
  /** Completed referrals of the advocate: ever, and in the 30 days before now. */
  readonly completed: number;
  readonly completed_lately: number;
}

/** A claim may be a day younger than the order that brought it. */
const LATE = `interval '1 day'`;
const SINCE = `coalesce(r.clicked_at, r.created_at - ${LATE})`;
/** Whether `c` was a customer then already: with an account, or by an order. Subscribers alone are not. */
const knownBefore = (
  account: string,
  order = account,
) => `((c.has_account AND c.created_at < ${account}) OR EXISTS (
         SELECT 1 FROM orders k WHERE k.merchant_id = $1 AND k.customer_id = c.customer_id
           AND k.ordered_at < ${order} AND NOT k.is_test))`;
const MIN_ORDER = `coalesce((r.terms->>'min_order')::numeric, 0)`;

/**
 * The referrals of these friends that may go on, locked, with all that decides of them.
 * @param only one referral, whatever its status, or null
 */
export async function lockForReview(
  on: Queryable,
  merchantId: string,
  friendIds: readonly string[],
  only: string | null,
  now: Date,
): Promise<ReviewedReferral[]> {
  const { rows } = await on.query<ReviewedReferral>(
    `SELECT ${COLUMNS}, c.has_account, c.created_at AS friend_since,
       c.redacted_at IS NOT NULL OR c.merged_into_customer_id IS NOT NULL AS is_gone,
       ${knownBefore(SINCE)} AS is_known_before,
       first.order_id, first.ordered_at, first.net AS order_net,
       CASE WHEN r.goal_order_id IS NULL OR r.status = 'pending' THEN first.risk ELSE goal.risk END AS order_risk,
       coalesce((r.terms->>'disposable')::boolean, false) AS is_email_disposable,
       goal.stands AS goal_stands, goal.ended_at AS goal_ended_at,
       (SELECT s.rfm_state->>'aov' FROM program_settings s WHERE s.merchant_id = $1
          AND s.rfm_state->>'basis' = 'orders') AS average_order,
       (SELECT count(*)::integer FROM referrals x WHERE x.merchant_id = $1
          AND x.advocate_customer_id = r.advocate_customer_id AND x.referral_id <> r.referral_id
          AND x.created_at > r.created_at - interval '1 day' AND x.created_at <= r.created_at) AS claims_that_day,
       (SELECT count(*)::integer FROM referrals x WHERE x.merchant_id = $1
          AND x.advocate_customer_id = r.advocate_customer_id AND x.status = 'completed') AS completed,
       (SELECT count(*)::integer FROM referrals x WHERE x.merchant_id = $1
          AND x.advocate_customer_id = r.advocate_customer_id AND x.status = 'completed'
          AND x.completed_at > $4::timestamptz - interval '30 days') AS completed_lately
     FROM referrals r
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = r.friend_customer_id
     LEFT JOIN LATERAL (
       SELECT o.shopify_order_id AS order_id, o.ordered_at, o.risk, (o.gross_subtotal - o.refunded)::text AS net FROM orders o
       WHERE o.merchant_id = $1 AND o.customer_id = r.friend_customer_id AND o.counts AND o.paid_at IS NOT NULL
         AND o.ordered_at >= ${SINCE} AND ${inShopCurrency('o')}
         AND o.gross_subtotal - o.refunded > 0 AND o.gross_subtotal - o.refunded >= ${MIN_ORDER}
       ORDER BY o.ordered_at, o.shopify_order_id LIMIT 1) first ON true
     LEFT JOIN LATERAL (
       SELECT o.counts AND o.customer_id = r.friend_customer_id AND o.gross_subtotal - o.refunded > 0
                AND o.gross_subtotal - o.refunded >= ${MIN_ORDER} AS stands,
              o.risk, coalesce(o.cancelled_at, (SELECT max((f.value->>'at')::timestamptz) FROM jsonb_each(o.refunds) f)) AS ended_at
       FROM orders o WHERE o.merchant_id = $1 AND o.shopify_order_id = r.goal_order_id) goal ON true
     WHERE r.merchant_id = $1
       AND r.friend_customer_id = ANY ($2::uuid[])
       AND (r.referral_id = $3::uuid OR ($3::uuid IS NULL AND r.status IN ('pending', 'held', 'completed')))
     ORDER BY r.referral_id FOR NO KEY UPDATE OF r`,
    [merchantId, friendIds, only, now],
  );
  return rows;
}

export interface SharedKind {
  readonly referral_id: string;
  readonly kind: TraceKind;
  readonly with_advocate: boolean;
  /** Other friends of the same advocate. */
  readonly others: number;
}

/** What friends have in common with their advocates, and with the advocates' other friends. */
export async function readSharedKinds(
  on: Queryable,
  merchantId: string,
  referralIds: readonly string[],
): Promise<SharedKind[]> {
  if (referralIds.length === 0) return [];
  const { rows } = await on.query<SharedKind>(
    `SELECT r.referral_id, t.kind, bool_or(o.customer_id = r.advocate_customer_id) AS with_advocate,
            count(DISTINCT x.friend_customer_id)::integer AS others
     FROM referrals r
     JOIN referral_traces t ON t.merchant_id = $1 AND t.customer_id = r.friend_customer_id
     JOIN referral_traces o ON o.merchant_id = $1 AND o.kind = t.kind AND o.trace_hash = t.trace_hash AND o.customer_id <> t.customer_id
     LEFT JOIN referrals x ON x.merchant_id = $1 AND x.friend_customer_id = o.customer_id
       AND x.advocate_customer_id = r.advocate_customer_id
     WHERE r.merchant_id = $1 AND r.referral_id = ANY ($2::uuid[])
     GROUP BY r.referral_id, t.kind`,
    [merchantId, referralIds],
  );
  return rows;
}

/** What a review changes of a referral. */
export interface ReferralChange {
  readonly referralId: string;
  readonly status: ReferralStatus;
  readonly refusal: ReferralRefusal | null;
  readonly goalAt: Date | null;
  readonly goalOrderId: string | null;
  readonly undoneAt: Date | null;
  readonly completedAt: Date | null;
  readonly reversedAt: Date | null;
  readonly level: number;
  readonly score: number;
  readonly signals: readonly ReferralSignal[];
  readonly advocate: { readonly transactionId: string | null; readonly points: number };
  readonly friend: { readonly transactionId: string | null; readonly points: number };
}

export async function writeReferral(
  on: Queryable,
  merchantId: string,
  change: ReferralChange,
): Promise<void> {
  await on.query(
    `UPDATE referrals r SET status = $3, refusal = $4, goal_at = $5, goal_order_id = $6, undone_at = $7,
       completed_at = $8, reversed_at = $9, tier_level = $10, score = $11,
       spoof_detection = jsonb_build_object('score', $11::integer, 'reasons', $12::jsonb),
       advocate_transaction_id = $13, advocate_points = $14, friend_transaction_id = $15, friend_points = $16
     WHERE r.merchant_id = $1 AND r.referral_id = $2`,
    [
      merchantId,
      change.referralId,
      change.status,
      change.refusal,
      change.goalAt,
      change.goalOrderId,
      change.undoneAt,
      change.completedAt,
      change.reversedAt,
      change.level,
      change.score,
      JSON.stringify(change.signals),
      change.advocate.transactionId,
      change.advocate.points,
      change.friend.transactionId,
      change.friend.points,
    ],
  );
}

export async function writeDecision(
  on: Queryable,
  merchantId: string,
  referralId: string,
  decided: { readonly decision: 'approved' | 'denied'; readonly by: string; readonly at: Date },
): Promise<void> {
  await on.query(
    `UPDATE referrals SET decision = $3, decided_by = $4, decided_at = $5
     WHERE merchant_id = $1 AND referral_id = $2`,
    [merchantId, referralId, decided.decision, decided.by, decided.at],
  );
}

/** Friends whose time is over, whose referral is to be looked at. @returns them */
export async function friendsOverdue(
  on: Queryable,
  merchantId: string,
  now: Date,
  limit: number,
): Promise<string[]> {
  const { rows } = await on.query<{ friend_customer_id: string }>(
    `SELECT r.friend_customer_id FROM referrals r
     WHERE r.merchant_id = $1 AND r.expires_at < $2
       AND (r.status = 'pending' OR (r.status = 'held' AND r.goal_at IS NULL AND r.undone_at IS NULL))
     ORDER BY r.expires_at LIMIT $3`,
    [merchantId, now, limit],
  );
  return rows.map((row) => row.friend_customer_id);
}

/** Codes that were given under these keys. */
export async function giftsByKey(
  on: Queryable,
  merchantId: string,
  keys: readonly string[],
): Promise<string[]> {
  const { rows } = await on.query<{ redemption_id: string }>(
    `SELECT i.redemption_id FROM reward_redemptions i
     WHERE i.merchant_id = $1 AND i.idempotency_key = ANY ($2) AND i.gift = 'referral'`,
    [merchantId, keys],
  );
  return rows.map((row) => row.redemption_id);
}

export interface FriendRow {
  readonly email: Buffer | null;
  readonly is_known_before: boolean;
}

/** A member who may become a friend; undefined when they were erased or merged away. */
export async function readFriend(
  on: Queryable,
  merchantId: string,
  customerId: string,
  since: { readonly account: Date; readonly order: Date },
): Promise<FriendRow | undefined> {
  const { rows } = await on.query<FriendRow>(
    `SELECT c.email,
       ${knownBefore('$3', '$4')} AS is_known_before
     FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = $2
       AND c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL`,
    [merchantId, customerId, since.account, since.order],
  );
  return rows[0];
}
