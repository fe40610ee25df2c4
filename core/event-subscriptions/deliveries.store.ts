import type { PoolClient } from 'pg';
import type { ClaimedEventDelivery } from '#proto/admin/v1/event_subscriptions.ts';
import type { Queryable } from '../database/queryable.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import type { EndpointHealth } from './attempts.rules.ts';
import type { PublicEventDraft, PublicEventFacts } from './public-events.rules.ts';
import type {
  DeliveryFailure,
  DeliveryState,
  EndpointKind,
  EndpointStatus,
} from '#vocabulary/public-events.ts';

/** Events on their way to endpoints. */

export async function readPublicFacts(
  on: Queryable,
  merchantId: string,
  eventIds: readonly string[],
): Promise<PublicEventFacts[]> {
  const { rows } = await on.query<PublicEventFacts>(
    `SELECT e.event_id, e.kind, e.payload, e.created_at,
       c.shopify_customer_id, (c.redacted_at IS NOT NULL OR a.redacted_at IS NOT NULL OR b.redacted_at IS NOT NULL) AS is_erased,
       t.type AS entry_type, t.source AS entry_source, t.order_id AS entry_order_id, t.points AS entry_points,
       t.balance_after AS entry_balance_after, t.occurred_at AS entry_occurred_at,
       r.reward_id, r.points_spent, r.gift, r.terms, f.name AS from_tier, n.name AS to_tier,
       a.shopify_customer_id AS advocate_shopify_id, b.shopify_customer_id AS friend_shopify_id,
       x.advocate_points, x.friend_points
     FROM outbox_events e
     LEFT JOIN customers c ON c.merchant_id = $1 AND c.customer_id = (e.payload->>'customer_id')::uuid
     LEFT JOIN points_transactions t ON e.kind = 'points.changed' AND t.merchant_id = $1
       AND t.transaction_id = (e.payload->>'transaction_id')::uuid
     LEFT JOIN reward_redemptions r ON e.kind = 'redemption.changed' AND r.merchant_id = $1
       AND r.redemption_id = (e.payload->>'redemption_id')::uuid
     LEFT JOIN vip_tiers f ON e.kind = 'tier.changed' AND f.merchant_id = $1 AND f.tier_id = (e.payload->>'from')::uuid
     LEFT JOIN vip_tiers n ON e.kind = 'tier.changed' AND n.merchant_id = $1 AND n.tier_id = (e.payload->>'to')::uuid
     LEFT JOIN referrals x ON e.kind = 'referral.changed' AND x.merchant_id = $1
       AND x.referral_id = (e.payload->>'referral_id')::uuid
     LEFT JOIN customers a ON a.merchant_id = $1 AND a.customer_id = x.advocate_customer_id
     LEFT JOIN customers b ON b.merchant_id = $1 AND b.customer_id = x.friend_customer_id
     WHERE e.merchant_id = $1 AND e.event_id = ANY ($2::bigint[])`,
    [merchantId, eventIds],
  );
  return rows;
}

/** Writes what endpoints are told that were not told before. A paused one is told when it goes on. */
export async function insertDeliveries(
  on: Queryable,
  merchantId: string,
  drafts: readonly PublicEventDraft[],
  now: Date,
): Promise<void> {
  await on.query(
    `INSERT INTO event_deliveries (merchant_id, endpoint_id, event_type, event_key, body, customer_id, other_customer_id,
       next_attempt_at)
     SELECT $1, p.endpoint_id, d.type, d.key, d.body, d.customer_id, d.other_customer_id, $3
     FROM jsonb_to_recordset($2::jsonb)
       AS d(type text, key text, body text, customer_id uuid, other_customer_id uuid)
     JOIN event_endpoints p ON p.merchant_id = $1 AND d.type = ANY (p.events) AND p.status <> 'disabled'
     ON CONFLICT (merchant_id, endpoint_id, event_key) DO NOTHING`,
    [
      merchantId,
      JSON.stringify(
        drafts.map(({ type, key, body, customerId, otherCustomerId }) => ({
          type,
          key,
          body,
          customer_id: customerId,
          other_customer_id: otherCustomerId,
        })),
      ),
      now,
    ],
  );
}

export interface TestDraft {
  readonly eventDeliveryId: string;
  readonly endpointId: string;
  readonly type: string;
  readonly body: string;
}

export async function insertTest(
  on: Queryable,
  merchantId: string,
  { eventDeliveryId, endpointId, type, body }: TestDraft,
  now: Date,
): Promise<void> {
  await on.query(
    `INSERT INTO event_deliveries (merchant_id, delivery_id, endpoint_id, event_type, event_key, body, is_test,
       next_attempt_at)
     VALUES ($1, $2, $3, $4, $5, $6, true, $7)`,
    [merchantId, eventDeliveryId, endpointId, type, `test/${eventDeliveryId}`, body, now],
  );
}

export async function claimDeliveries(
  on: Queryable,
  {
    now,
    until,
    limit,
    perEndpoint,
  }: { now: Date; until: Date; limit: number; perEndpoint: number },
): Promise<ClaimedEventDelivery[]> {
  const { rows } = await on.query<{
    merchant_id: string;
    shop_domain: string;
    delivery_id: string;
    lease_id: string;
  }>('SELECT * FROM event_deliveries_due($1, $2, $3, $4)', [now, until, limit, perEndpoint]);
  return rows.map((row) => ({
    merchantId: row.merchant_id,
    shopDomain: row.shop_domain,
    eventDeliveryId: row.delivery_id,
    leaseId: row.lease_id,
  }));
}

export interface Lease {
  readonly eventDeliveryId: string;
  readonly leaseId: string;
}

export interface OpenedRow {
  readonly endpoint_id: string;
  readonly event_type: string;
  readonly body: string;
  readonly is_test: boolean;
  readonly attempts: number;
  readonly kind: EndpointKind;
  readonly url: string | null;
  readonly secret: Buffer | null;
  readonly previous_secret: Buffer | null;
  readonly previous_secret_until: Date | null;
  readonly endpoint_status: EndpointStatus;
  readonly failures: number;
  readonly failing_since: Date | null;
}

const OPENED = `d.endpoint_id, d.event_type, d.body, d.is_test, d.attempts, p.kind, p.url, p.secret, p.previous_secret,
  p.previous_secret_until, p.status AS endpoint_status, p.failures, p.failing_since`;

/** Counts an attempt. Undefined when the lease is over, or the endpoint takes nothing now. */
export async function beginAttempt(
  on: Queryable,
  merchantId: string,
  { eventDeliveryId, leaseId }: Lease,
  now: Date,
): Promise<OpenedRow | undefined> {
  const { rows } = await on.query<OpenedRow>(
    `UPDATE event_deliveries d SET attempts = d.attempts + 1, attempted_at = $4
     FROM event_endpoints p
     WHERE d.merchant_id = $1 AND d.delivery_id = $2 AND d.lease_id = $3 AND d.status = 'sending'
       AND d.next_attempt_at > $4 AND p.merchant_id = $1 AND p.endpoint_id = d.endpoint_id AND p.status = 'active'
     RETURNING ${OPENED}`,
    [merchantId, eventDeliveryId, leaseId, now],
  );
  return rows[0];
}

/** Gives a leased event back to wait: its endpoint was paused meanwhile. */
export async function releaseLease(
  on: Queryable,
  merchantId: string,
  { eventDeliveryId, leaseId }: Lease,
): Promise<void> {
  await on.query(
    `UPDATE event_deliveries SET status = 'queued', lease_id = NULL
     WHERE merchant_id = $1 AND delivery_id = $2 AND lease_id = $3 AND status = 'sending'`,
    [merchantId, eventDeliveryId, leaseId],
  );
}

/** An attempt under way, with its endpoint locked: results of one endpoint are counted one after the other. */
export async function readAttempt(
  on: Queryable,
  merchantId: string,
  { eventDeliveryId, leaseId }: Lease,
): Promise<OpenedRow | undefined> {
  const { rows } = await on.query<OpenedRow>(
    `SELECT ${OPENED} FROM event_deliveries d
     JOIN event_endpoints p ON p.merchant_id = $1 AND p.endpoint_id = d.endpoint_id
     WHERE d.merchant_id = $1 AND d.delivery_id = $2 AND d.lease_id = $3 AND d.status = 'sending'
     FOR UPDATE OF p, d`,
    [merchantId, eventDeliveryId, leaseId],
  );
  return rows[0];
}

export interface AttemptResult {
  readonly status: DeliveryState;
  readonly retryAt: Date | null;
  readonly failure: DeliveryFailure | null;
  readonly answerStatus: number | null;
  readonly answerExcerpt: string;
  readonly durationMs: number;
}

export async function settleAttempt(
  on: Queryable,
  merchantId: string,
  eventDeliveryId: string,
  result: AttemptResult,
  now: Date,
): Promise<void> {
  await on.query(
    `UPDATE event_deliveries SET status = $3, next_attempt_at = $4, failure = $5, answer_status = $6,
       answer_excerpt = nullif($7, ''), duration_ms = $8, lease_id = NULL,
       delivered_at = CASE WHEN $3 = 'delivered' THEN coalesce(delivered_at, $9) ELSE delivered_at END
     WHERE merchant_id = $1 AND delivery_id = $2`,
    [
      merchantId,
      eventDeliveryId,
      result.status,
      result.retryAt,
      result.failure,
      result.answerStatus,
      result.answerExcerpt,
      result.durationMs,
      now,
    ],
  );
}

export async function saveHealth(
  on: Queryable,
  merchantId: string,
  endpointId: string,
  { failures, failingSince, restUntil, disabledReason }: EndpointHealth,
  deliveredAt: Date | null,
): Promise<void> {
  await on.query(
    `UPDATE event_endpoints SET failures = $3, failing_since = $4, rest_until = $5,
       status = CASE WHEN $6::text IS NULL THEN status ELSE 'disabled' END,
       disabled_reason = CASE WHEN $6::text IS NULL THEN disabled_reason ELSE $6 END,
       delivered_at = coalesce($7, delivered_at)
     WHERE merchant_id = $1 AND endpoint_id = $2`,
    [merchantId, endpointId, failures, failingSince, restUntil, disabledReason, deliveredAt],
  );
}

export interface LoggedRow {
  readonly delivery_id: string;
  readonly event_type: string;
  readonly is_test: boolean;
  readonly status: DeliveryState;
  readonly attempts: number;
  readonly created_at: Date;
  readonly attempted_at: Date | null;
  readonly next_attempt_at: Date | null;
  readonly failure: DeliveryFailure | null;
  readonly answer_status: number | null;
  readonly answer_excerpt: string | null;
  readonly duration_ms: number | null;
  readonly body: string;
}

const LOGGED = `SELECT d.delivery_id, d.event_type, d.is_test, d.status, d.attempts, d.created_at, d.attempted_at,
    d.next_attempt_at, d.failure, d.answer_status, d.answer_excerpt, d.duration_ms, d.body
  FROM event_deliveries d`;

export function listDeliveries(
  client: PoolClient,
  merchantId: string,
  {
    endpointId,
    status,
    pageSize,
    cursor,
  }: { endpointId: string; status: string; pageSize: number; cursor: string },
): Promise<{ rows: LoggedRow[]; nextCursor: string }> {
  const values: unknown[] = [merchantId, endpointId];
  const where = ['d.merchant_id = $1', 'd.endpoint_id = $2'];
  if (status !== '') where.push(`d.status = $${values.push(status)}`);
  return keysetPage<LoggedRow>(client, {
    select: LOGGED,
    where,
    values,
    time: 'd.created_at',
    id: 'd.delivery_id',
    idOf: (row) => row.delivery_id,
    pageSize,
    cursor,
  });
}

export async function findDelivery(
  on: Queryable,
  merchantId: string,
  eventDeliveryId: string,
): Promise<LoggedRow | undefined> {
  const { rows } = await on.query<LoggedRow>(
    `${LOGGED} WHERE d.merchant_id = $1 AND d.delivery_id = $2`,
    [merchantId, eventDeliveryId],
  );
  return rows[0];
}

/**
 * Queues what ended, or waits for its next attempt, to be sent now; what is being sent is left to its end.
 * @returns whether the endpoint has such an event
 */
export async function sendNow(
  on: Queryable,
  merchantId: string,
  { eventDeliveryId, endpointId }: { eventDeliveryId: string; endpointId: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `UPDATE event_deliveries SET status = CASE WHEN status = 'sending' THEN status ELSE 'queued' END,
       next_attempt_at = CASE WHEN status = 'sending' THEN next_attempt_at ELSE $4 END
     WHERE merchant_id = $1 AND delivery_id = $2 AND endpoint_id = $3`,
    [merchantId, eventDeliveryId, endpointId, now],
  );
  return rowCount === 1;
}

/** @returns how many are sent again */
export async function replayDeliveries(
  on: Queryable,
  merchantId: string,
  { endpointId, since, onlyFailed }: { endpointId: string; since: Date; onlyFailed: boolean },
  now: Date,
): Promise<number> {
  const { rowCount } = await on.query(
    `UPDATE event_deliveries SET status = 'queued', next_attempt_at = $4
     WHERE merchant_id = $1 AND endpoint_id = $2 AND created_at >= $3 AND NOT is_test
       AND status = ANY (CASE WHEN $5 THEN ARRAY['failed'] ELSE ARRAY['failed', 'delivered'] END)`,
    [merchantId, endpointId, since, now, onlyFailed],
  );
  return rowCount ?? 0;
}
