import type { GetPlatformOverviewResponse, PlatformDelivery } from '#proto/admin/v1/console.ts';
import type { Queryable } from '../database/queryable.ts';
import { toProblem } from '../inbox/deliveries.store.ts';
import { reasonMessage } from '../shared/outcome-reason.rules.ts';
import {
  decodeCursor,
  encodeCursor,
  microseconds,
  timePattern,
  uuidPattern,
} from '../shared/cursor.rules.ts';

interface OverviewRow {
  shops: string;
  shops_installed: string;
  deliveries_failed: string;
  deliveries_refused: string;
  deliveries_waiting: string;
  deliveries_waiting_since: Date | null;
  events_waiting: string;
  events_waiting_since: Date | null;
}

export async function readOverview(on: Queryable): Promise<GetPlatformOverviewResponse> {
  const { rows } = await on.query<OverviewRow>('SELECT * FROM console_overview()');
  const row = rows[0];
  return {
    shops: Number(row?.shops ?? 0),
    shopsInstalled: Number(row?.shops_installed ?? 0),
    deliveriesFailed: Number(row?.deliveries_failed ?? 0),
    deliveriesRefused: Number(row?.deliveries_refused ?? 0),
    deliveriesWaiting: Number(row?.deliveries_waiting ?? 0),
    deliveriesWaitingSince: row?.deliveries_waiting_since?.toISOString() ?? '',
    eventsWaiting: Number(row?.events_waiting ?? 0),
    eventsWaitingSince: row?.events_waiting_since?.toISOString() ?? '',
  };
}

interface DeliveryRow {
  delivery_id: string;
  shop_domain: string;
  topic: string;
  status: string;
  reason: string | null;
  problem_code: string | null;
  problem_field: string | null;
  problem_message: string | null;
  attempts: number;
  received_at: Date;
  has_payload: boolean;
  keyset_time: string;
}

export interface UnsuccessfulFilter {
  readonly status: string;
  readonly topic: string;
  readonly shopDomain: string;
  readonly pageSize: number;
  readonly cursor: string;
}

/** Deliveries of all shops that failed or were refused, newest first. A cursor that is not ours is the end of the list. */
export async function listUnsuccessfulDeliveries(
  on: Queryable,
  filter: UnsuccessfulFilter,
): Promise<{ deliveries: PlatformDelivery[]; nextCursor: string }> {
  const after = filter.cursor === '' ? [] : decodeCursor(filter.cursor, timePattern, uuidPattern);
  if (after === undefined) return { deliveries: [], nextCursor: '' };
  const { rows } = await on.query<DeliveryRow>(
    `SELECT d.*, ${microseconds('d.received_at')} AS keyset_time
     FROM console_deliveries($1, $2, $3, $4::timestamptz, $5::uuid, $6) d
     ORDER BY d.received_at DESC, d.delivery_id DESC`,
    [
      filter.status,
      filter.topic,
      filter.shopDomain,
      after[0] ?? null,
      after[1] ?? null,
      filter.pageSize + 1,
    ],
  );
  const page = rows.slice(0, filter.pageSize);
  const last = rows.length > filter.pageSize ? page.at(-1) : undefined;
  return {
    deliveries: page.map(toMessage),
    nextCursor: last === undefined ? '' : encodeCursor(last.keyset_time, last.delivery_id),
  };
}

function toMessage(row: DeliveryRow): PlatformDelivery {
  return {
    deliveryId: row.delivery_id,
    shopDomain: row.shop_domain,
    topic: row.topic,
    receivedAt: row.received_at.toISOString(),
    status: row.status,
    attempts: row.attempts,
    problem: toProblem(row),
    reason: reasonMessage(row.reason),
    isReplayable: row.has_payload,
  };
}

export interface Replayed {
  readonly delivery_id: string;
  readonly merchant_id: string | null;
  readonly shop_domain: string;
}

export async function replayUnsuccessfulDeliveries(
  on: Queryable,
  deliveryIds: readonly string[],
): Promise<Replayed[]> {
  const { rows } = await on.query<Replayed>('SELECT * FROM console_replay_deliveries($1)', [
    deliveryIds,
  ]);
  return rows;
}
