import type { OutboxEvent } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import type { OutboxEventKind } from '#vocabulary/events.ts';

/** Writes effects that leave the database, in the transaction of the facts that cause them. Ids and numbers only. */
export async function addOutboxEvents(
  on: Queryable,
  merchantId: string,
  kind: OutboxEventKind,
  payloads: readonly Readonly<
    Record<string, string | number | boolean | null | readonly string[]>
  >[],
): Promise<void> {
  if (payloads.length === 0) return;
  await on.query(
    `INSERT INTO outbox_events (merchant_id, kind, payload)
     SELECT $1, $2, p FROM jsonb_array_elements($3::jsonb) p`,
    [merchantId, kind, JSON.stringify(payloads)],
  );
}

interface OutboxRow {
  event_id: string;
  merchant_id: string;
  shop_domain: string;
  kind: string;
  payload: unknown;
  created_at: Date;
  attempts: number;
  traceparent: string | null;
}

/** Leases the oldest events that are not leased, of all tenants; a caller that does not acknowledge in time loses them. */
export async function claimOutboxEvents(
  on: Queryable,
  limit: number,
  leaseSeconds: number,
): Promise<OutboxEvent[]> {
  const { rows } = await on.query<OutboxRow>('SELECT * FROM outbox_claim($1, $2)', [
    limit,
    leaseSeconds,
  ]);
  return rows.map((row) => ({
    eventId: row.event_id,
    merchantId: row.merchant_id,
    shopDomain: row.shop_domain,
    kind: row.kind,
    payload: JSON.stringify(row.payload),
    createdAt: row.created_at.toISOString(),
    attempts: row.attempts,
    traceparent: row.traceparent ?? '',
  }));
}

export async function acknowledgeOutboxEvents(
  on: Queryable,
  eventIds: readonly string[],
): Promise<void> {
  await on.query('SELECT outbox_acknowledge($1)', [eventIds]);
}
