import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const ana = {
  shopifyCustomerId: '1001',
  email: 'ana@example.com',
  firstName: 'Ana',
  lastName: 'García',
  state: 'enabled',
};

function shopperOf(merchant: string, id: string) {
  return test.clients({
    merchant,
    actor: `customer:${id}`,
    scopes: ['customer:points', 'customer:frontend'],
  }).frontend;
}

describe('the first view of the widget', () => {
  it('shows a member the balance, the latest entries and what earns points, in their language', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    await shop.points.earnPoints({
      award: { customerId, points: 30, idempotencyKey: 'w', expiresAt },
    });
    const widget = await shopperOf(shop.merchantId, '1001').getWidget({ locale: 'es-MX' });
    expect(widget).toMatchObject({
      balance: {
        customerId,
        balance: 230,
        available: 230,
        expiringPoints: 30,
        expiringAt: expiresAt,
      },
      firstName: 'Ana',
      pointsName: { one: 'punto', other: 'puntos' },
      locale: 'es',
      currency: 'USD',
      program: { active: true, purchase: { pointsPerUnit: '10' } },
      signupDone: true,
    });
    expect(widget.recent.map((entry) => entry.points)).toEqual([30, 200]);
    const { balance } = await shop.points.getPointsBalance({ customerId });
    expect(widget.balance).toEqual(balance);
    const { entries } = await shop.points.listEntries({ customerId });
    expect(widget.recent).toEqual(
      entries.map((entry) => ({ ...entry, actor: '', idempotencyKey: '' })),
    );
  });

  it('changes its tag when something changed and only then', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    const shopper = shopperOf(shop.merchantId, '1001');
    const first = await shopper.getWidget({ locale: '' });
    expect((await shopper.getWidget({ locale: '' })).etag).toBe(first.etag);
    await shop.points.earnPoints({ award: { customerId, points: 1, idempotencyKey: 'etag' } });
    expect((await shopper.getWidget({ locale: '' })).etag).not.toBe(first.etag);
  });

  it('shows a guest, and a shopper who is no member, how points are earned and nobody’s balance', async () => {
    const shop = await test.installShop();
    const guest = test.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: ['customer:frontend'],
    }).frontend;
    for (const frontend of [guest, shopperOf(shop.merchantId, '999')]) {
      const widget = await frontend.getWidget({ locale: 'de' });
      expect(widget).toMatchObject({
        balance: undefined,
        firstName: '',
        locale: 'en',
        recent: [],
        signupDone: false,
      });
      expect(widget.program?.signup?.points).toBe(200);
    }
  });

  it('sees the shop of the token alone', async () => {
    const [own, other] = [await test.installShop(), await test.installShop()];
    await other.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    expect(
      (await shopperOf(own.merchantId, '1001').getWidget({ locale: '' })).balance,
    ).toBeUndefined();
    // The statement sets the tenant for itself alone: nothing of it is left on the connection.
    const left = await test.pool.query<{ tenant: string | null }>(
      `SELECT current_setting('app.merchant_id', true) AS tenant`,
    );
    expect(left.rows[0]?.tenant ?? '').toBe('');
  });
});

describe('the history of a shopper', () => {
  it('is theirs, in pages, without the names of those who adjusted', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    const staff = test.clients({
      merchant: shop.merchantId,
      actor: 'staff:7',
      scopes: ['admin:points'],
    });
    for (let index = 1; index <= 4; index++) {
      await staff.points.adjustPoints({
        customerId,
        points: index,
        reason: 'gift',
        idempotencyKey: `g${index}`,
      });
    }
    const shopper = shopperOf(shop.merchantId, '1001');
    const first = await shopper.getHistory({ pageSize: 3, cursor: '' });
    const second = await shopper.getHistory({ pageSize: 3, cursor: first.nextCursor });
    expect([...first.entries, ...second.entries].map((entry) => entry.points)).toEqual([
      4, 3, 2, 1, 200,
    ]);
    expect(second.nextCursor).toBe('');
    expect(first.entries.every((entry) => entry.actor === '')).toBe(true);
    const guest = test.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: ['customer:points'],
    }).frontend;
    expect(await failureOf(guest.getHistory({}))).toMatchObject({ code: 'unauthenticated' });
  });
});
