import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

let ids = 9_100_000;
const identityOf = (shopifyCustomerId: string) => ({
  shopifyCustomerId,
  email: `${shopifyCustomerId}@example.com`,
  firstName: 'Ada',
  lastName: '',
  locale: '',
  state: 'enabled',
});

function order(shopifyCustomerId: string, changes: Record<string, unknown> = {}) {
  const orderId = String(++ids);
  return {
    order: {
      orderId,
      name: `#${orderId}`,
      customer: identityOf(shopifyCustomerId),
      currency: 'USD',
      subtotal: '50.00',
      financialStatus: 'paid',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      ...changes,
    },
    trigger: 'paid',
  };
}

async function buy(shop: Shop, shopifyCustomerId: string, changes: Record<string, unknown> = {}) {
  const { entries, reason } = await shop.points.recordOrder(order(shopifyCustomerId, changes));
  return { points: entries.reduce((sum, entry) => sum + entry.points, 0), reason };
}

/** A member with 1,000 points and these tags. */
async function member(shop: Shop, tagsAdded: string[] = []) {
  const shopifyCustomerId = String(++ids);
  const { customerId } = await shop.admin.upsertCustomer({
    customer: identityOf(shopifyCustomerId),
    trigger: 'synced',
    tagsAdded,
  });
  await shop.points.earnPoints({
    award: { customerId, points: 1_000, idempotencyKey: `start/${customerId}` },
  });
  return { shopifyCustomerId, customerId };
}
const tag = (shop: Shop, shopifyCustomerId: string, change: Record<string, string[]>) =>
  shop.admin.upsertCustomer({
    customer: { shopifyCustomerId },
    trigger: 'partial',
    updatedAt: new Date().toISOString(),
    ...change,
  });
const exclude = (shop: Shop, excludedTags: string[], excludesCompanies = false) =>
  shop.admin.updateParticipation({ participation: { excludedTags, excludesCompanies } });
const shopperOf = (shop: Shop, shopifyCustomerId: string) =>
  core.clients({
    merchant: shop.merchantId,
    actor: `customer:${shopifyCustomerId}`,
    scopes: ['customer:points'],
  });

describe('a customer whom the merchant excludes by a tag', () => {
  it('earns nothing, with the reason, until the tag goes; what was bought meanwhile stays without points', async () => {
    const shop = await core.installShop();
    const { shopifyCustomerId: id } = await member(shop, ['Wholesale']);
    await exclude(shop, ['wholesale ']);
    const meanwhile = order(id);
    expect(await shop.points.recordOrder(meanwhile)).toMatchObject({
      status: 'ignored',
      reason: 'excluded_customer',
      entries: [],
    });
    await tag(shop, id, { tagsRemoved: ['wholesale'] });
    expect(await shop.points.recordOrder(meanwhile)).toMatchObject({ reason: 'excluded_customer' });
    expect(await buy(shop, id)).toMatchObject({ points: 500 });
  });

  it('keeps the points of orders from before, whose refunds are deducted all the same', async () => {
    const shop = await core.installShop();
    const { shopifyCustomerId: id, customerId } = await member(shop);
    await exclude(shop, ['trade']);
    const before = order(id);
    await shop.points.recordOrder(before);
    await tag(shop, id, { tagsAdded: ['Trade'] });
    const { entries } = await shop.points.recordOrder({
      refund: {
        orderId: before.order.orderId,
        currency: 'USD',
        refund: { refundId: '1', subtotal: '50.00', refundedAt: new Date().toISOString() },
      },
      trigger: 'refunded',
    });
    expect(entries).toMatchObject([{ points: -500 }]);
    const { balance } = await shop.points.getPointsBalance({ customerId });
    expect(balance?.balance).toBe(1_000);
  });

  it('earns for an order that was placed before the tag and paid after it', async () => {
    const shop = await core.installShop();
    const { shopifyCustomerId: id } = await member(shop);
    await exclude(shop, ['trade']);
    const placed = order(id, { financialStatus: 'pending' });
    await shop.points.recordOrder({ ...placed, trigger: 'created' });
    await tag(shop, id, { tagsAdded: ['trade'] });
    const { entries } = await shop.points.recordOrder({
      order: { ...placed.order, financialStatus: 'paid', updatedAt: new Date().toISOString() },
      trigger: 'paid',
    });
    expect(entries).toMatchObject([{ points: 500 }]);
  });

  it('redeems nothing, is offered nothing, and is told why', async () => {
    const shop = await core.installShop();
    const { shopifyCustomerId: id, customerId } = await member(shop, ['trade']);
    const { reward } = await shop.points.upsertReward({
      reward: { kind: 'amount_off', title: { en: '$5 off' }, pointsCost: 500, value: '5.00' },
    });
    const shopper = shopperOf(shop, id);
    const redeem = (clients: Pick<Shop, 'points'>, named = '') =>
      clients.points.startRedemption({
        customerId: named,
        rewardId: reward?.rewardId ?? '',
        idempotencyKey: randomUUID(),
      });
    await exclude(shop, ['trade']);
    expect(await failureOf(redeem(shopper))).toMatchObject({ code: 'not_participating' });
    // As staff do at the POS.
    expect(await failureOf(redeem(shop, customerId))).toMatchObject({ code: 'not_participating' });
    expect(await shopper.frontend.getWidget({})).toMatchObject({
      absence: 'tag',
      rewards: [],
      earnActions: [],
      campaigns: [],
      quote: { points: 0, pointsPerUnit: '' },
      balance: { balance: 1_000 },
    });
    const quote = await shopper.points.calculateDynamicPoints({
      lines: [{ productId: '5', subtotal: '10.00' }],
    });
    expect(quote).toMatchObject({ points: 0, reason: 'excluded_customer' });
    await exclude(shop, []);
    expect(await shopper.frontend.getWidget({})).toMatchObject({ absence: '' });
    expect((await redeem(shopper)).redemption?.pointsSpent).toBe(500);
  });

  it('is given no points for an account, a birthday or a subscription', async () => {
    const shop = await core.installShop();
    await exclude(shop, ['trade']);
    const shopifyCustomerId = String(++ids);
    await tag(shop, shopifyCustomerId, { tagsAdded: ['trade'] });
    const made = await shop.admin.upsertCustomer({
      customer: identityOf(shopifyCustomerId),
      trigger: 'created',
      updatedAt: new Date().toISOString(),
    });
    expect(made.entries).toEqual([]);
    const claimed = shopperOf(shop, shopifyCustomerId).points.claimAction({
      action: 'newsletter',
      idempotencyKey: randomUUID(),
    });
    expect(await failureOf(claimed)).toMatchObject({ code: 'not_participating' });
  });
});

describe('orders placed for a company', () => {
  it('earn nothing where companies are excluded, and their customers take no part from then on', async () => {
    const shop = await core.installShop();
    const { shopifyCustomerId: id, customerId } = await member(shop);
    expect(await buy(shop, id, { company: true })).toMatchObject({ points: 500 });
    await exclude(shop, [], true);
    expect(await buy(shop, id, { company: true })).toMatchObject({ reason: 'excluded_company' });
    expect(await buy(shop, id)).toMatchObject({ reason: 'excluded_company' });
    const { customer } = await shop.admin.getCustomer({ customerId });
    expect(customer?.absence).toBe('company');
    const other = await member(shop);
    expect(await buy(shop, other.shopifyCustomerId)).toMatchObject({ points: 500 });
  });

  it('exclude the customer into whom theirs is merged', async () => {
    const shop = await core.installShop();
    await exclude(shop, [], true);
    const [kept, removed] = [await member(shop), await member(shop)];
    await buy(shop, removed.shopifyCustomerId, { company: true });
    await shop.admin.mergeCustomers({
      keptShopifyCustomerId: kept.shopifyCustomerId,
      removedShopifyCustomerId: removed.shopifyCustomerId,
    });
    expect(await buy(shop, kept.shopifyCustomerId)).toMatchObject({ reason: 'excluded_company' });
    const preview = await shop.admin.previewExclusions({
      participation: { excludesCompanies: true },
    });
    expect(preview).toMatchObject({ customers: 1, points: 2_000 });
  });

  it('of a contact whom Shopify no longer calls one earn again', async () => {
    const shop = await core.installShop();
    await exclude(shop, [], true);
    const { shopifyCustomerId: id } = await member(shop);
    const tell = (company: string) =>
      shop.admin.upsertCustomer({ customer: identityOf(id), trigger: 'synced', company });
    await tell('yes');
    expect(await buy(shop, id)).toMatchObject({ reason: 'excluded_company' });
    await tell('no');
    expect(await buy(shop, id)).toMatchObject({ points: 500 });
  });
});

describe('the preview of exclusions', () => {
  it('says how many they are, what they hold, and names those with the most points', async () => {
    const shop = await core.installShop();
    const trade = await member(shop, ['Trade', 'old']);
    await member(shop, ['VIP']);
    await member(shop, ['staff', 'trade']);
    await shop.points.earnPoints({
      award: { customerId: trade.customerId, points: 5, idempotencyKey: 'more' },
    });
    const preview = await shop.admin.previewExclusions({
      participation: { excludedTags: ['TRADE', 'staff'], excludesCompanies: true },
    });
    expect(preview).toMatchObject({ customers: 2, points: 2_005 });
    expect(preview.first[0]).toMatchObject({
      customerId: trade.customerId,
      firstName: 'Ada',
      balance: 1_005,
    });
    const none = await shop.admin.previewExclusions({ participation: { excludedTags: ['none'] } });
    expect(none).toMatchObject({ customers: 0, points: 0, first: [] });
  });

  it('lists the same customers once it is saved, and none of another shop', async () => {
    const [shop, other] = [await core.installShop(), await core.installShop()];
    const trade = await member(shop, ['trade']);
    await member(shop);
    await member(other, ['trade']);
    await exclude(shop, ['trade']);
    const { customers, page } = await shop.admin.getCustomers({ excluded: true });
    expect(customers).toMatchObject([{ customerId: trade.customerId, absence: 'tag' }]);
    expect(page?.total).toBe(1);
    expect((await other.admin.getCustomers({ excluded: true })).customers).toEqual([]);
  });

  it('is answered by the index of tags', async () => {
    const { rows } = await core.outside.query<{ indexdef: string }>(
      `SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_customers_tags'`,
    );
    expect(rows[0]?.indexdef).toContain('gin (member_tag_keys(merchant_id, metadata))');
  });
});

describe('the settings of participation', () => {
  it('are refused where another user saved others meanwhile, and saved once when sent twice', async () => {
    const shop = await core.installShop();
    const { participation } = await shop.admin.getParticipation({});
    const wanted = { ...participation, excludedTags: ['b', 'A', 'a'] };
    const saved = await shop.admin.updateParticipation({ participation: wanted });
    expect(saved.participation?.excludedTags).toEqual(['a', 'b']);
    expect(await shop.admin.updateParticipation({ participation: wanted })).toEqual(saved);
    const stale = { ...participation, excludedTags: ['c'] };
    expect(await failureOf(shop.admin.updateParticipation({ participation: stale }))).toMatchObject(
      { code: 'edit_conflict' },
    );
  });

  it('take at most twenty tags', async () => {
    const shop = await core.installShop();
    const many = Array.from({ length: 21 }, (_, index) => `tag ${index}`);
    expect(await failureOf(exclude(shop, many))).toMatchObject({
      code: 'invalid_input',
      field: 'participation.excluded_tags',
    });
  });
});
