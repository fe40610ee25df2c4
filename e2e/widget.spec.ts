import { expect, test } from '@playwright/test';
import { accessibilityFindings } from './support/accessibility.ts';
import { setUpProgram, withActions } from './support/program.ts';
import { newShopper, placeOrder } from './support/shop.ts';
import { closePanel, Storefront } from './support/storefront.ts';

// The widget with the complete product; widget-alone.spec.ts covers its states.
const actions = {
  newsletter: { enabled: true, points: 100 },
  social_follow: { enabled: true, points: 50, networks: { instagram: '@roastery' } },
  birthday: { enabled: true, points: 200, days_before: 30 },
};

test.beforeAll(() =>
  setUpProgram(() => [
    [withActions, JSON.stringify(actions)],
    [
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency, config)
       VALUES ($1, 'amount_off', '{"en": "A cup on us", "fr": "Une tasse offerte"}', 500, 5, 'USD',
               '{"mode": "fixed", "code_prefix": "CUP", "expires_after_days": 30}')`,
    ],
  ]),
);
test.afterAll(() =>
  setUpProgram(() => [
    [
      `UPDATE rewards SET status = 'disabled' WHERE merchant_id = $1 AND title->>'en' = 'A cup on us'`,
    ],
    [
      withActions,
      JSON.stringify(Object.fromEntries(Object.keys(actions).map((name) => [name, {}]))),
    ],
  ]),
);

test('a shopper earns by actions, redeems, uses the code in the cart, and returns another one', async ({
  page,
  context,
}) => {
  test.slow();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await context.route('https://www.instagram.com/**', (route) => route.fulfill({ body: 'mugs' }));
  const shopper = await newShopper('Wilma');
  await placeOrder({ customer: shopper, subtotal: '90.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open();
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('1,100 points', { timeout: 1_000 });
  }).toPass();

  await test.step('earns by following, unverified', async () => {
    await store.openPanel();
    await store.tab('Earn').click();
    await expect(store.panel.getByText('Subscribe to the newsletter')).toBeVisible();
    await store.panel.getByRole('link', { name: 'Follow on Instagram' }).click();
    await expect(store.panel.getByText('50 points added').last()).toBeVisible();
    await expect(store.panel.locator('.amount')).toHaveText('1,150 points');
    await expect(store.panel.getByRole('link', { name: 'Follow on Instagram' })).toBeHidden();
  });

  await test.step('enters their birthday, which is saved', async () => {
    await store.panel.getByRole('combobox', { name: 'Day' }).selectOption('29');
    await store.panel.getByRole('combobox', { name: 'Month' }).selectOption('February');
    await store.tab('Save').click();
    const birthday = store.entries.filter({ hasText: 'Celebrate your birthday' });
    await expect(birthday.getByText(/^Saved\./)).toBeVisible();
    await expect(store.tab('Save')).toBeHidden();
  });

  const code = await test.step('redeems, and has a code to copy', async () => {
    await store.tab('Rewards').click();
    await store.panel.getByRole('button', { name: 'Redeem A cup on us' }).click();
    await store.tab('Redeem for 500 points').click();
    await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
    await store.panel.getByRole('button', { name: /^Copy code/ }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^CUP-/);
    await expect(store.panel.locator('.amount')).toHaveText('650 points');
    expect(await accessibilityFindings(page)).toEqual([]);
    await store.tab('Back').click();
    await expect(store.panel.getByText(copied)).toBeVisible();
    return copied;
  });

  await test.step('puts it on the cart', async () => {
    await closePanel(page);
    await store.open('/products/gift-box');
    await expect(page.getByText('Earn 1,000 points with this product')).toBeVisible();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    const drawer = page.getByRole('dialog', { name: 'Cart' });
    await expect(drawer.getByText('This cart earns 1,000 points')).toBeVisible();
    // The drawer's own contents, and nothing of the launcher above them.
    await expect(store.launcher.click({ trial: true, timeout: 300 })).rejects.toThrow();
    await drawer.getByRole('link', { name: 'View cart' }).click();
    await expect(page.getByText('This cart earns 1,000 points')).toBeVisible();
    await store.openPanel();
    await store.tab('Rewards').click();
    await store.panel.getByRole('link', { name: `Use in cart: ${code}` }).click();
    await expect(page).toHaveURL(/\/cart$/);
    await expect(page.getByRole('button', { name: `Remove ${code}` })).toBeVisible();
    await expect(page.getByText('−$5.00')).toBeVisible();
  });

  await test.step('redeems another and returns it', async () => {
    await store.openPanel();
    await store.tab('Rewards').click();
    await store.panel.getByRole('button', { name: 'Redeem A cup on us' }).click();
    await store.tab('Redeem for 500 points').click();
    await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
    await store.tab('Back').click();
    await store.tab('Return').first().click();
    await store.tab('Return').first().click();
    await expect(store.panel.locator('.amount')).toHaveText('650 points');
  });

  await test.step('sees all of it in French, and a notice when offline', async () => {
    await store.tab('Home').click();
    await store.panel.getByLabel('Language').selectOption('Français');
    await store.tab('Récompenses').click();
    await expect(store.panel.getByText('Une tasse offerte').first()).toBeVisible();
    await context.setOffline(true);
    await store.refresh();
    await expect(store.panel.getByRole('alert')).toContainText('Vous êtes hors ligne');
    await context.setOffline(false);
    await expect(store.panel.getByRole('alert')).toBeHidden();
  });
});

test('a guest sees the offers, also on the rewards page, and is invited after an order', async ({
  page,
}) => {
  const store = new Storefront(page);
  await store.open('/pages/rewards');
  const rewards = page.locator('loyalnest-block');
  await rewards.getByRole('button', { name: 'Rewards', exact: true }).click();
  await expect(rewards.getByText('A cup on us')).toBeVisible();
  await expect(rewards.getByRole('button', { name: 'Redeem A cup on us' })).toBeHidden();
  expect(await accessibilityFindings(page)).toEqual([]);

  await store.open('/products/mint-tea');
  await page.getByRole('button', { name: 'Buy now' }).click();
  await page.getByLabel('Email').fill('walburga@shopper.example');
  await page.getByRole('button', { name: 'Pay now' }).click();
  await expect(page.locator('loyalnest-launcher')).toContainText('Your order earns points');
});
