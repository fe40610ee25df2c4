import type { Pool } from 'pg';
import { withTenant } from '../database/tenant-transaction.ts';
import type { Program } from '../program/program.rules.ts';
import { replay, type SimulationSums } from './simulator.rules.ts';
import { readPastOrders, type Period, type Position } from './simulator.store.ts';

/** Large enough to be quick, small enough that other calls are answered between two pages. */
const ordersPerPage = 2_500;

export interface Replay {
  readonly period: Period;
  readonly draft: Program;
  readonly current: Program;
  /** Also what was there before the shop joined. */
  readonly includeHistory: boolean;
}

/** Replays a tenant's orders page by page into the sums; ends a step with each page. */
export async function* replayPast(
  pool: Pool,
  merchantId: string,
  { period, draft, current, includeHistory }: Replay,
  sums: SimulationSums,
): AsyncGenerator<void> {
  const wants = {
    lines: draft.earning.excludedProducts.length > 0,
    first: draft.earning.firstPurchase.isEnabled && !current.earning.firstPurchase.isEnabled,
  };
  for (let after: Position | undefined, first = true; first || after; first = false) {
    const page = await withTenant(pool, merchantId, (client) =>
      readPastOrders(client, merchantId, period, after, ordersPerPage, wants),
    );
    for (const { month, order } of page.orders) {
      const past =
        includeHistory && order.facts.isHistorical
          ? { ...order, facts: { ...order.facts, isHistorical: false } }
          : order;
      sums.add(month, past, replay(past, draft, current));
    }
    after = page.next;
    yield;
  }
}
