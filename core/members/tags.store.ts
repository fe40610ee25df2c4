import type { Queryable } from '../database/queryable.ts';
import { tagsAfter, tagsOf } from './tags.rules.ts';
import type { ToldTags } from './tags.rules.ts';

/** Stores the tags that Shopify reports of members, whose rows the caller has locked. */
export async function recordTags(
  on: Queryable,
  merchantId: string,
  told: readonly (ToldTags & { readonly customerId: string })[],
): Promise<void> {
  if (told.length === 0) return;
  const { rows } = await on.query<{ customer_id: string; tags: unknown }>(
    `SELECT c.customer_id, c.metadata->'tags' AS tags FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = ANY ($2)`,
    [merchantId, told.map(({ customerId }) => customerId)],
  );
  const known = new Map(rows.map((row) => [row.customer_id, tagsOf(row.tags)]));
  await on.query(
    `UPDATE customers c SET metadata = c.metadata || jsonb_build_object('tags', r.tags)
     FROM jsonb_to_recordset($2) AS r(customer_id uuid, tags jsonb)
     WHERE c.merchant_id = $1 AND c.customer_id = r.customer_id`,
    [
      merchantId,
      JSON.stringify(
        told.map((one) => ({
          customer_id: one.customerId,
          tags: tagsAfter(known.get(one.customerId) ?? {}, one),
        })),
      ),
    ],
  );
}
