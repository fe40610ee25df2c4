import type { Queryable } from '../database/queryable.ts';

/** A redemption whose code an order was paid with. */
export interface UsedCode {
  merchant_id: string;
  redemption_id: string;
  customer_id: string;
  order_id: string;
  status: string;
  points_spent: number;
}

/** A code as an order reports it. */
export interface ToldCode {
  readonly merchantId: string;
  readonly hash: Buffer;
  readonly orderId: string;
  readonly at: string;
}

/** Notes on the redemptions of these codes the orders that were paid with them, whatever their tenants. */
export async function noteUsedCodes(
  on: Queryable,
  codes: readonly ToldCode[],
): Promise<UsedCode[]> {
  const { rows } = await on.query<UsedCode>('SELECT * FROM orders_use_codes($1, $2, $3, $4)', [
    codes.map((code) => code.merchantId),
    codes.map((code) => code.hash),
    codes.map((code) => code.orderId),
    codes.map((code) => code.at),
  ]);
  return rows;
}
