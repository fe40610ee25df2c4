import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
let now = new Date('2026-06-15T12:00:00Z');
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => now });
});
afterAll(() => core.stop());

it('shows two tips a day, keeps dismissals per shop, and restores a dismissed tip', async () => {
  const shop = await core.installShop();
  const ids = async () => (await shop.admin.getTips({})).tips.map(({ tipId }) => tipId);
  for (const task of ['launch_program', 'first_reward', 'add_widget'])
    await shop.admin.completeSetupTask({ task, status: 'skipped' });

  expect(await shop.admin.getTips({})).toEqual({
    tips: [
      { tipId: 'first_reward', members: 0, isNew: true },
      { tipId: 'show_widget', members: 0, isNew: true },
    ],
  });
  expect((await shop.admin.getTips({})).tips.map(({ isNew }) => isNew)).toEqual([false, false]);

  await shop.admin.dismissTip({ tipId: 'show_widget' });
  expect(await ids()).toEqual(['first_reward']);
  await shop.admin.dismissTip({ tipId: 'show_widget', undo: true });
  expect(await ids()).toEqual(['first_reward', 'show_widget']);
  await shop.admin.dismissTip({ tipId: 'show_widget' });
  await shop.points.upsertReward({
    reward: { kind: 'amount_off', title: { en: 'Five off' }, pointsCost: 500, value: '5.00' },
  });
  expect(await ids()).toEqual([]);

  now = new Date('2026-06-16T12:00:00Z');
  expect(await ids()).toEqual(['birthday', 'expiry']);
  const unknown = shop.admin.dismissTip({ tipId: 'something' });
  expect(await failureOf(unknown)).toMatchObject({ code: 'invalid_input', field: 'tip_id' });
});

it('a shop in the middle of its setup gets the tips that the guide does not cover', async () => {
  const shop = await core.installShop();
  const { tips } = await shop.admin.getTips({});
  expect(tips.map(({ tipId }) => tipId)).toEqual(['birthday']);
});
