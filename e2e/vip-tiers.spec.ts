import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder, refundOrder } from './support/shop.ts';

test('a merchant edits tiers, sees which members would move, publishes them and restores the earlier set', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Vera', { hasAccount: false });
  await placeOrder({ customer: shopper, subtotal: '640.00' });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/tiers');
  await dashboard.press('Use Bronze, Silver and Gold');
  const gold = app.getByRole('region', { name: 'Gold' });
  await gold.getByLabel('Amount spent').fill('50');
  await dashboard.save();
  await expect(gold.getByLabel('Amount spent')).toHaveAccessibleDescription(
    /Enter more than the tier before it/,
  );
  await gold.getByLabel('Amount spent').fill('600');
  await app.getByLabel('Grace period (days)').fill('0');
  await dashboard.save();
  await expect(app.getByText(/^Draft saved/)).toBeVisible();
  await expect(dashboard.saveBar).toBeHidden();
  const rising = app.getByRole('table', { name: 'Members moving up' });
  await expect(row(rising, shopper.name)).toContainText('Gold');

  await publish(dashboard);
  await expect(app.getByText(/^Tiers published\./)).toBeVisible();
  await expect(rising).toBeHidden();
  await dashboard.openCustomer(shopper);
  await expect(dashboard.figure('Current tier')).toHaveText('Gold');
  await expect(dashboard.entry('Bonus for reaching a VIP tier: Gold.')).toContainText('+100');

  await dashboard.open('/tiers');
  await gold.getByLabel('Amount spent').fill('1000');
  await dashboard.save();
  await expect(app.getByText(/^Draft saved/)).toBeVisible();
  await app.getByRole('button', { name: /^Members moving down \(/ }).click();
  const falling = app.getByRole('table', { name: 'Members moving down' });
  await expect(row(falling, shopper.name)).toContainText('Immediately');
  await publish(dashboard);
  await expect(app.getByText(/^Tiers published\./)).toBeVisible();

  await app.getByRole('button', { name: 'Restore version 1' }).click();
  await app.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await expect(app.getByText('Earlier tiers restored.')).toBeVisible();
  await dashboard.openCustomer(shopper);
  await expect(dashboard.figure('Current tier')).toHaveText('Gold');
  await expect(dashboard.entry('Bonus for reaching a VIP tier: Gold.')).toHaveCount(1);

  await test.step('an order lifts a member, and its refund brings them down', async () => {
    const other = await newShopper('Nils', { hasAccount: false });
    const tierIs = (tier: string) =>
      expect(async () => {
        await dashboard.openCustomer(other);
        await expect(dashboard.figure('Current tier')).toHaveText(tier, { timeout: 500 });
      }).toPass();
    const { order } = await placeOrder({ customer: other, subtotal: '150.00' });
    await tierIs('Silver');
    await expect(app.getByText('$450.00 to Gold (25%)')).toBeVisible();
    await refundOrder(order, { fraction: 1 });
    await tierIs('Bronze');
  });

  await test.step('without tiers, tiers are off, also for the journeys that follow', async () => {
    await dashboard.open('/tiers');
    for (const tier of ['Gold', 'Silver', 'Bronze'])
      await app.getByRole('button', { name: `Remove ${tier}` }).click();
    await expect(app.getByText(/^No tiers\./)).toBeVisible();
    await dashboard.save();
    await publish(dashboard);
    await expect(app.getByText(/^Tiers published\./)).toBeVisible();
    await dashboard.openCustomer(shopper);
    await expect(dashboard.figure('Current tier')).toBeHidden();
  });
});

const row = (table: Locator, text: string): Locator =>
  table.getByRole('row').filter({ hasText: text });

async function publish({ app }: Dashboard): Promise<void> {
  await app.getByRole('button', { name: 'Publish tiers', exact: true }).click();
  await app.getByRole('dialog').getByRole('button', { name: 'Publish tiers', exact: true }).click();
}
