import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

/** The day of a shop in a time zone, as the series names it. */
function dayIn(timeZone: string, at = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

describe('the figures of a shop', () => {
  it('are those of its ledger: issued less what was deducted, redeemed less what was returned', async () => {
    const shop = await test.installShop();
    const ids = await Promise.all(
      ['1', '2'].map(async (id) => {
        const customer = {
          shopifyCustomerId: id,
          firstName: 'Ana',
          lastName: `No ${id}`,
          email: `${id}@example.com`,
          state: 'enabled',
        };
        return (await shop.admin.upsertCustomer({ customer, trigger: 'updated' })).customerId;
      }),
    );
    const [first = '', second = ''] = ids;
    await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '3', firstName: 'A', lastName: 'Guest', state: 'disabled' },
      trigger: 'updated',
    });
    await shop.points.earnPoints({
      award: { customerId: first, points: 100, idempotencyKey: 'a' },
    });
    await shop.points.earnPoints({
      award: { customerId: second, points: 40, idempotencyKey: 'b' },
    });
    const { entry } = await shop.points.adjustPoints({
      customerId: second,
      points: 25,
      reason: 'gift',
      idempotencyKey: 'c',
    });
    await shop.points.reverseEntry({ transactionId: entry?.transactionId ?? '', reason: '' });
    const { hold } = await shop.points.holdPoints({
      customerId: first,
      points: 60,
      idempotencyKey: 'd',
      purpose: 'reward',
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await shop.points.confirmHold({ holdId: hold?.holdId ?? '' });
    const figures = await shop.analytics.getAnalytics({ days: 7 });
    expect(figures).toMatchObject({
      members: 2,
      membersInPeriod: 2,
      pointsIssued: 140,
      pointsRedeemed: 60,
      pointsExpired: 0,
      pointsOutstanding: 80,
    });
    expect(figures.daily).toHaveLength(7);
    expect(figures.daily.at(-1)).toEqual({ day: dayIn('UTC'), issued: 140, redeemed: 60 });
    expect(figures.recent[0]).toMatchObject({
      entry: { type: 'redeem', points: -60 },
      customerName: 'Ana No 1',
    });
    expect(figures.recent).toHaveLength(5);
  });

  it('leave debts out of the points outstanding: a shop owes the points that members can spend', async () => {
    const shop = await test.installShop();
    const of = async (shopifyCustomerId: string) =>
      (
        await shop.admin.upsertCustomer({
          customer: { shopifyCustomerId, state: 'enabled' },
          trigger: 'updated',
        })
      ).customerId;
    const [indebted, saver] = [await of('1'), await of('2')];
    const { entry } = await shop.points.adjustPoints({
      customerId: indebted,
      points: 100,
      reason: 'too many',
      idempotencyKey: 'a',
    });
    await shop.points.adjustPoints({
      customerId: indebted,
      points: -80,
      reason: 'spent',
      idempotencyKey: 'b',
    });
    await shop.points.earnPoints({
      award: { customerId: saver, points: 40, idempotencyKey: 'c' },
    });
    await shop.points.reverseEntry({ transactionId: entry?.transactionId ?? '', reason: '' });
    const { balance } = await shop.points.getPointsBalance({ customerId: indebted });
    expect(balance).toMatchObject({ balance: -80, debt: 80 });
    const figures = await shop.analytics.getAnalytics({ days: 7 });
    expect(figures).toMatchObject({ pointsOutstanding: 40 });
    expect(figures.current).toMatchObject({ pointsOutstanding: 40 });
    expect(figures.previous).toMatchObject({ pointsOutstanding: 0 });
  });

  it('say who is slipping away, those who spent most first, and no guests', async () => {
    const shop = await test.installShop();
    const buy = (id: string, amount: string, daysAgo: number, state = 'enabled') => {
      const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString();
      return shop.points.recordOrder({
        trigger: 'synced',
        order: {
          orderId: `77${id}`,
          currency: 'USD',
          customer: { shopifyCustomerId: id, firstName: 'Ana', lastName: `No ${id}`, state },
          subtotal: amount,
          currentSubtotal: amount,
          financialStatus: 'paid',
          orderedAt: at,
          updatedAt: at,
        },
      });
    };
    await buy('1', '15.00', 400);
    await buy('2', '18.00', 380);
    await buy('3', '90.00', 390, 'disabled');
    await buy('4', '70.00', 1);
    await test.clients().admin.reviewMembers({ limit: 10_000 });
    const figures = await shop.analytics.getAnalytics({ days: 7 });
    expect(figures.membersSlipping).toBe(2);
    expect(figures.slipping).toMatchObject([
      { customerName: 'Ana No 2', totalSpend: { amount: '18.00', currency: 'USD' } },
      { customerName: 'Ana No 1', totalSpend: { amount: '15.00', currency: 'USD' } },
    ]);
  });

  it('are counted in days of the shop’s time zone', async () => {
    const shop = await test.installShop();
    for (const timezone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      await shop.admin.updateShopProfile({ name: '', currency: '', timezone });
      const { daily } = await shop.analytics.getAnalytics({ days: 2 });
      expect(daily.map((day) => day.day)).toEqual([
        dayIn(timezone, new Date(Date.now() - 86_400_000)),
        dayIn(timezone),
      ]);
    }
  });

  it('are zeros for a new shop, thirty days of them', async () => {
    const shop = await test.installShop();
    const figures = await shop.analytics.getAnalytics({});
    expect(figures).toMatchObject({
      members: 0,
      pointsIssued: 0,
      pointsOutstanding: 0,
      recent: [],
    });
    expect(figures.daily).toHaveLength(30);
  });
});
