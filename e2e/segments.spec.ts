import { expect, test } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';

test('a customer is in a segment shortly after buying, and the merchant sees why and who else is in it', async ({
  page,
}) => {
  const shopper = await newShopper('Sigrid', { hasAccount: false });
  await placeOrder({ customer: shopper, subtotal: '5.00' });
  const dashboard = new Dashboard(page);
  await expect(async () => {
    await dashboard.openCustomer(shopper);
    await expect(dashboard.app.getByText('Last purchase today (R5)')).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(dashboard.app.getByText('1 order (F1)')).toBeVisible();
  await expect(dashboard.figure('Lifecycle stage')).toHaveText('New lead');

  await dashboard.open(`/customers?query=${encodeURIComponent(shopper.email)}`);
  const row = dashboard.app.getByRole('row').filter({ hasText: shopper.name });
  await expect(row).toContainText('New');
  await dashboard.filter('Segment', 'Champions');
  await expect(row).toHaveCount(0);
  await dashboard.filter('Segment', 'New');
  await expect(row).toContainText('New');
  await dashboard.open('/customers?segment=at_risk_high_value');
  await expect(
    dashboard.app.getByRole('button', { name: 'Segment: High-value at risk' }),
  ).toBeVisible();
});
