import { expect, test } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { Dashboard, PAGES } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const WIDTHS = [390, 320];

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

/** By how many pixels the page overflows sideways. */
const sideways = (root: Locator) =>
  root.evaluate((element) => element.scrollWidth - element.clientWidth);

for (const width of WIDTHS) {
  test(`at ${width} px no page of the dashboard scrolls sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    const shopper = await newShopper('Philippa-Charlotte');
    await placeOrder({ customer: shopper, subtotal: '1234.00' });
    const dashboard = new Dashboard(page);
    for (const path of PAGES) {
      await dashboard.open(path);
      expect(await sideways(dashboard.app.locator('html')), path).toBe(0);
    }
    await dashboard.openCustomer(shopper);
    expect(await sideways(dashboard.app.locator('html')), 'a customer').toBe(0);
    await dashboard.press('Adjust points');
    const form = dashboard.app.getByRole('dialog', { name: 'Adjust points' });
    await expect(form.getByRole('button', { name: 'Adjust points', exact: true })).toBeInViewport();
  });

  test(`at ${width} px the panel fits and is used with a thumb`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    const shopper = await newShopper('Thumbelina');
    await placeOrder({ customer: shopper, subtotal: '55.00' });
    const store = new Storefront(page);
    await store.signIn(shopper);
    await store.open();
    expect(await sideways(page.locator('html'))).toBe(0);
    await store.launcher.tap();
    await expect(store.panel).toBeVisible();
    await expect(store.panel).toBeInViewport({ ratio: 1 });
    expect(await sideways(store.panel)).toBe(0);
    await store.tab('History').tap();
    await expect(store.entries.first()).toBeVisible();
    await store.tab('Close').tap();
    await expect(store.panel).toBeHidden();
  });
}
