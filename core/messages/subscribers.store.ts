import type { Queryable } from '../database/queryable.ts';

/** Who is behind what a link or a provider names. */

export async function readSubscriber(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<{ shop_name: string | null; shop_language: unknown; locale: string } | undefined> {
  const { rows } = await on.query<{
    shop_name: string | null;
    shop_language: unknown;
    locale: string;
  }>(
    `SELECT m.name AS shop_name, m.language AS shop_language, c.locale
     FROM customers c JOIN merchants m ON m.merchant_id = c.merchant_id
     WHERE c.merchant_id = $1 AND c.customer_id = $2`,
    [merchantId, customerId],
  );
  return rows[0];
}

/** All members of an address (addresses are not unique), or the one with Shopify's id. */
export async function findRecipients(
  on: Queryable,
  merchantId: string,
  { emailHash, shopifyCustomerId }: { emailHash: Buffer | null; shopifyCustomerId: string },
): Promise<string[]> {
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT c.customer_id FROM customers c
     WHERE c.merchant_id = $1 AND (c.email_hash = $2 OR c.shopify_customer_id = nullif($3, '')) AND c.redacted_at IS NULL
     LIMIT 100`,
    [merchantId, emailHash, shopifyCustomerId],
  );
  return rows.map((row) => row.customer_id);
}

/** Whom text messages went to at a number; of merged members, the one that is left. */
export async function findTexted(
  on: Queryable,
  merchantId: string,
  recipientHash: Buffer,
): Promise<string[]> {
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT DISTINCT coalesce(c.merged_into_customer_id, c.customer_id) AS customer_id
     FROM email_events e JOIN customers c ON c.merchant_id = e.merchant_id AND c.customer_id = e.customer_id
     WHERE e.merchant_id = $1 AND e.recipient_hash = $2 AND c.redacted_at IS NULL LIMIT 100`,
    [merchantId, recipientHash],
  );
  return rows.map((row) => row.customer_id);
}
