import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionRule } from '#proto/points/v1/earning.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

async function shopWith(...rules: (Partial<ActionRule> & { action: string })[]): Promise<Shop> {
  const shop = await core.installShop();
  const { program } = await shop.points.getPointsProgram({});
  const known = program?.earning?.actions ?? [];
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      earning: {
        ...program?.earning,
        actions: rules.map((rule) => ({
          ...known.find(({ action }) => action === rule.action),
          enabled: true,
          ...rule,
        })),
      },
    },
  });
  return shop;
}
const told = (shopifyCustomerId: string) => ({
  shopifyCustomerId,
  email: '',
  firstName: 'Ada',
  lastName: '',
  locale: 'en',
  state: 'disabled',
});
let seconds = 0;
const hear = (shop: Shop, id: string, trigger: string, marketing: string) =>
  shop.admin.upsertCustomer({
    customer: told(id),
    trigger,
    marketing,
    updatedAt: new Date(Date.parse('2026-11-01T00:00:00Z') + ++seconds * 1_000).toISOString(),
  });
const shopperOf = (shop: Shop, id: string) =>
  core.clients({
    merchant: shop.merchantId,
    actor: `customer:${id}`,
    scopes: ['customer:points'],
  }).points;
let keys = 0;
const claim = (shop: Shop, action: string, more: Record<string, unknown> = {}, id = '42') =>
  shopperOf(shop, id).claimAction({ action, idempotencyKey: `claim-${++keys}`, ...more });
const balanceOf = async (shop: Shop, id = '42') =>
  (await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: id })).customer?.balance
    ?.balance;

describe('the newsletter', () => {
  it('earns when Shopify says that they subscribed, only once, and never by a sync', async () => {
    const shop = await shopWith({ action: 'newsletter' });
    await hear(shop, '42', 'created', 'not_subscribed');
    expect(await claim(shop, 'newsletter')).toEqual({ status: 'recorded', granted: 0, balance: 0 });
    await hear(shop, '42', 'updated', 'subscribed');
    expect(await balanceOf(shop)).toBe(100);
    await hear(shop, '42', 'updated', 'not_subscribed');
    await hear(shop, '42', 'updated', 'subscribed');
    expect(await balanceOf(shop)).toBe(100);
    expect(await claim(shop, 'newsletter')).toMatchObject({ status: 'already_done' });
    await hear(shop, '43', 'synced', 'subscribed');
    expect(await balanceOf(shop, '43')).toBe(0);
    expect(await claim(shop, 'newsletter', {}, '43')).toMatchObject({ status: 'granted' });
  });
});

describe('a claim', () => {
  it('earns once for each network, and the same attempt again is answered the same', async () => {
    const shop = await shopWith({
      action: 'social_follow',
      networks: [{ network: 'instagram', handle: '@shop' }],
    });
    await hear(shop, '42', 'created', '');
    const attempt = { network: 'instagram', idempotencyKey: 'the-same' };
    const first = await claim(shop, 'social_follow', attempt);
    expect(first).toEqual({ status: 'granted', granted: 50, balance: 50 });
    expect(await claim(shop, 'social_follow', attempt)).toEqual(first);
    expect(await claim(shop, 'social_follow', { network: 'instagram' })).toMatchObject({
      status: 'already_done',
    });
    expect(await failureOf(claim(shop, 'social_follow', { network: 'x' }))).toMatchObject({
      code: 'reward_unavailable',
    });
    expect(await failureOf(claim(shop, 'social_follow'))).toMatchObject({ field: 'network' });
  });
  it('made ten times at once is given as often as the limit says', async () => {
    const shop = await shopWith({ action: 'social_share', limit: 3, message: 'Look!' });
    await hear(shop, '42', 'created', '');
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => claim(shop, 'social_share', { network: 'x' })),
    );
    expect(answers.filter(({ status }) => status === 'granted')).toHaveLength(3);
    expect(await balanceOf(shop)).toBe(150);
  });
  it('is for signed-in shoppers who are members, and for what the shop offers', async () => {
    const shop = await shopWith({ action: 'birthday' });
    const guest = core.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: ['customer:points'],
    });
    const attempt = { action: 'birthday', birthday: '05-17', idempotencyKey: 'guest-1' };
    expect(await failureOf(guest.points.claimAction(attempt))).toMatchObject({
      code: 'unauthenticated',
    });
    expect(await failureOf(claim(shop, 'birthday', { birthday: '05-17' }))).toMatchObject({
      code: 'not_found',
    });
    await hear(shop, '42', 'created', '');
    expect(await failureOf(claim(shop, 'review'))).toMatchObject({ code: 'reward_unavailable' });
    expect(await failureOf(claim(shop, 'birthday', { birthday: '02-30' }))).toMatchObject({
      code: 'invalid_input',
      field: 'birthday',
    });
  });
});

describe('a birthday', () => {
  it('is given its points on the day, once a year, to those who entered it 30 days before', async () => {
    const shop = await shopWith({ action: 'birthday' });
    const today = new Date().toISOString().slice(5, 10);
    for (const id of ['42', '43']) {
      await hear(shop, id, 'created', '');
      expect(await claim(shop, 'birthday', { birthday: today }, id)).toMatchObject({
        status: 'recorded',
        granted: 0,
      });
    }
    await core.outside.query(
      `UPDATE customers SET birthday_set_at = now() - interval '40 days'
       WHERE merchant_id = $1 AND shopify_customer_id = '42'`,
      [shop.merchantId],
    );
    expect(await shop.points.awardBirthdays({})).toEqual({ members: 1, points: 200 });
    expect(await shop.points.awardBirthdays({})).toEqual({ members: 0, points: 0 });
    expect([await balanceOf(shop), await balanceOf(shop, '43')]).toEqual([200, 0]);
  });
});

describe('a review', () => {
  it('earns once by its provider’s id, whichever customer is named as its author', async () => {
    const shop = await shopWith({ action: 'review', limit: 2 });
    for (const id of ['42', '43']) await hear(shop, id, 'created', '');
    const record = (shopifyCustomerId: string, reviewId: string) =>
      shop.points.recordReview({ shopifyCustomerId, provider: 'judgeme', reviewId });
    expect(await record('42', 'r1')).toEqual({ status: 'granted', granted: 100 });
    expect(await record('42', 'r1')).toEqual({ status: 'already_done', granted: 0 });
    expect(await record('43', 'r1')).toEqual({ status: 'already_done', granted: 0 });
    expect(await record('42', 'r2')).toMatchObject({ status: 'granted' });
    expect(await record('42', 'r3')).toMatchObject({ status: 'limit_reached' });
  });
});

describe('a spending goal', () => {
  it('is given its points a moment after it is reached, once, or each time again', async () => {
    const shop = await shopWith({ action: 'goal_spend', amount: '100.00', repeats: true });
    let orderId = 500;
    const buy = async (subtotal: string) => {
      const now = new Date().toISOString();
      await shop.points.recordOrder({
        order: {
          orderId: String(++orderId),
          customer: told('42'),
          currency: 'USD',
          subtotal,
          currentSubtotal: subtotal,
          financialStatus: 'paid',
          orderedAt: now,
          updatedAt: now,
        },
        trigger: 'paid',
      });
      for (let more = true; more;)
        ({ more } = await core.clients().admin.reviewMembers({ limit: 100 }));
      return balanceOf(shop);
    };
    expect(await buy('99.00')).toBe(990);
    expect(await buy('150.00')).toBe(990 + 1_500 + 2 * 200);
    expect(await buy('1.00')).toBe(990 + 1_500 + 2 * 200 + 10);
  });
});

describe('a quote', () => {
  it('is what the order then earns', async () => {
    const shop = await core.installShop();
    const { program } = await shop.points.getPointsProgram({});
    await shop.points.updatePointsProgram({
      program: {
        ...program,
        earning: {
          ...program?.earning,
          excludedProducts: [{ productId: '7', title: '' }],
          multipliers: {
            firstPurchase: { enabled: true, multiplier: '2' },
            champions: { enabled: false, multiplier: '1.5' },
            stacking: 'highest',
          },
        },
      },
    });
    await hear(shop, '42', 'created', '');
    const lines = [
      { lineId: '1', productId: '5', quantity: 1, price: '30.55', subtotal: '30.55' },
      { lineId: '2', productId: '7', quantity: 1, price: '20.00', subtotal: '20.00' },
    ];
    const quote = await shopperOf(shop, '42').calculateDynamicPoints({ lines });
    expect(quote).toMatchObject({
      points: 611,
      multiplier: '2',
      multiplierSource: 'first_purchase_24h',
      base: '30.55',
      rate: '10',
    });
    const now = new Date().toISOString();
    const { entries } = await shop.points.recordOrder({
      order: {
        orderId: '9',
        customer: told('42'),
        currency: 'USD',
        subtotal: '50.55',
        currentSubtotal: '50.55',
        financialStatus: 'paid',
        orderedAt: now,
        updatedAt: now,
        lines,
      },
      trigger: 'paid',
    });
    expect(entries[0]?.points).toBe(quote.points);
    expect(await shopperOf(shop, '42').calculateDynamicPoints({ lines })).toMatchObject({
      points: 305,
      multiplier: '1',
    });
  });
});
