import type { Queryable } from '../ledger/index.ts';

/** Releases what is held and brings the balance to zero by one entry of type writeoff. */
export async function writeOffBalance(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<void> {
  await on.query('SELECT ledger_write_off($1, $2, $3, $4)', [
    merchantId,
    customerId,
    `redaction/${customerId}`,
    'system',
  ]);
}

/** Nulls what names the person, everywhere, and deletes what is only about them. The ledger's lines stay. */
export async function eraseCustomer(
  on: Queryable,
  merchantId: string,
  customerId: string,
  tombstone: string,
): Promise<void> {
  await on.query('SELECT privacy_erase_customer($1, $2, $3)', [merchantId, customerId, tombstone]);
  // What they were thought to be is theirs, too.
  await on.query(
    `UPDATE customers SET rfm_score = DEFAULT, lifecycle_stage = NULL, churn_band = NULL
     WHERE merchant_id = $1 AND (customer_id = $2 OR merged_into_customer_id = $2)`,
    [merchantId, customerId],
  );
}

/** Erases the contents of the tenant's deliveries that hold the person, and of those that nobody can read. */
export async function eraseDeliveries(
  on: Queryable,
  merchantId: string,
  tokens: readonly Buffer[],
): Promise<void> {
  await on.query('SELECT privacy_erase_deliveries($1, $2)', [merchantId, tokens]);
}

/** Erases a tenant with everything in it. @returns whether there was one */
export async function eraseShop(on: Queryable, merchantId: string): Promise<boolean> {
  const { rows } = await on.query<{ erased: boolean }>('SELECT privacy_erase_shop($1) AS erased', [
    merchantId,
  ]);
  return rows[0]?.erased ?? false;
}
