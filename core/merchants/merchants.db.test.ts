import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const profile = { name: 'Demo', currency: 'EUR', timezone: 'Europe/Madrid', locale: 'es-ES' };

describe('installing a shop', () => {
  it('makes a tenant once, whatever the number of installs at the same moment', async () => {
    const { admin } = test.clients();
    const shopDomain = 'twice.myshopify.com';
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => admin.installMerchant({ shopDomain, ...profile })),
    );
    expect(new Set(answers.map((answer) => answer.merchant?.merchantId)).size).toBe(1);
    expect(answers.filter((answer) => answer.newlyInstalled)).toHaveLength(1);
    expect(answers[0]?.merchant).toMatchObject({
      shopDomain,
      currency: 'EUR',
      timezone: 'Europe/Madrid',
      uninstalledAt: '',
    });
    const found = await admin.getMerchantByShop({ shopDomain: 'Twice.myshopify.com' });
    expect(found.merchant?.merchantId).toBe(answers[0]?.merchant?.merchantId);
    expect(
      await failureOf(admin.getMerchantByShop({ shopDomain: 'nobody.myshopify.com' })),
    ).toMatchObject({
      code: 'not_found',
      field: 'shop_domain',
    });
  });

  it('speaks the shop’s language, shows the first steps and finds everything again after an uninstall', async () => {
    const platform = test.clients().admin;
    const shopDomain = 'back-again.myshopify.com';
    const { merchant } = await platform.installMerchant({ shopDomain, ...profile });
    const { admin } = test.clients({ merchant: merchant?.merchantId ?? '' });
    expect((await admin.getSettings({})).settings).toMatchObject({
      defaultLanguage: 'es',
      pointsName: { es: { one: 'punto', other: 'puntos' } },
    });
    expect(
      (await admin.getSetupProgress({})).tasks.map(({ task, status }) => [task, status]),
    ).toEqual([
      ['launch_program', 'pending'],
      ['first_reward', 'pending'],
      ['add_widget', 'pending'],
    ]);
    await admin.completeSetupTask({ task: 'first_reward', status: 'completed' });

    await admin.uninstallMerchant({ uninstalledAt: '' });
    expect((await platform.getMerchantByShop({ shopDomain })).merchant?.uninstalledAt).not.toBe('');
    const again = await platform.installMerchant({ shopDomain, ...profile, name: 'Renamed' });
    expect(again).toMatchObject({
      newlyInstalled: true,
      merchant: { name: 'Renamed', uninstalledAt: '' },
    });
    expect(again.merchant?.merchantId).toBe(merchant?.merchantId);
    expect((await admin.getSetupProgress({})).tasks[1]).toMatchObject({ status: 'completed' });
    expect((await platform.installMerchant({ shopDomain, ...profile })).newlyInstalled).toBe(false);
  });

  it('is not undone by the late notice of an older uninstall', async () => {
    const platform = test.clients().admin;
    const shopDomain = 'late-notice.myshopify.com';
    const { merchant } = await platform.installMerchant({ shopDomain, ...profile });
    const { admin } = test.clients({ merchant: merchant?.merchantId ?? '' });
    const uninstalledAt = async () =>
      (await platform.getMerchantByShop({ shopDomain })).merchant?.uninstalledAt;
    await admin.uninstallMerchant({
      uninstalledAt: new Date(Date.now() - 86_400_000).toISOString(),
    });
    expect(await uninstalledAt()).toBe('');
    const left = new Date().toISOString();
    await admin.uninstallMerchant({ uninstalledAt: left });
    expect(await uninstalledAt()).toBe(left);
    await platform.installMerchant({ shopDomain, ...profile });
    await admin.uninstallMerchant({ uninstalledAt: left });
    expect(await uninstalledAt()).toBe('');
  });
});

describe('settings', () => {
  it('keep what points are called, per language, and log who changed it', async () => {
    const { merchantId } = await test.installShop();
    const staff = test.clients({
      merchant: merchantId,
      actor: 'staff:9',
      scopes: ['admin:settings', 'admin:logs'],
    });
    const pointsName = {
      en: { one: 'star', other: 'stars' },
      fr: { one: 'étoile', other: 'étoiles' },
    };
    const { settings } = await staff.admin.updateSettings({ defaultLanguage: 'fr', pointsName });
    expect(settings).toMatchObject({
      defaultLanguage: 'fr',
      pointsName: { ...pointsName, es: { one: 'punto' } },
    });
    const { logs } = await staff.admin.getLogs({ action: 'settings_updated' });
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({ actor: 'staff:9', targetTable: 'program_settings' });
    const breaks = await test.outside.query('SELECT * FROM audit_chain_breaks()');
    expect(breaks.rows).toEqual([]);
  });
});

describe('the list of shops', () => {
  it('walks over all of them in pages', async () => {
    for (let index = 0; index < 5; index++) await test.installShop();
    const { admin } = test.clients();
    const seen: string[] = [];
    let cursor = '';
    do {
      const { merchants, page } = await admin.listMerchants({ page: { pageSize: 2, cursor } });
      seen.push(...merchants.map((merchant) => merchant.merchantId));
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    const { rows } = await test.outside.query<{ n: string }>('SELECT count(*) AS n FROM merchants');
    expect(new Set(seen).size).toBe(Number(rows[0]?.n));
    expect(seen).toHaveLength(Number(rows[0]?.n));
  });
});

describe('a new program in the currency of the shop', () => {
  const rateOf = async (shop: { points: ReturnType<typeof test.clients>['points'] }) => {
    const { program } = await shop.points.getPointsProgram({});
    return { points: program?.purchase?.points, per: program?.purchase?.per };
  };

  it('begins with about ten points for a dollar, and follows the shop into another currency until it is saved', async () => {
    const { merchant } = await test.clients().admin.installMerchant({
      shopDomain: 'yen.myshopify.com',
      name: 'Yen',
      currency: 'JPY',
      timezone: 'Asia/Tokyo',
      locale: 'en',
    });
    const shop = test.clients({ merchant: merchant?.merchantId ?? '' });
    expect(await rateOf(shop)).toEqual({ points: 1, per: 15 });
    await shop.admin.updateShopProfile({ currency: 'KWD' });
    expect(await rateOf(shop)).toEqual({ points: 33, per: 1 });
    const { program } = await shop.points.getPointsProgram({});
    await shop.points.updatePointsProgram({ program });
    await shop.admin.updateShopProfile({ currency: 'VND' });
    expect(await rateOf(shop)).toEqual({ points: 33, per: 1 });
  });
});

describe('a development store', () => {
  const isDevelopment = async (merchantId: string) =>
    (
      await test.outside.query<{ is: boolean }>(
        'SELECT is_development AS is FROM merchants WHERE merchant_id = $1',
        [merchantId],
      )
    ).rows[0]?.is;

  it('is recognized from its installation until Shopify says otherwise', async () => {
    const { admin } = test.clients();
    const install = async (told?: boolean) =>
      (
        await admin.installMerchant({
          shopDomain: 'trial.myshopify.com',
          name: 'Trial',
          currency: 'USD',
          timezone: 'UTC',
          locale: 'en',
          ...(told !== undefined && { isDevelopment: told }),
        })
      ).merchant?.merchantId ?? '';
    const merchantId = await install(true);
    expect(await isDevelopment(merchantId)).toBe(true);
    const shop = test.clients({ merchant: merchantId });
    await shop.admin.updateShopProfile({ name: 'Trial' });
    expect(await isDevelopment(merchantId)).toBe(true);
    await shop.admin.updateShopProfile({ isDevelopment: false });
    expect(await isDevelopment(merchantId)).toBe(false);
    await install(true);
    expect(await isDevelopment(merchantId)).toBe(true);
  });
});
