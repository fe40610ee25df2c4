import type { MetafieldBalance } from '#proto/admin/v1/admin.ts';
import type { Queryable } from '../database/queryable.ts';

interface MetafieldRow {
  customer_id: string;
  shopify_customer_id: string;
  balance: number;
  version: number;
  is_erased: boolean;
}

/** Members in one answer when the caller names none. */
const maxBehind = 250;

/**
 * What the balance metafields of members should say; without ids, those of members whose metafield is behind. An
 * erased member has none any more. @returns also how many of the ids are the tenant's
 */
export async function readMetafieldBalances(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<{ known: number; balances: MetafieldBalance[] }> {
  const condition =
    customerIds.length > 0
      ? 'c.customer_id = ANY($2)'
      : 'cardinality($2::uuid[]) = 0 AND b.version > c.metafield_version AND c.redacted_at IS NULL';
  const { rows } = await on.query<MetafieldRow>(
    `SELECT c.customer_id, c.shopify_customer_id, coalesce(b.balance, 0) AS balance, coalesce(b.version, 0) AS version,
            c.redacted_at IS NOT NULL AS is_erased
     FROM customers c
     LEFT JOIN points_balances b ON b.merchant_id = c.merchant_id AND b.customer_id = c.customer_id
     WHERE c.merchant_id = $1 AND ${condition}
     ORDER BY b.updated_at NULLS FIRST LIMIT ${maxBehind}`,
    [merchantId, customerIds],
  );
  return {
    known: rows.length,
    balances: rows
      .filter((row) => !row.is_erased)
      .map((row) => ({
        customerId: row.customer_id,
        shopifyCustomerId: row.shopify_customer_id,
        balance: row.balance,
        version: row.version,
      })),
  };
}

/** The metafields say what these versions of the balances were. @returns how many of the members are the tenant's */
export async function confirmMetafieldBalances(
  on: Queryable,
  merchantId: string,
  balances: readonly MetafieldBalance[],
): Promise<number> {
  const { rowCount } = await on.query(
    `UPDATE customers c SET metafield_version = greatest(c.metafield_version, u.version)
     FROM (SELECT u.id, max(u.version) AS version FROM unnest($2::uuid[], $3::bigint[]) AS u(id, version) GROUP BY 1) u
     WHERE c.merchant_id = $1 AND c.customer_id = u.id`,
    [
      merchantId,
      balances.map((balance) => balance.customerId),
      balances.map((balance) => balance.version),
    ],
  );
  return rowCount ?? 0;
}
