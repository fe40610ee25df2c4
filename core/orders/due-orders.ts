import type { Pool } from 'pg';
import type { CoreDependencies } from '../call/dependencies.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { domainErrorOf } from '../shared/errors.ts';
import { dueOrders, shopsWithDueOrders, type DueOrder } from './orders.store.ts';
import type { RecordOutcome } from './record-order.ts';
import { dueUpdate, type OrderUpdate } from './settle-orders.ts';

interface Dependencies extends Pick<CoreDependencies, 'clock' | 'logger'> {
  readonly pool: Pool;
  /** One of the orders that are settled together; what fails for one fails for it alone. */
  readonly settle: (update: OrderUpdate) => Promise<RecordOutcome>;
}

const shopsPerPage = 50;
/** Few enough that orders that have just arrived wait for no more than a moment. */
const ordersPerPage = 50;

/**
 * Settles the orders whose points count by now, shop after shop. An order that fails is skipped and tried again in the
 * next round; one that another process settles meanwhile is found settled.
 */
export async function settleDueOrders(
  deps: Dependencies,
  limit: number,
): Promise<{ settled: number; more: boolean }> {
  const now = deps.clock();
  let settled = 0;
  let more = false;
  for (let last: string | null = null; ;) {
    const shops: string[] = await shopsWithDueOrders(deps.pool, now, last, shopsPerPage);
    for (const merchantId of shops) {
      const done = await settleShop(deps, merchantId, now, limit);
      settled += done.settled;
      more ||= done.more;
    }
    last = shops.at(-1) ?? null;
    if (shops.length < shopsPerPage) return { settled, more };
  }
}

async function settleShop(
  deps: Dependencies,
  merchantId: string,
  now: Date,
  limit: number,
): Promise<{ settled: number; more: boolean }> {
  let settled = 0;
  let after: DueOrder | undefined;
  while (settled < limit) {
    const page = await withTenant(deps.pool, merchantId, (client) =>
      dueOrders(client, merchantId, now, after, ordersPerPage),
    );
    const results = await Promise.all(
      page.map(({ orderId }) => settleOne(deps, merchantId, orderId)),
    );
    settled += results.filter(Boolean).length;
    after = page.at(-1);
    if (page.length < ordersPerPage) return { settled, more: false };
  }
  return { settled, more: true };
}

/** @returns whether it is settled */
async function settleOne(
  { settle, logger }: Dependencies,
  merchantId: string,
  orderId: string,
): Promise<boolean> {
  try {
    const { kind } = await settle(dueUpdate(merchantId, orderId));
    return kind === 'recorded';
  } catch (error) {
    const code = domainErrorOf(error)?.code;
    // The matter of the whole round, which is repeated anyway.
    if (code === 'unavailable' || code === 'resource_exhausted') throw error;
    if (code !== 'contention')
      logger.error(
        { err: error, merchantId, orderId },
        'The points of an order could not be settled',
      );
    return false;
  }
}
