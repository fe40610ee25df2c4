import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { Dashboard } from './support/dashboard.ts';
import { control, customersInShop } from './support/shop.ts';

/** Enough that the first sync takes visible time. */
const NEWCOMERS = 1_000;

test('opening the app for the first time imports customers and orders, and ends on a home page that counts them', async ({
  page,
}) => {
  await control('customer', { generate: NEWCOMERS }, z.unknown());
  const dashboard = new Dashboard(page);
  const events = page.waitForResponse(
    (response) => response.headers()['content-type']?.startsWith('text/event-stream') === true,
  );
  await dashboard.open();
  expect((await events).status()).toBe(200);

  const progress = dashboard.app.getByRole('heading', {
    name: 'Importing your customers and orders',
  });
  await expect(progress).toBeVisible();
  await expect(dashboard.app.getByText('Past orders are kept for history')).toBeVisible();
  await expect(progress).toBeHidden({ timeout: 40_000 });

  // Without reloading the page.
  const members = await customersInShop();
  await expect(dashboard.figure('Members gained')).toHaveText(members.toLocaleString('en'));
  await expect(dashboard.figure('Points outstanding')).toHaveText('0');
  await expect(dashboard.app.getByRole('heading', { name: 'Get started' })).toBeVisible();

  // Each number says what it counts and of which days, and is shown for other days by the address.
  const week = dashboard.app.getByRole('link', { name: '7 days', exact: true });
  await week.click();
  await expect(week).toHaveAttribute('aria-current', 'true');
  await expect(dashboard.figure('Members gained')).toHaveText(members.toLocaleString('en'));
  await dashboard.press('About: Members gained');
  await expect(dashboard.app.getByText(/^Customers with an account who joined/)).toBeVisible();
  await expect(dashboard.app.getByText(/compared with/)).toBeVisible();
  await dashboard.app.locator('body').press('Escape');
  await dashboard.press('Show trend: Members gained');
  await dashboard.press('Show as table');
  await expect(
    dashboard.app.getByRole('table', { name: 'Members gained over time' }).getByRole('row'),
  ).toHaveCount(8);

  await page.getByRole('link', { name: 'Customers', exact: true }).last().click();
  await expect(dashboard.heading('Customers')).toBeVisible();
  await expect(dashboard.app.getByText(`${members.toLocaleString('en')} customers`)).toBeVisible();
});
