import type { RecordShopVisitRequest } from '#proto/admin/v1/health.ts';
import type { ShopHealth as StoredHealth } from '#prisma/generated/client.ts';
import { onPrisma } from '../database/prisma-client.ts';
import type { Queryable } from '../database/queryable.ts';

/** Of what a median is taken: a shop's newest are what it sees. */
const mostMeasured = 500;
const movesPoints = `(d.topic LIKE 'orders/%' OR d.topic LIKE 'refunds/%')`;

interface DeliveryFigures {
  readonly received: number;
  readonly failed: number;
  readonly refused: number;
  readonly last_received_at: Date | null;
  readonly measured: number;
  readonly median_ms: number;
  readonly worst_ms: number;
  readonly waiting: number;
  readonly waiting_since: Date | null;
}

/** What the tenant's inbox says of the time since then, and of what waits. */
export async function readDeliveryFigures(
  on: Queryable,
  merchantId: string,
  since: Date,
): Promise<DeliveryFigures> {
  const { rows } = await on.query<DeliveryFigures>(
    `SELECT r.*, p.*, w.*,
       (SELECT d.received_at FROM webhook_inbox d WHERE d.merchant_id = $1 ORDER BY d.received_at DESC LIMIT 1)
         AS last_received_at
     FROM (SELECT count(*) AS received, count(*) FILTER (WHERE d.status = 'failed') AS failed,
             count(*) FILTER (WHERE d.status = 'refused') AS refused
           FROM webhook_inbox d WHERE d.merchant_id = $1 AND d.received_at >= $2) r,
       (SELECT count(*) AS measured, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY n.ms), 0)::bigint AS median_ms,
          coalesce(max(n.ms), 0)::bigint AS worst_ms
        FROM (SELECT greatest(0, extract(epoch FROM d.processed_at - d.received_at) * 1000)::float8 AS ms
              FROM webhook_inbox d
              WHERE d.merchant_id = $1 AND d.received_at >= $2 AND d.points <> 0 AND d.processed_at IS NOT NULL
              ORDER BY d.received_at DESC LIMIT ${mostMeasured}) n) p,
       (SELECT count(*) AS waiting, min(d.received_at) AS waiting_since FROM webhook_inbox d
        WHERE d.merchant_id = $1 AND d.status IN ('received', 'processing') AND ${movesPoints}) w`,
    [merchantId, since],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an aggregate has one row');
  return row;
}

/** What the last visits found; null before the first. */
export function readStoredHealth(on: Queryable, merchantId: string): Promise<StoredHealth | null> {
  return onPrisma(on, (tx) => tx.shopHealth.findUnique({ where: { merchantId } }));
}

/** Only what the visit looked at changes. */
export async function saveVisit(
  on: Queryable,
  merchantId: string,
  visit: RecordShopVisitRequest,
  at: Date,
): Promise<void> {
  const { reconcile, ledger, access } = visit;
  const found = {
    ...(reconcile !== undefined && {
      reconciledAt: at,
      reconcileFailedAt: null,
      ordersRead: BigInt(reconcile.ordersRead),
      ordersDrifted: BigInt(reconcile.ordersDrifted),
      ordersSetAside: BigInt(reconcile.ordersSetAside),
    }),
    ...(visit.reconcileFailed && { reconcileFailedAt: at }),
    ...(ledger !== undefined && {
      ledgerCheckedAt: at,
      balancesChecked: BigInt(ledger.balancesChecked),
      balancesBroken: BigInt(ledger.balancesBroken),
    }),
    ...(access !== undefined && {
      accessCheckedAt: at,
      access: access.access,
      missingScopes: access.missingScopes,
      missingTopics: access.missingTopics,
    }),
  };
  await onPrisma(on, (tx) =>
    tx.shopHealth.upsert({
      where: { merchantId },
      create: { merchantId, ...found },
      update: found,
    }),
  );
}

export interface UnwellRow {
  readonly shop_domain: string;
  readonly reconciled_at: Date | null;
  readonly reconcile_failed_at: Date | null;
  readonly orders_drifted: number;
  readonly ledger_checked_at: Date | null;
  readonly balances_broken: number;
  readonly access: string | null;
  readonly missing_scopes: readonly string[];
  readonly missing_topics: readonly string[];
  readonly failed: number;
  readonly waiting: number;
  readonly waiting_since: Date | null;
}

/** Of all shops, those that something may be wrong with. */
export async function listUnwellShops(
  on: Queryable,
  bounds: { readonly since: Date; readonly visited: Date; readonly waiting: Date },
  limit: number,
): Promise<UnwellRow[]> {
  const { rows } = await on.query<UnwellRow>('SELECT * FROM console_unwell_shops($1, $2, $3, $4)', [
    bounds.since,
    bounds.visited,
    bounds.waiting,
    limit,
  ]);
  return rows;
}
