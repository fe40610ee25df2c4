import type pg from 'pg';
import { insertTenantDefaults } from '#core/merchants/merchants.store.ts';
import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import { loads } from './guide-scenarios.ts';

export interface Shopper {
  readonly merchantId: string;
  readonly customerId: string;
}

const membersOfEach = 8;
const largeShop = 'guide-large.myshopify.com';

/** As many shops as ask at once, each with a few members in segments that have been counted. */
export function makeManyShops(database: BenchDatabase): Promise<Shopper[]> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ merchant_id: string; customer_id: string }>(
      `WITH m AS (
         INSERT INTO merchants (shopify_domain, name, currency)
         SELECT 'guide-' || n || '.myshopify.com', 'Guide ' || n, 'USD' FROM generate_series(1, $1::int) n
         RETURNING merchant_id),
       s AS (INSERT INTO program_settings (merchant_id) SELECT merchant_id FROM m)
       INSERT INTO customers (merchant_id, customer_id, shopify_customer_id)
       SELECT m.merchant_id, gen_random_uuid(), n::text FROM m, generate_series(1, $2::int) n
       RETURNING merchant_id, customer_id`,
      [loads.segmentCounts.merchants, membersOfEach],
    );
    await client.query(
      `INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
       SELECT merchant_id, customer_id, id, jsonb_build_array(id)
       FROM customers, LATERAL (SELECT (ARRAY['champions', 'loyal', 'new', 'other'])[1 + shopify_customer_id::int % 4] AS id) s
       WHERE merchant_id = ANY ($1::uuid[])`,
      [[...new Set(rows.map(({ merchant_id: id }) => id))]],
    );
    await client.query('SELECT refresh_rfm_segment_counts()');
    await client.query('ANALYZE');
    return rows.map((row) => ({ merchantId: row.merchant_id, customerId: row.customer_id }));
  });
}

/** An installed shop without members. @returns its tenant */
export function makeLargeShop(database: BenchDatabase): Promise<string> {
  return withClient(database.adminUrl, async (client: pg.Client) => {
    const { rows } = await client.query<{ merchant_id: string }>(
      `INSERT INTO merchants (shopify_domain, name, currency) VALUES ($1, 'Guide, large', 'USD') RETURNING merchant_id`,
      [largeShop],
    );
    const merchantId = rows[0]?.merchant_id ?? '';
    await insertTenantDefaults(client, merchantId, 'USD');
    return merchantId;
  });
}
