import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let now = new Date('2026-11-25T15:00:00Z');
let test: TestCore;
beforeAll(async () => {
  test = await startTestCore({}, { clock: () => now });
});
afterAll(() => test.stop());

const doubleWeek = {
  name: 'Double week',
  type: 'double_points',
  published: true,
  multiplier: '2.00',
  startLocal: '2026-12-01T00:00',
  endLocal: '2026-12-08T00:00',
};

async function shopIn(timezone: string) {
  const shop = await test.installShop();
  await shop.admin.updateShopProfile({ name: 'A shop', currency: 'USD', timezone });
  return shop;
}

const announced = async (merchantId: string) => {
  const { rows } = await test.outside.query<{ payload: Record<string, unknown> }>(
    `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'campaign.changed' ORDER BY created_at, event_id`,
    [merchantId],
  );
  return rows.map(({ payload }) => payload);
};

describe('a campaign', () => {
  it('is stored as entered, in the shop’s time, and reported to the worker with its start and end', async () => {
    const shop = await shopIn('America/New_York');
    const { campaign } = await shop.points.createCampaign({
      campaign: { ...doubleWeek, conditions: { regions: ['EU'], minSpend: '20' } },
      idempotencyKey: 'one',
    });
    expect(campaign).toMatchObject({
      status: 'scheduled',
      multiplier: '2',
      startsAt: '2026-12-01T05:00:00.000Z',
      startLocal: '2026-12-01T00:00',
      endLocal: '2026-12-08T00:00',
      conditions: { regions: ['EU'], minSpend: '20.00', goalAmount: '' },
      results: { orders: 0, members: 0, points: 0, sales: { amount: '0.00', currency: 'USD' } },
    });
    expect(await announced(shop.merchantId)).toEqual([
      {
        campaign_id: campaign?.campaignId,
        type: 'double_points',
        status: 'scheduled',
        starts_at: '2026-12-01T05:00:00.000Z',
        ends_at: '2026-12-08T05:00:00.000Z',
        is_new: true,
      },
    ]);
  });

  it('is made once however often it is sent', async () => {
    const shop = await test.installShop();
    const request = { campaign: doubleWeek, idempotencyKey: 'twice' };
    const [first, second] = await Promise.all([
      shop.points.createCampaign(request),
      shop.points.createCampaign(request),
    ]);
    expect(second).toEqual(first);
    expect((await shop.points.listCampaigns({})).campaigns).toHaveLength(1);
    expect(await announced(shop.merchantId)).toHaveLength(1);
  });

  it('that has begun is ended at once, and one that has not is cancelled', async () => {
    const shop = await test.installShop();
    const create = async (key: string, startLocal: string) =>
      (
        await shop.points.createCampaign({
          campaign: { ...doubleWeek, startLocal },
          idempotencyKey: key,
        })
      ).campaign?.campaignId ?? '';
    const begun = await create('begun', '');
    const toCome = await create('to come', '2026-12-02T00:00');
    now = new Date('2026-11-26T10:00:00Z');
    const cancel = async (campaignId: string) =>
      (await shop.points.cancelCampaign({ campaignId })).campaign;
    expect(await cancel(begun)).toMatchObject({
      status: 'ended',
      endsAt: '2026-11-26T10:00:00.000Z',
    });
    expect(await cancel(toCome)).toMatchObject({ status: 'cancelled' });
    now = new Date('2026-11-26T11:00:00Z');
    expect(await cancel(begun)).toMatchObject({ endsAt: '2026-11-26T10:00:00.000Z' });
    expect(
      await failureOf(shop.points.updateCampaign({ campaignId: begun, campaign: doubleWeek })),
    ).toMatchObject({ code: 'invalid_input', field: 'campaign_id' });
  });

  it('is refused with the field that is wrong, and beyond fifty open ones', async () => {
    const shop = await test.installShop();
    const create = (campaign: object, key: string) =>
      shop.points.createCampaign({ campaign: { ...doubleWeek, ...campaign }, idempotencyKey: key });
    expect(await failureOf(create({ multiplier: '0.5' }, 'a'))).toMatchObject({
      field: 'campaign.multiplier',
    });
    for (const es of ['x'.repeat(101), 'a\0'])
      expect(await failureOf(create({ translations: { es } }, 'a'))).toMatchObject({
        field: 'campaign.translations.es',
      });
    const tierIds = ['00000000-0000-4000-8000-000000000000'];
    expect(await failureOf(create({ conditions: { tierIds } }, 'b'))).toMatchObject({
      code: 'not_found',
      field: 'campaign.conditions.tier_ids',
    });
    for (let nth = 0; nth < 50; nth++) await create({}, `many ${nth}`);
    expect(await failureOf(create({}, 'one more'))).toMatchObject({ field: 'campaign.published' });
    await create({ published: false }, 'a draft');
  });
});

describe('the list of campaigns', () => {
  it('shows the status by the current time, whatever is stored, and can be filtered by it', async () => {
    now = new Date('2026-11-26T12:00:00Z');
    const shop = await test.installShop();
    await shop.points.createCampaign({ campaign: doubleWeek, idempotencyKey: 'a' });
    await shop.points.createCampaign({
      campaign: { ...doubleWeek, name: 'Idea', published: false },
      idempotencyKey: 'b',
    });
    const names = async (status: string) =>
      (await shop.points.listCampaigns({ status })).campaigns.map(({ name }) => name);
    expect(await names('scheduled')).toEqual(['Double week']);
    expect(await names('draft')).toEqual(['Idea']);
    now = new Date('2026-12-02T12:00:00Z');
    expect(await names('active')).toEqual(['Double week']);
    expect(await names('scheduled')).toEqual([]);
    now = new Date('2027-01-01T12:00:00Z');
    expect(await names('ended')).toEqual(['Double week']);
    expect((await shop.points.listCampaigns({})).campaigns).toHaveLength(2);
  });
});

describe('the clock', () => {
  it('starts and ends campaigns of every shop, also when the jobs for it were lost', async () => {
    now = new Date('2026-11-26T12:00:00Z');
    const { points } = test.clients();
    await points.advanceCampaigns({});
    const shops = [await test.installShop(), await test.installShop()];
    for (const shop of shops)
      await shop.points.createCampaign({ campaign: doubleWeek, idempotencyKey: 'a' });
    const stored = async () =>
      (
        await test.outside.query<{ status: string }>(
          'SELECT status FROM bonus_campaigns WHERE merchant_id = ANY ($1)',
          [shops.map(({ merchantId }) => merchantId)],
        )
      ).rows.map(({ status }) => status);
    expect(await points.advanceCampaigns({})).toMatchObject({ advanced: 0 });

    now = new Date('2026-12-01T00:00:00Z');
    await points.advanceCampaigns({});
    expect(await stored()).toEqual(['active', 'active']);
    expect(await points.advanceCampaigns({})).toMatchObject({ advanced: 0, more: false });

    now = new Date('2026-12-31T00:00:00Z');
    await points.advanceCampaigns({});
    expect(await stored()).toEqual(['ended', 'ended']);
    expect((await announced(shops[0]?.merchantId ?? '')).map(({ status }) => status)).toEqual([
      'scheduled',
      'active',
      'ended',
    ]);
  });

  it('ends one whose whole time passed between two runs', async () => {
    now = new Date('2026-11-26T12:00:00Z');
    const shop = await test.installShop();
    await shop.points.createCampaign({ campaign: doubleWeek, idempotencyKey: 'a' });
    now = new Date('2027-01-01T00:00:00Z');
    await test.clients().points.advanceCampaigns({});
    expect((await announced(shop.merchantId)).map(({ status }) => status)).toEqual([
      'scheduled',
      'ended',
    ]);
  });

  it('is only for the platform', async () => {
    const shop = await test.installShop();
    expect(await failureOf(shop.points.advanceCampaigns({}))).toMatchObject({ code: 'forbidden' });
  });
});

describe('a lifecycle campaign', () => {
  it('is one for each trigger: saved again it is the same, saved with changes it replaces the former', async () => {
    now = new Date('2026-11-26T12:00:00Z');
    const shop = await test.installShop();
    const say = async (rewardPoints: number, segment = 'at_risk') =>
      (
        await shop.points.upsertLifecycleCampaign({
          conditions: { trigger: 'segment_entered', segment, cooldownDays: 30 },
          rewardPoints,
        })
      ).campaign?.campaignId;
    const first = await say(100);
    expect(await say(100)).toBe(first);
    expect(await say(100, 'new')).not.toBe(first);
    now = new Date('2026-11-27T12:00:00Z');
    const second = await say(150);
    expect(second).not.toBe(first);
    const { campaign } = await shop.points.getCampaign({ campaignId: first ?? '' });
    expect(campaign).toMatchObject({ status: 'ended', endsAt: now.toISOString() });
    const { campaigns } = await shop.points.listCampaigns({ status: 'active' });
    expect(campaigns.map(({ rewardPoints }) => rewardPoints)).toEqual([150, 100]);
  });
});
