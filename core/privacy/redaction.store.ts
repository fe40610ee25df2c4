import type { Queryable } from '../database/queryable.ts';

/** Releases what is held and brings the balance to zero by one entry of type writeoff. */
export async function writeOffBalance(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<void> {
  await on.query('SELECT ledger_write_off($1, $2, $3, $4)', [
    merchantId,
    customerId,
    `redaction/${customerId}`,
    'system',
  ]);
}

/** Nulls what names the person, everywhere, and deletes what is only about them. The ledger's lines stay. */
export async function eraseCustomer(
  on: Queryable,
  merchantId: string,
  customerId: string,
  tombstone: string,
): Promise<void> {
  await on.query('SELECT privacy_erase_customer($1, $2, $3)', [merchantId, customerId, tombstone]);
  // What they were thought to be is theirs, too.
  await on.query(
    `UPDATE customers SET rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL
     WHERE merchant_id = $1 AND (customer_id = $2 OR merged_into_customer_id = $2)`,
    [merchantId, customerId],
  );
}

/** Who was merged into the member: the same person under other Shopify ids. */
export async function readMergedInto(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<{ customer_id: string; shopify_customer_id: string; email: Buffer | null }[]> {
  const { rows } = await on.query<{
    customer_id: string;
    shopify_customer_id: string;
    email: Buffer | null;
  }>(
    `WITH RECURSIVE same AS (
       SELECT $2::uuid AS customer_id
       UNION
       SELECT c.customer_id FROM same s
       JOIN customers c ON c.merchant_id = $1 AND c.merged_into_customer_id = s.customer_id
     )
     SELECT c.customer_id, c.shopify_customer_id, c.email FROM same s
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = s.customer_id
     WHERE c.customer_id <> $2 AND c.shopify_customer_id IS NOT NULL`,
    [merchantId, customerId],
  );
  return rows;
}

/** Each Shopify id of the person is known again by a tombstone of its own. */
export async function setTombstones(
  on: Queryable,
  merchantId: string,
  tombstones: ReadonlyMap<string, string>,
): Promise<void> {
  await on.query(
    `UPDATE customers c SET shopify_customer_id = t.tombstone
     FROM unnest($2::uuid[], $3::text[]) AS t(customer_id, tombstone)
     WHERE c.merchant_id = $1 AND c.customer_id = t.customer_id AND c.redacted_at IS NOT NULL`,
    [merchantId, [...tombstones.keys()], [...tombstones.values()]],
  );
}

/** The tenant's deliveries of orders that hold the person, with their contents. */
export async function readOrderDeliveries(
  on: Queryable,
  merchantId: string,
  tokens: readonly Buffer[],
): Promise<{ delivery_id: string; shop_domain: string; topic: string; payload: Buffer }[]> {
  const { rows } = await on.query<{
    delivery_id: string;
    shop_domain: string;
    topic: string;
    payload: Buffer;
  }>(
    `SELECT d.delivery_id, d.shop_domain, d.topic, d.payload FROM webhook_inbox d
     WHERE d.merchant_id = $1 AND d.payload IS NOT NULL AND d.subject_tokens && $2::bytea[]
       AND (d.topic LIKE 'orders/%' OR d.topic LIKE 'refunds/%')`,
    [merchantId, tokens],
  );
  return rows;
}

/**
 * Takes names and lines out of orders of the erased person: those that Shopify names, whosever they are, and of the
 * others those of customers who are no members.
 */
export async function eraseOrders(
  on: Queryable,
  merchantId: string,
  named: readonly string[],
  found: readonly string[],
): Promise<void> {
  await on.query('SELECT privacy_erase_orders($1, $2, $3)', [merchantId, named, found]);
}

/** Erases the contents of the tenant's deliveries that hold the person, and of those that cannot be read. */
export async function eraseDeliveries(
  on: Queryable,
  merchantId: string,
  tokens: readonly Buffer[],
): Promise<void> {
  await on.query('SELECT privacy_erase_deliveries($1, $2)', [merchantId, tokens]);
}

/** Erases a tenant with everything in it. @returns whether there was one */
export async function eraseShop(on: Queryable, merchantId: string): Promise<boolean> {
  // All that a large shop ever was: longer than the role's own limit for a statement.
  await on.query(`SET LOCAL statement_timeout = '30min'`);
  const { rows } = await on.query<{ erased: boolean }>('SELECT privacy_erase_shop($1) AS erased', [
    merchantId,
  ]);
  return rows[0]?.erased ?? false;
}
