import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { Dashboard } from './support/dashboard.ts';
import { control, newShopper, placeOrder, type Shopper } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

/** A tag of this journey alone: the journeys share one shop. */
const TAG = 'No-Points';

const tagged = (shopper: Shopper, tags: string[]) =>
  control('customer', { customer: shopper.id, tags, wait: true }, z.unknown());

test('a customer excluded by a tag earns nothing, is told so, and earns again once the tag is gone', async ({
  page,
}) => {
  const shopper = await newShopper('Ilse', { hasAccount: false });
  await placeOrder({ customer: shopper, subtotal: '20.00' });
  await tagged(shopper, [TAG]);
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  const holds = (points: string) =>
    expect(async () => {
      await dashboard.openCustomer(shopper);
      await expect(dashboard.available).toHaveText(points, { timeout: 500 });
    }).toPass();
  await holds('200 points');

  await test.step('the preview names them before anything is saved', async () => {
    await dashboard.open('/program/participants');
    await expect(app.getByText('No customers match these settings.')).toBeVisible();
    await app.getByLabel('Customer tags').fill(TAG.toLowerCase());
    await app.getByRole('button', { name: 'Add tag' }).click();
    await expect(app.getByText('1 customer', { exact: true })).toBeVisible();
    await expect(app.getByText('Points held: 200 points')).toBeVisible();
    await expect(app.getByRole('link', { name: shopper.name })).toBeVisible();
  });

  await dashboard.save();
  await expect(app.getByText('Changes saved.')).toBeVisible();
  try {
    const { order } = await placeOrder({ customer: shopper, subtotal: '30.00' });
    await test.step('the list and the customer’s page say that they are excluded', async () => {
      await dashboard.open('/customers?participation=excluded');
      await expect(app.getByRole('link', { name: shopper.name })).toBeVisible();
      await dashboard.openCustomer(shopper);
      await expect(app.getByText('Excluded', { exact: true })).toBeVisible();
      await expect(dashboard.available).toHaveText('200 points');
    });
    await test.step('the order has its reason', async () => {
      await dashboard.open('/deliveries');
      const reason = 'The customer was excluded from the program when the order was placed.';
      await expect(app.getByText(reason).first()).toBeVisible();
      expect(order.name).toMatch(/^#/);
    });
    await test.step('the panel says that the program is not for them', async () => {
      const store = new Storefront(page);
      await store.signIn(shopper);
      await store.open();
      await store.openPanel();
      await expect(
        store.panel.getByText('This program isn’t available for your account.'),
      ).toBeVisible();
    });

    await tagged(shopper, []);
    // Shopify's messages about tags and orders are processed side by side.
    await expect(async () => {
      await dashboard.openCustomer(shopper);
      await expect(app.getByText('Guest', { exact: true })).toBeVisible({ timeout: 500 });
    }).toPass();
    await placeOrder({ customer: shopper, subtotal: '10.00' });
    await holds('300 points');
  } finally {
    await dashboard.open('/program/participants');
    await app.getByRole('button', { name: `Remove ${TAG.toLowerCase()}` }).click();
    await dashboard.save();
    await expect(app.getByText('Changes saved.')).toBeVisible();
  }
});
