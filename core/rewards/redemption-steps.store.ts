import type { PoolClient } from 'pg';
import type { StuckRedemption } from '#proto/points/v1/rewards.ts';
import type { Queryable } from '../database/queryable.ts';
import { tellRedemptions, type RedemptionRow, type ToldRedemption } from './redemptions.store.ts';

/** The steps of a redemption. Its row is locked; an event is written where the status changes. */

/** A worker holds it: it is not stuck. */
export const markClaimed = (client: PoolClient, merchantId: string, row: ToldRedemption) =>
  change(client, merchantId, row, 'claimed_at = now()', []);

/** Whether another redemption of the member is on its way to Shopify. */
export async function isAnotherSent(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND customer_id = $2 AND status = 'pending'
       AND sent_at IS NOT NULL AND redemption_id <> $3 LIMIT 1`,
    [merchantId, row.customer_id, row.redemption_id],
  );
  return rows.length > 0;
}

/** It is on its way to Shopify. */
export const markSent = (client: PoolClient, merchantId: string, row: ToldRedemption) =>
  change(client, merchantId, row, 'sent_at = now()', []);

/** Whether what Shopify made is some redemption's already. */
export async function isShopifyIdTaken(
  client: PoolClient,
  merchantId: string,
  shopifyId: string,
): Promise<boolean> {
  const { rows } = await client.query(
    `SELECT 1 FROM reward_redemptions WHERE merchant_id = $1 AND shopify_discount_id = $2`,
    [merchantId, shopifyId],
  );
  return rows.length > 0;
}

/** Shopify made it. */
export async function markCompleted(
  client: PoolClient,
  merchantId: string,
  row: RedemptionRow,
  made: {
    readonly shopifyId: string;
    readonly transactionId: string | null;
    readonly code: Buffer | null;
  },
): Promise<void> {
  await change(
    client,
    merchantId,
    row,
    `status = 'completed', completed_at = now(), shopify_discount_id = $3, transaction_id = $4, discount_code = $5`,
    [made.shopifyId, made.transactionId, made.code],
  );
  // What was to be withdrawn while it was being made is withdrawn now that it is there.
  const status = row.return_requested_at === null ? 'completed' : 'returning';
  await tellRedemptions(client, merchantId, [row], status);
}

/** An order was paid with its code, though what Shopify created could not be found. */
export async function markCompletedByUse(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
  { transactionId, code }: { readonly transactionId: string | null; readonly code: Buffer },
): Promise<void> {
  await change(
    client,
    merchantId,
    row,
    `status = 'completed', completed_at = now(), transaction_id = $3, discount_code = $4, return_requested_at = NULL`,
    [transactionId, code],
  );
  await tellRedemptions(client, merchantId, [row], 'completed');
}

/** Shopify refused it, or it took too long. */
export async function markFailed(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
  failureCode: string,
): Promise<void> {
  const set = `status = 'failed', failure_code = $3, return_requested_at = NULL`;
  await change(client, merchantId, row, set, [failureCode]);
  await tellRedemptions(client, merchantId, [row], 'failed');
}

/** It is to be returned: the worker withdraws the code first. */
export async function markReturning(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
): Promise<void> {
  await change(client, merchantId, row, 'return_requested_at = now(), claimed_at = now()', []);
  await tellRedemptions(client, merchantId, [row], 'returning');
}

/** The code was used before it could be withdrawn, so it is not returned. */
export async function markUsed(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
): Promise<void> {
  const set = 'return_requested_at = NULL, used_at = coalesce(used_at, now())';
  await change(client, merchantId, row, set, []);
  await tellRedemptions(client, merchantId, [row], 'used');
}

/** The code is withdrawn and its points are back. */
export async function markReturned(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
): Promise<void> {
  const set = `status = 'returned', returned_at = now(), return_requested_at = NULL`;
  await change(client, merchantId, row, set, []);
  await tellRedemptions(client, merchantId, [row], 'returned');
}

async function change(
  client: PoolClient,
  merchantId: string,
  row: ToldRedemption,
  set: string,
  values: readonly unknown[],
): Promise<void> {
  await client.query(
    `UPDATE reward_redemptions SET ${set} WHERE merchant_id = $1 AND redemption_id = $2`,
    [merchantId, row.redemption_id, ...values],
  );
}

/** Redemptions and returns of all tenants that no worker has held for so long; the caller holds them now. */
export async function claimStuckRedemptions(
  on: Queryable,
  limit: number,
  olderThanSeconds: number,
): Promise<StuckRedemption[]> {
  const { rows } = await on.query<{
    merchant_id: string;
    shop_domain: string;
    redemption_id: string;
    status: string;
  }>('SELECT * FROM redemptions_claim_stuck($1, $2)', [limit, olderThanSeconds]);
  return rows.map((row) => ({
    merchantId: row.merchant_id,
    shopDomain: row.shop_domain,
    redemptionId: row.redemption_id,
    status: row.status,
  }));
}
