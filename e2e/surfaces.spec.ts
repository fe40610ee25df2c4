import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { Checkout } from './support/checkout.ts';
import { setUpProgram } from './support/program.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

// The built extensions in the emulator's pages, calling the real app with signed tokens of the signed-in customer or staff.
test.use({ reducedMotion: 'reduce' });

test.beforeAll(() =>
  setUpProgram(() => [
    [
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency, config)
       VALUES ($1, 'amount_off', '{"en": "A saucer on us", "es": "Un platillo"}', 500, 5, 'USD',
               '{"mode": "fixed", "code_prefix": "SAU"}')`,
    ],
    [
      `INSERT INTO rewards (merchant_id, type, channel, title, points_cost, value, currency, config)
       VALUES ($1, 'amount_off', 'pos', '{"en": "Half a cake"}', 600, 5, 'USD',
               '{"mode": "fixed", "code_prefix": "CAKE"}')`,
    ],
  ]),
);
test.afterAll(() =>
  setUpProgram(() => [
    [
      `UPDATE rewards SET status = 'disabled' WHERE merchant_id = $1 AND title->>'en' IN ('A saucer on us', 'Half a cake')`,
    ],
  ]),
);

const surface = (page: Page, what: string) =>
  page.frameLocator(`iframe[title="LoyalNest: ${what}"]`);

async function toCheckout(page: Page, path = ''): Promise<void> {
  const store = new Storefront(page);
  await store.open(path || '/');
  await page.locator('.goods a').first().click();
  await page.locator('button[value="checkout"]').click();
}

test('a member sees at the checkout what the order earns, and gets exactly that', async ({
  page,
}) => {
  const shopper = await newShopper('Selma');
  await placeOrder({ customer: shopper, subtotal: '100.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await toCheckout(page);
  const block = surface(page, 'points at the checkout');
  const promise = block.getByText(/^This order earns you [\d,]+ points$/);
  await expect(promise).toBeVisible();
  const points = /([\d,]+) points/.exec(await promise.innerText())?.[1] ?? '';
  await expect(block.getByText('You have 1,200 points to spend')).toBeVisible();
  expect(await accessibilityFindings(page)).toEqual([]);
  await page.getByRole('button', { name: /^Pay now/ }).click();
  await expect(
    surface(page, 'points after the purchase').getByText(`${points} points`),
  ).toBeVisible();
  const earned = surface(page, 'points after the purchase').getByText(
    `This order earned you ${points} points.`,
  );
  await expect(async () => {
    await page.reload();
    await expect(earned).toBeVisible({ timeout: 2_000 });
  }).toPass();
  expect(await accessibilityFindings(page)).toEqual([]);
  // The order in the account says the same.
  await store.open('/account');
  await page.locator('.orders a').first().click();
  const followed = surface(page, 'points of an order');
  await expect(followed.getByText(`This order earned you ${points} points.`)).toBeVisible();
  expect(await accessibilityFindings(page)).toEqual([]);
});

test('points spent at the checkout take off this order, and return with the code', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Signe');
  await placeOrder({ customer: shopper, subtotal: '50.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await toCheckout(page);
  const checkout = new Checkout(page);
  const block = surface(page, 'points at the checkout');
  await expect(block.getByText('You have 700 points to spend')).toBeVisible();
  const before = await checkout.sum('Total');
  await block.getByLabel('Use your points').selectOption('A saucer on us · 500 points');
  await block.getByRole('button', { name: 'Redeem for 500 points' }).click();
  await expect(block.getByText(/^A saucer on us.* applied$/)).toBeVisible({ timeout: 20_000 });
  await expect(block.getByText('You have 200 points to spend')).toBeVisible();
  await expect.poll(() => checkout.sum('Total')).toBe(before - 500);
  expect(await accessibilityFindings(page)).toEqual([]);
  await block.getByRole('button', { name: /^Return 500 points/ }).click();
  await expect(block.getByText('You have 700 points to spend')).toBeVisible({ timeout: 20_000 });
  await expect.poll(() => checkout.sum('Total')).toBe(before);
});

test('a guest is invited, and sees no one’s points', async ({ page }) => {
  await toCheckout(page);
  const block = surface(page, 'points at the checkout');
  await expect(block.getByText(/^This order earns you [\d,]+ points$/)).toBeVisible();
  await expect(block.getByText('Sign in with the same email address to use them')).toBeVisible();
  await expect(block.getByText(/to spend/)).toBeHidden();
});

test('the account page redeems points and returns them, in the shopper’s language', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Silke');
  await placeOrder({ customer: shopper, subtotal: '50.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open('/account');
  const block = surface(page, 'points in the account');
  await expect(block.getByText('700 points to spend')).toBeVisible();
  await block.getByRole('link', { name: 'See rewards and history' }).click();
  const rewards = surface(page, 'points and rewards');
  await expect(rewards.getByRole('heading', { name: '700 points to spend' })).toBeVisible();
  await rewards.getByRole('button', { name: 'Redeem A saucer on us' }).click();
  await rewards.getByRole('button', { name: 'Redeem for 500 points' }).click();
  await expect(rewards.getByText(/^A saucer on us · \$5 is ready: SAU-/)).toBeVisible({
    timeout: 20_000,
  });
  await expect(rewards.getByRole('heading', { name: '200 points to spend' })).toBeVisible();
  expect(await accessibilityFindings(page)).toEqual([]);
  await rewards.getByRole('button', { name: 'Return for 500 points: A saucer on us' }).click();
  await expect(rewards.getByRole('heading', { name: '700 points to spend' })).toBeVisible({
    timeout: 20_000,
  });
  await store.open('/account/rewards', 'es');
  await expect(rewards.getByRole('heading', { name: /700 .* para gastar/ })).toBeVisible();
  await expect(rewards.getByText('Un platillo', { exact: true })).toBeVisible();
});

test('staff at the POS redeem the customer’s points for the cart, and return them', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Sigrid');
  await placeOrder({ customer: shopper, subtotal: '50.00' });
  const store = new Storefront(page);
  await store.open('/pos');
  await expect(
    surface(page, 'tile of the POS').getByText('Add a customer to the cart'),
  ).toBeVisible();
  await store.signIn(shopper);
  await toCheckout(page);
  await store.open('/pos');
  await surface(page, 'tile of the POS')
    .getByRole('button', { name: /Points and rewards/ })
    .click();
  const pos = surface(page, 'points at the POS');
  await expect(pos.getByText('Sigrid has 700 points to spend')).toBeVisible();
  await expect(pos.getByText('A saucer on us')).toBeHidden();
  expect(await accessibilityFindings(page)).toEqual([]);
  await pos.getByRole('button', { name: 'Redeem · 600 points' }).click();
  await pos.getByRole('button', { name: 'Redeem for 600 points' }).click();
  await expect(pos.getByText(/^Half a cake( · .+)? was applied to the cart\.$/)).toBeVisible({
    timeout: 20_000,
  });
  await expect(pos.getByText('Sigrid has 100 points to spend')).toBeVisible();
  await pos.getByRole('button', { name: 'Remove and return points' }).click();
  await expect(pos.getByText(/^Half a cake( · .+)? was returned\.$/)).toBeVisible({
    timeout: 20_000,
  });
  await expect(pos.getByText('Sigrid has 700 points to spend')).toBeVisible();
});
