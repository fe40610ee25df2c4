import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date('2026-06-15T12:00:00Z');
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

/** Orders of that moment, straight into the table: how they get there is not asked here. */
const orders = (shop: Shop, count: number, orderedAt: string, isHistorical = false) =>
  core.outside.query(
    `INSERT INTO orders (merchant_id, shopify_order_id, currency, ordered_at, is_historical, financial_status)
     SELECT $1, $3::text || $4::boolean || n, 'USD', $3::timestamptz, $4, 'paid' FROM generate_series(1, $2) n`,
    [shop.merchantId, count, orderedAt, isHistorical],
  );
const usageOf = async (shop: Shop) => (await shop.admin.getPlanUsage({})).usage;
const warnings = async (shop: Shop) =>
  (
    await core.outside.query<{ payload: unknown }>(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'plan.limit_near'`,
      [shop.merchantId],
    )
  ).rows.map((row) => row.payload);

describe('what a shop has used of its plan', () => {
  it('is counted by the calendar month of the shop, without orders from before the program', async () => {
    const shop = await core.installShop();
    await shop.admin.updateShopProfile({ timezone: 'America/Los_Angeles' });
    await orders(shop, 3, '2026-06-01T07:00:00Z');
    await orders(shop, 5, '2026-06-01T06:59:59Z');
    await orders(shop, 7, '2026-06-10T00:00:00Z', true);
    expect(await usageOf(shop)).toEqual({
      planId: 'free',
      planName: 'Free',
      orders: { used: 3, limit: 300, standing: 'fine' },
      smsReferrals: { used: 0, limit: 50, standing: 'fine' },
      firstDay: '2026-06-01',
      lastDay: '2026-06-30',
      next: { planId: 'standard', planName: 'Standard', price: '29.00', ordersLimit: 500 },
    });
  });

  it('is reported once a month from 80 % on, and never stops a member from earning', async () => {
    const shop = await core.installShop();
    await orders(shop, 239, '2026-06-05T00:00:00Z');
    expect(await shop.admin.checkPlanUsage({})).toEqual({ warned: false });
    await orders(shop, 61, '2026-06-06T00:00:00Z');
    expect((await usageOf(shop))?.orders).toMatchObject({ used: 300, standing: 'reached' });
    expect(await shop.admin.checkPlanUsage({})).toEqual({ warned: true });
    expect(await shop.admin.checkPlanUsage({})).toEqual({ warned: false });
    expect(await warnings(shop)).toEqual([
      {
        what: 'orders',
        plan_id: 'free',
        orders_used: 300,
        orders_limit: 300,
        sms_referrals_used: 0,
        sms_referrals_limit: 50,
      },
    ]);

    const { entries } = await shop.points.recordOrder({
      trigger: 'paid',
      order: {
        orderId: '301',
        customer: { shopifyCustomerId: '5001' },
        currency: 'USD',
        subtotal: '10.00',
        currentSubtotal: '10.00',
        total: '10.00',
        financialStatus: 'paid',
        orderedAt: now.toISOString(),
        updatedAt: now.toISOString(),
      },
    });
    expect(entries).toHaveLength(1);

    now = new Date('2026-07-02T12:00:00Z');
    expect((await usageOf(shop))?.orders?.used).toBe(0);
    await orders(shop, 250, '2026-07-01T12:00:00Z');
    expect(await shop.admin.checkPlanUsage({})).toEqual({ warned: true });
    expect(await warnings(shop)).toHaveLength(2);
  });

  it('has no limit where the plan has none', async () => {
    const shop = await core.installShop();
    await core.outside.query(`UPDATE merchants SET plan_id = 'enterprise' WHERE merchant_id = $1`, [
      shop.merchantId,
    ]);
    expect(await usageOf(shop)).toMatchObject({
      orders: { limit: -1, standing: 'fine' },
      next: undefined,
    });
  });
});
