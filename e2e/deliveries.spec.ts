import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { deliver, newShopper, placeOrder } from './support/shop.ts';

test('a refused delivery is shown with its invalid field, and can be replayed', async ({
  page,
}) => {
  const shopper = await newShopper('Fritz');
  const { order } = await placeOrder({ customer: shopper, subtotal: '12.00', paid: false });
  const unreadable = { ...order, subtotal_price: 'lots', financial_status: 'paid' };
  expect(await deliver('orders/paid', unreadable)).toEqual([200]);

  const dashboard = new Dashboard(page);
  await dashboard.open('/deliveries');
  await dashboard.filter('Status', 'Refused');
  const refused = dashboard.app.getByRole('row').filter({ hasText: 'orders/paid' }).first();
  await expect(async () => {
    await dashboard.press('Refresh');
    await expect(refused).toContainText('Field: ', { timeout: 1_000 });
  }).toPass();
  await expect(refused).toContainText('subtotal_price');
  await expect(refused.getByText('Refused')).toBeVisible();

  await refused.getByRole('button', { name: /^Details of/ }).click();
  await expect(dashboard.app.getByText('Webhook ID')).toBeVisible();

  await refused.getByRole('checkbox').check();
  await expect(dashboard.app.getByText('1 selected')).toBeVisible();
  await dashboard.app.getByRole('button', { name: 'Process again' }).click();
  await expect(dashboard.app.getByText('1 message is being processed again.')).toBeVisible();
  // It is still invalid and is refused again, after two attempts.
  await expect(async () => {
    await dashboard.press('Refresh');
    await expect(refused.getByRole('cell', { name: '2', exact: true })).toBeVisible({
      timeout: 1_000,
    });
  }).toPass();
});
