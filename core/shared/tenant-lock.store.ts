import type { Queryable } from '../database/queryable.ts';

/**
 * One editor of the shop's settings at a time. First and alone: a statement that waits for a lock sees of other tables
 * what was there before it waited, so what is read after this cannot change until the end.
 */
export async function lockTenant(on: Queryable, merchantId: string): Promise<void> {
  await on.query('SELECT FROM merchants WHERE merchant_id = $1 FOR NO KEY UPDATE', [merchantId]);
}
