import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test('shoppers see the shop’s name for points', async ({ page }) => {
  const shopper = await newShopper('Stella', { hasAccount: false });
  await placeOrder({ customer: shopper, subtotal: '25.00' });
  await callPoints(page, 'Star', 'Stars');
  try {
    const store = new Storefront(page);
    await store.signIn(shopper);
    await store.open();
    await expect(async () => {
      await store.refresh();
      await expect(store.amount).toHaveText('250 Stars', { timeout: 1_000 });
    }).toPass();
    await store.openPanel();
    await store.tab('Earn').click();
    await expect(store.panel.getByText('10 Stars for every $1 you spend')).toBeVisible();
  } finally {
    await callPoints(page, '', '');
  }
});

async function callPoints(page: Page, one: string, other: string): Promise<void> {
  const dashboard = new Dashboard(page);
  await dashboard.open('/settings');
  await dashboard.app.getByLabel('Singular (English)').fill(one);
  await dashboard.app.getByLabel('Plural (English)').fill(other);
  await dashboard.save();
  await expect(dashboard.app.getByText('Changes saved.')).toBeVisible();
}
