import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDraft } from '#proto/points/v1/campaigns.ts';
import { withTenant } from '../database/tenant-transaction.ts';
import { createLedger, type Ledger } from '../ledger/index.ts';
import { startTestCore, type TestCore } from '../testing/core.ts';
import { reviewCampaigns, type CampaignReview } from './review-campaigns.ts';

let test: TestCore;
let ledger: Ledger;
beforeAll(async () => {
  test = await startTestCore();
  ledger = createLedger({ pool: test.pool });
});
afterAll(async () => {
  await ledger.close();
  await test.stop();
});

let ids = 5_000_000;
const nextId = (): string => String(++ids);
type Shop = Awaited<ReturnType<TestCore['installShop']>>;
type Draft = NonNullable<Parameters<typeof CampaignDraft.fromPartial>[0]>;

async function start(shop: Shop, campaign: Draft): Promise<string> {
  const request = { name: 'A campaign', published: true, rewardPoints: 200, ...campaign };
  const created = await shop.points.createCampaign({ campaign: request, idempotencyKey: nextId() });
  return created.campaign?.campaignId ?? '';
}
const startGoal = (shop: Shop, conditions: Draft['conditions']) =>
  start(shop, { type: 'goal_spend', conditions: { goalAmount: '100.00', ...conditions } });

async function buy(shop: Shop, subtotal: string, changes: object = {}): Promise<string> {
  const orderId = nextId();
  const at = new Date().toISOString();
  await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: '42', email: 'ada@example.com', state: 'enabled' },
      currency: 'USD',
      subtotal,
      total: subtotal,
      financialStatus: 'paid',
      orderedAt: at,
      updatedAt: at,
      country: 'US',
      ...changes,
    },
    trigger: 'paid',
  });
  return orderId;
}

async function refund(shop: Shop, orderId: string, subtotal: string): Promise<void> {
  const refundedAt = new Date().toISOString();
  await shop.points.recordOrder({
    refund: {
      orderId,
      currency: 'USD',
      refund: { refundId: nextId(), subtotal, linesSubtotal: subtotal, refundedAt },
    },
    trigger: 'refunded',
  });
}

async function memberOf(shop: Shop, shopifyCustomerId = '42'): Promise<string> {
  const { customer } = await shop.admin.getCustomer({ shopifyCustomerId });
  return customer?.customerId ?? '';
}

async function review(shop: Shop, changes: Partial<CampaignReview> = {}): Promise<void> {
  const customerIds = [await memberOf(shop)];
  await withTenant(test.pool, shop.merchantId, (client) =>
    reviewCampaigns({
      client,
      merchantId: shop.merchantId,
      customerIds,
      now: new Date(),
      ledger,
      segmentChanges: [],
      tierChanges: [],
      ...changes,
    }),
  );
  const broken = await test.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  expect(broken.rows).toEqual([]);
}

/** What campaigns wrote into the ledger, oldest first. */
async function lines(shop: Shop): Promise<[string, number][]> {
  const { entries } = await shop.points.listEntries({ customerId: await memberOf(shop) });
  return entries
    .filter(({ source }) => source === 'campaign')
    .map(({ explanation, points }): [string, number] => [explanation?.reasonCode ?? '', points])
    .reverse();
}

const resultsOf = async (shop: Shop, campaignId: string) =>
  (await shop.points.getCampaign({ campaignId })).campaign?.results;

describe('a spending goal', () => {
  it('is given once, deducted by a refund that undercuts it, and given again for later orders', async () => {
    const shop = await test.installShop();
    const campaignId = await startGoal(shop, {});
    const first = await buy(shop, '60.00');
    await review(shop);
    expect(await lines(shop)).toEqual([]);
    await buy(shop, '40.00');
    await review(shop);
    await review(shop);
    expect(await lines(shop)).toEqual([['campaign_goal', 200]]);
    expect(await resultsOf(shop, campaignId)).toMatchObject({
      orders: 2,
      members: 1,
      points: 200,
      sales: { amount: '100.00', currency: 'USD' },
    });

    await refund(shop, first, '10.00');
    await review(shop);
    await review(shop);
    expect(await resultsOf(shop, campaignId)).toMatchObject({ members: 0, points: 0 });
    await buy(shop, '10.00');
    await review(shop);
    expect(await lines(shop)).toEqual([
      ['campaign_goal', 200],
      ['campaign_taken_back', -200],
      ['campaign_goal', 200],
    ]);
    const { entries } = await shop.points.listEntries({ customerId: await memberOf(shop) });
    expect(entries.find(({ source }) => source === 'campaign')).toMatchObject({
      type: 'campaign',
      reason: 'A campaign',
      idempotencyKey: `campaign/${campaignId}/goal/${await memberOf(shop)}/2`,
      explanation: { base: { amount: '100.00', currency: 'USD' } },
    });
  });

  it('that was spent already leaves a debt, or stops at zero where the merchant says so', async () => {
    const shop = await test.installShop();
    await startGoal(shop, {});
    const order = await buy(shop, '100.00');
    await review(shop);
    const customerId = await memberOf(shop);
    const spend = { customerId, points: -1_150, reason: 'spent', idempotencyKey: 'spend' };
    await shop.points.adjustPoints(spend);
    await refund(shop, order, '1.00');
    await review(shop);
    const { balance } = await shop.points.getPointsBalance({ customerId });
    expect(balance).toMatchObject({ balance: -160, debt: 160 });
  });

  it('counts what was bought while it ran, however late it is reported, and nothing after', async () => {
    const shop = await test.installShop();
    const campaignId = await startGoal(shop, {});
    const during = new Date().toISOString();
    await sleep(5);
    await shop.points.cancelCampaign({ campaignId });
    await sleep(5);
    await buy(shop, '500.00');
    await review(shop);
    expect(await lines(shop)).toEqual([]);
    await buy(shop, '100.00', { orderedAt: during });
    await review(shop);
    expect(await lines(shop)).toEqual([['campaign_goal', 200]]);
  });

  it('stays one when the customer is merged into another, and is deducted from the member who was kept', async () => {
    const shop = await test.installShop();
    await startGoal(shop, {});
    const order = await buy(shop, '100.00');
    await review(shop);
    await shop.admin.mergeCustomers({
      keptShopifyCustomerId: '43',
      removedShopifyCustomerId: '42',
    });
    const customerIds = [await memberOf(shop, '43')];
    await review(shop, { customerIds });
    const balanceOf = async () =>
      (await shop.points.getPointsBalance({ customerId: customerIds[0] ?? '' })).balance?.balance;
    expect(await balanceOf()).toBe(1_200);
    await refund(shop, order, '50.00');
    await review(shop, { customerIds });
    expect(await balanceOf()).toBe(500);
  });
});

describe('a bonus on each order', () => {
  it('is given with every order of its countries, and refers to it', async () => {
    const shop = await test.installShop();
    const campaignId = await start(shop, {
      type: 'goal_spend',
      rewardPoints: 25,
      translations: { fr: 'Une campagne' },
      conditions: { regions: ['EU'], minSpend: '20.00' },
    });
    const french = await buy(shop, '20.00', { country: 'FR' });
    await buy(shop, '20.00');
    await buy(shop, '19.99', { country: 'FR' });
    await review(shop);
    expect(await lines(shop)).toEqual([['campaign_bonus', 25]]);
    const { entries } = await shop.points.listEntries({ customerId: await memberOf(shop) });
    expect(entries.find(({ source }) => source === 'campaign')).toMatchObject({
      orderId: french,
      orderName: `#${french}`,
      reason: 'A campaign',
      explanation: { subject: { '': 'A campaign', fr: 'Une campagne' } },
    });
    await refund(shop, french, '20.00');
    await review(shop);
    const [takenBack] = (await shop.points.listEntries({ customerId: await memberOf(shop) }))
      .entries;
    expect(takenBack?.explanation?.subject).toEqual({ '': 'A campaign', fr: 'Une campagne' });
    expect(await resultsOf(shop, campaignId)).toMatchObject({ orders: 0, points: 0 });
    // What settles orders reads their own lines alone: the bonus was deducted once, and not with the order's points.
    const { balance } = await shop.points.getPointsBalance({ customerId: await memberOf(shop) });
    expect(balance?.balance).toBe(399);
  });
});

describe('a trigger', () => {
  it('gives once for a first order, and for each change that the review reports', async () => {
    const shop = await test.installShop();
    const lifecycle = (trigger: string, segment = '') =>
      start(shop, {
        type: 'lifecycle',
        rewardPoints: 50,
        conditions: { trigger, segment },
      });
    await lifecycle('first_order');
    const entered = await lifecycle('segment_entered', 'vip');
    await buy(shop, '10.00');
    await buy(shop, '10.00');
    await review(shop);
    expect(await lines(shop)).toEqual([['campaign_gift', 50]]);
    const customerId = await memberOf(shop);
    const segmentChanges = [{ customerId, from: ['new'], to: ['vip'] }];
    await review(shop, { segmentChanges });
    await review(shop, { segmentChanges });
    expect(await resultsOf(shop, entered)).toMatchObject({ members: 1, points: 100 });
    const { rows } = await test.outside.query<{ payload: object }>(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'campaign.triggered' AND payload->>'campaign_id' = $2`,
      [shop.merchantId, entered],
    );
    expect(rows.map(({ payload }) => payload)).toEqual(
      Array(2).fill({ campaign_id: entered, trigger: 'segment_entered', members: 1, points: 50 }),
    );
  });

  it('of a rise to another tier starts from the published tiers', async () => {
    const shop = await test.installShop();
    const tierIds = await withTenant(test.pool, shop.merchantId, async (client) => {
      const { rows } = await client.query<{ tier_id: string }>(
        `INSERT INTO vip_tiers (merchant_id, position) VALUES ($1, 0), ($1, 1) RETURNING tier_id`,
        [shop.merchantId],
      );
      return rows.map((row) => row.tier_id);
    });
    await start(shop, {
      type: 'lifecycle',
      conditions: { trigger: 'tier_up' },
    });
    await buy(shop, '1.00');
    const customerId = await memberOf(shop);
    const [low = null, high = null] = tierIds;
    await review(shop, { tierChanges: [{ customerId, from: high, to: low }] });
    expect(await lines(shop)).toEqual([]);
    await review(shop, { tierChanges: [{ customerId, from: low, to: high }] });
    expect(await lines(shop)).toEqual([['campaign_gift', 200]]);
  });
});

describe('a campaign that multiplies', () => {
  it('reports what it gave from the awards’ own lines, less refunds', async () => {
    const shop = await test.installShop();
    const campaignId = await start(shop, { type: 'double_points', multiplier: '2' });
    const customerId = (
      await shop.admin.upsertCustomer({
        customer: { shopifyCustomerId: '42' },
        trigger: 'synced',
      })
    ).customerId;
    const orderId = await buy(shop, '0.01');
    // The award as a multiplied order leaves it.
    await ledger.award([
      {
        merchantId: shop.merchantId,
        customerId,
        points: 1_000,
        key: `order/${orderId}/paid`,
        source: 'order',
        orderId,
        metadata: {
          multiplier: '2',
          multiplier_source: 'tier+campaign',
          campaign_ids: [campaignId],
          campaign_multiplier: '2',
        },
      },
    ]);
    await review(shop);
    expect(await resultsOf(shop, campaignId)).toMatchObject({ orders: 1, members: 1, points: 500 });
    const reversal = { merchantId: shop.merchantId, customerId, source: 'order', orderId };
    const debit = { ...reversal, type: 'reversal' as const, whenShort: 'debt' as const };
    await ledger.debit({ ...debit, points: 500, key: 'refund/1' });
    await review(shop);
    expect(await resultsOf(shop, campaignId)).toMatchObject({ orders: 1, points: 250 });
    await ledger.debit({ ...debit, points: 500, key: 'refund/2' });
    await review(shop);
    expect(await resultsOf(shop, campaignId)).toMatchObject({ orders: 0, points: 0 });
  });
});

describe('the preview of a campaign', () => {
  it('counts on what was bought, awarded or not, and says what the points can be exchanged for', async () => {
    const shop = await test.installShop();
    const before = new Date(Date.now() - 20 * 86_400_000).toISOString();
    await buy(shop, '50.00');
    await buy(shop, '30.00', { orderedAt: before, country: 'FR' });
    const draft = { type: 'double_points', multiplier: '3' };
    const preview = (changes: Draft = {}) =>
      shop.points.previewCampaign({ campaign: { ...draft, ...changes } });
    expect(await preview()).toMatchObject({
      orders: 2,
      matchingOrders: 2,
      members: 1,
      points: 1_600,
      cost: undefined,
      partial: false,
    });
    await withTenant(test.pool, shop.merchantId, (client) =>
      client.query(
        `INSERT INTO rewards (merchant_id, type, points_cost, value, currency) VALUES ($1, 'amount_off', 500, 5, 'USD')`,
        [shop.merchantId],
      ),
    );
    expect(await preview({ conditions: { regions: ['EU'] } })).toMatchObject({
      matchingOrders: 1,
      points: 600,
      cost: { amount: '6.00', currency: 'USD' },
    });
    const goal = { type: 'goal_spend', rewardPoints: 200, conditions: { goalAmount: '80' } };
    expect(await preview(goal)).toMatchObject({ matchingOrders: 2, members: 1, points: 200 });
    const first = { type: 'lifecycle', rewardPoints: 50, conditions: { trigger: 'first_order' } };
    expect(await preview(first)).toMatchObject({ members: 1, points: 50 });
    const drop = { type: 'lifecycle', rewardPoints: 50, conditions: { trigger: 'rfm_drop' } };
    expect(await preview(drop)).toMatchObject({ members: 0, points: 0 });
  });
});
