import { expect, test } from '@playwright/test';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test('a guest is invited to join, with links to sign in and sign up', async ({ page }) => {
  const store = new Storefront(page);
  await store.open();
  await expect(store.block).toContainText('Earn points with every order');
  await expect(store.block.getByRole('link', { name: 'Create account' })).toHaveAttribute(
    'href',
    '/account/register',
  );
  await store.openPanel();
  await expect(store.panel.getByText('10 points for every $1 you spend')).toBeVisible();
  await expect(store.tab('History')).toBeHidden();
  await store.panel.getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/account\/login$/);
});

test('points from a guest order are there after creating an account', async ({ page }) => {
  const shopper = await newShopper('Gustav', { hasAccount: false });
  await placeOrder({ customer: shopper, subtotal: '30.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open();
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('300 points', { timeout: 1_000 });
  }).toPass();
});
