import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EarningRules } from '#proto/points/v1/earning.ts';
import type { PointsProgram } from '#proto/points/v1/points.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
type Rules = EarningRules & { actions: EarningRules['actions'] };

async function programOf(shop: Shop): Promise<PointsProgram & { earning: Rules }> {
  const { program } = await shop.points.getPointsProgram({});
  if (program?.earning === undefined) throw new Error('the program has no earning rules');
  return { ...program, earning: program.earning };
}
async function change(shop: Shop, earning: Partial<EarningRules>): Promise<void> {
  const program = await programOf(shop);
  await shop.points.updatePointsProgram({
    program: { ...program, earning: { ...program.earning, ...earning } },
  });
}
const multiplier = (enabled: boolean, factor: string) => ({ enabled, multiplier: factor });

let ids = 7_000_000;
function order(changes: Record<string, unknown> = {}) {
  const orderId = String(++ids);
  return {
    order: {
      orderId,
      name: `#${orderId}`,
      customer: {
        shopifyCustomerId: '42',
        email: '',
        firstName: '',
        lastName: '',
        locale: '',
        state: 'enabled',
      },
      currency: 'USD',
      subtotal: '50.00',
      currentSubtotal: '50.00',
      financialStatus: 'paid',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      lines: [
        { lineId: '1', productId: '5', quantity: 1, price: '30.00', subtotal: '30.00' },
        { lineId: '2', productId: '7', quantity: 1, price: '20.00', subtotal: '20.00' },
      ],
      ...changes,
    },
    trigger: 'paid',
  };
}
/** Records an order. @returns points of its award and why they are so many */
async function buy(shop: Shop, changes: Record<string, unknown> = {}) {
  const { entries, reason } = await shop.points.recordOrder(order(changes));
  return {
    reason,
    points: entries[0]?.points ?? 0,
    multiplier: entries[0]?.explanation?.multiplier,
    source: entries[0]?.explanation?.multiplierSource,
  };
}
const memberOf = async (shop: Shop): Promise<string> =>
  (await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' })).customer
    ?.customerId ?? '';

describe('the rules of the program', () => {
  it('begin with all that the product offers, switched off where they would give something new', async () => {
    const { earning } = await programOf(await core.installShop());
    expect(earning.actions.map(({ action, enabled, points }) => [action, enabled, points])).toEqual(
      [
        ['newsletter', false, 100],
        ['review', false, 100],
        ['birthday', false, 200],
        ['social_follow', false, 50],
        ['social_share', false, 50],
        ['goal_spend', false, 200],
      ],
    );
    expect(earning).toMatchObject({
      participants: 'all',
      multipliers: {
        firstPurchase: { enabled: false, multiplier: '2' },
        champions: { enabled: false, multiplier: '1.5' },
        stacking: 'highest',
      },
    });
  });

  it('come back as they were saved, and stay when a save does not mention them', async () => {
    const shop = await core.installShop();
    const before = await programOf(shop);
    const newsletter = before.earning.actions.find(({ action }) => action === 'newsletter');
    if (newsletter === undefined) throw new Error('there is no newsletter rule');
    const rule = {
      ...newsletter,
      enabled: true,
      points: 75,
      icon: 'heart',
      conditions: { tierIds: [], segments: ['loyal'], minSpend: '20.00' },
    };
    await change(shop, {
      actions: [rule],
      participants: 'accounts',
      excludedProducts: [{ productId: '7', title: 'Gift card' }],
      multipliers: {
        firstPurchase: multiplier(true, '3'),
        champions: multiplier(false, '1.25'),
        stacking: 'multiply',
      },
    });
    const expected = {
      participants: 'accounts',
      excludedProducts: [{ productId: '7', title: 'Gift card' }],
      multipliers: { firstPurchase: { enabled: true, multiplier: '3' }, stacking: 'multiply' },
    };
    const saved = await programOf(shop);
    expect(saved.earning).toMatchObject(expected);
    expect(saved.earning.actions).toContainEqual(rule);
    await shop.points.updatePointsProgram({ program: { ...saved, earning: undefined } });
    expect((await programOf(shop)).earning).toEqual(saved.earning);
  });

  it('are refused with the field that is wrong', async () => {
    const shop = await core.installShop();
    const { earning } = await programOf(shop);
    const withRule = (action: string, changes: Partial<EarningRules['actions'][number]>) => ({
      actions: earning.actions
        .filter((rule) => rule.action === action)
        .map((rule) => ({ ...rule, enabled: true, ...changes })),
    });
    const foreignTier = 'f0000000-0000-4000-8000-000000000000';
    for (const [changes, code, field] of [
      [withRule('newsletter', { points: 0 }), 'invalid_input', 'actions.newsletter.points'],
      [withRule('goal_spend', { amount: '0' }), 'invalid_input', 'actions.goal_spend.amount'],
      [withRule('social_follow', {}), 'invalid_input', 'actions.social_follow.networks'],
      [
        withRule('social_follow', {
          networks: [{ network: 'x', handle: 'https://evil.example/x' }],
        }),
        'invalid_input',
        'actions.social_follow.networks.x',
      ],
      [withRule('social_share', { message: ' ' }), 'invalid_input', 'actions.social_share.message'],
      [{ participants: 'friends' }, 'invalid_input', 'participants'],
      [
        { multipliers: { ...earning.multipliers, champions: multiplier(true, '0.5') } },
        'invalid_input',
        'multipliers.champions.multiplier',
      ],
      [
        withRule('birthday', {
          conditions: { tierIds: [foreignTier], segments: [], minSpend: '' },
        }),
        'not_found',
        'actions.conditions.tier_ids',
      ],
    ] as [Partial<EarningRules>, string, string][]) {
      expect(await failureOf(change(shop, changes))).toMatchObject({
        code,
        field: `program.earning.${field}`,
      });
    }
    expect((await programOf(shop)).version).toBe(1);
  });

  it('can be restored to any earlier version, which is a change of its own', async () => {
    const shop = await core.installShop();
    await change(shop, { participants: 'accounts' });
    await change(shop, { excludedProducts: [{ productId: '7', title: '' }] });
    expect(await shop.points.restoreProgram({ version: 1 })).toEqual({ version: 4 });
    expect(await programOf(shop)).toMatchObject({
      version: 4,
      earning: { participants: 'all', excludedProducts: [] },
    });
    const { versions } = await shop.points.listProgramVersions({});
    expect(versions.map(({ version, restoredVersion }) => [version, restoredVersion])).toEqual([
      [4, 1],
      [3, 0],
      [2, 0],
      [1, 0],
    ]);
    expect(await failureOf(shop.points.restoreProgram({ version: 9 }))).toMatchObject({
      code: 'not_found',
      field: 'version',
    });
    const { logs } = await shop.admin.getLogs({ action: 'program_restored', page: undefined });
    expect(logs).toHaveLength(1);
  });
});

describe('a purchase', () => {
  it('is multiplied by what applies to the member at that moment, and its refund as well', async () => {
    const shop = await core.installShop();
    await buy(shop);
    const customerId = await memberOf(shop);
    await core.outside.query(
      `INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids)
       VALUES ($1, $2, 'champions', '["champions", "vip"]')`,
      [shop.merchantId, customerId],
    );
    expect(await buy(shop)).toMatchObject({ points: 500, multiplier: '1', source: '' });
    const rules = {
      firstPurchase: multiplier(true, '5'),
      champions: multiplier(true, '1.5'),
      stacking: 'highest',
    };
    await change(shop, { multipliers: rules });
    const champion = order();
    const { entries } = await shop.points.recordOrder(champion);
    expect(entries).toMatchObject([
      { points: 750, explanation: { multiplier: '1.5', multiplierSource: 'rfm_champion' } },
    ]);
    const { rows } = await core.outside.query(
      `WITH t AS (INSERT INTO vip_tiers (merchant_id, benefits) VALUES ($1, '{"points_multiplier": "2"}') RETURNING tier_id)
       SELECT tier_id FROM t`,
      [shop.merchantId],
    );
    const { tier_id: tierId } = rows[0] as { tier_id: string };
    await core.outside.query(`UPDATE customers SET vip_tier_id = $2 WHERE merchant_id = $1`, [
      shop.merchantId,
      tierId,
    ]);
    expect(await buy(shop)).toMatchObject({ points: 1_000, source: 'tier' });
    await core.outside.query(
      `INSERT INTO bonus_campaigns (merchant_id, name, type, status, multiplier, start_date, end_date, conditions)
       VALUES ($1, 'France', 'double_points', 'active', 3, now() - interval '1 day', now() + interval '1 day',
               '{"countries": ["FR"]}')`,
      [shop.merchantId],
    );
    expect(await buy(shop)).toMatchObject({ points: 1_000, source: 'tier' });
    expect(await buy(shop, { country: 'FR' })).toMatchObject({ points: 1_500, source: 'campaign' });
    await change(shop, { multipliers: { ...rules, stacking: 'multiply' } });
    expect(await buy(shop, { country: 'FR' })).toMatchObject({
      points: 4_500,
      multiplier: '9',
      source: 'rfm_champion+tier+campaign',
    });
    // The first of them goes back by its own multiplier.
    const refunded = await shop.points.recordOrder({
      refund: {
        orderId: champion.order.orderId,
        currency: 'USD',
        refund: {
          refundId: '1',
          subtotal: '25.00',
          refundedAt: new Date().toISOString(),
          linesSubtotal: '25.00',
          lines: [],
        },
      },
      trigger: 'refunded',
    });
    expect(refunded.entries).toMatchObject([{ points: -375 }]);
  });

  it('that is the first within a day of joining is multiplied, also of whom it makes a member', async () => {
    const shop = await core.installShop();
    await change(shop, {
      multipliers: {
        firstPurchase: multiplier(true, '2'),
        champions: multiplier(false, '1.5'),
        stacking: 'highest',
      },
    });
    expect(await buy(shop)).toMatchObject({ points: 1_000, source: 'first_purchase_24h' });
    expect(
      await buy(shop, { orderedAt: new Date(Date.now() + 1_000).toISOString() }),
    ).toMatchObject({ points: 500, source: '' });
  });

  it('of excluded goods earns nothing, and their return deducts nothing', async () => {
    const shop = await core.installShop();
    await change(shop, { excludedProducts: [{ productId: '7', title: 'Gift card' }] });
    const one = order();
    expect((await shop.points.recordOrder(one)).entries).toMatchObject([{ points: 300 }]);
    await change(shop, { excludedProducts: [] });
    const back = (refundId: string, lineId: string, subtotal: string) =>
      shop.points.recordOrder({
        refund: {
          orderId: one.order.orderId,
          currency: 'USD',
          refund: {
            refundId,
            subtotal,
            refundedAt: new Date().toISOString(),
            linesSubtotal: subtotal,
            lines: [{ lineId, subtotal }],
          },
        },
        trigger: 'refunded',
      });
    expect((await back('1', '2', '20.00')).entries).toEqual([]);
    expect((await back('2', '1', '15.00')).entries).toMatchObject([{ points: -150 }]);
    expect((await back('3', '1', '15.00')).entries).toMatchObject([{ points: -150 }]);
  });

  it('earns only for customers with an account where the merchant chose so', async () => {
    const shop = await core.installShop();
    await change(shop, { participants: 'accounts' });
    const customer = { ...order().order.customer, shopifyCustomerId: '43', state: 'disabled' };
    expect(await buy(shop, { customer })).toMatchObject({ points: 0, reason: 'no_account' });
    expect(await buy(shop)).toMatchObject({ points: 500 });
  });
});
