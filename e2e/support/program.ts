import pg from 'pg';
import { z } from 'zod';

const merchantRow = z.object({ merchant_id: z.uuid() });

/** Ways to earn beside purchases, in the shape of program_settings, over what is stored. */
export const withActions = `INSERT INTO program_settings (merchant_id, config)
  VALUES ($1, jsonb_build_object('earning', jsonb_build_object('actions', $2::jsonb)))
  ON CONFLICT (merchant_id) DO UPDATE SET config = jsonb_set(
    program_settings.config || jsonb_build_object('earning', coalesce(program_settings.config->'earning', '{}')),
    '{earning,actions}', coalesce(program_settings.config #> '{earning,actions}', '{}') || $2::jsonb)`;

/**
 * Sets the shop's program up in the database: rewards, actions, tiers. The pages for it have journeys of their
 * own.
 */
export async function setUpProgram(
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
