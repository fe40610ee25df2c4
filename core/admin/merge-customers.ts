import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import { markForReview } from '../members/mark-for-review.ts';
import type { CoreDependencies } from '../server/dependencies.ts';
import { writeAudit } from './audit.store.ts';
import { seal, tombstoneOf } from './customer-seal.ts';
import { insertCustomers, lockCustomers } from './customers.store.ts';
import type { LockedCustomerRow } from './customers.store.ts';

export interface Merge {
  readonly keptShopifyCustomerId: string;
  readonly removedShopifyCustomerId: string;
  readonly actor: string;
}

/**
 * Shopify made one customer of two: everything the removed one holds moves to the kept one, by entries on both sides
 * and with the expiry it had. Orders and redemptions follow, so that a later refund or return is settled with the person
 * who has the points.
 * Once is enough: a second telling moves nothing. Points of nobody we know, or of an erased person, stay where they are.
 */
export async function mergeCustomers(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'encryption' | 'blindIndex'>,
  merchantId: string,
  merge: Merge,
): Promise<{ customerId: string; pointsMoved: number }> {
  const { keptShopifyCustomerId, removedShopifyCustomerId } = merge;
  const keptNames = [keptShopifyCustomerId, tombstoneOf(deps, merchantId, keptShopifyCustomerId)];
  await ensureKept(client, deps, merchantId, keptShopifyCustomerId, keptNames);
  const rows = await lockCustomers(client, merchantId, [...keptNames, removedShopifyCustomerId]);
  const kept = rows.find((row) => keptNames.includes(row.shopify_customer_id));
  const removed = rows.find((row) => row.shopify_customer_id === removedShopifyCustomerId);
  if (kept === undefined) throw new Error('the kept customer of a merge has gone');
  if (removed === undefined || kept.redacted_at !== null)
    return { customerId: kept.customer_id, pointsMoved: 0 };

  const pointsMoved = await movePoints(client, merchantId, removed, kept, merge.actor);
  const marked = await client.query(
    `UPDATE customers SET merged_into_customer_id = $3 WHERE merchant_id = $1 AND customer_id = $2
       AND merged_into_customer_id IS DISTINCT FROM $3`,
    [merchantId, removed.customer_id, kept.customer_id],
  );
  if (marked.rowCount === 1) {
    await moveOrders(client, merchantId, removed.customer_id, kept.customer_id);
    await writeAudit(client, merchantId, {
      actor: merge.actor,
      action: 'customers_merged',
      targetTable: 'customers',
      targetId: kept.customer_id,
      metadata: { removed_customer_id: removed.customer_id, points_moved: pointsMoved },
    });
  }
  return { customerId: kept.customer_id, pointsMoved };
}

/** With the orders go the sums that are kept of them, and what was told by them of a member who is no more. */
async function moveOrders(
  client: PoolClient,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  // Grants of campaigns too: a goal that was reached must not be reached once more by the same orders.
  for (const table of ['orders', 'campaign_grants', 'reward_redemptions']) {
    await client.query(
      `UPDATE ${table} SET customer_id = $3 WHERE merchant_id = $1 AND customer_id = $2`,
      [merchantId, from, to],
    );
  }
  await client.query(
    `UPDATE customers c
     SET (order_count, total_spend, last_order_at) =
       (SELECT count(*), coalesce(sum(o.gross_subtotal - o.refunded), 0), max(o.ordered_at) FROM orders o
        WHERE o.merchant_id = $1 AND o.customer_id = c.customer_id AND o.counts)
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2::uuid[])`,
    [merchantId, [from, to]],
  );
  await client.query('DELETE FROM customer_segments WHERE merchant_id = $1 AND customer_id = $2', [
    merchantId,
    from,
  ]);
  await markForReview(client, merchantId, [to]);
}

async function ensureKept(
  client: PoolClient,
  deps: Pick<CoreDependencies, 'encryption' | 'blindIndex'>,
  merchantId: string,
  shopifyCustomerId: string,
  names: readonly string[],
): Promise<void> {
  if ((await lockCustomers(client, merchantId, names)).length > 0) return;
  const unknown = {
    email: '',
    firstName: '',
    lastName: '',
    locale: '',
    state: '',
    hasAccount: false,
    sourceUpdatedAt: null,
  };
  const sealed = seal(deps, merchantId, randomUUID(), shopifyCustomerId, unknown);
  await insertCustomers(client, merchantId, [
    { ...sealed, has_account: false, source_updated_at: null },
  ]);
}

async function movePoints(
  client: PoolClient,
  merchantId: string,
  removed: LockedCustomerRow,
  kept: LockedCustomerRow,
  actor: string,
): Promise<number> {
  const key = `merge/${removed.customer_id}/${kept.customer_id}`;
  const { rows } = await client.query<{ moved: number }>(
    'SELECT ledger_merge($1, $2, $3, $4, $5) AS moved',
    [merchantId, removed.customer_id, kept.customer_id, key, actor],
  );
  return rows[0]?.moved ?? 0;
}
