import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EarningRules } from '#proto/points/v1/earning.ts';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import type { Simulation } from '#proto/points/v1/simulator.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

async function programOf(shop: Shop): Promise<PointsProgram> {
  const { program } = await shop.points.getPointsProgram({});
  if (program === undefined) throw new Error('there is no program');
  return program;
}
async function simulate(shop: Shop, program: PointsProgram, more = {}): Promise<Simulation> {
  let simulation: Simulation | undefined;
  let done = 0;
  for await (const answer of shop.points.simulateProgram({ program, ...more })) {
    expect(answer.ordersDone).toBeGreaterThanOrEqual(done);
    done = answer.ordersDone;
    simulation = answer.simulation;
  }
  if (simulation === undefined) throw new Error('the simulation had no end');
  return simulation;
}

let ids = 3_000_000;
async function buy(shop: Shop, customer: string, subtotal: string, more = {}): Promise<string> {
  const orderId = String(++ids);
  const now = new Date(Date.now() - 60_000).toISOString();
  await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: {
        shopifyCustomerId: customer,
        email: '',
        firstName: `Ada ${customer}`,
        lastName: '',
        locale: '',
        state: 'enabled',
      },
      currency: 'USD',
      subtotal,
      currentSubtotal: subtotal,
      financialStatus: 'paid',
      orderedAt: now,
      updatedAt: now,
      lines: [{ lineId: '1', productId: '7', quantity: 1, price: subtotal, subtotal }],
      ...more,
    },
    trigger: 'paid',
  });
  return orderId;
}
const refundLine = (shop: Shop, orderId: string, subtotal: string) =>
  shop.points.recordOrder({
    refund: {
      orderId,
      currency: 'USD',
      refund: {
        refundId: String(++ids),
        subtotal,
        refundedAt: new Date().toISOString(),
        linesSubtotal: subtotal,
        lines: [{ lineId: '1', subtotal }],
      },
    },
    trigger: 'refunded',
  });

/** A shop whose orders were refunded, cancelled, multiplied and unpaid, under the rules that it has. */
async function shopWithPast(): Promise<Shop> {
  const shop = await core.installShop();
  const program = await programOf(shop);
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      earning: {
        ...program.earning,
        multipliers: {
          firstPurchase: { enabled: true, multiplier: '2' },
          champions: { enabled: true, multiplier: '1.5' },
          stacking: 'highest',
        },
      },
    },
  });
  await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: '1', firstName: 'Ada 1', state: 'enabled' },
    trigger: 'created',
  });
  const half = await buy(shop, '1', '33.33');
  await refundLine(shop, half, '11.11');
  await core.outside.query(
    `INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
     SELECT merchant_id, customer_id, 'champions', '["champions"]' FROM customers WHERE merchant_id = $1
     ON CONFLICT (merchant_id, customer_id) DO UPDATE SET segment_ids = EXCLUDED.segment_ids`,
    [shop.merchantId],
  );
  await buy(shop, '1', '19.99');
  const cancelled = await buy(shop, '2', '75.00');
  await shop.points.recordOrder({
    order: {
      orderId: cancelled,
      customer: { shopifyCustomerId: '2' },
      currency: 'USD',
      subtotal: '75.00',
      currentSubtotal: '75.00',
      financialStatus: 'voided',
      orderedAt: new Date(Date.now() - 60_000).toISOString(),
      updatedAt: new Date().toISOString(),
      cancelledAt: new Date().toISOString(),
    },
    trigger: 'cancelled',
  });
  await buy(shop, '3', '50.00');
  // Who the members are today says nothing of who they were.
  await core.outside.query('DELETE FROM customer_segments WHERE merchant_id = $1', [
    shop.merchantId,
  ]);
  return shop;
}

describe('trying rules before they are saved', () => {
  it('gives with the rules of today what the ledger gave, to the point', async () => {
    const shop = await shopWithPast();
    const simulation = await simulate(shop, await programOf(shop));
    expect(simulation.simulated).toBe(simulation.recorded);
    expect(simulation.recorded).toBeGreaterThan(0);
    const { rows } = await core.outside.query<{ points: string }>(
      'SELECT sum(points) AS points FROM points_transactions WHERE merchant_id = $1',
      [shop.merchantId],
    );
    expect(simulation.recorded).toBe(Number(rows[0]?.points));
    expect(simulation).toMatchObject({
      membersGaining: 0,
      membersLosing: 0,
      liabilityChange: '0.00',
      parts: [
        { source: 'order', times: 4 },
        { source: 'signup', times: 1, recorded: 200, simulated: 200 },
      ],
    });
  });

  it('reports what other rules would have given, to whom, and what it would have cost', async () => {
    const shop = await core.installShop();
    await buy(shop, '1', '100.00');
    await buy(shop, '2', '10.00');
    const program = await programOf(shop);
    const simulation = await simulate(shop, {
      ...program,
      purchase: { enabled: true, awardOn: 'paid', points: 5, per: 1, pointsPerUnit: '' },
    });
    expect(simulation).toMatchObject({
      recorded: 1_100,
      simulated: 550,
      value: { pointsCost: 500, amount: '5.00', assumed: true },
      recordedCost: '11.00',
      simulatedCost: '5.50',
      liabilityChange: '-5.50',
      outstanding: 1_100,
      simulatedOutstanding: 550,
      membersLosing: 2,
      losing: [{ firstName: 'Ada 1', recorded: 1_000, simulated: 500 }, { recorded: 100 }],
      months: [{ orders: 2, recorded: 1_100, simulated: 550 }],
    });
    await shop.points.upsertReward({
      reward: { kind: 'amount_off', title: { en: 'Ten off' }, pointsCost: 100, value: '10.00' },
    });
    expect(await simulate(shop, program)).toMatchObject({
      value: { pointsCost: 100, amount: '10.00', assumed: false },
      recordedCost: '110.00',
    });
  });

  it('knows of excluded goods, first purchases and the orders from before the shop joined', async () => {
    const shop = await core.installShop();
    await buy(shop, '1', '100.00');
    await buy(shop, '1', '10.00', { orderedAt: new Date().toISOString(), lines: [] });
    const program = await programOf(shop);
    const { earning } = program;
    if (earning === undefined) throw new Error('there are no earning rules');
    const draft = (changes: Partial<EarningRules>) => ({
      ...program,
      earning: { ...earning, ...changes },
    });
    expect(
      await simulate(shop, draft({ excludedProducts: [{ productId: '7', title: '' }] })),
    ).toMatchObject({ recorded: 1_100, simulated: 100 });
    const first = { enabled: true, multiplier: '3' };
    expect(
      await simulate(
        shop,
        draft({ multipliers: { firstPurchase: first, champions: undefined, stacking: 'highest' } }),
      ),
    ).toMatchObject({ simulated: 3_100 });
    await core.outside.query(
      `UPDATE orders SET is_historical = true, shopify_order_id = 'old-' || shopify_order_id WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    expect(await simulate(shop, program)).toMatchObject({ recorded: 0, simulated: 0 });
    expect(await simulate(shop, program, { includeHistory: true })).toMatchObject({
      recorded: 0,
      simulated: 1_100,
    });
  });

  it('refuses rules that could not be saved, and writes nothing', async () => {
    const shop = await core.installShop();
    const program = await programOf(shop);
    const wrong = { ...program, expiryDays: -1 };
    expect(await failureOf(simulate(shop, wrong))).toMatchObject({ field: 'program.expiry_days' });
    await simulate(shop, { ...program, active: false });
    expect(await programOf(shop)).toEqual(program);
  });
});
