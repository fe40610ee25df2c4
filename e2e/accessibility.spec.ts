import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard, PAGES } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

// A number that just changed fades in, and has too little contrast meanwhile.
test.use({ reducedMotion: 'reduce' });

test('no page of the dashboard has a serious accessibility finding', async ({ page }) => {
  test.slow();
  const shopper = await newShopper('Axel');
  await placeOrder({ customer: shopper, subtotal: '20.00' });
  const dashboard = new Dashboard(page);
  for (const path of PAGES) {
    await dashboard.open(path);
    expect(await accessibilityFindings(page, dashboard.frame), path).toEqual([]);
  }
  await dashboard.openCustomer(shopper);
  expect(await accessibilityFindings(page, dashboard.frame), 'a customer').toEqual([]);
  await dashboard.press('Adjust points');
  await expect(dashboard.app.getByRole('dialog')).toBeVisible();
  expect(await accessibilityFindings(page, dashboard.frame), 'adjusting').toEqual([]);
});

test('neither block nor panel has a serious accessibility finding', async ({ page }) => {
  const store = new Storefront(page);
  await store.open();
  expect(await accessibilityFindings(page), 'a guest').toEqual([]);
  await store.openPanel();
  await expect(store.panel.getByText('for every $1 you spend')).toBeVisible();
  expect(await accessibilityFindings(page), "a guest's panel").toEqual([]);

  const shopper = await newShopper('Alma');
  await placeOrder({ customer: shopper, subtotal: '20.00' });
  await store.signIn(shopper);
  await store.open();
  expect(await accessibilityFindings(page), 'a member').toEqual([]);
  await store.openPanel();
  for (const name of ['Earn', 'History', 'Home']) {
    await store.tab(name).click();
    await expect(store.entries.first()).toBeVisible();
    expect(await accessibilityFindings(page), name).toEqual([]);
  }
});
