import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test.use({ reducedMotion: 'reduce' });

test('a shopper claims a campaign’s code for free, once, and it ends with the campaign', async ({
  page,
  context,
}) => {
  test.slow();
  const shopper = await newShopper('Gilda');
  await placeOrder({ customer: shopper, subtotal: '40.00' });
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/campaigns/new');
  await app.getByLabel('Name', { exact: true }).fill('A tenth off');
  await app.getByText('Discount code for each customer', { exact: true }).click();
  await app.getByLabel('Value', { exact: true }).fill('120');
  await expect(app.getByText('Complete the form to see the estimated cost.')).toBeVisible();
  await app.getByLabel('Value', { exact: true }).fill('10');
  await app.getByLabel('Minimum order amount').fill('20');
  await expect(app.getByText('Discounts', { exact: true })).toBeVisible();
  await dashboard.save();
  await expect(app.getByText('Active', { exact: true })).toBeVisible();
  await expect(app.getByLabel('Value', { exact: true })).toBeDisabled();
  expect(await accessibilityFindings(page, dashboard.frame)).toEqual([]);

  const shop = await context.newPage();
  const store = new Storefront(shop);
  const code =
    await test.step('the shopper claims the code and finds it among their codes', async () => {
      await store.signIn(shopper);
      await store.open();
      await store.openPanel();
      await store.tab('Rewards').click();
      await expect(store.panel.getByText('A gift for you')).toBeVisible();
      await store.tab('Get code: A tenth off').click();
      await expect(store.panel.getByText('You get 10 %')).toBeVisible();
      await store.tab('Get code').click();
      await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
      expect(await accessibilityFindings(shop)).toEqual([]);
      const shown = (await store.panel.locator('code').textContent()) ?? '';
      expect(shown).toMatch(/^LN-/);
      await store.tab('Back').click();
      await expect(store.panel.getByText(shown)).toBeVisible();
      await expect(store.panel.getByText('A gift for you')).toBeHidden();
      return shown;
    });

  await test.step('the merchant sees it with the customer and with the campaign', async () => {
    await dashboard.openCustomer(shopper);
    const line = app.getByRole('row').filter({ hasText: code });
    await expect(line).toContainText('From a campaign');
    await expect(line).toContainText('Unused');
    await dashboard.open('/campaigns');
    await app.getByRole('link', { name: 'A tenth off' }).click();
    await expect(app.getByText('Codes claimed')).toBeVisible();
  });

  await test.step('the code ends with the campaign', async () => {
    await dashboard.press('End campaign');
    const question = app.getByRole('dialog', { name: 'End this campaign?' });
    await question.getByRole('button', { name: 'End campaign' }).click();
    await expect(app.getByText('Ended', { exact: true })).toBeVisible();
    await expect(async () => {
      await store.refresh();
      await expect(store.panel.getByText(code)).toBeHidden({ timeout: 1_000 });
    }).toPass();
    await store.panel.getByText('Used, expired and returned').click();
    await expect(store.panel.getByText(/^Expired ·/)).toBeVisible();
    await dashboard.openCustomer(shopper);
    await expect(app.getByRole('row').filter({ hasText: 'A tenth off' })).toContainText('Canceled');
  });
});
