import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const languages = ['en', 'es', 'fr'] as const;

const shopperOf = (shop: Shop) =>
  test.clients({
    merchant: shop.merchantId,
    actor: 'customer:42',
    scopes: ['customer:points', 'customer:frontend'],
  });

const start = async (shop: Shop, campaign: object) =>
  (
    await shop.points.createCampaign({
      campaign: { published: true, ...campaign },
      idempotencyKey: JSON.stringify(campaign),
    })
  ).campaign;

const inEach = async <Answer>(read: (locale: string) => Promise<Answer>) =>
  Object.fromEntries(
    await Promise.all(languages.map(async (one) => [one, await read(one)] as const)),
  );

describe('a campaign with a name in Spanish alone', () => {
  it('is read in Spanish by those who read it, and by its name by all others', async () => {
    const shop = await test.installShop();
    await shop.admin.updateSettings({
      defaultLanguage: 'es',
      pointsName: { en: { one: 'point', other: 'points' } },
    });
    const double = await start(shop, {
      name: 'Double week',
      translations: { es: 'Semana doble' },
      type: 'double_points',
      multiplier: '2',
    });
    expect(double?.translations).toEqual({ es: 'Semana doble' });
    const orderedAt = new Date().toISOString();
    await shop.points.recordOrder({
      trigger: 'paid',
      order: {
        orderId: '4200',
        name: '#4200',
        customer: { shopifyCustomerId: '42' },
        currency: 'USD',
        subtotal: '10.00',
        financialStatus: 'paid',
        orderedAt,
        updatedAt: orderedAt,
      },
    });
    const offer = await start(shop, {
      name: 'Ten off',
      translations: { es: 'Diez menos' },
      type: 'discount',
      discount: { kind: 'amount_off', value: '10.00' },
    });
    const shopper = shopperOf(shop);
    const view = (locale: string) => shopper.frontend.getWidget({ locale });

    expect(await inEach(async (one) => (await view(one)).campaigns[0]?.name)).toEqual({
      en: 'Double week',
      es: 'Semana doble',
      fr: 'Double week',
    });
    expect(await inEach(async (one) => (await view(one)).rewards[0]?.title)).toEqual({
      en: 'Ten off',
      es: 'Diez menos',
      fr: 'Ten off',
    });
    const { entries } = await shopper.frontend.getHistory({});
    const subject = { '': 'Double week', es: 'Semana doble' };
    expect(entries[0]?.explanation).toMatchObject({ multiplierSource: 'campaign', subject });
    expect((await view('es')).recent[0]?.explanation?.subject).toEqual(subject);

    await shopper.points.redeemCampaignDiscount({ campaignId: offer?.campaignId ?? '' });
    expect(await inEach(async (one) => (await view(one)).redemptions[0]?.title)).toEqual({
      en: 'Ten off',
      es: 'Diez menos',
      fr: 'Ten off',
    });
  });

  it('is shown under a new translation at once, also when it has begun', async () => {
    const shop = await test.installShop();
    const campaign = await start(shop, {
      name: 'Double week',
      type: 'double_points',
      multiplier: '2',
    });
    if (campaign === undefined) throw new Error('no campaign');
    const view = () => shopperOf(shop).frontend.getWidget({ locale: 'fr' });
    const before = await view();
    expect(before.campaigns).toMatchObject([{ name: 'Double week' }]);
    await shop.points.updateCampaign({
      campaignId: campaign.campaignId,
      campaign: { ...campaign, translations: { fr: 'Semaine double' }, published: true },
      revision: campaign.revision,
    });
    const after = await view();
    expect(after.campaigns).toMatchObject([{ name: 'Semaine double' }]);
    expect(after.etag).not.toBe(before.etag);
  });
});
