import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let core: TestCore;
const now = new Date('2026-11-30T12:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const hour = 3_600;

beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

interface Arrived {
  readonly secondsAgo: number;
  readonly topic?: string;
  readonly status?: string;
  /** Seconds until it was processed, and what it moved. */
  readonly took?: number;
  readonly points?: number;
}

async function arrived(shop: Shop, ...deliveries: readonly Arrived[]): Promise<void> {
  for (const {
    secondsAgo,
    topic = 'orders/paid',
    status = 'processed',
    took,
    points,
  } of deliveries)
    await core.outside.query(
      `INSERT INTO webhook_inbox (merchant_id, shop_domain, topic, webhook_id, payload, status, received_at, processed_at, points)
       VALUES ($1, $2, $3, $4, '\\x00', $5, $6, $7, $8)`,
      [
        shop.merchantId,
        shop.shopDomain,
        topic,
        randomUUID(),
        status,
        ago(secondsAgo),
        took === undefined ? null : ago(secondsAgo - took),
        points ?? null,
      ],
    );
}

const healthOf = async (shop: Shop) => (await shop.admin.getShopHealth({})).health;

/** By the server's clock, which says when a shop was installed. */
const leaves = (shop: Shop) =>
  shop.admin.uninstallMerchant({ uninstalledAt: new Date(Date.now() + 1_000).toISOString() });

async function memberOf(shop: Shop, shopifyCustomerId: string, points: number): Promise<string> {
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId },
    trigger: 'created',
  });
  await shop.points.earnPoints({
    award: { customerId, points, idempotencyKey: shopifyCustomerId },
  });
  return customerId;
}

describe('a shop that asks how it is', () => {
  it('has nothing to show and nothing wrong when it was just installed', async () => {
    const shop = await core.installShop();
    expect(await healthOf(shop)).toEqual({
      measuredAt: now.toISOString(),
      points: {
        measured: 0,
        medianMilliseconds: 0,
        worstMilliseconds: 0,
        waiting: 0,
        waitingSince: '',
      },
      deliveries: { received: 0, failed: 0, refused: 0, lastReceivedAt: '' },
      reconcile: { at: '', ordersRead: 0, ordersDrifted: 0, ordersSetAside: 0, failedAt: '' },
      ledger: { at: '', balancesChecked: 0, balancesBroken: 0 },
      access: { at: '', access: '', missingScopes: [], missingTopics: [] },
      scoredAt: '',
      problems: [],
    });
  });

  it('learns how fast its orders get points today, and which wait', async () => {
    const shop = await core.installShop();
    const other = await core.installShop();
    await arrived(other, { secondsAgo: 900, status: 'received' });
    await arrived(
      shop,
      { secondsAgo: 60, took: 1, points: 10 },
      { secondsAgo: 120, took: 3, points: -10, topic: 'refunds/create' },
      { secondsAgo: 180, took: 40, points: 10 },
      // Neither moved points, nor was it today.
      { secondsAgo: 200, took: 70 },
      { secondsAgo: 25 * hour, took: 7_000, points: 10 },
      { secondsAgo: 30, status: 'processing' },
      { secondsAgo: 299, status: 'received' },
      { secondsAgo: 999, status: 'received', topic: 'customers/update' },
    );
    const health = await healthOf(shop);
    expect(health?.points).toEqual({
      measured: 3,
      medianMilliseconds: 3_000,
      worstMilliseconds: 40_000,
      waiting: 2,
      waitingSince: ago(299).toISOString(),
    });
    expect(health?.deliveries).toEqual({
      received: 7,
      failed: 0,
      refused: 0,
      lastReceivedAt: ago(30).toISOString(),
    });
    expect(health?.problems).toEqual([]);
  });

  it('learns what failed today, and that an order has waited for too long', async () => {
    const shop = await core.installShop();
    await arrived(
      shop,
      { secondsAgo: 301, status: 'received' },
      { secondsAgo: 60, status: 'failed' },
      { secondsAgo: 60, status: 'refused' },
      { secondsAgo: 25 * hour, status: 'failed' },
    );
    const health = await healthOf(shop);
    expect(health?.deliveries).toMatchObject({ received: 3, failed: 1, refused: 1 });
    expect(health?.problems).toEqual(['orders_waiting', 'deliveries_failed']);
  });

  it('learns what the last visits found; a visit changes only what it looked at', async () => {
    const shop = await core.installShop();
    await shop.admin.recordShopVisit({ ledger: { balancesChecked: 7, balancesBroken: 0 } });
    await shop.admin.recordShopVisit({ reconcileFailed: true });
    expect(await healthOf(shop)).toMatchObject({
      reconcile: { at: '', failedAt: now.toISOString() },
      problems: ['reconcile_failed'],
    });
    await shop.admin.recordShopVisit({
      reconcile: { ordersRead: 40, ordersDrifted: 2, ordersSetAside: 1 },
      access: { access: 'connected', missingScopes: ['read_orders'] },
    });
    expect(await healthOf(shop)).toMatchObject({
      reconcile: {
        at: now.toISOString(),
        ordersRead: 40,
        ordersDrifted: 2,
        ordersSetAside: 1,
        failedAt: '',
      },
      ledger: { at: now.toISOString(), balancesChecked: 7, balancesBroken: 0 },
      access: { access: 'connected', missingScopes: ['read_orders'], missingTopics: [] },
      problems: ['scopes_missing', 'orders_drifted'],
    });
  });

  it('starts anew after it was away: what was found before says nothing of now', async () => {
    const shop = await core.installShop();
    await shop.admin.recordShopVisit({ access: { access: 'not_connected' } });
    await leaves(shop);
    await core.installShop(shop.shopDomain);
    expect((await healthOf(shop))?.problems).toEqual([]);
  });

  it('may ask, and only the system may write', async () => {
    const shop = await core.installShop();
    const staff = core.clients({
      merchant: shop.merchantId,
      actor: 'staff:1',
      scopes: ['admin:settings'],
    });
    expect((await staff.admin.getShopHealth({})).health?.problems).toEqual([]);
    const written = await failureOf(staff.admin.recordShopVisit({ reconcileFailed: true }));
    expect(written.code).toBe('forbidden');
  });
});

describe('the nightly check of balances', () => {
  it('looks at every balance, range by range, and finds what is not explained', async () => {
    const shop = await core.installShop();
    const members: string[] = [];
    for (const id of ['1', '2', '3', '4', '5']) members.push(await memberOf(shop, id, 100));
    const walk = async () => {
      const found = { checked: 0, broken: 0, invariants: [] as string[], calls: 0 };
      for (let cursor = ''; ;) {
        const step = await shop.admin.checkBalances({ cursor, limit: 2 });
        found.calls += 1;
        found.checked += step.balancesChecked;
        found.broken += step.balancesBroken;
        found.invariants.push(...step.brokenInvariants);
        cursor = step.nextCursor;
        if (cursor === '') return found;
      }
    };
    expect(await walk()).toEqual({ checked: 5, broken: 0, invariants: [], calls: 3 });
    await core.outside.query(
      `UPDATE points_balances SET balance = balance + 1 WHERE merchant_id = $1 AND customer_id = $2`,
      [shop.merchantId, members[3]],
    );
    await core.outside.query(
      `UPDATE points_balances SET held = 3 WHERE merchant_id = $1 AND customer_id = $2`,
      [shop.merchantId, members[4]],
    );
    const found = await walk();
    expect(found).toMatchObject({ checked: 5, broken: 2 });
    expect(found.invariants.sort()).toEqual([
      'balance_is_entries',
      'balance_is_lots_less_debt',
      'held_is_holds',
    ]);
  });
});

describe('the operator', () => {
  const staff = () =>
    core.clients({ actor: `admin:${randomUUID()}`, scopes: ['admin:overview'] }).admin;

  it('sees the shops that are unwell, worst first, and none that is well or gone', async () => {
    const before = new Set(
      (await staff().listUnwellShops({})).shops.map(({ shopDomain }) => shopDomain),
    );
    const [broken, waits, drifted, well, gone] = [
      await core.installShop(),
      await core.installShop(),
      await core.installShop(),
      await core.installShop(),
      await core.installShop(),
    ];
    await drifted.admin.recordShopVisit({ reconcile: { ordersRead: 9, ordersDrifted: 1 } });
    await arrived(waits, { secondsAgo: 600, status: 'received' });
    await arrived(well, { secondsAgo: 60, status: 'received' });
    await well.admin.recordShopVisit({
      reconcile: { ordersRead: 9 },
      ledger: { balancesChecked: 3 },
      access: { access: 'connected' },
    });
    for (const shop of [broken, gone])
      await shop.admin.recordShopVisit({ ledger: { balancesChecked: 3, balancesBroken: 1 } });
    await leaves(gone);
    const { shops, more } = await staff().listUnwellShops({});
    expect(
      shops
        .filter(({ shopDomain }) => !before.has(shopDomain))
        .map(({ shopDomain, problems }) => [shopDomain, ...problems]),
    ).toEqual([
      [broken.shopDomain, 'balances_broken'],
      [waits.shopDomain, 'orders_waiting'],
      [drifted.shopDomain, 'orders_drifted'],
    ]);
    expect(more).toBe(false);
    expect(shops.find(({ shopDomain }) => shopDomain === waits.shopDomain)).toMatchObject({
      ordersWaiting: 1,
      ordersWaitingSince: ago(600).toISOString(),
    });
  });
});
