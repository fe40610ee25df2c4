import type { Delivery } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import { reasonMessage, type Reason } from '../shared/outcome-reason.rules.ts';
import { notFound } from '../shared/errors.ts';
import { keysetPage } from '../shared/keyset.store.ts';

/** A webhook as it is put into the inbox; the payload is encrypted already. */
export interface NewDelivery {
  readonly deliveryId: string;
  readonly shopDomain: string;
  readonly topic: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly apiVersion: string;
  readonly triggeredAt: string | null;
  readonly payload: Buffer;
  /** By whom it is found when a person is erased; null when the body cannot be read. */
  readonly subjectTokens: readonly Buffer[] | null;
}

export interface StoredDelivery {
  delivery_id: string;
  merchant_id: string | null;
  is_duplicate: boolean;
}

/** Many at once, whatever their tenants; of deliveries with one webhook id the first stays. In the argument's order. */
export async function storeDeliveries(
  on: Queryable,
  deliveries: readonly NewDelivery[],
): Promise<StoredDelivery[]> {
  const { rows } = await on.query<StoredDelivery>(
    `SELECT delivery_id, merchant_id, is_duplicate FROM inbox_store($1,$2,$3,$4,$5,$6,$7,$8,$9) ORDER BY ord`,
    [
      deliveries.map((delivery) => delivery.deliveryId),
      deliveries.map((delivery) => delivery.shopDomain),
      deliveries.map((delivery) => delivery.topic),
      deliveries.map((delivery) => delivery.webhookId),
      deliveries.map((delivery) => delivery.eventId),
      deliveries.map((delivery) => delivery.apiVersion),
      deliveries.map((delivery) => delivery.triggeredAt),
      deliveries.map((delivery) => delivery.payload),
      JSON.stringify(
        deliveries.map(
          (delivery) => delivery.subjectTokens?.map((token) => token.toString('base64')) ?? null,
        ),
      ),
    ],
  );
  return rows;
}

export interface DeliveryRow {
  delivery_id: string;
  shop_domain: string;
  merchant_id: string | null;
  topic: string;
  webhook_id: string;
  event_id: string | null;
  api_version: string | null;
  triggered_at: Date | null;
  received_at: Date;
  processed_at: Date | null;
  status: string;
  attempts: number;
  problem_code: string | null;
  problem_field: string | null;
  problem_message: string | null;
  reason: string | null;
  /** Only in lists. */
  points?: number | null;
}

/** What went wrong with a delivery, where something did. */
export const toProblem = (
  row: Pick<DeliveryRow, 'problem_code' | 'problem_field' | 'problem_message'>,
) =>
  row.problem_code === null
    ? undefined
    : {
        code: row.problem_code,
        field: row.problem_field ?? '',
        message: row.problem_message ?? '',
      };

export function toDeliveryMessage(row: DeliveryRow, payload: Buffer = Buffer.alloc(0)): Delivery {
  return {
    deliveryId: row.delivery_id,
    shopDomain: row.shop_domain,
    merchantId: row.merchant_id ?? '',
    topic: row.topic,
    webhookId: row.webhook_id,
    eventId: row.event_id ?? '',
    apiVersion: row.api_version ?? '',
    triggeredAt: row.triggered_at?.toISOString() ?? '',
    receivedAt: row.received_at.toISOString(),
    processedAt: row.processed_at?.toISOString() ?? '',
    status: row.status,
    attempts: row.attempts,
    problem: toProblem(row),
    reason: reasonMessage(row.reason),
    points: row.points ?? 0,
    payload,
  };
}

const deliveryColumns = `d.delivery_id, d.shop_domain, d.merchant_id, d.topic, d.webhook_id, d.event_id, d.api_version,
  d.triggered_at, d.received_at, d.processed_at, d.status, d.attempts, d.problem_code, d.problem_field,
  d.problem_message, d.reason`;

/** Deliveries with what was delivered, whatever their tenants; those that do not exist are left out. */
export async function readDeliveries(
  on: Queryable,
  deliveryIds: readonly string[],
): Promise<(DeliveryRow & { payload: Buffer | null })[]> {
  const { rows } = await on.query<DeliveryRow & { payload: Buffer | null }>(
    `SELECT ${deliveryColumns}, d.payload FROM inbox_read($1) d`,
    [deliveryIds],
  );
  return rows;
}

export interface DeliveryOutcomeRecord {
  readonly deliveryId: string;
  /** When given, the delivery must be this tenant's. */
  readonly merchantId?: string;
  readonly status: string;
  readonly reason: Reason | '';
  /** What it moved, signed; absent where it moved nothing. */
  readonly points?: number;
  readonly problem?:
    { readonly code: string; readonly field: string; readonly message: string } | undefined;
}

/** Records how deliveries ended. @returns how many of them exist (and are the tenants' they are said to be) */
export async function recordOutcomes(
  on: Queryable,
  outcomes: readonly DeliveryOutcomeRecord[],
): Promise<number> {
  if (outcomes.length === 0) return 0;
  const { rows } = await on.query<{ finished: number }>(
    'SELECT inbox_finish($1,$2,$3,$4,$5,$6,$7,$8) AS finished',
    [
      outcomes.map((outcome) => outcome.deliveryId),
      outcomes.map((outcome) => outcome.merchantId ?? null),
      outcomes.map((outcome) => outcome.status),
      outcomes.map((outcome) => outcome.reason),
      outcomes.map((outcome) => outcome.problem?.code ?? null),
      outcomes.map((outcome) => outcome.problem?.field ?? null),
      outcomes.map((outcome) => outcome.problem?.message ?? null),
      outcomes.map((outcome) => outcome.points ?? null),
    ],
  );
  return rows[0]?.finished ?? 0;
}

/**
 * As recordOutcomes, in the transaction of what the deliveries led to.
 * @throws DomainError not_found when one of them is unknown, or another tenant's.
 */
export async function finishDeliveries(
  on: Queryable,
  outcomes: readonly DeliveryOutcomeRecord[],
): Promise<void> {
  if ((await recordOutcomes(on, outcomes)) < outcomes.length) throw notFound('delivery_id');
}

/** Leases deliveries that no worker has touched for a while to the caller. */
export async function claimStaleDeliveries(
  on: Queryable,
  limit: number,
  olderThanSeconds: number,
): Promise<string[]> {
  const { rows } = await on.query<{ delivery_id: string }>(
    'SELECT delivery_id FROM inbox_claim_stale($1, $2)',
    [limit, olderThanSeconds],
  );
  return rows.map((row) => row.delivery_id);
}

export interface DeliveryFilter {
  readonly merchantId: string;
  readonly status: string;
  readonly topic: string;
  readonly pageSize: number;
  readonly cursor: string;
}

/** A tenant's deliveries without their contents, newest first. */
export async function listDeliveries(
  on: Queryable,
  filter: DeliveryFilter,
): Promise<{ rows: DeliveryRow[]; nextCursor: string }> {
  const values: unknown[] = [filter.merchantId];
  const where = ['d.merchant_id = $1'];
  if (filter.status !== '') where.push(`d.status = $${values.push(filter.status)}`);
  if (filter.topic !== '') where.push(`d.topic = $${values.push(filter.topic)}`);
  return keysetPage(on, {
    select: `SELECT ${deliveryColumns}, d.points FROM webhook_inbox d`,
    where,
    values,
    time: 'd.received_at',
    id: 'd.delivery_id',
    idOf: (row: DeliveryRow) => row.delivery_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
}

/** Marks the tenant's deliveries to be worked on again. @returns those that still have their contents */
export async function replayDeliveries(
  on: Queryable,
  merchantId: string,
  deliveryIds: readonly string[],
): Promise<{ known: number; replayed: string[] }> {
  const { rows } = await on.query<{ known: number; replayed: string[] | null }>(
    `WITH known AS (
       SELECT d.delivery_id, d.payload IS NOT NULL AS has_payload FROM webhook_inbox d
       WHERE d.merchant_id = $1 AND d.delivery_id = ANY($2)
     ), replayed AS (
       UPDATE webhook_inbox d SET status = 'received', processed_at = NULL, reason = NULL, problem_code = NULL,
         problem_field = NULL, problem_message = NULL, points = NULL, claimed_at = now()
       FROM known k WHERE d.merchant_id = $1 AND d.delivery_id = k.delivery_id AND k.has_payload
       RETURNING d.delivery_id
     )
     SELECT (SELECT count(*) FROM known) AS known, (SELECT array_agg(delivery_id) FROM replayed) AS replayed`,
    [merchantId, deliveryIds],
  );
  return { known: rows[0]?.known ?? 0, replayed: rows[0]?.replayed ?? [] };
}
