import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { setUpProgram } from './support/program.ts';
import { newShopper, placeOrder, refundOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

async function saveDays(dashboard: Dashboard, days: string): Promise<void> {
  await dashboard.open('/program/rules');
  await dashboard.app.getByLabel('Days until the points of an order count').fill(days);
  await dashboard.save();
  await expect(dashboard.saveBar).toBeHidden();
}

/** As if the days of an order had passed: what it is awarded stays as it is. */
const letDaysPass = (orderId: string) =>
  setUpProgram(() => [
    [
      `SELECT orders_restate(jsonb_build_array(jsonb_build_object('merchant_id', o.merchant_id,
         'order_id', o.shopify_order_id, 'waived', o.waived_points, 'refunded', o.refunded,
         'pending', jsonb_build_object('points', o.pending_points, 'award', o.pending_award, 'is_told', false,
           'counts_at', now() - interval '1 minute'))))
       FROM orders o WHERE o.merchant_id = $1 AND o.shopify_order_id = $2`,
      orderId,
    ],
  ]);

test('points wait for the return window, a refund reduces what is pending, and then they count once', async ({
  page,
}) => {
  test.slow();
  const dashboard = new Dashboard(page);
  const shopper = await newShopper('Wanda', { hasAccount: false });
  await dashboard.open('/program/rules');
  await saveDays(dashboard, '14');
  const { order } = await placeOrder({ customer: shopper, subtotal: '100.00' });
  // The order keeps its days.
  await saveDays(dashboard, '0');

  await test.step('the merchant and the shopper see them as pending', async () => {
    await dashboard.openCustomer(shopper);
    await expect(dashboard.available).toHaveText('0 points');
    await expect(dashboard.figure('Pending')).toHaveText('1,000');
    await expect(
      dashboard.app.getByText(new RegExp(`^Order ${order.name}: 1,000 points on `)),
    ).toBeVisible();
    const store = new Storefront(page);
    await store.signIn(shopper);
    await store.open();
    await store.openPanel();
    await expect(store.panel.getByText('1,000 points pending')).toBeVisible();
    await expect(store.entries.filter({ hasText: `Order ${order.name}: pending` })).toContainText(
      '+1,000',
    );
  });

  await refundOrder(order, { fraction: 0.3 });
  await dashboard.openCustomer(shopper);
  await expect(dashboard.figure('Pending')).toHaveText('700');
  await expect(dashboard.available).toHaveText('0 points');

  await letDaysPass(String(order.id));
  await expect(async () => {
    await dashboard.openCustomer(shopper);
    await expect(dashboard.available).toHaveText('700 points', { timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await expect(dashboard.figure('Pending')).toHaveCount(0);
  await expect(
    dashboard.entry(`Purchase, order ${order.name}: $100.00 × 10 points, less $30.00 refunded.`),
  ).toContainText('+700');
});
