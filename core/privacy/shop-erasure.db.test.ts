import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { createAdmin } from '../console/create-admin.ts';
import { onPlatform } from '../database/platform-transaction.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

const hours = 3_600_000;
const hoursAgo = (count: number) => new Date(Date.now() - count * hours).toISOString();

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

const ask = (shop: Shop, receivedAt: string) =>
  shop.admin.requestShopErasure({ shopDomain: shop.shopDomain, receivedAt });
const erase = async (shop: Shop) =>
  (await shop.admin.redactShop({ shopDomain: shop.shopDomain })).erased;

async function superadmin() {
  const username = `person-${randomUUID().slice(0, 8)}`;
  await onPlatform(test.pool, (client) =>
    createAdmin(
      client,
      test,
      { username, email: `${username}@example.com`, role: 'superadmin', by: null },
      new Date(),
    ),
  );
  const { rows } = await test.outside.query<{ admin_id: string }>(
    'SELECT admin_id FROM admin_users WHERE username = $1',
    [username],
  );
  return test.clients({
    actor: `admin:${rows[0]?.admin_id ?? ''}`,
    scopes: ['admin:full_access', 'admin:logs'],
  }).admin;
}

describe('the erasure of a shop', () => {
  it('does not begin before 48 hours have passed since the request was received', async () => {
    const shop = await test.installShop();
    await shop.admin.uninstallMerchant({});
    const { erasure } = await ask(shop, hoursAgo(47));
    expect(erasure).toMatchObject({ status: 'waiting', isLate: false });
    expect(await erase(shop)).toBe(false);
    const due = await test.clients().admin.claimShopErasures({ limit: 500 });
    expect(due.due.map(({ merchantId }) => merchantId)).not.toContain(shop.merchantId);
    await ask(shop, hoursAgo(49));
    expect(await erase(shop)).toBe(true);
  });

  it('does not begin at all while the shop has the app, nor without a request', async () => {
    const shop = await test.installShop();
    await ask(shop, hoursAgo(49));
    expect(await erase(shop)).toBe(false);
    const other = await test.installShop();
    await other.admin.uninstallMerchant({});
    expect(await erase(other)).toBe(false);
  });

  it('is cancelled for good by a reinstall, whatever is delivered again', async () => {
    const shop = await test.installShop();
    await shop.admin.uninstallMerchant({});
    const receivedAt = hoursAgo(49);
    await ask(shop, receivedAt);
    await test.installShop(shop.shopDomain);
    const { erasure } = await ask(shop, receivedAt);
    expect(erasure).toMatchObject({ status: 'cancelled', reason: 'installed_again' });
    await shop.admin.uninstallMerchant({ uninstalledAt: new Date().toISOString() });
    expect(await erase(shop)).toBe(false);
  });

  it('shows in the console, can be stopped there with a reason and go on, and says who did', async () => {
    const people = await superadmin();
    const shop = await test.installShop();
    await shop.admin.uninstallMerchant({});
    const { erasure } = await ask(shop, hoursAgo(49));
    const erasureId = erasure?.erasureId ?? '';
    const listed = (await people.listShopErasures({})).erasures;
    expect(listed.find((one) => one.erasureId === erasureId)).toMatchObject({
      shopDomain: shop.shopDomain,
      status: 'waiting',
    });
    const reason = 'The merchant says they never left.';
    await people.stopShopErasure({ erasureId, reason });
    expect(await erase(shop)).toBe(false);
    // Nor by another request of the same shop's.
    await ask(shop, hoursAgo(50));
    expect(await erase(shop)).toBe(false);
    await expect(people.stopShopErasure({ erasureId, reason: '' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await people.resumeShopErasure({ erasureId });
    expect(await erase(shop)).toBe(true);
    const { rows } = await test.outside.query<{ action: string; actor: string; reason: string }>(
      `SELECT action, metadata ->> 'actor' AS actor, metadata ->> 'reason' AS reason FROM audit_logs
       WHERE target_id = $1 ORDER BY created_at`,
      [erasureId],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'shop_erasure_stopped',
      'shop_erasure_resumed',
    ]);
    expect(rows[0]).toMatchObject({ reason, actor: expect.stringMatching(/^admin:/) as string });
    const after = (await people.listShopErasures({})).erasures;
    expect(after.find((one) => one.erasureId === erasureId)).toMatchObject({
      shopDomain: '',
      status: 'erased',
    });
  });

  it('alarms on day 25, once a day, whether it waits or was stopped', async () => {
    const shop = await test.installShop();
    await ask(shop, hoursAgo(25 * 24 - 1));
    const platform = test.clients().admin;
    const alarmed = async () =>
      (await platform.claimShopErasures({ limit: 1 })).alarms.filter(
        ({ merchantId }) => merchantId === shop.merchantId,
      );
    expect(await alarmed()).toEqual([]);
    await test.outside.query(
      `UPDATE shop_erasures SET requested_at = requested_at - interval '2 hours', status = 'stopped'
       WHERE target_merchant = $1`,
      [shop.merchantId],
    );
    expect(await alarmed()).toMatchObject([{ isLate: true, shopDomain: shop.shopDomain }]);
    expect(await alarmed()).toEqual([]);
  });
});
