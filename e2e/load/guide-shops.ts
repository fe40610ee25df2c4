import type { createCoreConnection } from '#app/core-client/clients.server.ts';
import { createPool } from '#core/database/pool.ts';
import { creditMany } from '#core/ledger/index.ts';
import { insertTenantDefaults } from '#core/merchants/merchants.store.ts';
import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import { loads, memberOf, pointsOfAnInsert } from './guide-scenarios.ts';

export interface Shopper {
  readonly merchantId: string;
  readonly customerId: string;
}

type Admin = ReturnType<ReturnType<typeof createCoreConnection>['clientsFor']>['admin'];

const membersOfEach = 8;
const membersInACall = 500;
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
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ merchant_id: string }>(
      `INSERT INTO merchants (shopify_domain, name, currency) VALUES ($1, 'Guide, large', 'USD') RETURNING merchant_id`,
      [largeShop],
    );
    const merchantId = rows[0]?.merchant_id ?? '';
    await insertTenantDefaults(client, merchantId, 'USD');
    return merchantId;
  });
}

/** Its members as the first import brings them, all with a balance and an order; nothing is left to be reviewed. */
export async function fillLargeShop(
  database: BenchDatabase,
  admin: Admin,
  merchantId: string,
): Promise<void> {
  const updatedAt = new Date().toISOString();
  for (let from = 0; from < loads.customers.members; from += membersInACall) {
    const { created } = await admin.upsertCustomers({
      customers: Array.from({ length: membersInACall }, (_, nth) =>
        memberOf(from + nth, updatedAt),
      ),
    });
    if (created !== membersInACall)
      throw new Error(`${created} of ${membersInACall} members were created`);
  }
  const ids = await withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ customer_id: string }>(
      `UPDATE customers SET last_order_at = now() - shopify_customer_id::bigint % 86400 * interval '1 minute', review_due_at = NULL
       WHERE merchant_id = $1 RETURNING customer_id`,
      [merchantId],
    );
    return rows.map((row) => row.customer_id);
  });
  const pool = createPool({ connectionString: database.appUrl, max: 1 });
  pool.on('error', () => undefined);
  try {
    for (let from = 0; from < ids.length; from += membersInACall) {
      const items = ids.slice(from, from + membersInACall).map((customerId, nth) => ({
        merchantId,
        customerId,
        points: pointsOfAnInsert + ((from + nth) % 997),
        key: `guide/${customerId}`,
        source: 'order' as const,
      }));
      await creditMany(pool, items);
    }
  } finally {
    await pool.end();
  }
}
