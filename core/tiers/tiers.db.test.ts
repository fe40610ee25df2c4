import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const DAY = 86_400_000;
let ids = 7_000_000;

/** Bronze from nothing, Silver from 100, Gold from 500 dollars. */
const sample = {
  basis: 'spend',
  period: 'lifetime',
  graceDays: 30,
  tiers: [
    { names: { en: 'Bronze' }, spendThreshold: '0' },
    { names: { en: 'Silver', fr: 'Argent' }, spendThreshold: '100', benefits: { entryPoints: 50 } },
    {
      names: { en: 'Gold' },
      spendThreshold: '500',
      benefits: { pointsMultiplier: '1.5', entryPoints: 100, earlyAccess: true },
    },
  ],
};

async function publish(shop: Shop, changes: object = {}) {
  const { tierSet } = await shop.points.configureVipTiers({
    tierSet: { ...sample, ...changes },
    publish: true,
  });
  if (tierSet === undefined) throw new Error('no tier set');
  return tierSet;
}

async function order(shop: Shop, shopper: string, subtotal: string, at = now) {
  const orderId = String(++ids);
  const { customerId } = await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: shopper, firstName: `Shopper${shopper}`, lastName: 'X' },
      currency: 'USD',
      subtotal,
      currentSubtotal: subtotal,
      total: subtotal,
      financialStatus: 'paid',
      orderedAt: at.toISOString(),
      updatedAt: at.toISOString(),
    },
    trigger: 'paid',
  });
  return { orderId, customerId };
}

const refund = (shop: Shop, orderId: string, subtotal: string) =>
  shop.points.recordOrder({
    refund: {
      orderId,
      currency: 'USD',
      refund: {
        refundId: String(++ids),
        subtotal,
        refundedAt: now.toISOString(),
        linesSubtotal: subtotal,
      },
    },
    trigger: 'refunded',
  });

const review = (shop: Shop) => shop.points.reviewVipTiers({ limit: 1000 });

async function tierOf(shop: Shop, customerId: string): Promise<string> {
  const { tier } = await shop.points.getVipTierStatus({ customerId });
  return tier?.names['en'] ?? '';
}

const eventsOf = async (shop: Shop, kind: string) => {
  const { rows } = await core.outside.query<{ payload: Record<string, unknown> }>(
    'SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = $2 ORDER BY created_at',
    [shop.merchantId, kind],
  );
  return rows.map(({ payload }) => payload);
};

describe('a published tier set', () => {
  it('puts all members in their tier, writes events, and gives the entry points only once', async () => {
    const shop = await core.installShop();
    const { customerId } = await order(shop, '1', '120.00');
    await order(shop, '2', '10.00');
    const tierSet = await publish(shop);
    expect(await tierOf(shop, customerId)).toBe('Silver');
    expect(await eventsOf(shop, 'tier.changed')).toHaveLength(2);

    const { customer } = await shop.admin.getCustomer({ customerId });
    expect(customer).toMatchObject({
      vipTierId: tierSet.tiers[1]?.tierId,
      vipTierNames: { en: 'Silver', fr: 'Argent' },
      balance: { balance: 1_250 },
    });
    const { changes } = await shop.points.listVipTierChanges({ customerId });
    expect(changes).toMatchObject([
      {
        direction: 'up',
        reason: 'tiers_changed',
        toNames: { en: 'Silver' },
        customerName: 'Shopper1 X',
      },
    ]);
    await review(shop);
    await publish(shop, { tiers: tierSet.tiers });
    const entries = await shop.points.listEntries({ customerId });
    expect(entries.entries.filter(({ source }) => source === 'tier')).toMatchObject([
      { points: 50, explanation: { reasonCode: 'tier_entered' } },
    ]);
    expect(await eventsOf(shop, 'tier.changed')).toHaveLength(2);
  });

  it('lifts a member by an order, and lets them fall after a refund at once where there is no grace', async () => {
    const shop = await core.installShop();
    await publish(shop, { graceDays: 0 });
    const first = await order(shop, '1', '50.00');
    const second = await order(shop, '1', '450.00');
    await review(shop);
    expect(await tierOf(shop, first.customerId)).toBe('Gold');
    now = new Date(now.getTime() + 60_000);
    await refund(shop, second.orderId, '450.00');
    await review(shop);
    expect(await tierOf(shop, first.customerId)).toBe('Bronze');
    const { changes } = await shop.points.listVipTierChanges({ customerId: first.customerId });
    expect(changes.map(({ direction, reason }) => `${direction} ${reason}`)).toEqual([
      'down no_grace',
      'up reached',
    ]);
  });

  it('keeps the tier through the grace period, and forgets the fall when the member comes back', async () => {
    const shop = await core.installShop();
    await publish(shop);
    const { orderId, customerId } = await order(shop, '1', '500.00');
    await review(shop);
    await refund(shop, orderId, '400.00');
    await review(shop);
    const status = await shop.points.getVipTierStatus({ customerId });
    expect(status.tier?.names['en']).toBe('Gold');
    expect(Date.parse(status.graceUntil)).toBe(now.getTime() + 30 * DAY);
    expect(await shop.points.getVipTierProgress({ customerId })).toMatchObject({
      spend: '100.00',
      next: undefined,
      toKeep: [{ kind: 'spend', amount: { amount: '400.00', currency: 'USD' } }],
    });
    expect(await shop.points.getVipTiers({})).toMatchObject({ membersInGrace: 1 });

    const start = now;
    try {
      now = new Date(start.getTime() + 31 * DAY);
      await review(shop);
      expect(await tierOf(shop, customerId)).toBe('Silver');
      await order(shop, '1', '400.00');
      await review(shop);
      expect(await tierOf(shop, customerId)).toBe('Gold');
    } finally {
      now = start;
    }
  });

  it('does not count cancelled orders, and counts what the ledger says was earned where points count', async () => {
    const shop = await core.installShop();
    await publish(shop, {
      basis: 'points',
      graceDays: 0,
      tiers: [
        { names: { en: 'Low' }, pointsThreshold: 0 },
        { names: { en: 'High' }, pointsThreshold: 1_000, benefits: { entryPoints: 5 } },
      ],
    });
    const one = await order(shop, '1', '100.00');
    await shop.points.adjustPoints({
      customerId: one.customerId,
      points: 5_000,
      reason: 'a gift',
      idempotencyKey: 'gift',
    });
    await review(shop);
    const progress = await shop.points.getVipTierProgress({ customerId: one.customerId });
    expect(progress).toMatchObject({ points: 1_000, current: { names: { en: 'High' } } });
    await refund(shop, one.orderId, '1.00');
    await review(shop);
    expect(await tierOf(shop, one.customerId)).toBe('Low');
  });

  it('counts the entries of a merged member for the member they were merged into', async () => {
    const shop = await core.installShop();
    await publish(shop, {
      basis: 'all',
      tiers: [{ names: { en: 'Both' }, spendThreshold: '100', pointsThreshold: 1_000 }],
    });
    await order(shop, '1', '60.00');
    const { customerId } = await order(shop, '2', '40.00');
    await shop.admin.mergeCustomers({ keptShopifyCustomerId: '2', removedShopifyCustomerId: '1' });
    await review(shop);
    expect(await tierOf(shop, customerId)).toBe('Both');
  });

  it('by calendar years holds until the end of the year after, and then waits for the grace', async () => {
    const shop = await core.installShop();
    const start = now;
    try {
      now = new Date(Date.UTC(2026, 2, 1));
      await publish(shop, { period: 'calendar_year' });
      const { customerId } = await order(shop, '1', '500.00');
      await review(shop);
      const until = Date.UTC(2028, 0, 1);
      const { qualifiedUntil } = await shop.points.getVipTierStatus({ customerId });
      expect(Date.parse(qualifiedUntil)).toBe(until);
      now = new Date(until - 1);
      await review(shop);
      expect((await shop.points.getVipTierStatus({ customerId })).graceUntil).toBe('');
      now = new Date(until);
      await review(shop);
      expect(await tierOf(shop, customerId)).toBe('Gold');
      now = new Date(until + 30 * DAY);
      await review(shop);
      expect(await tierOf(shop, customerId)).toBe('Bronze');
    } finally {
      now = start;
    }
  });
});

describe('a change of the tiers', () => {
  it('is shown before it is made: who rises, who falls and when, and what it gives away', async () => {
    const shop = await core.installShop();
    const { tiers } = await publish(shop);
    await order(shop, '1', '500.00');
    await order(shop, '2', '300.00');
    await order(shop, '3', '120.00');
    await review(shop);
    const tierSet = {
      ...sample,
      tiers: tiers.map((tier, nth) => ({
        ...tier,
        spendThreshold: ['0', '200', '300'][nth] ?? '',
      })),
    };
    const before = await eventsOf(shop, 'tier.changed');
    const rises = await shop.points.previewVipTiers({ tierSet, direction: 'rise' });
    expect(rises).toMatchObject({
      rises: 1,
      falls: 1,
      unchanged: 1,
      entryPoints: 100,
      entryPointsMembers: 1,
      tiers: [
        { membersNow: 0, membersThen: 1 },
        { membersNow: 2, membersThen: 0 },
        { membersNow: 1, membersThen: 2 },
      ],
      moves: [{ name: 'Shopper2 X', fromNames: { en: 'Silver' }, toNames: { en: 'Gold' } }],
    });
    const falls = await shop.points.previewVipTiers({ tierSet, direction: 'fall' });
    expect(falls.moves).toMatchObject([{ name: 'Shopper3 X', spend: '120.00' }]);
    expect(Date.parse(falls.moves[0]?.keepsUntil ?? '')).toBe(now.getTime() + 30 * DAY);
    expect(await eventsOf(shop, 'tier.changed')).toEqual(before);

    await shop.points.configureVipTiers({ tierSet, publish: true });
    expect(await shop.points.getVipTiers({})).toMatchObject({
      published: { version: 2, tiers: [{ members: 0 }, { members: 1 }, { members: 2 }] },
      membersInGrace: 1,
      history: [{ version: 2 }, { version: 1, status: 'superseded' }],
    });
  });

  it('can be undone: the version before is published again, and no member was lost or paid twice', async () => {
    const shop = await core.installShop();
    const { tiers } = await publish(shop);
    const { customerId } = await order(shop, '1', '500.00');
    await review(shop);
    await publish(shop, { tiers: tiers.slice(0, 2) });
    expect(await tierOf(shop, customerId)).toBe('Gold');
    const { tierSet } = await shop.points.restoreVipTiers({ version: 1 });
    expect(tierSet).toMatchObject({ version: 3, status: 'published', restoresVersion: 1 });
    expect(tierSet?.tiers.map(({ tierId }) => tierId)).toEqual(tiers.map(({ tierId }) => tierId));
    const status = await shop.points.getVipTierStatus({ customerId });
    expect(status).toMatchObject({ tier: { names: { en: 'Gold' } }, graceUntil: '' });
    const { customer } = await shop.admin.getCustomer({ customerId });
    expect(customer?.balance?.balance).toBe(5_100);
    expect((await failureOf(shop.points.restoreVipTiers({ version: 3 }))).code).toBe(
      'invalid_input',
    );
    expect((await failureOf(shop.points.restoreVipTiers({ version: 9 }))).code).toBe('not_found');
  });

  it('waits as a draft that changes nothing, keeps its place behind a restored version, and can be discarded', async () => {
    const shop = await core.installShop();
    await publish(shop);
    const { tiers } = await publish(shop, { graceDays: 10 });
    const draft = { ...sample, graceDays: 5, tiers };
    await shop.points.configureVipTiers({ tierSet: draft, publish: false });
    await shop.points.restoreVipTiers({ version: 1 });
    expect(await shop.points.getVipTiers({})).toMatchObject({
      published: { version: 3, graceDays: 30 },
      draft: { version: 4, status: 'draft', graceDays: 5 },
    });
    await shop.points.discardVipTierDraft({});
    expect((await shop.points.getVipTiers({})).draft).toBeUndefined();
  });

  it('is refused where it makes no sense, naming the field', async () => {
    const shop = await core.installShop();
    const fieldOf = async (tierSet: object) =>
      (await failureOf(shop.points.configureVipTiers({ tierSet, publish: true }))).field;
    const [bronze, silver] = sample.tiers;
    expect(await fieldOf({ ...sample, tiers: [silver, bronze] })).toBe(
      'tier_set.tiers[1].spend_threshold',
    );
    expect(await fieldOf({ ...sample, tiers: [{ ...bronze, names: { en: ' ' } }] })).toBe(
      'tier_set.tiers[0].names',
    );
    expect(
      await fieldOf({ ...sample, tiers: [{ ...bronze, benefits: { pointsMultiplier: '0.5' } }] }),
    ).toBe('tier_set.tiers[0].benefits.points_multiplier');
    expect(await fieldOf({ ...sample, tiers: Array.from({ length: 11 }, () => bronze) })).toBe(
      'tier_set.tiers',
    );
    expect(await fieldOf({ ...sample, graceDays: 400 })).toBe('tier_set.grace_days');
  });

  it('lists the holders of a tier alone', async () => {
    const shop = await core.installShop();
    const tierSet = await publish(shop);
    await order(shop, '1', '500.00');
    await order(shop, '2', '1.00');
    await review(shop);
    const { customers, page } = await shop.admin.getCustomers({
      vipTierId: tierSet.tiers[2]?.tierId ?? '',
    });
    expect(customers).toMatchObject([{ shopifyCustomerId: '1' }]);
    expect(page?.total).toBe(1);
  });
});
