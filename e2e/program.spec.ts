import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder, refundOrder } from './support/shop.ts';

test('a new rule applies to new orders, and an old order’s refund uses the rule it earned by', async ({
  page,
}) => {
  const shopper = await newShopper('Regina', { hasAccount: false });
  const dashboard = new Dashboard(page);
  const balanceIs = (points: string) =>
    expect(async () => {
      await dashboard.openCustomer(shopper);
      await expect(dashboard.available).toHaveText(points, { timeout: 500 });
    }).toPass();
  const { order: old } = await placeOrder({ customer: shopper, subtotal: '40.00' });
  await balanceIs('400 points');

  await dashboard.open('/program/earn/purchase');
  const rate = dashboard.app.getByLabel('Points earned');
  const before = await rate.inputValue();
  await saveRate(dashboard, rate, '3');
  try {
    const { order } = await placeOrder({ customer: shopper, subtotal: '10.00' });
    await balanceIs('430 points');
    await expect(
      dashboard.entry(`Purchase, order ${order.name}: $10.00 × 3 points.`),
    ).toContainText('+30');

    await refundOrder(old, { fraction: 0.5 });
    await balanceIs('230 points');
    await expect(
      dashboard.entry(`on order ${old.name}: that part of its 400 points`),
    ).toContainText('-200');
  } finally {
    await dashboard.open('/program/earn/purchase');
    await saveRate(dashboard, rate, before);
  }
});

test('a rule is explained while it is typed, and nothing is saved without a click', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  await dashboard.open('/program/earn/purchase');
  const rate = dashboard.app.getByLabel('Points earned');
  const before = await rate.inputValue();
  await expect(dashboard.saveBar).toBeHidden();
  await rate.fill('25');
  await expect(dashboard.app.getByText(/^A \$\d+\.00 order earns [\d,]+ points\.$/)).toBeVisible();
  await expect(dashboard.saveBar).toBeVisible();

  await rate.fill('many');
  await expect(
    dashboard.app.getByText('Fix the highlighted fields to see the example.'),
  ).toBeVisible();
  await dashboard.save();
  await expect(rate).toHaveAccessibleDescription(/Enter a whole number from 1 to 1,000,000/);

  await dashboard.saveBar.getByRole('button', { name: 'Discard' }).click();
  await expect(rate).toHaveValue(before);
  await expect(dashboard.saveBar).toBeHidden();
});

test('a changed rule is simulated on past orders, stopped, simulated again, and then saved', async ({
  page,
}) => {
  await placeOrder({ customer: await newShopper('Sixt'), subtotal: '75.00' });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/program/trial');
  const rate = app.getByLabel('Points earned');
  const before = await rate.inputValue();
  const attempt = app.getByRole('button', { name: 'Try rules' });

  await test.step('an error is shown beside its field before anything is replayed', async () => {
    await rate.fill('many');
    await attempt.click();
    await expect(
      app.getByText('Fix the highlighted fields to see the example.').last(),
    ).toBeVisible();
    await rate.fill('20');
  });

  await test.step('a simulation can be stopped', async () => {
    await page.route('**/app/program/try', () => undefined);
    await attempt.click();
    await expect(app.getByText('Calculating…')).toBeVisible();
    await app.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect(app.getByText('Stopped. Nothing was saved.')).toBeVisible();
    await page.unroute('**/app/program/try');
  });

  await test.step('its result is a chart, a table, and the members who gain', async () => {
    await attempt.click();
    await expect(
      app.getByText(/^[\d,]+ points instead of [\d,]+ points \(\+[\d,]+\)\.$/),
    ).toBeVisible();
    await expect(
      app.getByRole('img', { name: 'Points by month, awarded and with these rules' }),
    ).toBeVisible();
    const months = app.getByRole('table', { name: 'Points by month' }).getByRole('row');
    const [, given = '', simulated = ''] =
      /(?:[\d,]+)\D+([\d,]+)\D+([\d,]+)$/.exec(
        (await months.last().getByRole('cell').allTextContents()).join(' '),
      ) ?? [];
    const whole = (text: string) => Number(text.replaceAll(',', ''));
    expect(whole(simulated)).toBeGreaterThan(whole(given));
    await expect(app.getByRole('table', { name: 'Largest gains' })).toBeVisible();
    await rate.fill('15');
    await expect(app.getByText('The rules changed since this run. Try them again.')).toBeVisible();
  });

  await test.step('nothing is saved before saving', async () => {
    await dashboard.open('/program/trial');
    await expect(rate).toHaveValue(before);
    await saveRate(dashboard, rate, '15');
    await saveRate(dashboard, rate, before);
  });
});

async function saveRate(dashboard: Dashboard, rate: Locator, value: string): Promise<void> {
  await rate.fill(value);
  await dashboard.save();
  await expect(dashboard.app.getByText(/^Program saved\./)).toBeVisible();
  await expect(dashboard.saveBar).toBeHidden();
}

test('other rules are switched on, refused where a value is missing, and restored', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  const wayTo = (name: string) =>
    app.getByRole('table', { name: 'Ways to earn' }).getByRole('row').filter({ hasText: name });
  await dashboard.open('/program');
  await expect(wayTo('Follow on social media')).toContainText('Inactive');
  await wayTo('Follow on social media').getByRole('link').click();

  const follow = app.getByRole('checkbox', {
    name: 'Customers earn points when they follow your store',
  });
  await follow.check();
  await dashboard.save();
  await expect(app.getByLabel('Facebook', { exact: true })).toHaveAccessibleDescription(
    /Choose at least one network/,
  );
  await app.getByLabel('Instagram', { exact: true }).fill('@harbour');
  await dashboard.save();
  await expect(app.getByText(/^Program saved\./)).toBeVisible();

  await dashboard.open('/program/rules');
  await app.getByRole('checkbox', { name: 'Multiply points for Champions' }).check();
  await expect(app.getByText(/^Multiplied by 1\.5, it earns [\d,]+ points\.$/)).toBeVisible();
  await dashboard.save();
  await expect(app.getByText(/^Program saved\./)).toBeVisible();
  await dashboard.open('/program/earn/social_follow');
  await expect(app.getByLabel('Instagram', { exact: true })).toHaveValue('@harbour');

  await dashboard.open('/program');
  await expect(wayTo('Follow on social media')).toContainText('Active');
  // Twice: both saves are undone.
  await app
    .getByRole('button', { name: /^Restore version/ })
    .nth(1)
    .click();
  await expect(app.getByText('Rules restored. They apply from now on.')).toBeVisible();
  await expect(wayTo('Follow on social media')).toContainText('Inactive');
});
