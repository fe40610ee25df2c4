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
}

/** A member as far as erasing one needs to know. */
export interface PersonRow {
  readonly customer_id: string;
  readonly shopify_customer_id: string;
  readonly email: Buffer | null;
  readonly redacted_at: Date | null;
}

/**
 * The member, after merges where Shopify's id is given, and behind them who was merged into them: the same person under
 * other Shopify ids. Empty when there is no such member.
 */
export async function readPersons(
  on: Queryable,
  merchantId: string,
  by: { readonly customerId: string } | { readonly shopifyCustomerId: string },
): Promise<PersonRow[]> {
  const [where, value] =
    'customerId' in by
      ? ['c.customer_id = $2', by.customerId]
      : ['c.shopify_customer_id = member_in_force($1, $2)', by.shopifyCustomerId];
  const { rows } = await on.query<PersonRow>(
    `WITH RECURSIVE same AS (
       SELECT c.customer_id, 0 AS depth FROM customers c WHERE c.merchant_id = $1 AND ${where}
       UNION
       SELECT c.customer_id, s.depth + 1 FROM same s
       JOIN customers c ON c.merchant_id = $1 AND c.merged_into_customer_id = s.customer_id
     )
     SELECT c.customer_id, c.shopify_customer_id, c.email, c.redacted_at FROM same s
     JOIN customers c ON c.merchant_id = $1 AND c.customer_id = s.customer_id
     WHERE s.depth = 0 OR c.shopify_customer_id IS NOT NULL
     ORDER BY s.depth, c.customer_id`,
    [merchantId, value],
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
     WHERE d.delivery_id = ANY (ARRAY(SELECT inbox_holding($1, $2::bytea[])))
       AND d.merchant_id = $1 AND d.payload IS NOT NULL AND d.subject_tokens && $2::bytea[]
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
