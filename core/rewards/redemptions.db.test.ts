import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redemption, Reward } from '#proto/points/v1/rewards.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
let customers = 7_000;

/** A shop with a reward of 500 points for $5, and a member who has so many points. */
async function shopWithMember(points = 1_000, reward: Partial<Reward> = {}) {
  const shop = await core.installShop();
  const shopifyCustomerId = String(++customers);
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId, email: `${shopifyCustomerId}@example.com`, firstName: 'Ada' },
    trigger: 'updated',
  });
  if (points > 0)
    await shop.points.earnPoints({
      award: { customerId, points, idempotencyKey: `start/${customerId}` },
    });
  const made = await makeReward(shop, reward);
  const shopper = core.clients({
    merchant: shop.merchantId,
    actor: `customer:${shopifyCustomerId}`,
    scopes: ['customer:points'],
  });
  return { ...shop, customerId, shopifyCustomerId, shopper, rewardId: made.rewardId };
}
type Scene = Awaited<ReturnType<typeof shopWithMember>>;

async function makeReward(shop: Pick<Shop, 'points'>, changes: Partial<Reward>): Promise<Reward> {
  const { reward } = await shop.points.upsertReward({
    reward: {
      kind: 'amount_off',
      title: { en: '$5 off' },
      pointsCost: 500,
      value: '5.00',
      ...changes,
    },
  });
  if (!reward) throw new Error('no reward');
  return reward;
}

async function start(scene: Scene, key: string = randomUUID(), points = 0): Promise<Redemption> {
  const { redemption } = await scene.shopper.points.startRedemption({
    rewardId: scene.rewardId,
    points,
    idempotencyKey: key,
  });
  if (!redemption) throw new Error('no redemption');
  return redemption;
}
async function complete(scene: Scene, redemptionId: string): Promise<Redemption> {
  const { redemption } = await scene.points.completeRedemption({
    redemptionId,
    shopifyId: `gid://shopify/DiscountCodeNode/${redemptionId}`,
  });
  if (!redemption) throw new Error('no redemption');
  return redemption;
}
async function balanceOf(scene: Scene) {
  const { balance } = await scene.points.getPointsBalance({ customerId: scene.customerId });
  return { balance: balance?.balance, held: balance?.held, debt: balance?.debt };
}
async function expectSound(scene: Scene): Promise<void> {
  const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    scene.merchantId,
  ]);
  expect(rows).toEqual([]);
}
let orders = 880_000;
function orderWith(scene: Scene, codes: string[]) {
  const orderId = String(++orders);
  return scene.points.recordOrder({
    trigger: 'paid',
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: scene.shopifyCustomerId },
      currency: 'USD',
      subtotal: '10.00',
      financialStatus: 'paid',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      discountCodes: codes,
    },
  });
}

describe('redeeming points', () => {
  it('holds them, and debits them once the code exists', async () => {
    const scene = await shopWithMember();
    const redemption = await start(scene);
    expect(redemption).toMatchObject({ status: 'pending', pointsSpent: 500, code: '' });
    expect(await balanceOf(scene)).toEqual({ balance: 1_000, held: 500, debt: 0 });
    const done = await complete(scene, redemption.redemptionId);
    expect(done).toMatchObject({
      status: 'completed',
      value: { amount: '5.00', currency: 'USD' },
      returnable: true,
      title: { en: '$5 off' },
    });
    expect(done.code).toMatch(/^LN-[0-9A-Z]{13}$/);
    expect(await balanceOf(scene)).toEqual({ balance: 500, held: 0, debt: 0 });
    const stored = await core.outside.query<{ discount_code: Buffer }>(
      'SELECT discount_code FROM reward_redemptions WHERE redemption_id = $1',
      [redemption.redemptionId],
    );
    expect(stored.rows[0]?.discount_code.toString('latin1')).not.toContain(done.code);
    await expectSound(scene);
  });

  it('shows in the ledger under the name that the reward had then', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await complete(scene, redemptionId);
    const { reward } = await scene.points.getReward({ rewardId: scene.rewardId });
    await scene.points.upsertReward({ reward: { ...reward, title: { en: 'Renamed' } } });
    const { entries } = await scene.points.listEntries({ customerId: scene.customerId });
    expect(entries[0]?.explanation).toMatchObject({
      reasonCode: 'redeemed',
      subject: { en: '$5 off' },
    });
  });

  it('gives the worker the same code each time it asks', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    const first = await scene.points.beginFulfillment({ redemptionId });
    const second = await scene.points.beginFulfillment({ redemptionId });
    expect(second.code).toBe(first.code);
    expect(first).toMatchObject({
      shopifyCustomerId: scene.shopifyCustomerId,
      wasSent: false,
      giveUp: false,
      terms: { kind: 'amount_off', value: '5.00', currency: 'USD' },
    });
    expect((await complete(scene, redemptionId)).code).toBe(first.code);
  });

  it('started ten times at once by one key is one redemption, and one debit', async () => {
    const scene = await shopWithMember();
    const all = await Promise.all(Array.from({ length: 10 }, () => start(scene, 'same')));
    expect(new Set(all.map((one) => one.redemptionId)).size).toBe(1);
    const { redemptionId } = all[0] as Redemption;
    await Promise.all(Array.from({ length: 5 }, () => complete(scene, redemptionId)));
    expect(await balanceOf(scene)).toEqual({ balance: 500, held: 0, debt: 0 });
    const other = await makeReward(scene, { pointsCost: 100, value: '1.00' });
    const conflict = failureOf(
      scene.shopper.points.startRedemption({ rewardId: other.rewardId, idempotencyKey: 'same' }),
    );
    expect(await conflict).toMatchObject({ code: 'idempotency_conflict' });
  });

  it('by many at once never spends more than the balance', async () => {
    const scene = await shopWithMember(1_700);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, async () => complete(scene, (await start(scene)).redemptionId)),
    );
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    expect(await balanceOf(scene)).toEqual({ balance: 200, held: 0, debt: 0 });
    await expectSound(scene);
  });

  it('is refused without the points, with the reward or the program off, and to guests', async () => {
    const scene = await shopWithMember(499);
    const redeem = (shopper = scene.shopper) =>
      failureOf(
        shopper.points.startRedemption({
          rewardId: scene.rewardId,
          idempotencyKey: randomUUID(),
        }),
      );
    expect(await redeem()).toMatchObject({ code: 'insufficient_points', field: 'points' });
    const stranger = core.clients({
      merchant: scene.merchantId,
      actor: 'customer:99999999',
      scopes: ['customer:points'],
    });
    expect(await redeem(stranger)).toMatchObject({ code: 'insufficient_points' });
    const { previousStatus } = await scene.points.setRewardStatus({
      rewardId: scene.rewardId,
      status: 'disabled',
    });
    expect(previousStatus).toBe('active');
    expect(await redeem()).toMatchObject({ code: 'reward_unavailable', field: 'reward_id' });
    await scene.points.setRewardStatus({ rewardId: scene.rewardId, status: 'active' });
    const { program } = await scene.points.getPointsProgram({});
    if (!program) throw new Error('no program');
    await scene.points.updatePointsProgram({ program: { ...program, active: false } });
    expect(await redeem()).toMatchObject({ code: 'reward_unavailable' });
    await scene.points.setRewardStatus({ rewardId: scene.rewardId, status: 'deleted' });
    expect(await redeem()).toMatchObject({ code: 'not_found', field: 'reward_id' });
  });

  it('of an incremental reward debits what the shopper chose', async () => {
    const scene = await shopWithMember(1_000, {
      mode: 'incremental',
      pointsCost: 100,
      value: '1.00',
      maxPoints: 800,
    });
    const redemption = await start(scene, 'steps', 300);
    expect(redemption).toMatchObject({
      pointsSpent: 300,
      value: { amount: '3.00', currency: 'USD' },
    });
    const tooMany = failureOf(
      scene.shopper.points.startRedemption({
        rewardId: scene.rewardId,
        points: 900,
        idempotencyKey: 'many',
      }),
    );
    expect(await tooMany).toMatchObject({ code: 'invalid_input', field: 'points' });
  });

  it('releases the points once when Shopify refuses', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    const fail = () => scene.points.failRedemption({ redemptionId, failureCode: 'refused' });
    expect((await fail()).redemption).toMatchObject({ status: 'failed', failureCode: 'refused' });
    await fail();
    expect(await balanceOf(scene)).toEqual({ balance: 1_000, held: 0, debt: 0 });
    // A worker that comes late with a code is told to delete it.
    expect(await complete(scene, redemptionId)).toMatchObject({ status: 'failed' });
    expect(await balanceOf(scene)).toEqual({ balance: 1_000, held: 0, debt: 0 });
  });

  it('is debited although it had failed, where an order was paid with its code before', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    const { code } = await scene.points.beginFulfillment({ redemptionId });
    await orderWith(scene, [code]);
    const { redemption } = await scene.points.failRedemption({
      redemptionId,
      failureCode: 'customer_gone',
    });
    expect(redemption).toMatchObject({ status: 'completed', code, failureCode: '' });
    expect(await balanceOf(scene)).toEqual({ balance: 600, held: 0, debt: 0 });
    await expectSound(scene);
  });

  it('is debited although its hold expired, since the code was issued', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await core.outside.query(
      `UPDATE point_holds SET expires_at = now() - interval '1 hour' WHERE merchant_id = $1`,
      [scene.merchantId],
    );
    await scene.points.expirePoints({ limit: 0 });
    expect(await balanceOf(scene)).toMatchObject({ held: 0 });
    expect(await complete(scene, redemptionId)).toMatchObject({ status: 'completed' });
    expect(await balanceOf(scene)).toEqual({ balance: 500, held: 0, debt: 0 });
    await complete(scene, redemptionId);
    expect(await balanceOf(scene)).toEqual({ balance: 500, held: 0, debt: 0 });
    await expectSound(scene);
  });

  it('of a percentage says so in the widget too, also for a coupon', async () => {
    const scene = await shopWithMember(1_000, {
      kind: 'coupon',
      discount: 'percent',
      value: '12.5',
    });
    await start(scene);
    const { rewards, redemptions } = await core
      .clients({
        merchant: scene.merchantId,
        actor: `customer:${scene.shopifyCustomerId}`,
        scopes: ['customer:frontend'],
      })
      .frontend.getWidget({});
    expect(rewards).toMatchObject([{ kind: 'percent_off' }]);
    expect(redemptions).toMatchObject([{ kind: 'coupon', value: '12.5', isPercent: true }]);
  });

  it('keeps what was promised, whatever happens to the reward', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await scene.points.upsertReward({
      reward: {
        rewardId: scene.rewardId,
        kind: 'percent_off',
        title: { en: 'Other' },
        pointsCost: 9,
        value: '50',
      },
    });
    const { terms } = await scene.points.beginFulfillment({ redemptionId });
    expect(terms).toMatchObject({ kind: 'amount_off', value: '5.00', title: { en: '$5 off' } });
  });
});

describe('a request to Shopify without an answer', () => {
  it('keeps the next payment to the same member waiting', async () => {
    const scene = await shopWithMember(2_000, { kind: 'store_credit' });
    const [first, second] = [await start(scene), await start(scene)];
    const mark = async (one: Redemption) =>
      (await scene.points.markSent({ redemptionId: one.redemptionId })).granted;
    expect(await mark(first)).toBe(true);
    expect(await mark(first)).toBe(true);
    expect(await mark(second)).toBe(false);
    await complete(scene, first.redemptionId);
    expect(await mark(second)).toBe(true);
  });

  it('is not counted for two redemptions', async () => {
    const scene = await shopWithMember(2_000, { kind: 'store_credit' });
    const shopifyId = 'gid://shopify/StoreCreditAccountCreditTransaction/1';
    const [first, second] = [await start(scene), await start(scene)];
    await scene.points.completeRedemption({ redemptionId: first.redemptionId, shopifyId });
    const answer = await scene.points.completeRedemption({
      redemptionId: second.redemptionId,
      shopifyId,
    });
    expect(answer).toMatchObject({ taken: true, redemption: { status: 'pending' } });
  });

  it('is given out again, to one worker, once no worker holds it', async () => {
    const scene = await shopWithMember(2_000);
    const { redemptionId } = await start(scene);
    const claim = async () =>
      (await core.clients().points.claimStuckRedemptions({ limit: 100, olderThanSeconds: 60 }))
        .redemptions;
    expect((await claim()).map((one) => one.redemptionId)).not.toContain(redemptionId);
    await core.outside.query(
      `UPDATE reward_redemptions SET created_at = now() - interval '5 minutes',
         claimed_at = now() - interval '5 minutes' WHERE redemption_id = $1`,
      [redemptionId],
    );
    const claims = (await Promise.all([claim(), claim(), claim()])).flat();
    expect(claims.filter((one) => one.redemptionId === redemptionId)).toEqual([
      {
        merchantId: scene.merchantId,
        shopDomain: scene.shopDomain,
        redemptionId,
        status: 'pending',
      },
    ]);
  });
});

describe('an unused code', () => {
  it('is returned for its points, to the lots they came from, once', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await complete(scene, redemptionId);
    const { redemption } = await scene.shopper.points.startReturn({ redemptionId });
    expect(redemption).toMatchObject({ returning: true, status: 'completed' });
    expect(await balanceOf(scene)).toMatchObject({ balance: 500 });
    const finish = () => scene.points.finishReturn({ redemptionId, codeUsed: false });
    expect((await finish()).redemption).toMatchObject({ status: 'returned', returnable: false });
    await finish();
    expect(await balanceOf(scene)).toEqual({ balance: 1_000, held: 0, debt: 0 });
    const { entries } = await scene.points.listEntries({ customerId: scene.customerId });
    expect(entries[0]?.explanation?.reasonCode).toBe('redemption_returned');
    await expectSound(scene);
  });

  it('stays with its owner when Shopify says that it was used meanwhile', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await complete(scene, redemptionId);
    await scene.shopper.points.startReturn({ redemptionId });
    const { redemption } = await scene.points.finishReturn({ redemptionId, codeUsed: true });
    expect(redemption).toMatchObject({ status: 'completed', returning: false, returnable: false });
    expect(await balanceOf(scene)).toMatchObject({ balance: 500 });
    expect(await failureOf(scene.shopper.points.startReturn({ redemptionId }))).toMatchObject({
      code: 'reward_unavailable',
    });
  });

  it('can be seen and returned by no other member', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await complete(scene, redemptionId);
    const other = core.clients({
      merchant: scene.merchantId,
      actor: 'customer:123',
      scopes: ['customer:points'],
    });
    expect(await failureOf(other.points.getRedemption({ redemptionId }))).toMatchObject({
      code: 'not_found',
    });
    expect(await failureOf(other.points.startReturn({ redemptionId }))).toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a code on an order', () => {
  it('is marked as used, whatever its case, and can no longer be returned', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    const { code } = await complete(scene, redemptionId);
    await orderWith(scene, ['SUMMER', code.toLowerCase()]);
    const { redemption } = await scene.points.getRedemption({ redemptionId });
    expect(redemption).toMatchObject({ returnable: false, status: 'completed' });
    expect(redemption?.usedOrderName).toBe(`#${redemption?.usedOrderId ?? ''}`);
    const { rewards } = await scene.points.listRewards({});
    expect(rewards[0]).toMatchObject({ redeemed: 1, used: 1, pointsSpent: 500 });
  });

  it('that had been returned is debited again', async () => {
    const scene = await shopWithMember(500);
    const { redemptionId } = await start(scene);
    const { code } = await complete(scene, redemptionId);
    await scene.shopper.points.startReturn({ redemptionId });
    await scene.points.finishReturn({ redemptionId, codeUsed: false });
    expect(await balanceOf(scene)).toMatchObject({ balance: 500 });
    await orderWith(scene, [code]);
    // 500 go, the order itself earns 100.
    expect(await balanceOf(scene)).toEqual({ balance: 100, held: 0, debt: 0 });
    await expectSound(scene);
  });

  it('of another shop marks nothing', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    const { code } = await complete(scene, redemptionId);
    await orderWith(await shopWithMember(), [code]);
    const { redemption } = await scene.points.getRedemption({ redemptionId });
    expect(redemption?.usedOrderId).toBe('');
  });
});

describe('two merged customers', () => {
  it('keep their codes, and returned points go to the remaining member', async () => {
    const scene = await shopWithMember();
    const { redemptionId } = await start(scene);
    await complete(scene, redemptionId);
    const kept = String(++customers);
    const { customerId } = await scene.admin.upsertCustomer({
      customer: { shopifyCustomerId: kept, firstName: 'Kept' },
      trigger: 'updated',
    });
    await scene.admin.mergeCustomers({
      keptShopifyCustomerId: kept,
      removedShopifyCustomerId: scene.shopifyCustomerId,
    });
    const { redemptions } = await scene.points.listRedemptions({ customerId });
    expect(redemptions.map((one) => one.redemptionId)).toEqual([redemptionId]);
    await scene.points.startReturn({ redemptionId });
    await scene.points.finishReturn({ redemptionId, codeUsed: false });
    const { balance } = await scene.points.getPointsBalance({ customerId });
    expect(balance?.balance).toBe(1_000);
    await expectSound(scene);
  });
});

describe('rewards', () => {
  it('keep the order that the merchant gave them', async () => {
    const shop = await core.installShop();
    const made = [];
    for (const title of ['a', 'b', 'c'])
      made.push(await makeReward(shop, { title: { en: title } }));
    const ids = made.map((one) => one.rewardId);
    await shop.points.reorderRewards({ rewardIds: [ids[2] ?? '', ids[0] ?? ''] });
    const titles = async () =>
      (await shop.points.listRewards({})).rewards.map((one) => one.title['en']);
    expect(await titles()).toEqual(['c', 'a', 'b']);
    await makeReward(shop, { title: { en: 'd' } });
    expect(await titles()).toEqual(['c', 'a', 'b', 'd']);
  });

  it('can be deleted and restored, with past redemptions', async () => {
    const scene = await shopWithMember();
    await complete(scene, (await start(scene)).redemptionId);
    const { previousStatus } = await scene.points.setRewardStatus({
      rewardId: scene.rewardId,
      status: 'deleted',
    });
    expect((await scene.points.listRewards({})).rewards).toEqual([]);
    await scene.points.setRewardStatus({ rewardId: scene.rewardId, status: previousStatus });
    expect((await scene.points.listRewards({})).rewards).toMatchObject([
      { status: 'active', redeemed: 1 },
    ]);
  });

  it('are refused with the field that is wrong', async () => {
    const shop = await core.installShop();
    const refuse = (changes: Partial<Reward>) => failureOf(makeReward(shop, changes));
    expect(await refuse({ value: 'five' })).toMatchObject({ field: 'reward.value' });
    expect(await refuse({ title: {} })).toMatchObject({ field: 'reward.title' });
    expect(await refuse({ iconUrl: 'javascript:x' })).toMatchObject({ field: 'reward.icon_url' });
    expect(await refuse({ kind: 'unicorn' })).toMatchObject({ field: 'reward.kind' });
    expect(await refuse({ tierIds: [randomUUID()] })).toMatchObject({ code: 'not_found' });
  });
});
