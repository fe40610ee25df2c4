import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { deliver, newShopper, placeOrder, refundOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

/** From the answered webhook to the block, polled often. */
const WITHIN = { timeout: 1_000 };

test('a shopper buys, and the block shows the points within a moment', async ({ page }) => {
  const shopper = await newShopper('Edda');
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open('/products/pour-over-kettle');
  await expect(store.amount).toHaveText('200 points');

  await page.getByRole('button', { name: 'Buy now' }).click();
  await page.getByRole('button', { name: 'Pay now' }).click();
  await expect(page.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
  // The welcome bonus, and $68.00 at ten points a dollar.
  await expect(store.amount).toHaveText('880 points');

  await test.step('the next page has them from the start, without a request', async () => {
    await page.route('**/apps/loyalnest/**', (route) => route.abort());
    await expect(async () => {
      await store.open();
      await expect(store.amount).toHaveText('880 points', { timeout: 100 });
    }).toPass();
    await page.unroute('**/apps/loyalnest/**');
  });
});

test('the merchant sees customer, entry and explanation; ten repeats of the webhook change nothing', async ({
  page,
}) => {
  const shopper = await newShopper('Bruno', { hasAccount: false });
  const { order } = await placeOrder({ customer: shopper, subtotal: '45.90' });
  const dashboard = new Dashboard(page);
  await expect(async () => {
    await dashboard.openCustomer(shopper);
    await expect(dashboard.available).toHaveText('459 points', { timeout: 500 });
  }).toPass();
  const entry = dashboard.entry(`Purchase, order ${order.name}: $45.90 × 10 points.`);
  await expect(entry).toContainText('+459');
  const lines = dashboard.app.getByRole('table', { name: /^Points added and deducted/ });
  await expect(lines.getByRole('row').filter({ hasText: 'Earned from orders' })).toContainText(
    '+459',
  );

  const statuses = await deliver('orders/paid', order, 10);
  expect(statuses).toEqual(Array.from({ length: 10 }, () => 200));
  // Everything that arrived after them was processed as well.
  await placeOrder({ customer: shopper, subtotal: '10.00' });
  await expect(async () => {
    await dashboard.openCustomer(shopper);
    await expect(dashboard.available).toHaveText('559 points', { timeout: 500 });
  }).toPass();
  await expect(entry).toHaveCount(1);

  await dashboard.open();
  const activity = dashboard.app.getByRole('listitem').filter({ hasText: shopper.name });
  await expect(activity.first()).toContainText('+100');
});

test('refunding half deducts its points, explained to the shopper and to the merchant', async ({
  page,
}) => {
  const shopper = await newShopper('Paloma', { hasAccount: false });
  const { order } = await placeOrder({ customer: shopper, subtotal: '80.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open();
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('800 points', WITHIN);
  }).toPass();

  await refundOrder(order, { fraction: 0.5 });
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('400 points', WITHIN);
  }).toPass();

  const sentence = `Refund of $40.00 on order ${order.name}: that part of its 800 points is deducted.`;
  await store.openPanel();
  await store.tab('History').click();
  const [refund, purchase] = [store.entries.nth(0), store.entries.nth(1)];
  await expect(refund).toContainText(sentence);
  await expect(refund).toContainText('-400');
  await expect(purchase).toContainText(`Purchase, order ${order.name}: $80.00 × 10 points.`);

  const dashboard = new Dashboard(page);
  await dashboard.openCustomer(shopper);
  await expect(dashboard.available).toHaveText('400 points');
  await expect(dashboard.entry(sentence)).toContainText('-400');
});
