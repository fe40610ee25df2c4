import { randomUUID } from 'node:crypto';
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
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const expiresAt = `${tomorrow.slice(0, 10)}T23:59:59.999Z`;
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
      entries.map((entry) => ({
        ...entry,
        actor: '',
        idempotencyKey: '',
        lotRemaining: 0,
        lotExpiresAt: '',
      })),
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

  it('shows a guest, and a shopper who is no member, how points are earned and no balance', async () => {
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

  it('brings rewards, own codes, tiers and campaigns, each of which changes its tag', async () => {
    const shop = await test.installShop();
    const { customerId } = await shop.admin.upsertCustomer({ customer: ana, trigger: 'created' });
    const shopper = shopperOf(shop.merchantId, '1001');
    const tags = new Set<string>();
    const look = async () => {
      const widget = await shopper.getWidget({ locale: 'en' });
      expect(tags).not.toContain(widget.etag);
      tags.add(widget.etag);
      return widget;
    };
    const put = (sql: string, ...values: unknown[]) =>
      test.outside.query(sql, [shop.merchantId, ...values]);
    expect(await look()).toMatchObject({ rewards: [], redemptions: [], tiers: [], campaigns: [] });

    await put(
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency, status, channel) VALUES
       ($1, 'amount_off', '{"en": "Five off"}', 500, 5, 'USD', 'active', 'online'),
       ($1, 'amount_off', '{"en": "At the register"}', 500, 5, 'USD', 'active', 'pos'),
       ($1, 'percent_off', '{"en": "Resting"}', 1000, 10, NULL, 'disabled', 'online')`,
    );
    const [reward] = (await look()).rewards;
    expect(reward).toMatchObject({ title: 'Five off', pointsCost: 500, value: '5' });

    const redemptionId = randomUUID();
    const place = {
      merchantId: shop.merchantId,
      table: 'reward_redemptions',
      column: 'discount_code',
      rowId: redemptionId,
    };
    await put(
      `INSERT INTO reward_redemptions (merchant_id, redemption_id, customer_id, reward_id, points_spent, discount_code,
                                       status, value, currency)
       VALUES ($1, $2, $3, $4, 500, $5, 'completed', 5, 'USD')`,
      redemptionId,
      customerId,
      reward?.rewardId,
      test.encryption.encrypt('LN-ABC', place),
    );
    expect((await look()).redemptions).toMatchObject([
      { redemptionId, code: 'LN-ABC', title: 'Five off', status: 'completed', isReturnable: true },
    ]);

    const { rows } = await put(
      `INSERT INTO vip_tiers (merchant_id, name, position, spend_threshold, benefits)
       VALUES ($1, '{"en": "Silver"}', 0, 100, '{"points_multiplier": "1.5"}') RETURNING tier_id`,
    );
    await put(
      `INSERT INTO vip_tier_sets (merchant_id, version, status, basis, period, published_at)
       VALUES ($1, 1, 'published', 'spend', 'lifetime', now())`,
    );
    expect(await look()).toMatchObject({ standing: { tierId: '' }, tierBasis: 'spend' });
    const { tier_id: tierId } = rows[0] as { tier_id: string };
    await put(
      `UPDATE customers SET vip_tier_id = $2, vip_progress = '{"spend": "120.00"}' WHERE merchant_id = $1`,
      tierId,
    );
    expect(await look()).toMatchObject({
      standing: { tierId, spend: '120' },
      quote: { pointsPerUnit: '10', multiplier: '1.5' },
    });

    await put(
      `INSERT INTO bonus_campaigns (merchant_id, name, type, multiplier, start_date, end_date, status) VALUES
       ($1, 'Now', 'double_points', 2, now() - interval '1 hour', now() + interval '1 hour', 'scheduled'),
       ($1, 'Over', 'double_points', 3, now() - interval '2 hours', now() - interval '1 hour', 'active'),
       ($1, 'Not to be', 'double_points', 3, now() - interval '1 hour', now() + interval '1 hour', 'cancelled')`,
    );
    expect(await look()).toMatchObject({
      campaigns: [{ name: 'Now', multiplier: '2' }],
      quote: { multiplier: '2' },
    });

    await put(
      `INSERT INTO program_settings (merchant_id, branding) VALUES ($1, '{"rewards_panel": {"color": "#aa3300"}}')
       ON CONFLICT (merchant_id) DO UPDATE SET branding = EXCLUDED.branding`,
    );
    expect((await look()).branding).toMatchObject({ panelColor: '#aa3300' });

    for (const days of [3, 1, 2, 4]) {
      const expiresAt = new Date(Date.now() + days * 86_400_000).toISOString();
      await shop.points.earnPoints({
        award: { customerId, points: days, idempotencyKey: `lot${days}`, expiresAt },
      });
    }
    expect((await look()).expiries.map(({ points }) => points)).toEqual([1, 2, 3]);

    // A guest sees the offers and no codes.
    const guest = await test
      .clients({ merchant: shop.merchantId, actor: 'guest', scopes: ['customer:frontend'] })
      .frontend.getWidget({ locale: 'en' });
    expect(guest).toMatchObject({ redemptions: [], standing: undefined, expiries: [] });
    expect(guest.rewards).toHaveLength(1);
    expect(guest.tiers).toHaveLength(1);
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
