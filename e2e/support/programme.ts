import pg from 'pg';
import { z } from 'zod';

const merchantRow = z.object({ merchant_id: z.uuid() });

/**
 * Sets the shop's programme up behind everybody's back: rewards, actions, tiers. The pages for it have journeys of their
 * own.
 */
export async function setUpProgramme(
  statements: (merchantId: string) => readonly (readonly [sql: string, ...values: unknown[]])[],
): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.E2E_APP_DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT merchant_id FROM merchant_by_shop($1)', [
      'demo-store.myshopify.com',
    ]);
    const { merchant_id: merchantId } = merchantRow.parse(rows[0]);
    await client.query('BEGIN');
    await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [merchantId]);
    for (const [sql, ...values] of statements(merchantId)) {
      await client.query(sql, [merchantId, ...values]);
    }
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
