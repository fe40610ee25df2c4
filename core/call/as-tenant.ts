import type { Pool, PoolClient } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import { tenantOf, type CallerContext } from './context.ts';

/** Does the work of a call in one transaction of the tenant whom the call's token names. */
export function asTenant<T>(
  pool: Pool,
  context: CallerContext,
  work: (client: PoolClient, merchantId: string) => Promise<T>,
): Promise<T> {
  const merchantId = tenantOf(context);
  return withTenant(pool, merchantId, (client) => work(client, merchantId));
}
