import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { z } from 'zod';
import { Dashboard } from './support/dashboard.ts';
import { control, newShopper, placeOrder, refundOrder } from './support/shop.ts';

const anything = z.unknown();
/** Sets the shop's clock: orders are then placed on that day. */
const laterBy = (days: number) => control('clock', { days }, anything);
const today = () => control('clock', { reset: true }, anything);

/** Noon in the shop in that many days, formatted for a date and time field. */
function noonIn(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return `${day}T12:00`;
}

test('a campaign starts and ends automatically, and orders placed during it earn double', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Dora', { hasAccount: false });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/campaigns');
  await app.getByRole('link', { name: 'Create campaign' }).first().click();
  await expect(dashboard.heading('New campaign')).toBeVisible();
  await expect(app.getByText('Extra points')).toBeVisible();

  // An invalid value is shown beside its field, and nothing is created.
  await app.getByLabel('Multiplier', { exact: true }).fill('1');
  await dashboard.press('Create campaign');
  await expect(app.getByLabel('Multiplier', { exact: true })).toHaveAccessibleDescription(
    /Enter a number from 1\.01 to 100/,
  );
  await app.getByLabel('Multiplier', { exact: true }).fill('2');
  await app.getByLabel('Name', { exact: true }).fill('Double days');
  await app.getByLabel('Starts').fill(noonIn(10));
  await app.getByLabel('Ends').fill(noonIn(12));
  await dashboard.press('Create campaign');
  await expect(dashboard.heading('Double days')).toBeVisible();
  await expect(app.getByText('Campaign created. It starts and ends automatically.')).toBeVisible();
  await expect(app.getByText('Scheduled')).toBeVisible();
  await expect(app.getByLabel('Starts')).toHaveValue(noonIn(10));

  try {
    const { order: before } = await placeOrder({ customer: shopper, subtotal: '10.00' });
    await laterBy(11);
    const { order: during } = await placeOrder({ customer: shopper, subtotal: '10.00' });
    await laterBy(2);
    const { order: after } = await placeOrder({ customer: shopper, subtotal: '10.00' });
    await dashboard.openCustomer(shopper);
    const line = (name: string) => dashboard.entry(`Purchase, order ${name}`);
    await expect(line(before.name)).toContainText('+100');
    await expect(line(during.name)).toContainText('+200');
    await expect(line(during.name)).toContainText('Multiplied by 2: bonus campaign “Double days”.');
    await expect(line(after.name)).toContainText('+100');
  } finally {
    await today();
  }

  await dashboard.open('/campaigns');
  await expect(rowOf(dashboard, 'Double days')).toContainText('Scheduled');
  await app.getByRole('link', { name: 'Double days' }).click();
  await dashboard.press('Cancel campaign');
  const question = app.getByRole('dialog', { name: 'Cancel this campaign?' });
  await question.getByRole('button', { name: 'Cancel campaign' }).click();
  await expect(app.getByText('Campaign stopped.')).toBeVisible();
  await expect(app.getByText('Canceled')).toBeVisible();
  await expect(app.getByLabel('Name', { exact: true })).toBeDisabled();
});

test('a goal awards its points once, deducts them after a refund, and can be ended early', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Greta', { hasAccount: false });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/campaigns/new');
  await app.getByLabel('Name', { exact: true }).fill('Great spender');
  await app.getByText('Spending goal', { exact: true }).click();
  // More than any other customer spends in this shop.
  await app.getByLabel('Goal amount').fill('70000');
  await app.getByLabel('points to award').fill('250');
  await expect(dashboard.saveBar).toBeVisible();
  await dashboard.save();
  await expect(dashboard.heading('Great spender')).toBeVisible();
  await expect(app.getByText('Active', { exact: true })).toBeVisible();
  await expect(app.getByLabel('points to award')).toBeDisabled();

  await placeOrder({ customer: shopper, subtotal: '30000.00' });
  const { order } = await placeOrder({ customer: shopper, subtotal: '40000.00' });
  await dashboard.openCustomer(shopper);
  const goal = dashboard.entry(
    'Spending goal of the campaign “Great spender” reached: $70,000.00 spent.',
  );
  await eventually(dashboard, goal);
  await expect(goal).toContainText('+250');

  await dashboard.open('/campaigns');
  const row = rowOf(dashboard, 'Great spender');
  await expect(row.getByRole('cell')).toHaveText([/Active$/, /^Since /, '2', '1', '250']);

  await refundOrder(order, { fraction: 0.1 });
  await dashboard.openCustomer(shopper);
  const takenBack = dashboard.entry('The campaign “Great spender” no longer applies');
  await eventually(dashboard, takenBack);
  await expect(takenBack).toContainText('-250');

  await dashboard.open('/campaigns');
  await app.getByRole('link', { name: 'Great spender' }).click();
  await dashboard.press('End campaign');
  const question = app.getByRole('dialog', { name: 'End this campaign?' });
  await question.getByRole('button', { name: 'End campaign' }).click();
  await expect(app.getByText('Ended', { exact: true })).toBeVisible();
  await expect(app.getByText('Points awarded')).toBeVisible();

  await app.getByRole('link', { name: 'Duplicate' }).click();
  await expect(app.getByLabel('Name', { exact: true })).toHaveValue('Great spender (copy)');
  await expect(app.getByLabel('Goal amount')).toHaveValue('70000');
});

const rowOf = (dashboard: Dashboard, name: string): Locator =>
  dashboard.app
    .getByRole('table', { name: 'Campaigns and their results' })
    .getByRole('row')
    .filter({ hasText: name });

/** Effects that follow an order shortly after are visible when the page is reloaded. */
async function eventually(dashboard: Dashboard, what: Locator): Promise<void> {
  await expect(async () => {
    await dashboard.page.reload();
    await expect(what).toBeVisible({ timeout: 2_000 });
  }).toPass();
}
