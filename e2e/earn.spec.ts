import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { Dashboard } from './support/dashboard.ts';
import { setUpProgram, withActions } from './support/program.ts';
import { enqueue } from './support/queue.ts';
import { control, newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const actions = {
  newsletter: { enabled: true, points: 100 },
  review: { enabled: true, points: 110, on_trust: true },
  birthday: { enabled: true, points: 200, days_before: 0 },
  social_follow: { enabled: true, points: 50, networks: { instagram: '@roastery' } },
  social_share: { enabled: true, points: 60, networks: { facebook: '' } },
  goal_spend: { enabled: true, points: 250, amount: '80.00' },
};
let merchantId = '';

test.beforeAll(() =>
  setUpProgram((id) => {
    merchantId = id;
    const since = new Date(Date.now() - 60_000).toISOString();
    const { goal_spend: goal, ...others } = actions;
    return [[withActions, JSON.stringify({ ...others, goal_spend: { ...goal, since } })]];
  }),
);
test.afterAll(() =>
  setUpProgram(() => [
    [
      withActions,
      JSON.stringify(Object.fromEntries(Object.keys(actions).map((name) => [name, {}]))),
    ],
  ]),
);

test('a shopper earns by every action, and the merchant sees an entry for each', async ({
  page,
  context,
}) => {
  test.slow();
  for (const elsewhere of ['https://www.instagram.com/**', 'https://www.facebook.com/**'])
    await context.route(elsewhere, (route) => route.fulfill({ body: 'elsewhere' }));
  const shopper = await newShopper('Erna');
  await placeOrder({ customer: shopper, subtotal: '90.00' });
  const store = new Storefront(page);
  const { panel } = store;
  await store.signIn(shopper);
  await store.open();
  await store.openPanel();
  await store.tab('Earn').click();

  await test.step('by the newsletter, once Shopify has the subscription', async () => {
    await store.tab('I’ve subscribed').click();
    await expect(panel.getByText(/^Saved\./).first()).toBeVisible();
    await control(
      'customer',
      { customer: shopper.id, accepts_marketing: true, wait: true },
      z.unknown(),
    );
  });
  await test.step('by a review, a follow and a share, unverified', async () => {
    await store.tab('I wrote one').click();
    await expect(panel.getByText('110 points added').last()).toBeVisible();
    await panel.getByRole('link', { name: 'Follow on Instagram' }).click();
    await expect(panel.getByText('50 points added').last()).toBeVisible();
    await store.tab('Share on Facebook').click();
    await expect(panel.getByText('60 points added').last()).toBeVisible();
  });
  await test.step('by a birthday, on the day', async () => {
    const parts = new Intl.DateTimeFormat('en', {
      day: 'numeric',
      month: 'long',
      timeZone: 'America/New_York',
    }).formatToParts(new Date());
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
    await panel.getByRole('combobox', { name: 'Day' }).selectOption(of('day'));
    await panel.getByRole('combobox', { name: 'Month' }).selectOption(of('month'));
    await store.tab('Save').click();
    const birthday = store.entries.filter({ hasText: 'Celebrate your birthday' });
    await expect(birthday.getByText(/^Saved\./)).toBeVisible();
    await expect(store.tab('Save')).toBeHidden();
    await enqueue('schedules', 'award-birthdays', { merchantId }, `birthdays-${Date.now()}`);
  });

  await test.step('each with its own entry', async () => {
    const dashboard = new Dashboard(page);
    const lines = dashboard.app.getByRole('table', {
      name: 'Points added and deducted, adding up to the balance',
    });
    const earned = {
      'Sign-up bonus': 200,
      'Earned from orders': 900,
      'Newsletter sign-up': 100,
      Reviews: 110,
      'Social follows': 50,
      'Social shares': 60,
      'Birthday bonuses': 200,
      'Spending goals reached': 250,
    };
    await expect(async () => {
      await dashboard.openCustomer(shopper);
      for (const [line, points] of Object.entries(earned))
        await expect(lines.getByRole('row').filter({ hasText: line })).toContainText(
          String(points),
          { timeout: 1_000 },
        );
    }).toPass();
    const sum = Object.values(earned).reduce((all, one) => all + one, 0);
    await expect(dashboard.available).toHaveText(`${sum.toLocaleString('en')} points`);
  });
});
