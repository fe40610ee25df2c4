import pMap from 'p-map';
import type { DifferentBalance } from '../features/balance-metafields/compare-balances.server.ts';
import { compareBalances } from '../features/balance-metafields/compare-balances.server.ts';
import { readOrdersSince } from '../features/orders/reconcile.job.ts';
import { repeatErasuresSince } from '../features/privacy/repeat-erasures.server.ts';
import type { RepeatedErasures } from '../features/privacy/repeat-erasures.server.ts';
import { findIssuedSince } from '../features/redemptions/find-issued.server.ts';
import type { IssuedReport } from '../features/redemptions/find-issued.server.ts';
import type { JobServices, ShopReference } from '../jobs/services.ts';
import { log } from '../log.server.ts';
import { ShopPaused } from '../shopify/admin-client.server.ts';
import { ShopNotConnected } from '../shopify/offline-token.server.ts';

/** Steps after a restore, in their order. Each may be repeated, and run alone. */
export const recoverySteps = ['erasures', 'orders', 'rewards', 'balances'] as const;
export type RecoveryStep = (typeof recoverySteps)[number];

export interface RecoveryOptions {
  readonly steps: readonly RecoveryStep[];
  /** The moment that the database was restored to, or an outage began. */
  readonly since: Date;
  /** One shop alone, by its domain. */
  readonly shop?: string;
}

export interface ShopRecovery extends ShopReference {
  orders?: { readonly read: number; readonly setAside: number };
  rewards?: IssuedReport;
  /** What else was lost, member by member. */
  balances?: readonly DifferentBalance[];
  /** Why the shop could not be worked on; empty when it could. */
  problem: string;
}

export interface Recovery {
  readonly erasures: RepeatedErasures | undefined;
  readonly shops: readonly ShopRecovery[];
  /** Whether everything that was asked for was done. */
  readonly isComplete: boolean;
}

const shopsAtOnce = 4;
/** Shopify delivers an order's change for up to four hours: what changed before the moment may have arrived after it. */
const lateDeliveriesMs = 5 * 3_600_000;

/** Brings a database that was restored to an earlier time up to what is known outside of it. */
export async function recover(services: JobServices, options: RecoveryOptions): Promise<Recovery> {
  const { steps, since } = options;
  const erasures = steps.includes('erasures')
    ? await repeatErasuresSince(services, since)
    : undefined;
  const failed = erasures?.failed.length ?? 0;
  // Nothing may be read about people who are to be erased first.
  const shops =
    failed > 0 || steps.every((step) => step === 'erasures')
      ? []
      : await pMap(
          await shopsOf(services, options.shop),
          (shop) => recoverShop(shop, services, options),
          { concurrency: shopsAtOnce },
        );
  return {
    erasures,
    shops,
    isComplete: failed === 0 && shops.every(isWhole),
  };
}

/** A shop that is not connected any more comes back when its staff open the app; it is no failure of the restore. */
const notConnected = 'not connected';

const isWhole = ({ problem, orders, rewards }: ShopRecovery): boolean =>
  (problem === '' || problem === notConnected) &&
  (orders?.setAside ?? 0) === 0 &&
  (rewards?.unreadable ?? 0) === 0;

async function recoverShop(
  shop: ShopReference,
  services: JobServices,
  { steps, since }: RecoveryOptions,
): Promise<ShopRecovery> {
  const report: ShopRecovery = { ...shop, problem: '' };
  try {
    if (steps.includes('orders'))
      report.orders = await readOrdersSince(
        shop,
        services,
        new Date(since.getTime() - lateDeliveriesMs),
      );
    if (steps.includes('rewards')) report.rewards = await findIssuedSince(shop, services, since);
    if (steps.includes('balances')) report.balances = await compareBalances(shop, services);
  } catch (error) {
    // One shop stops no other.
    if (error instanceof ShopNotConnected) report.problem = notConnected;
    else if (error instanceof ShopPaused) report.problem = 'frozen at Shopify';
    else {
      log().error({ merchantId: shop.merchantId, err: error }, 'A shop could not be recovered');
      report.problem = error instanceof Error ? error.message : 'unknown';
    }
  }
  return report;
}

async function shopsOf(
  { platform }: Pick<JobServices, 'platform'>,
  wanted: string | undefined,
): Promise<ShopReference[]> {
  const shops: ShopReference[] = [];
  for (let cursor = ''; ;) {
    const { merchants, page } = await platform.listMerchants({ page: { pageSize: 250, cursor } });
    for (const { merchantId, shopDomain, uninstalledAt } of merchants)
      if (uninstalledAt === '' && (wanted === undefined || wanted === shopDomain))
        shops.push({ merchantId, shop: shopDomain });
    cursor = page?.nextCursor ?? '';
    if (cursor === '') return shops;
  }
}
