import type { Queryable } from '../database/queryable.ts';
import type { Encryption } from '../shared/encryption.ts';
import {
  PUBLIC_EVENTS,
  type DisabledReason,
  type EndpointKind,
  type EndpointStatus,
} from '#vocabulary/public-events.ts';

/** Where events go to. */

export interface EndpointRow {
  readonly endpoint_id: string;
  readonly kind: EndpointKind;
  readonly url: string | null;
  readonly description: string;
  readonly events: string[];
  readonly status: EndpointStatus;
  readonly disabled_reason: DisabledReason | null;
  readonly failing_since: Date | null;
  readonly delivered_at: Date | null;
  readonly secret_version: number;
  readonly previous_secret_until: Date | null;
  readonly created_at: Date;
}

const ENDPOINT = `SELECT p.endpoint_id, p.kind, p.url, p.description, p.events, p.status, p.disabled_reason,
    p.failing_since, p.delivered_at, p.secret_version, p.previous_secret_until, p.created_at
  FROM event_endpoints p`;

export async function readEndpoints(on: Queryable, merchantId: string): Promise<EndpointRow[]> {
  const { rows } = await on.query<EndpointRow>(
    `${ENDPOINT} WHERE p.merchant_id = $1 ORDER BY p.created_at, p.endpoint_id`,
    [merchantId],
  );
  return rows;
}

export async function readEndpoint(
  on: Queryable,
  merchantId: string,
  endpointId: string,
): Promise<EndpointRow | undefined> {
  const { rows } = await on.query<EndpointRow>(
    `${ENDPOINT} WHERE p.merchant_id = $1 AND p.endpoint_id = $2`,
    [merchantId, endpointId],
  );
  return rows[0];
}

/** What the shop's endpoints want to be told, each event once; of those that take anything. */
export async function readWantedEvents(on: Queryable, merchantId: string): Promise<Set<string>> {
  const { rows } = await on.query<{ event: string }>(
    `SELECT DISTINCT unnest(p.events) AS event FROM event_endpoints p
     WHERE p.merchant_id = $1 AND p.status <> 'disabled'`,
    [merchantId],
  );
  return new Set(rows.map(({ event }) => event));
}

export async function readShopFacts(
  on: Queryable,
  merchantId: string,
): Promise<{ shopDomain: string; language: unknown }> {
  const { rows } = await on.query<{ shop_domain: string; language: unknown }>(
    `SELECT m.shopify_domain AS shop_domain, m.language FROM merchants m WHERE m.merchant_id = $1`,
    [merchantId],
  );
  return { shopDomain: rows[0]?.shop_domain ?? '', language: rows[0]?.language };
}

const placeOf = (merchantId: string, endpointId: string, column: 'secret' | 'previous_secret') => ({
  merchantId,
  table: 'event_endpoints',
  column,
  rowId: endpointId,
});

export interface NewEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly string[];
  readonly secret: string;
}

/** @returns whether it was not there before */
export async function insertEndpoint(
  on: Queryable,
  encryption: Encryption,
  merchantId: string,
  { endpointId, url, description, events, secret }: NewEndpoint,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `INSERT INTO event_endpoints (merchant_id, endpoint_id, url, description, events, secret)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (merchant_id, endpoint_id) DO NOTHING`,
    [
      merchantId,
      endpointId,
      url,
      description,
      events,
      encryption.encrypt(secret, placeOf(merchantId, endpointId, 'secret')),
    ],
  );
  return rowCount === 1;
}

export async function updateEndpoint(
  on: Queryable,
  merchantId: string,
  { endpointId, url, description, events }: Omit<NewEndpoint, 'secret'>,
): Promise<void> {
  await on.query(
    `UPDATE event_endpoints SET description = $4, events = $5, url = $3,
       -- Another address is not to blame for what the one before did.
       failures = CASE WHEN url = $3 THEN failures ELSE 0 END,
       failing_since = CASE WHEN url = $3 THEN failing_since END, rest_until = CASE WHEN url = $3 THEN rest_until END
     WHERE merchant_id = $1 AND endpoint_id = $2 AND kind = 'webhook'`,
    [merchantId, endpointId, url, description, events],
  );
}

/** Going on begins anew: what failed before is forgiven. */
export async function setEndpointStatus(
  on: Queryable,
  merchantId: string,
  endpointId: string,
  status: 'active' | 'paused',
): Promise<void> {
  await on.query(
    `UPDATE event_endpoints SET status = $3, disabled_reason = NULL, failures = 0, failing_since = NULL, rest_until = NULL
     WHERE merchant_id = $1 AND endpoint_id = $2 AND kind = 'webhook' AND status <> $3`,
    [merchantId, endpointId, status],
  );
}

export async function deleteEndpoint(
  on: Queryable,
  merchantId: string,
  endpointId: string,
): Promise<boolean> {
  const { rowCount } = await on.query(
    `DELETE FROM event_endpoints WHERE merchant_id = $1 AND endpoint_id = $2 AND kind = 'webhook'`,
    [merchantId, endpointId],
  );
  return rowCount === 1;
}

export interface StoredSecrets {
  readonly endpoint_id: string;
  readonly secret: Buffer | null;
  readonly previous_secret: Buffer | null;
  readonly previous_secret_until: Date | null;
}

/** The secrets that sign now, the current one first. */
export function secretsOf(
  encryption: Encryption,
  merchantId: string,
  row: StoredSecrets,
  now: Date,
): string[] {
  if (row.secret === null) return [];
  const current = encryption.decrypt(row.secret, placeOf(merchantId, row.endpoint_id, 'secret'));
  if (row.previous_secret === null || (row.previous_secret_until ?? now) <= now) return [current];
  const previous = encryption.decrypt(
    row.previous_secret,
    placeOf(merchantId, row.endpoint_id, 'previous_secret'),
  );
  return [current, previous];
}

/** The caller has locked the tenant. */
export async function readSecrets(
  on: Queryable,
  merchantId: string,
  endpointId: string,
): Promise<(StoredSecrets & { readonly secret_version: number }) | undefined> {
  const { rows } = await on.query<StoredSecrets & { secret_version: number }>(
    `SELECT p.endpoint_id, p.secret, p.previous_secret, p.previous_secret_until, p.secret_version
     FROM event_endpoints p WHERE p.merchant_id = $1 AND p.endpoint_id = $2 AND p.kind = 'webhook'`,
    [merchantId, endpointId],
  );
  return rows[0];
}

export async function replaceSecret(
  on: Queryable,
  encryption: Encryption,
  merchantId: string,
  {
    endpointId,
    secret,
    previous,
    previousUntil,
  }: { endpointId: string; secret: string; previous: string; previousUntil: Date },
): Promise<void> {
  await on.query(
    `UPDATE event_endpoints SET secret = $3, previous_secret = $4, previous_secret_until = $5,
       secret_version = secret_version + 1
     WHERE merchant_id = $1 AND endpoint_id = $2`,
    [
      merchantId,
      endpointId,
      encryption.encrypt(secret, placeOf(merchantId, endpointId, 'secret')),
      encryption.encrypt(previous, placeOf(merchantId, endpointId, 'previous_secret')),
      previousUntil,
    ],
  );
}

/** What Flow said of a trigger, unless it said something newer; the triggers in use are the events of Flow's endpoint. */
export async function reportFlowTrigger(
  on: Queryable,
  merchantId: string,
  { type, enabled, toldAt }: { type: string; enabled: boolean; toldAt: Date },
): Promise<void> {
  await on.query(
    `INSERT INTO flow_triggers AS f (merchant_id, event_type, enabled, told_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (merchant_id, event_type) DO UPDATE SET enabled = EXCLUDED.enabled, told_at = EXCLUDED.told_at
     WHERE f.told_at < EXCLUDED.told_at`,
    [merchantId, type, enabled, toldAt],
  );
  await on.query(
    `INSERT INTO event_endpoints (merchant_id, kind, events)
     SELECT $1, 'flow', coalesce(array_agg(f.event_type ORDER BY f.event_type), '{}')
     FROM flow_triggers f WHERE f.merchant_id = $1 AND f.enabled AND f.event_type = ANY ($2)
     ON CONFLICT (merchant_id) WHERE kind = 'flow' DO UPDATE SET events = EXCLUDED.events`,
    [merchantId, PUBLIC_EVENTS],
  );
}
