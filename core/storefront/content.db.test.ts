import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Content } from '#proto/frontend/v1/content.ts';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

/** The current content, with some of it changed. */
async function edited(shop: Shop, more: Partial<Content>) {
  const { content, version } = await shop.frontend.getContent({});
  if (content === undefined) throw new Error('there is no content');
  return { content: { ...content, ...more }, version };
}

const bar = { enabled: true, text: { en: 'Join', es: 'Únete' }, color: '#aa3300', link: '' };

const eventsOf = async ({ merchantId }: Shop) =>
  (
    await core.outside.query<{ kind: string; payload: unknown }>(
      `SELECT kind, payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'content.updated' ORDER BY event_id`,
      [merchantId],
    )
  ).rows.map(({ payload }) => payload);

describe('the content of the storefront', () => {
  test('is saved as a version, reported to the worker, logged, and shown to shoppers', async () => {
    const shop = await core.installShop();
    const staff = core.clients({
      merchant: shop.merchantId,
      actor: 'staff:42',
      scopes: ['admin:frontend'],
    }).frontend;
    expect(await staff.getContent({})).toMatchObject({ version: 1, versions: [] });
    const saved = await staff.updateContent(
      await edited(shop, {
        stickyBar: bar,
        page: { color: '', title: { en: 'The club' } },
        checkoutPointsDisplay: false,
      }),
    );
    expect(saved).toMatchObject({ version: 2, content: { stickyBar: bar } });
    expect(await eventsOf(shop)).toEqual([{ version: 2 }]);
    const now = await staff.getContent({});
    expect(now.content).toEqual(saved.content);
    expect(now.versions).toMatchObject([
      { version: 2, actor: 'staff:42', restoredVersion: 0 },
      { version: 1, actor: 'system' },
    ]);
    expect(await shop.frontend.getWidget({ locale: 'es' })).toMatchObject({
      branding: {
        hasStickyBar: true,
        stickyBarText: 'Únete',
        stickyBarColor: '#aa3300',
        pageTitle: 'The club',
      },
      showsPointsAtCheckout: false,
    });
    const { logs } = await shop.admin.getLogs({ action: 'content_updated' });
    expect(logs[0]).toMatchObject({ action: 'content_updated', actor: 'staff:42' });
  });

  test('leaves the names of points and the rules alone, and they leave it alone', async () => {
    const shop = await core.installShop();
    await shop.admin.updateSettings({
      defaultLanguage: 'fr',
      pointsName: { en: { one: 'Star', other: 'Stars' } },
    });
    await shop.frontend.updateContent(await edited(shop, { stickyBar: bar }));
    const { program } = await shop.points.getPointsProgram({});
    await shop.points.updatePointsProgram({ program: { ...program, expiryDays: 30 } });
    await shop.frontend.updateContent(await edited(shop, { checkoutPointsDisplay: false }));
    await shop.points.restoreProgram({ version: 1 });
    await shop.admin.updateSettings({
      defaultLanguage: 'fr',
      pointsName: { en: { one: 'Moon', other: 'Moons' } },
    });
    const widget = await shop.frontend.getWidget({ locale: 'en' });
    expect(widget.pointsName).toEqual({ one: 'Moon', other: 'Moons' });
    expect(await shop.frontend.getContent({})).toMatchObject({
      version: 3,
      defaultLanguage: 'fr',
      content: { stickyBar: bar, checkoutPointsDisplay: false },
    });
  });

  test('saved as it is already stays the same version', async () => {
    const shop = await core.installShop();
    await shop.frontend.updateContent(await edited(shop, { stickyBar: bar }));
    expect(await shop.frontend.updateContent(await edited(shop, {}))).toMatchObject({ version: 2 });
    expect(await eventsOf(shop)).toHaveLength(1);
  });

  test('of two who have the same version open, the second does not overwrite the first', async () => {
    const shop = await core.installShop();
    const first = await edited(shop, { stickyBar: bar });
    const second = await edited(shop, { checkoutPointsDisplay: false });
    await shop.frontend.updateContent(first);
    expect(await failureOf(shop.frontend.updateContent(second))).toMatchObject({
      code: 'edit_conflict',
      field: 'version',
    });
    expect(
      await failureOf(shop.frontend.restoreContent({ version: 1, currentVersion: 1 })),
    ).toMatchObject({ code: 'edit_conflict' });
    const racing = await Promise.allSettled(
      [1, 2, 3, 4].map(async (turn) =>
        shop.frontend.updateContent(
          await edited(shop, { page: { color: '', title: { en: `Club ${turn}` } } }),
        ),
      ),
    );
    const { version, versions } = await shop.frontend.getContent({});
    const won = racing.filter(({ status }) => status === 'fulfilled').length;
    expect(won).toBeGreaterThan(0);
    expect([version, versions.length]).toEqual([2 + won, 2 + won]);
  });

  test('of an earlier version is taken up again, as the next one', async () => {
    const shop = await core.installShop();
    await shop.frontend.updateContent(await edited(shop, { stickyBar: bar }));
    const before = await shop.frontend.getContent({});
    await shop.frontend.updateContent(
      await edited(shop, { stickyBar: { ...bar, text: { en: 'Come in' } } }),
    );
    const restored = await shop.frontend.restoreContent({ version: 2, currentVersion: 3 });
    expect(restored).toEqual({ content: before.content, version: 4 });
    const { versions } = await shop.frontend.getContent({});
    expect(versions[0]).toMatchObject({ version: 4, restoredVersion: 2 });
    expect(
      await failureOf(shop.frontend.restoreContent({ version: 9, currentVersion: 4 })),
    ).toMatchObject({ code: 'not_found', field: 'version' });
  });

  test('is refused field by field, and then nothing is kept', async () => {
    const shop = await core.installShop();
    const pale = await edited(shop, { stickyBar: { ...bar, color: '#ffd700' } });
    expect(await failureOf(shop.frontend.updateContent(pale))).toMatchObject({
      code: 'invalid_input',
      field: 'content.sticky_bar.color',
    });
    expect(await failureOf(shop.frontend.updateContent({ version: 1 }))).toMatchObject({
      code: 'invalid_input',
      field: 'content',
    });
    expect(await shop.frontend.getContent({})).toMatchObject({ version: 1, versions: [] });
  });

  test('is the staff’s to write, not a shopper’s', async () => {
    const shop = await core.installShop();
    const shopper = core.clients({
      merchant: shop.merchantId,
      actor: 'customer:1',
      scopes: ['customer:frontend', 'customer:points'],
    }).frontend;
    expect(await failureOf(shopper.getContent({}))).toMatchObject({ code: 'forbidden' });
    expect(await failureOf(shopper.updateContent(await edited(shop, {})))).toMatchObject({
      code: 'forbidden',
    });
  });
});

test('uploaded pictures are in use as long as a reward, the content or a version to restore names them', async () => {
  const shop = await core.installShop();
  const other = await core.installShop();
  const picture = (digit: string) => `picture:${digit.repeat(32)}`;
  const inUse = async (of = shop) => (await of.frontend.listPictures({})).pictures.sort();
  expect(await inUse()).toEqual([]);
  const logo = async (logoUrl: string) =>
    shop.frontend.updateContent(await edited(shop, { panel: { color: '', logoUrl, welcome: {} } }));
  await logo(picture('1'));
  await logo(picture('2'));
  await logo('https://cdn.example/logo.png');
  await core.outside.query(
    `INSERT INTO rewards (merchant_id, type, value, points_cost, icon_url, status, updated_at)
     VALUES ($1, 'amount_off', 5, 100, $2, 'active', now()), ($1, 'amount_off', 5, 100, $3, 'disabled', now()),
       ($1, 'amount_off', 5, 100, $4, 'deleted', now()),
       ($1, 'amount_off', 5, 100, $5, 'deleted', now() - interval '2 days')`,
    [shop.merchantId, picture('3'), picture('4'), picture('5'), picture('6')],
  );
  expect(await inUse()).toEqual(['1', '2', '3', '4', '5'].map(picture));
  expect(await inUse(other)).toEqual([]);
});
