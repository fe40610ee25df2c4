import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';

/** A tenant with nothing in it. @returns its id */
export async function createMerchant(pool: Pool): Promise<string> {
  const merchantId = randomUUID();
  await withTenant(pool, merchantId, async (client) => {
    await client.query(
      `INSERT INTO merchants (merchant_id, shopify_domain, name, currency) VALUES ($1, $2, 'Test', 'USD')`,
      [merchantId, `test-${merchantId}.myshopify.com`],
    );
    await client.query('INSERT INTO program_settings (merchant_id) VALUES ($1)', [merchantId]);
  });
  return merchantId;
}

/** A member of a tenant, without a name and without points. @returns our id of the member */
export async function createMember(pool: Pool, merchantId: string): Promise<string> {
  const customerId = randomUUID();
  await withTenant(pool, merchantId, (client) =>
    client.query(
      'INSERT INTO customers (merchant_id, customer_id, shopify_customer_id) VALUES ($1, $2, $3)',
      [merchantId, customerId, String(Math.floor(Math.random() * 1e15))],
    ),
  );
  return customerId;
}
