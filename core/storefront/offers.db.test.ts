import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

let customers = 41_000;

async function shopWithMember(points = 5_000) {
  const shop = await test.installShop();
  const shopifyCustomerId = String(++customers);
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId, email: `${shopifyCustomerId}@example.com`, firstName: 'Ada' },
    trigger: 'updated',
  });
  await shop.points.earnPoints({ award: { customerId, points, idempotencyKey: 'start' } });
  const shopper = test.clients({
    merchant: shop.merchantId,
    actor: `customer:${shopifyCustomerId}`,
    scopes: ['customer:points', 'customer:frontend'],
  });
  return { ...shop, shopifyCustomerId, customerId, shopper };
}
type Scene = Awaited<ReturnType<typeof shopWithMember>>;

const grant = (shopDomain: string, scopes: string) =>
  test.pool.query(
    `SELECT store_session('offline_' || $1, $1, '', false, $2, NULL, NULL, NULL, NULL, NULL)`,
    [shopDomain, scopes],
  );

async function offered({ shopper }: Scene, locale = 'en') {
  return (await shopper.frontend.getWidget({ locale })).rewards;
}

const kinds = {
  amount_off: 'write_discounts',
  percent_off: 'write_discounts',
  coupon: 'write_discounts',
  free_shipping: 'write_discounts',
  free_product: 'write_discounts,read_products',
  gift_card: 'write_gift_cards',
  store_credit: 'write_store_credit_account_transactions,read_store_credit_accounts',
  cashback: 'write_store_credit_account_transactions,read_store_credit_accounts',
};

describe('a reward that takes a permission', () => {
  it.each(Object.entries(kinds))(
    'of kind %s is neither offered nor paid for until the shop has granted it',
    async (kind, scopes) => {
      const scene = await shopWithMember();
      const { reward } = await scene.points.upsertReward({
        reward: {
          kind,
          title: { en: 'A treat' },
          pointsCost: 500,
          value: kind.startsWith('free') ? '' : '5.00',
          ...(kind === 'free_product' && { productId: '1', variantId: '2' }),
        },
      });
      const redeem = (key: string) =>
        scene.shopper.points.startRedemption({
          rewardId: reward?.rewardId ?? '',
          points: 0,
          idempotencyKey: key,
        });

      await grant(scene.shopDomain, 'read_customers, read_orders');
      const before = await scene.shopper.frontend.getWidget({ locale: 'en' });
      expect(before.rewards).toEqual([]);
      expect(await failureOf(redeem('refused'))).toMatchObject({
        code: 'reward_unavailable',
        field: 'reward_id',
      });
      const { balance } = await scene.points.getPointsBalance({ customerId: scene.customerId });
      expect(balance).toMatchObject({ balance: 5_000, held: 0, available: 5_000 });
      const { redemptions } = await scene.points.listRedemptions({ customerId: scene.customerId });
      expect(redemptions).toEqual([]);

      await grant(scene.shopDomain, `read_customers,${scopes.replace('read_pr', 'write_pr')}`);
      const after = await scene.shopper.frontend.getWidget({ locale: 'en' });
      expect(after.rewards).toMatchObject([{ title: 'A treat' }]);
      expect(after.etag).not.toBe(before.etag);
      expect((await redeem('allowed')).redemption?.status).toBe('pending');
    },
  );

  it('is offered while it is unknown what the shop has granted', async () => {
    const scene = await shopWithMember();
    await scene.points.upsertReward({
      reward: { kind: 'gift_card', title: { en: 'Card' }, pointsCost: 500, value: '5.00' },
    });
    expect(await offered(scene)).toHaveLength(1);
  });

  it('asks about no other shop from within a tenant', async () => {
    const [own, other] = [await test.installShop(), await test.installShop()];
    await grant(other.shopDomain, 'write_discounts');
    const client = await test.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [own.merchantId]);
      await expect(client.query('SELECT shop_scopes($1)', [other.merchantId])).rejects.toThrow(
        /another tenant/,
      );
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

it('a reward brings its description to the shopper, in their language', async () => {
  const scene = await shopWithMember();
  await scene.points.upsertReward({
    reward: {
      kind: 'amount_off',
      title: { en: '$5 off' },
      description: { en: 'On anything in the shop', fr: 'Sur toute la boutique' },
      pointsCost: 500,
      value: '5.00',
    },
  });
  expect(await offered(scene)).toMatchObject([{ description: 'On anything in the shop' }]);
  expect(await offered(scene, 'fr')).toMatchObject([{ description: 'Sur toute la boutique' }]);
});

describe('a spending goal', () => {
  let orders = 930_000;
  const buy = (scene: Scene, subtotal: string) => {
    const orderId = String(++orders);
    return scene.points.recordOrder({
      trigger: 'paid',
      order: {
        orderId,
        name: `#${orderId}`,
        customer: { shopifyCustomerId: scene.shopifyCustomerId },
        currency: 'USD',
        subtotal,
        financialStatus: 'paid',
        orderedAt: new Date().toISOString(),
        updatedAt: new Date().toISOString(),
      },
    });
  };

  it('of a campaign shows how far the member is, and that it is reached', async () => {
    const scene = await shopWithMember();
    await test.outside.query(
      `INSERT INTO bonus_campaigns (merchant_id, name, type, start_date, end_date, status, conditions, reward)
       VALUES ($1, 'Spend 100', 'goal_spend', now() - interval '1 hour', now() + interval '1 day', 'active',
               '{"goal_amount": "100.00"}', '{"points": 250}')`,
      [scene.merchantId],
    );
    const campaign = async () =>
      (await scene.shopper.frontend.getWidget({ locale: 'en' })).campaigns[0];
    expect(await campaign()).toMatchObject({ goalAmount: '100', spent: '0', isReached: false });
    await buy(scene, '30.50');
    expect(await campaign()).toMatchObject({ spent: '30.5', isReached: false });
    await buy(scene, '80.00');
    expect(await campaign()).toMatchObject({ spent: '110.5', isReached: true });
    const guest = test.clients({
      merchant: scene.merchantId,
      actor: 'guest',
      scopes: ['customer:frontend'],
    });
    expect((await guest.frontend.getWidget({ locale: 'en' })).campaigns[0]).toMatchObject({
      spent: '',
      isReached: false,
    });
  });

  it.each([
    { repeats: false, spent: '100', isDone: true },
    { repeats: true, spent: '20', isDone: false },
  ])('of the program counts towards the next one (repeats: $repeats)', async (wanted) => {
    const scene = await shopWithMember();
    const rule = {
      enabled: true,
      points: 200,
      amount: '100.00',
      repeats: wanted.repeats,
      since: new Date(Date.now() - 3_600_000).toISOString(),
    };
    await test.outside.query(
      `INSERT INTO program_settings (merchant_id, config) VALUES ($1, $2)
       ON CONFLICT (merchant_id) DO UPDATE SET config = program_settings.config || EXCLUDED.config`,
      [scene.merchantId, JSON.stringify({ earning: { actions: { goal_spend: rule } } })],
    );
    const goal = async () =>
      (await scene.shopper.frontend.getWidget({ locale: 'en' })).earnActions.find(
        ({ action }) => action === 'goal_spend',
      );
    expect(await goal()).toMatchObject({ amount: '100', spent: '0', isDone: false });
    await buy(scene, '120.00');
    expect(await goal()).toMatchObject({ spent: wanted.spent, isDone: wanted.isDone });
  });
});
