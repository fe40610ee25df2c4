import type { RecordOrderRequest } from '#proto/points/v1/points.ts';
import type { Queryable } from '../database/queryable.ts';
import type { Ledger } from '../ledger/index.ts';
import { mayBeOurs } from './redemption.rules.ts';
import { noteUsedCodes, type UsedCode } from './used-codes.store.ts';

/**
 * Marks the redemptions whose codes orders were paid with. Orders without a code that looks like ours cost nothing.
 * @returns those whose points the member has back already, because they had failed or were returned
 */
export async function markCodesUsed(
  on: Queryable,
  hash: (merchantId: string, code: string) => Buffer,
  updates: readonly { readonly merchantId: string; readonly request: RecordOrderRequest }[],
): Promise<UsedCode[]> {
  const codes = updates.flatMap(({ merchantId, request: { order } }) =>
    (order?.discountCodes ?? []).filter(mayBeOurs).map((code) => ({
      merchantId,
      hash: hash(merchantId, code),
      orderId: order?.orderId ?? '',
      at: order?.orderedAt ?? '',
    })),
  );
  if (codes.length === 0) return [];
  return (await noteUsedCodes(on, codes)).filter(
    (row) => row.status === 'failed' || row.status === 'returned',
  );
}

/** No code without its debit: what was returned is debited again, and may leave a debt. */
export async function debitCodesUsedAnyway(
  on: Queryable,
  ledger: Pick<Ledger, 'debit'>,
  codes: readonly UsedCode[],
): Promise<void> {
  for (const code of codes) {
    if (code.points_spent === 0) continue;
    await ledger.debit(
      {
        merchantId: code.merchant_id,
        customerId: code.customer_id,
        points: code.points_spent,
        key: `redemption/${code.redemption_id}/used`,
        type: 'redeem',
        source: 'redemption',
        orderId: code.order_id,
        metadata: {
          reason_code: 'redemption_used_anyway',
          redemption_id: code.redemption_id,
        },
        whenShort: 'debt',
      },
      on,
    );
  }
}
