import type { GdprRequest } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';
import { keysetPage } from '../shared/keyset.store.ts';

export interface GdprRow {
  request_id: string;
  request_type: string;
  request_source: string;
  status: string;
  customer_id: string | null;
  shopify_customer_id: string | null;
  created_at: Date;
  completed_at: Date | null;
  retention_expires_at: Date;
  /** By what else the request names the person: keyed hashes in base64, and Shopify's ids of orders. */
  subject_tokens: string[] | null;
  order_ids: string[] | null;
}

const columns = `g.request_id, g.request_type, g.request_source, g.status, g.customer_id, g.shopify_customer_id,
  g.created_at, g.completed_at, g.retention_expires_at, g.metadata->'subject_tokens' AS subject_tokens,
  g.metadata->'order_ids' AS order_ids`;

export function toGdprMessage(row: GdprRow): GdprRequest {
  return {
    requestId: row.request_id,
    requestType: row.request_type,
    source: row.request_source,
    status: row.status,
    customerId: row.customer_id ?? '',
    createdAt: row.created_at.toISOString(),
    completedAt: row.completed_at?.toISOString() ?? '',
    retentionExpiresAt: row.retention_expires_at.toISOString(),
  };
}

export interface NewGdprRequest {
  readonly requestType: string;
  readonly source: string;
  readonly customerId: string | null;
  readonly shopifyCustomerId: string;
  /** Null when the caller has no name for the request. */
  readonly idempotencyKey: string | null;
  readonly subjectTokens: readonly Buffer[];
  readonly orderIds: readonly string[];
}

/** @returns the request of this key, whether it was made now or before */
export async function insertGdprRequest(
  on: Queryable,
  merchantId: string,
  request: NewGdprRequest,
): Promise<GdprRow> {
  const { subjectTokens, orderIds, idempotencyKey } = request;
  const metadata = {
    ...(subjectTokens.length > 0 && {
      subject_tokens: subjectTokens.map((token) => token.toString('base64')),
    }),
    ...(orderIds.length > 0 && { order_ids: orderIds }),
  };
  const made = await on.query<GdprRow>(
    `INSERT INTO gdpr_requests AS g (merchant_id, request_type, request_source, customer_id, shopify_customer_id,
       idempotency_key, metadata)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (merchant_id, idempotency_key) DO NOTHING RETURNING ${columns}`,
    [
      merchantId,
      request.requestType,
      request.source,
      request.customerId,
      request.shopifyCustomerId || null,
      idempotencyKey,
      JSON.stringify(metadata),
    ],
  );
  if (made.rows[0] !== undefined) return made.rows[0];
  const known = await on.query<GdprRow>(
    `SELECT ${columns} FROM gdpr_requests g WHERE g.merchant_id = $1 AND g.idempotency_key = $2`,
    [merchantId, idempotencyKey],
  );
  if (known.rows[0] === undefined) throw new Error('a privacy request was neither made nor known');
  return known.rows[0];
}

/** Locked, so that a request is worked on once at a time. */
export async function lockGdprRequest(
  on: Queryable,
  merchantId: string,
  requestId: string,
): Promise<GdprRow | undefined> {
  const { rows } = await on.query<GdprRow>(
    `SELECT ${columns} FROM gdpr_requests g WHERE g.merchant_id = $1 AND g.request_id = $2 FOR UPDATE`,
    [merchantId, requestId],
  );
  return rows[0];
}

/**
 * The record of the request stays; of a person who is erased only our own id is left in it, and of no one an address or
 * number. The request must be locked.
 * @throws Error when there is no such request
 */
export async function completeGdprRequest(
  on: Queryable,
  merchantId: string,
  requestId: string,
  { at, isErased }: { readonly at: Date; readonly isErased: boolean },
): Promise<GdprRow> {
  const { rows } = await on.query<GdprRow>(
    `UPDATE gdpr_requests g SET status = 'completed', completed_at = coalesce(g.completed_at, $3),
       metadata = g.metadata - 'subject_tokens' - 'order_ids',
       shopify_customer_id = CASE WHEN $4::boolean THEN NULL ELSE g.shopify_customer_id END
     WHERE g.merchant_id = $1 AND g.request_id = $2 RETURNING ${columns}`,
    [merchantId, requestId, at, isErased],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the privacy request is gone');
  return row;
}

/** Completed requests that still name Shopify's customer, also one who was no member then. */
export async function readRequestsWithNames(
  on: Queryable,
  merchantId: string,
): Promise<{ requestId: string; shopifyCustomerId: string }[]> {
  const { rows } = await on.query<{ requestId: string; shopifyCustomerId: string }>(
    `SELECT g.request_id AS "requestId", g.shopify_customer_id AS "shopifyCustomerId" FROM gdpr_requests g
     WHERE g.merchant_id = $1 AND g.status = 'completed' AND g.shopify_customer_id IS NOT NULL`,
    [merchantId],
  );
  return rows;
}

export async function forgetNamesInRequests(
  on: Queryable,
  merchantId: string,
  requestIds: readonly string[],
): Promise<void> {
  await on.query(
    'UPDATE gdpr_requests SET shopify_customer_id = NULL WHERE merchant_id = $1 AND request_id = ANY($2::uuid[])',
    [merchantId, requestIds],
  );
}

export function listGdprRequests(
  on: Queryable,
  merchantId: string,
  page: { readonly pageSize: number; readonly cursor: string },
): Promise<{ rows: GdprRow[]; nextCursor: string }> {
  return keysetPage<GdprRow>(on, {
    select: `SELECT ${columns} FROM gdpr_requests g`,
    where: ['g.merchant_id = $1'],
    values: [merchantId],
    time: 'g.created_at',
    id: 'g.request_id',
    idOf: (row) => row.request_id,
    ...page,
  });
}

/** Leases open requests, whatever their tenants, that no worker has touched for a while. */
export async function claimOpenPrivacyRequests(
  on: Queryable,
  olderThanSeconds: number,
  limit: number,
): Promise<{ merchantId: string; requestId: string }[]> {
  const { rows } = await on.query<{ merchant_id: string; request_id: string }>(
    'SELECT merchant_id, request_id FROM privacy_claim_open($1, $2)',
    [olderThanSeconds, limit],
  );
  return rows.map((row) => ({ merchantId: row.merchant_id, requestId: row.request_id }));
}
