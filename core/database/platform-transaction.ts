import type { Pool, PoolClient } from 'pg';
import { contentionBackoff, inTransaction } from './tenant-transaction.ts';

/** From here on the platform's transaction writes for this tenant, whose rows it then sees. */
export async function actForTenant(client: PoolClient, merchantId: string): Promise<void> {
  await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [merchantId]);
}

const retryable = new Set(['40001', '40P01']);

/** Runs work on what belongs to the platform and to no tenant; tenants' rows stay hidden. */
export async function onPlatform<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(
        pool,
        `BEGIN; SELECT set_config('app.platform', 'on', true)`,
        work,
      );
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!retryable.has(code) || !(await contentionBackoff(attempt))) throw error;
    }
  }
}
