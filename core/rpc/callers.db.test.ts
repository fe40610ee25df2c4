import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { listMethods, listServices } from '../testing/reflection.ts';
import { pointsService } from './points.ts';
import { canUse } from './policies.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

async function withMember(shop: Shop) {
  const customer = { shopifyCustomerId: '5001', email: 'a@example.com', state: 'enabled' };
  const { customerId } = await shop.admin.upsertCustomer({ customer, trigger: 'created' });
  await shop.points.earnPoints({ award: { customerId, points: 500, idempotencyKey: 'e' } });
  const { reward } = await shop.points.upsertReward({
    reward: {
      kind: 'amount_off',
      channel: 'online',
      title: { en: '5 off' },
      pointsCost: 100,
      value: '5.00',
      discount: 'amount',
      mode: 'fixed',
      status: 'active',
    },
  });
  return { customerId, rewardId: reward?.rewardId ?? '' };
}

describe('a shopper who has not signed in', () => {
  it('redeems no points, returns none and sees no redemption, whatever the token allows', async () => {
    const shop = await test.installShop();
    const { customerId, rewardId } = await withMember(shop);
    const redeem = { customerId, rewardId, idempotencyKey: 'theft', points: 0 };
    const { redemption } = await shop.points.startRedemption({ ...redeem, idempotencyKey: 'own' });
    const redemptionId = redemption?.redemptionId ?? '';
    const scopes = ['customer:points', 'customer:frontend'];
    const { points, frontend } = test.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: [...scopes, 'admin:points', 'system'],
    });
    const tries: [string, () => Promise<unknown>][] = [
      ['redeem', () => points.startRedemption(redeem)],
      ['return', () => points.startReturn({ redemptionId })],
      ['see', () => points.getRedemption({ redemptionId })],
      ['claim', () => points.claimAction({ action: 'newsletter', idempotencyKey: 'c' })],
      ['history', () => frontend.getHistory({ pageSize: 5, cursor: '' })],
      ['adjust', () => points.adjustPoints({ customerId, points: 5, reason: 'x' })],
    ];
    for (const [name, attempt] of tries)
      expect((await failureOf(attempt())).code, name).toBe('unauthenticated');
    const shown = await frontend.getWidget({ locale: 'en' });
    expect(shown.balance).toBeUndefined();
    await points.calculateDynamicPoints({ lines: [{ productId: '1', subtotal: '1.00' }] });
    expect((await shop.points.getPointsBalance({ customerId })).balance?.available).toBe(600);
  });
});

describe('callers in an unknown form', () => {
  it('are refused by every method', async () => {
    const shop = await test.installShop();
    for (const actor of ['customer:', 'customer:x', 'staff:me', 'admin:7', 'somebody', '']) {
      const { points, frontend, admin } = test.clients({
        merchant: shop.merchantId,
        actor,
        scopes: ['customer:points', 'customer:frontend', 'admin:points', 'system'],
      });
      for (const attempt of [
        () => frontend.getWidget({ locale: 'en' }),
        () => points.getPointsProgram({}),
        () => admin.getSettings({}),
      ])
        expect((await failureOf(attempt())).code, actor).toBe('unauthenticated');
    }
  });

  it('a shopper uses no scope of the staff, and the staff none of a shopper', () => {
    const policy = pointsService.policies.startRedemption;
    expect(canUse('customer:5001', 'admin:points', policy)).toBe(false);
    expect(canUse('customer:5001', 'customer:points', policy)).toBe(true);
    expect(canUse('staff:7', 'customer:points', policy)).toBe(false);
    expect(canUse('staff:7', 'admin:points', policy)).toBe(true);
    expect(canUse('system', 'customer:points', policy)).toBe(false);
  });
});

describe('a shop that has uninstalled the app', () => {
  it('has no shoppers and no staff here any more, while the platform goes on, until it comes back', async () => {
    const shop = await test.installShop();
    const { customerId } = await withMember(shop);
    const shopper = test.clients({
      merchant: shop.merchantId,
      actor: 'customer:5001',
      scopes: ['customer:points', 'customer:frontend'],
    });
    const guest = test.clients({
      merchant: shop.merchantId,
      actor: 'guest',
      scopes: ['customer:frontend'],
    });
    const staff = test.clients({
      merchant: shop.merchantId,
      actor: 'staff:7',
      scopes: ['admin:points', 'admin:settings', 'admin:users'],
    });
    const calls: [string, () => Promise<unknown>][] = [
      ['the panel', () => shopper.frontend.getWidget({ locale: 'en' })],
      ['a guest’s panel', () => guest.frontend.getWidget({ locale: 'en' })],
      ['a history', () => shopper.frontend.getHistory({ pageSize: 5, cursor: '' })],
      ['a page of the dashboard', () => staff.admin.getSettings({})],
      [
        'an adjustment',
        () =>
          staff.points.adjustPoints({ customerId, points: 1, reason: 'x', idempotencyKey: 'x' }),
      ],
    ];
    for (const [, call] of calls) await call();
    await shop.admin.uninstallMerchant({});
    for (const [name, call] of calls)
      expect((await failureOf(call())).code, name).toBe('forbidden');

    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'webhook',
      shopifyCustomerId: '5001',
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    await shop.points.getPointsBalance({ customerId });
    await test.clients().admin.getMerchantByShop({ shopDomain: shop.shopDomain });

    await test.installShop(shop.shopDomain);
    await staff.admin.getSettings({});
    await guest.frontend.getWidget({ locale: 'en' });
  });
});

describe('reflection', () => {
  it('is for development, and off in production', async () => {
    expect((await listMethods(test.channel)).length).toBeGreaterThan(50);
    const production = await startTestCore({ NODE_ENV: 'production' });
    await expect(listServices(production.channel)).rejects.toThrow(/UNIMPLEMENTED/);
    await production.stop();
  });
});
