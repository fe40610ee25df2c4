import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CampaignDraft } from '#proto/points/v1/campaigns.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date();
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
type Draft = NonNullable<Parameters<typeof CampaignDraft.fromPartial>[0]>;
const HOUR = 3_600_000;
let ids = 7_800_000;
const nextId = () => String(++ids);
const local = (time: Date) => time.toISOString().slice(0, 16);

async function start(shop: Shop, changes: Draft = {}): Promise<string> {
  const { campaign } = await shop.points.createCampaign({
    campaign: {
      name: 'Ten off',
      type: 'discount',
      published: true,
      discount: { kind: 'amount_off', value: '10.00' },
      ...changes,
    },
    idempotencyKey: nextId(),
  });
  return campaign?.campaignId ?? '';
}

async function buy(shop: Shop, shopper: string, changes: object = {}) {
  const orderId = nextId();
  const { customerId } = await shop.points.recordOrder({
    order: {
      orderId,
      name: `#${orderId}`,
      customer: { shopifyCustomerId: shopper },
      currency: 'USD',
      subtotal: '80.00',
      total: '80.00',
      financialStatus: 'paid',
      orderedAt: now.toISOString(),
      updatedAt: now.toISOString(),
      country: 'FR',
      ...changes,
    },
    trigger: 'paid',
  });
  return { customerId, orderId };
}

const shopperOf = (shop: Shop, shopper: string) =>
  core.clients({
    merchant: shop.merchantId,
    actor: `customer:${shopper}`,
    scopes: ['customer:points', 'customer:frontend'],
  });

async function take(shop: Shop, shopper: string, campaignId: string) {
  const { redemption } = await shopperOf(shop, shopper).points.redeemCampaignDiscount({
    campaignId,
  });
  if (!redemption) throw new Error('no redemption');
  return redemption;
}

async function complete(shop: Shop, redemptionId: string): Promise<string> {
  const { redemption } = await shop.points.completeRedemption({
    redemptionId,
    shopifyId: `gid://shopify/DiscountCodeNode/${redemptionId}`,
  });
  return redemption?.code ?? '';
}

const offers = async (shop: Shop, shopper: string) =>
  (await shopperOf(shop, shopper).frontend.getWidget({ locale: 'en' })).rewards;

describe('a discount campaign', () => {
  it('gives each member one free code, however often and concurrently they ask', async () => {
    const shop = await core.installShop();
    const { customerId } = await buy(shop, '1');
    const campaignId = await start(shop, {
      conditions: { minSpend: '50.00' },
      discount: { kind: 'amount_off', value: '10.00', expiresAfterDays: 30 },
    });
    expect(await offers(shop, '1')).toMatchObject([
      { rewardId: campaignId, isOffer: true, title: 'Ten off', value: '10.00', minPurchase: '50' },
    ]);
    const taken = await Promise.all(Array.from({ length: 5 }, () => take(shop, '1', campaignId)));
    expect(new Set(taken.map(({ redemptionId }) => redemptionId)).size).toBe(1);
    const { redemptionId } = taken[0] ?? { redemptionId: '' };
    expect(taken[0]).toMatchObject({
      campaignId,
      customerId,
      gift: 'campaign',
      kind: 'amount_off',
      title: { en: 'Ten off' },
      pointsSpent: 0,
      value: { amount: '10.00', currency: 'USD' },
      status: 'pending',
    });
    const order = await shop.points.beginFulfillment({ redemptionId });
    expect(order.terms).toMatchObject({ minPurchase: '50.00', expiresAfterDays: 30 });
    const code = await complete(shop, redemptionId);
    expect(await take(shop, '1', campaignId)).toMatchObject({ redemptionId, code });
    expect(await offers(shop, '1')).toEqual([]);

    const { orderId } = await buy(shop, '1', { discountCodes: [code], subtotal: '70.00' });
    const { campaign } = await shop.points.getCampaign({ campaignId });
    expect(campaign?.results).toMatchObject({
      codes: 1,
      members: 1,
      orders: 1,
      points: 0,
      sales: { amount: '70.00' },
    });
    await shop.points.recordOrder({
      refund: {
        orderId,
        currency: 'USD',
        refund: {
          refundId: nextId(),
          subtotal: '20.00',
          linesSubtotal: '20.00',
          refundedAt: now.toISOString(),
        },
      },
      trigger: 'refunded',
    });
    const after = await shop.points.getCampaign({ campaignId });
    expect(after.campaign?.results?.sales?.amount).toBe('50.00');
    // Used once is used: what was refunded does not bring the code back.
    expect(await take(shop, '1', campaignId)).toMatchObject({ redemptionId, usedOrderId: orderId });
    const { rows } = await core.outside.query<{ payload: object }>(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'redemption.changed' AND payload->>'status' = 'used'`,
      [shop.merchantId],
    );
    expect(rows).toMatchObject([{ payload: { gift: 'campaign', campaign_id: campaignId } }]);
  });

  it.each([
    ['country', { countries: ['US'] }],
    ['region', { regions: ['NORTH_AMERICA'] }],
    ['segment', { segments: ['champions'] }],
  ])('is refused to a customer who does not meet its %s', async (_, conditions) => {
    const shop = await core.installShop();
    await buy(shop, '1');
    const campaignId = await start(shop, { conditions });
    expect(await offers(shop, '1')).toEqual([]);
    const failure = await failureOf(take(shop, '1', campaignId));
    expect(failure).toMatchObject({ code: 'reward_unavailable', field: 'campaign_id' });
  });

  it('is for those whose latest order went to one of its countries', async () => {
    const shop = await core.installShop();
    await buy(shop, '1');
    const campaignId = await start(shop, { conditions: { regions: ['EU'] } });
    expect(await offers(shop, '1')).toHaveLength(1);
    expect(await take(shop, '1', campaignId)).toMatchObject({ status: 'pending' });
  });

  it('is on between its start and its end, and its codes can end with it', async () => {
    const shop = await core.installShop();
    await buy(shop, '1');
    await buy(shop, '2');
    const endsAt = new Date(Math.ceil(now.getTime() / 60_000) * 60_000 + 2 * HOUR);
    const campaignId = await start(shop, {
      startLocal: local(new Date(now.getTime() + HOUR)),
      endLocal: local(endsAt),
      discount: { kind: 'percent_off', value: '15', endsWithCampaign: true, expiresAfterDays: 30 },
    });
    expect((await failureOf(take(shop, '1', campaignId))).code).toBe('reward_unavailable');
    const before = now;
    now = new Date(endsAt.getTime() - 60_000);
    const taken = await take(shop, '1', campaignId);
    expect(taken).toMatchObject({ percent: '15', value: undefined });
    expect(taken.expiresAt).toBe(endsAt.toISOString());
    await complete(shop, taken.redemptionId);
    now = new Date(endsAt.getTime() + 1);
    expect((await failureOf(take(shop, '2', campaignId))).code).toBe('reward_unavailable');
    now = before;
  });

  it('that is ended early has its unused codes deactivated, and keeps used and other codes', async () => {
    const shop = await core.installShop();
    for (const shopper of ['1', '2', '3']) await buy(shop, shopper);
    const discount = { kind: 'amount_off', value: '5.00' };
    const dying = await start(shop, { discount: { ...discount, endsWithCampaign: true } });
    const living = await start(shop, { discount });
    const used = await take(shop, '1', dying);
    await buy(shop, '1', { discountCodes: [await complete(shop, used.redemptionId)] });
    const unused = await take(shop, '2', dying);
    await complete(shop, unused.redemptionId);
    const beingMade = await take(shop, '3', dying);
    const kept = await take(shop, '2', living);
    await complete(shop, kept.redemptionId);
    for (const campaignId of [dying, living]) await shop.points.cancelCampaign({ campaignId });
    const returning = async (redemptionId: string) =>
      (await shop.points.getRedemption({ redemptionId })).redemption?.returning;
    expect(await returning(used.redemptionId)).toBe(false);
    expect(await returning(unused.redemptionId)).toBe(true);
    expect(await returning(beingMade.redemptionId)).toBe(true);
    expect(await returning(kept.redemptionId)).toBe(false);
    expect((await failureOf(take(shop, '3', living))).code).toBe('reward_unavailable');
  });

  it('that Shopify refused to create can be requested again', async () => {
    const shop = await core.installShop();
    await buy(shop, '1');
    const campaignId = await start(shop);
    const first = await take(shop, '1', campaignId);
    await shop.points.failRedemption({
      redemptionId: first.redemptionId,
      failureCode: 'not_connected',
    });
    expect(await offers(shop, '1')).toHaveLength(1);
    const second = await take(shop, '1', campaignId);
    expect(second.redemptionId).not.toBe(first.redemptionId);
    expect(second.status).toBe('pending');
  });

  it('says what it would have cost, each member using it once', async () => {
    const shop = await core.installShop();
    const ago = (hours: number) => new Date(now.getTime() - hours * HOUR).toISOString();
    await buy(shop, '1', { subtotal: '8.00', orderedAt: ago(3) });
    await buy(shop, '1', { subtotal: '100.00', orderedAt: ago(2) });
    await buy(shop, '2', { subtotal: '40.00', orderedAt: ago(1) });
    const preview = (discount: object, conditions = {}) =>
      shop.points.previewCampaign({ campaign: { type: 'discount', discount, conditions } });
    expect(await preview({ kind: 'amount_off', value: '10.00' })).toMatchObject({
      members: 2,
      matchingOrders: 2,
      points: 0,
      cost: { amount: '18.00', currency: 'USD' },
    });
    expect(
      await preview({ kind: 'percent_off', value: '25' }, { minSpend: '50.00' }),
    ).toMatchObject({ members: 1, cost: { amount: '25.00' } });
  });

  it.each([
    ['a kind', { kind: 'free_shipping', value: '1' }, 'campaign.discount.kind'],
    ['a value', { kind: 'amount_off', value: '0' }, 'campaign.discount.value'],
    ['cents', { kind: 'amount_off', value: '1.234' }, 'campaign.discount.value'],
    ['per cent', { kind: 'percent_off', value: '101' }, 'campaign.discount.value'],
    [
      'days',
      { kind: 'amount_off', value: '1', expiresAfterDays: 4_000 },
      'campaign.discount.expires_after_days',
    ],
  ])('is refused without %s that can be', async (_, discount, field) => {
    const shop = await core.installShop();
    expect(await failureOf(start(shop, { discount }))).toMatchObject({
      code: 'invalid_input',
      field,
    });
  });

  it('cannot be changed in what it gives once it has begun', async () => {
    const shop = await core.installShop();
    const campaignId = await start(shop);
    const failure = await failureOf(
      shop.points.updateCampaign({
        campaignId,
        campaign: {
          name: 'Ten off',
          type: 'discount',
          published: true,
          discount: { kind: 'amount_off', value: '11.00' },
        },
      }),
    );
    expect(failure.field).toBe('campaign.discount');
  });
});
