import type { PoolClient } from 'pg';
import type { ShopHealth, UnwellShop } from '#proto/admin/v1/health.ts';
import { SHOP_ACCESS } from '#vocabulary/health.ts';
import type { HealthProblem, ShopAccess } from '#vocabulary/health.ts';
import { asTenant } from '../call/as-tenant.ts';
import { tenantOf } from '../call/context.ts';
import type { CoreDependencies } from '../call/dependencies.ts';
import type { AdminMethods } from '../call/methods.ts';
import { readRfmSettings } from '../rfm/rfm.store.ts';
import { notFound } from '../shared/errors.ts';
import { checkBalancesAfter } from './check-balances.store.ts';
import {
  problemsOf,
  recentMs,
  unvisitedTooLongMs,
  waitingTooLongMs,
  worstFirst,
} from './shop-health.rules.ts';
import {
  listUnwellShops,
  readDeliveryFigures,
  readStoredHealth,
  saveVisit,
} from './shop-health.store.ts';
import type { UnwellRow } from './shop-health.store.ts';

type Methods = AdminMethods<
  'getShopHealth' | 'recordShopVisit' | 'checkBalances' | 'listUnwellShops'
>;

const mostUnwell = 50;

/** How each shop is served: told to the shop itself, and to the operator where something is wrong. */
export function shopHealthMethods({
  pool,
  reader,
  clock,
}: Pick<CoreDependencies, 'pool' | 'reader' | 'clock'>): Methods {
  return {
    getShopHealth: (_request, context) =>
      asTenant(pool, context, async (client, merchantId) => ({
        health: await healthOf(client, merchantId, clock()),
      })),

    recordShopVisit: (request, context) =>
      asTenant(pool, context, async (client, merchantId) => {
        await saveVisit(client, merchantId, request, clock());
        return {};
      }),

    async checkBalances({ cursor, limit }, context) {
      const merchantId = tenantOf(context);
      const found = await reader.read(merchantId, (client) =>
        checkBalancesAfter(client, merchantId, cursor, limit),
      );
      return {
        balancesChecked: found.checked,
        balancesBroken: found.broken,
        brokenInvariants: [...found.invariants],
        nextCursor: found.checked < limit ? '' : (found.last ?? ''),
      };
    },

    async listUnwellShops() {
      const now = clock();
      const before = (ms: number) => new Date(now.getTime() - ms);
      const rows = await listUnwellShops(
        pool,
        {
          since: before(recentMs),
          visited: before(unvisitedTooLongMs),
          waiting: before(waitingTooLongMs),
        },
        mostUnwell + 1,
      );
      const shops = worstFirst(rows.map((row) => unwellShop(row, now)));
      return { shops: shops.slice(0, mostUnwell), more: rows.length > mostUnwell };
    },
  };
}

/** @throws DomainError not_found when the shop is gone */
async function healthOf(client: PoolClient, merchantId: string, now: Date): Promise<ShopHealth> {
  const rfm = await readRfmSettings(client, merchantId);
  if (rfm === undefined) throw notFound('merchant');
  const stored = await readStoredHealth(client, merchantId);
  const since = new Date(now.getTime() - recentMs);
  const figures = await readDeliveryFigures(client, merchantId, since);
  const count = (value: bigint | undefined) => Number(value ?? 0);
  const time = (at: Date | null | undefined) => at?.toISOString() ?? '';
  return {
    measuredAt: now.toISOString(),
    points: {
      measured: figures.measured,
      medianMilliseconds: figures.median_ms,
      worstMilliseconds: figures.worst_ms,
      waiting: figures.waiting,
      waitingSince: time(figures.waiting_since),
    },
    deliveries: {
      received: figures.received,
      failed: figures.failed,
      refused: figures.refused,
      lastReceivedAt: time(figures.last_received_at),
    },
    reconcile: {
      at: time(stored?.reconciledAt),
      ordersRead: count(stored?.ordersRead),
      ordersDrifted: count(stored?.ordersDrifted),
      ordersSetAside: count(stored?.ordersSetAside),
      failedAt: time(stored?.reconcileFailedAt),
    },
    ledger: {
      at: time(stored?.ledgerCheckedAt),
      balancesChecked: count(stored?.balancesChecked),
      balancesBroken: count(stored?.balancesBroken),
    },
    access: {
      at: time(stored?.accessCheckedAt),
      access: stored?.access ?? '',
      missingScopes: stored?.missingScopes ?? [],
      missingTopics: stored?.missingTopics ?? [],
    },
    scoredAt: time(rfm.fullPassAt),
    problems: problemsOf(
      {
        medianMs: figures.median_ms,
        waitingSince: figures.waiting_since,
        failed: figures.failed + figures.refused,
        reconciledAt: stored?.reconciledAt ?? null,
        reconcileFailedAt: stored?.reconcileFailedAt ?? null,
        drifted: count(stored?.ordersDrifted),
        balancesCheckedAt: stored?.ledgerCheckedAt ?? null,
        balancesBroken: count(stored?.balancesBroken),
        access: accessOf(stored?.access),
        missingScopes: stored?.missingScopes.length ?? 0,
        missingTopics: stored?.missingTopics.length ?? 0,
      },
      now,
    ),
  };
}

function unwellShop(
  row: UnwellRow,
  now: Date,
): UnwellShop & { readonly problems: HealthProblem[] } {
  return {
    shopDomain: row.shop_domain,
    problems: problemsOf(
      {
        // Of one shop's deliveries a median can be taken; of all shops' it would cost too much.
        medianMs: 0,
        waitingSince: row.waiting_since,
        failed: row.failed,
        reconciledAt: row.reconciled_at,
        reconcileFailedAt: row.reconcile_failed_at,
        drifted: row.orders_drifted,
        balancesCheckedAt: row.ledger_checked_at,
        balancesBroken: row.balances_broken,
        access: accessOf(row.access),
        missingScopes: row.missing_scopes.length,
        missingTopics: row.missing_topics.length,
      },
      now,
    ),
    deliveriesFailed: row.failed,
    ordersWaiting: row.waiting,
    ordersWaitingSince: row.waiting_since?.toISOString() ?? '',
    reconciledAt: row.reconciled_at?.toISOString() ?? '',
  };
}

const accessOf = (stored: string | null | undefined): ShopAccess | null =>
  SHOP_ACCESS.find((access) => access === stored) ?? null;
