import type { Queryable } from '../database/queryable.ts';
import type { ReferralChannel, TraceKind } from '#vocabulary/referrals.ts';

export interface LinkRow {
  readonly referral_link_id: string;
  readonly advocate_customer_id: string;
  readonly referral_code: string;
  readonly status: 'active' | 'disabled';
}

/** The advocate's link in force; made with this code where there is none. Two calls at once make one. */
export async function ensureLink(
  on: Queryable,
  merchantId: string,
  customerId: string,
  code: string,
): Promise<LinkRow> {
  await on.query(
    `INSERT INTO referral_links (merchant_id, advocate_customer_id, referral_code) VALUES ($1, $2, $3)
     ON CONFLICT (merchant_id, advocate_customer_id) WHERE status = 'active' DO NOTHING`,
    [merchantId, customerId, code],
  );
  const link = await findLinkOf(on, merchantId, customerId);
  if (link === undefined) throw new Error('a link that was just made is missing');
  return link;
}

export async function findLinkOf(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<LinkRow | undefined> {
  const { rows } = await on.query<LinkRow>(
    `SELECT l.referral_link_id, l.advocate_customer_id, l.referral_code, l.status FROM referral_links l
     WHERE l.merchant_id = $1 AND l.advocate_customer_id = $2 AND l.status = 'active'`,
    [merchantId, customerId],
  );
  return rows[0];
}

/** A code of this shop, in force or not. Codes are written in capitals. */
export async function findLink(
  on: Queryable,
  merchantId: string,
  code: string,
): Promise<LinkRow | undefined> {
  const { rows } = await on.query<LinkRow>(
    `SELECT l.referral_link_id, l.advocate_customer_id, l.referral_code, l.status FROM referral_links l
     WHERE l.referral_code = $2 AND l.merchant_id = $1`,
    [merchantId, code.trim().toUpperCase()],
  );
  return rows[0];
}

export interface Click {
  readonly clickId: string;
  readonly code: string;
  readonly channel: ReferralChannel;
  readonly at: Date;
}

/**
 * Counts visits by links that are in force. Calls at once that have links or visits in common take both in one order, so
 * that none waits for another that waits for it.
 * @returns how many are new
 */
export async function countClicks(
  on: Queryable,
  merchantId: string,
  clicks: readonly Click[],
): Promise<number> {
  const { rows } = await on.query<{ counted: number }>(
    `WITH told AS (
       SELECT DISTINCT ON (u.click_id) u.click_id, upper(u.code) AS code, u.channel, u.at
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS u(click_id, code, channel, at)
       ORDER BY u.click_id
     ), made AS (
       INSERT INTO referral_events (merchant_id, event_id, referral_link_id, action, metadata, created_at)
       SELECT $1, t.click_id, l.referral_link_id, 'click', jsonb_build_object('channel', t.channel), t.at
       FROM told t JOIN referral_links l ON l.referral_code = t.code AND l.merchant_id = $1 AND l.status = 'active'
       ORDER BY t.click_id
       ON CONFLICT (merchant_id, event_id) DO NOTHING RETURNING referral_link_id, created_at
     ), sums AS (
       SELECT m.referral_link_id, count(*) AS clicks, max(m.created_at) AS at FROM made m GROUP BY 1
     ), locked AS (
       SELECT l.referral_link_id, s.clicks, s.at FROM referral_links l JOIN sums s USING (referral_link_id)
       WHERE l.merchant_id = $1 ORDER BY l.referral_link_id FOR NO KEY UPDATE OF l
     ), counted AS (
       UPDATE referral_links l SET click_count = l.click_count + k.clicks,
         last_viewed_at = greatest(l.last_viewed_at, k.at)
       FROM locked k WHERE l.merchant_id = $1 AND l.referral_link_id = k.referral_link_id
     )
     SELECT count(*)::integer AS counted FROM made`,
    [
      merchantId,
      clicks.map(({ clickId }) => clickId),
      clicks.map(({ code }) => code),
      clicks.map(({ channel }) => channel),
      clicks.map(({ at }) => at),
    ],
  );
  return rows[0]?.counted ?? 0;
}

/** When a visit by this link was, if it was counted. */
export async function clickedAt(
  on: Queryable,
  merchantId: string,
  linkId: string,
  clickId: string,
): Promise<{ at: Date; channel: string } | undefined> {
  const { rows } = await on.query<{ at: Date; channel: string }>(
    `SELECT e.created_at AS at, e.metadata->>'channel' AS channel FROM referral_events e
     WHERE e.merchant_id = $1 AND e.event_id = $2 AND e.referral_link_id = $3 AND e.action = 'click'`,
    [merchantId, clickId, linkId],
  );
  return rows[0];
}

/** Keeps what a member left behind, for 90 days from when it was last seen. */
export async function keepTraces(
  on: Queryable,
  merchantId: string,
  customerId: string,
  traces: ReadonlyMap<TraceKind, Buffer>,
): Promise<void> {
  if (traces.size === 0) return;
  await on.query(
    `INSERT INTO referral_traces AS t (merchant_id, customer_id, kind, trace_hash)
     SELECT $1, $2, u.kind, u.hash FROM unnest($3::text[], $4::bytea[]) AS u(kind, hash) ORDER BY u.kind
     ON CONFLICT (merchant_id, customer_id, kind, trace_hash) DO UPDATE SET seen_at = now()`,
    [merchantId, customerId, [...traces.keys()], [...traces.values()]],
  );
}

export interface AdvocateRow {
  readonly customer_id: string;
  readonly first_name: Buffer | null;
  readonly email: Buffer | null;
}

/** Whose link it is; undefined when they were erased or merged away. */
export async function readAdvocate(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<AdvocateRow | undefined> {
  const { rows } = await on.query<AdvocateRow>(
    `SELECT c.customer_id, c.first_name, c.email FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = $2 AND c.redacted_at IS NULL
       AND c.merged_into_customer_id IS NULL`,
    [merchantId, customerId],
  );
  return rows[0];
}
