import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redemption } from '#proto/points/v1/rewards.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const DAY = 86_400_000;
let ids = 7_700_000;

async function rewardOf(shop: Shop, changes: object = {}): Promise<string> {
  const { reward } = await shop.points.upsertReward({
    reward: {
      kind: 'amount_off',
      title: { en: '$5 off' },
      pointsCost: 500,
      value: '5.00',
      ...changes,
    },
  });
  return reward?.rewardId ?? '';
}

/** Silver from 100 with free shipping, Gold from 500 with free shipping and a reward. */
async function publish(shop: Shop, entryRewardId: string, changes: object = {}) {
  const { tierSet } = await shop.points.configureVipTiers({
    tierSet: {
      basis: 'spend',
      period: 'lifetime',
      graceDays: 0,
      tiers: [
        { names: { en: 'Silver' }, spendThreshold: '100', benefits: { freeShipping: true } },
        {
          names: { en: 'Gold' },
          spendThreshold: '500',
          benefits: { freeShipping: true, entryRewardId },
        },
      ],
      ...changes,
    },
    publish: true,
  });
  if (tierSet === undefined) throw new Error('no tier set');
  return tierSet;
}

async function order(shop: Shop, shopper: string, subtotal: string, discountCodes: string[] = []) {
  const orderId = String(++ids);
  now = new Date(now.getTime() + 1_000);
  const { customerId } = await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: shopper },
      currency: 'USD',
      subtotal,
      total: subtotal,
      financialStatus: 'paid',
      orderedAt: now.toISOString(),
      updatedAt: now.toISOString(),
      discountCodes,
    },
    trigger: 'paid',
  });
  await reviewAll();
  return { orderId, customerId };
}

async function refund(shop: Shop, orderId: string, subtotal: string): Promise<void> {
  await shop.points.recordOrder({
    refund: {
      orderId,
      currency: 'USD',
      refund: {
        refundId: String(++ids),
        subtotal,
        linesSubtotal: subtotal,
        refundedAt: now.toISOString(),
      },
    },
    trigger: 'refunded',
  });
  await reviewAll();
}

const reviewAll = () => core.clients().admin.reviewMembers({ limit: 1_000 });

/** Newest first. */
async function giftsOf(shop: Shop, customerId: string, gift: string): Promise<Redemption[]> {
  const { redemptions } = await shop.points.listRedemptions({ customerId });
  return redemptions.filter((one) => one.gift === gift);
}
const shippingOf = (shop: Shop, customerId: string) => giftsOf(shop, customerId, 'tier_shipping');
const entryOf = (shop: Shop, customerId: string) => giftsOf(shop, customerId, 'tier_entry');

async function complete(shop: Shop, redemption: Redemption | undefined): Promise<string> {
  const redemptionId = redemption?.redemptionId ?? '';
  const done = await shop.points.completeRedemption({
    redemptionId,
    shopifyId: `gid://shopify/DiscountCodeNode/${redemptionId}`,
  });
  return done.redemption?.code ?? '';
}

describe('free shipping of a tier', () => {
  it('is one code for each member, renewed when it was used, and withdrawn when they fall', async () => {
    const shop = await core.installShop();
    await publish(shop, await rewardOf(shop));
    const first = await order(shop, '1', '120.00');
    const { customerId } = first;
    const [gift] = await shippingOf(shop, customerId);
    expect(gift).toMatchObject({
      kind: 'free_shipping',
      status: 'pending',
      pointsSpent: 0,
      title: {},
    });
    const code = await complete(shop, gift);
    expect(code).toMatch(/^LN-/);
    // Nothing to return: no points were paid for it.
    expect((await shippingOf(shop, customerId))[0]).toMatchObject({ code, returnable: false });

    await reviewAll();
    await order(shop, '1', '1.00');
    expect(await shippingOf(shop, customerId)).toHaveLength(1);

    await order(shop, '1', '20.00', [code]);
    const [next, used] = await shippingOf(shop, customerId);
    expect(used?.usedAt).not.toBe('');
    expect(next).toMatchObject({ status: 'pending', usedAt: '' });
    await complete(shop, next);

    await refund(shop, first.orderId, '120.00');
    const [withdrawn] = await shippingOf(shop, customerId);
    expect(withdrawn).toMatchObject({ redemptionId: next?.redemptionId, returning: true });
    const { redemption } = await shop.points.finishReturn({
      redemptionId: next?.redemptionId ?? '',
    });
    expect(redemption).toMatchObject({ status: 'returned', returning: false });
    const { balance } = await shop.points.getPointsBalance({ customerId });
    expect(balance).toMatchObject({ balance: 210, held: 0, debt: 0 });
  });

  it('stays the same code through a rise, and comes once however often they fall and rise', async () => {
    const shop = await core.installShop();
    await publish(shop, await rewardOf(shop));
    const { customerId } = await order(shop, '1', '120.00');
    await complete(shop, (await shippingOf(shop, customerId))[0]);
    const gold = await order(shop, '1', '400.00');
    expect(await shippingOf(shop, customerId)).toHaveLength(1);
    await refund(shop, gold.orderId, '400.00');
    await order(shop, '1', '400.00');
    expect((await shippingOf(shop, customerId)).map(({ status }) => status)).toEqual(['completed']);
  });

  it('that is withdrawn while it is being made is switched off once it is there', async () => {
    const shop = await core.installShop();
    await publish(shop, await rewardOf(shop));
    const { customerId, orderId } = await order(shop, '1', '120.00');
    const [gift] = await shippingOf(shop, customerId);
    await refund(shop, orderId, '120.00');
    await complete(shop, gift);
    expect((await shippingOf(shop, customerId))[0]).toMatchObject({
      status: 'completed',
      returning: true,
    });
    const { rows } = await core.outside.query<{ status: string }>(
      `SELECT payload->>'status' AS status FROM outbox_events WHERE merchant_id = $1 AND kind = 'redemption.changed'
       ORDER BY created_at, event_id`,
      [shop.merchantId],
    );
    expect(rows.map(({ status }) => status).sort()).toEqual(['pending', 'returning', 'returning']);
  });

  it('is added for and removed from all members of the tier when the published tiers change', async () => {
    const shop = await core.installShop();
    const { customerId } = await order(shop, '1', '120.00');
    const with_ = await publish(shop, await rewardOf(shop));
    expect(await shippingOf(shop, customerId)).toHaveLength(1);
    await complete(shop, (await shippingOf(shop, customerId))[0]);
    const tiers = with_.tiers.map((tier) => ({
      ...tier,
      benefits: { ...tier.benefits, freeShipping: false },
    }));
    await publish(shop, '', { tiers });
    expect((await shippingOf(shop, customerId))[0]?.returning).toBe(true);
  });

  it('is not given while the program is off, and a refused one is tried again a day later', async () => {
    const shop = await core.installShop();
    await publish(shop, await rewardOf(shop));
    const { customerId } = await order(shop, '1', '120.00');
    const [gift] = await shippingOf(shop, customerId);
    await shop.points.failRedemption({
      redemptionId: gift?.redemptionId ?? '',
      failureCode: 'refused',
    });
    await order(shop, '1', '1.00');
    expect(await shippingOf(shop, customerId)).toHaveLength(1);
    const before = now;
    now = new Date(now.getTime() + DAY + 1_000);
    await order(shop, '1', '1.00');
    now = before;
    expect((await shippingOf(shop, customerId)).map(({ status }) => status)).toEqual([
      'pending',
      'failed',
    ]);
  });
});

describe('the reward for entering a tier', () => {
  it('is the reward itself for nothing, once for each tier and qualifying period', async () => {
    const shop = await core.installShop();
    const rewardId = await rewardOf(shop, { expiresAfterDays: 30 });
    await publish(shop, rewardId, { period: 'rolling_365' });
    const gold = await order(shop, '1', '600.00');
    const { customerId } = gold;
    const [gift] = await entryOf(shop, customerId);
    expect(gift).toMatchObject({
      rewardId,
      pointsSpent: 0,
      value: { amount: '5.00', currency: 'USD' },
      title: { en: '$5 off' },
    });
    expect(gift?.expiresAt).not.toBe('');
    await complete(shop, gift);

    await refund(shop, gold.orderId, '600.00');
    await order(shop, '1', '600.00');
    expect(await entryOf(shop, customerId)).toHaveLength(1);

    // A year later nothing of it counts: they fall, and what they earn after that is a new period.
    const before = now;
    now = new Date(now.getTime() + 367 * DAY);
    await shop.points.reviewVipTiers({ limit: 1_000 });
    await order(shop, '1', '600.00');
    now = before;
    expect(await entryOf(shop, customerId)).toHaveLength(2);
  });

  it('is given by a reward that is not for sale, and not by one that was deleted', async () => {
    const shop = await core.installShop();
    const rewardId = await rewardOf(shop, { status: 'disabled' });
    await publish(shop, rewardId);
    const one = await order(shop, '1', '600.00');
    expect(await entryOf(shop, one.customerId)).toHaveLength(1);
    await shop.points.setRewardStatus({ rewardId, status: 'deleted' });
    const other = await order(shop, '2', '600.00');
    expect(await entryOf(shop, other.customerId)).toEqual([]);
  });

  it('is not given to who stood in the tier before it gave one', async () => {
    const shop = await core.installShop();
    const { tiers } = await publish(shop, '');
    const { customerId } = await order(shop, '1', '600.00');
    const entryRewardId = await rewardOf(shop);
    await publish(shop, '', {
      tiers: tiers.map((tier) => ({ ...tier, benefits: { ...tier.benefits, entryRewardId } })),
    });
    expect(await entryOf(shop, customerId)).toEqual([]);
  });

  it('is previewed before the tiers are published, and must be a reward of the shop', async () => {
    const shop = await core.installShop();
    const rewardId = await rewardOf(shop);
    await order(shop, '1', '600.00');
    await order(shop, '2', '150.00');
    const tiers = [
      { names: { en: 'Silver' }, spendThreshold: '100', benefits: { freeShipping: true } },
      { names: { en: 'Gold' }, spendThreshold: '500', benefits: { entryRewardId: rewardId } },
    ];
    const tierSet = { basis: 'spend', period: 'lifetime', graceDays: 30, tiers };
    expect(await shop.points.previewVipTiers({ tierSet, direction: 'rise' })).toMatchObject({
      rises: 2,
      entryRewardMembers: 1,
      freeShippingMembers: 1,
    });
    const other = await core.installShop();
    const failure = await failureOf(
      other.points.configureVipTiers({ tierSet: { ...tierSet, tiers: tiers.slice(1) } }),
    );
    expect(failure).toMatchObject({
      code: 'not_found',
      field: 'tier_set.tiers[0].benefits.entry_reward_id',
    });
  });
});
