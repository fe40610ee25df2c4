import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { accessibilityFindings } from './support/accessibility.ts';
import { Dashboard } from './support/dashboard.ts';
import { control, newShopper, placeOrder } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test.use({ reducedMotion: 'reduce' });

// Restores the shop for the other journeys, also when this one fails: ten points, no reward.
test.afterEach(async ({ context }) => {
  await control('theme', { embed: true }, z.unknown());
  const work = new Dashboard(await context.newPage());
  await work.open('/program/earn/purchase');
  const points = work.app.getByLabel('Points earned');
  await expect(points).toBeVisible();
  if ((await points.inputValue()) !== '10') {
    await points.fill('10');
    await work.save();
    await expect(work.saveBar).toBeHidden();
  }
  await work.open('/rewards');
  await expect(work.heading('Rewards')).toBeVisible();
  const rewards = work.app.getByRole('button', { name: /^Delete/ });
  for (let left = await rewards.count(); left > 0; left -= 1) {
    await rewards.first().click();
    await expect(rewards).toHaveCount(left - 1);
  }
});

// Right after the installation: nothing has been set yet.
test('a new merchant sets up the program in three steps that update live, and a shopper earns and redeems', async ({
  page,
  context,
}) => {
  test.slow();
  await control('theme', { embed: false }, z.unknown());
  const home = new Dashboard(page);
  await home.open();
  await expect(home.app.getByText('0 of 3 completed')).toBeVisible();
  await expect(home.app.getByRole('heading', { name: 'Free plan' })).toBeVisible();
  expect(await accessibilityFindings(page, home.frame)).toEqual([]);

  await test.step('a tip is dismissed and restored', async () => {
    const tip = home.app.getByRole('heading', { name: 'Reward your best customers' });
    await home.press('Dismiss: Reward your best customers');
    await expect(home.app.getByText('Tip dismissed.')).toBeVisible();
    await expect(tip).toBeHidden();
    await home.press('Undo');
    await expect(tip).toBeVisible();
  });

  // The steps are done in another tab; the home page is never reloaded.
  const work = new Dashboard(await context.newPage());

  await test.step('rules: twenty points a dollar', async () => {
    await work.open('/program/earn/purchase');
    await work.app.getByLabel('Points earned').fill('20');
    await work.save();
    await expect(work.saveBar).toBeHidden();
    await expect(home.app.getByText('1 of 3 completed')).toBeVisible();
  });

  await test.step('a reward, from a template', async () => {
    await work.open('/rewards');
    await work.press('Create reward');
    await work.app
      .getByRole('button', { name: /^Amount off:|^Amount off ·|^Amount off\b/ })
      .first()
      .click();
    await expect(work.app.getByRole('heading', { level: 1 })).toBeVisible();
    await work.save();
    await expect(home.app.getByText('2 of 3 completed')).toBeVisible();
  });

  const store = new Storefront(await context.newPage());
  await test.step('the embed, and a visit to the shop', async () => {
    await control('theme', { embed: true }, z.unknown());
    await store.open();
    await store.openPanel();
    await expect(home.app.getByText('Your loyalty program is live')).toBeVisible();
    await expect(home.app.getByRole('heading', { name: 'Get started' })).toBeHidden();
    expect(await accessibilityFindings(page, home.frame)).toEqual([]);
  });

  await test.step('a shopper buys for $30 and redeems 500 of the 800 points', async () => {
    const shopper = await newShopper('Selma');
    await placeOrder({ customer: shopper, subtotal: '30.00' });
    await store.signIn(shopper);
    await store.open();
    await expect(async () => {
      await store.refresh();
      await expect(store.amount).toHaveText('800 points', { timeout: 1_000 });
    }).toPass();
    await store.openPanel();
    await store.tab('Rewards').click();
    await store.panel.getByRole('button', { name: /^Redeem \$5 off/ }).click();
    await store.tab('Redeem for 500 points').click();
    await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
    await expect(store.panel.locator('.amount')).toHaveText('300 points');
  });

  await test.step('the log has all of it, searchable by name and by kind', async () => {
    await work.open('/activity');
    const lines = work.app.getByRole('table', { name: 'Activity, newest first' });
    await expect(lines.getByText('Redeemed: $5 off (unused)').first()).toBeVisible();
    await expect(lines.getByText('Earning rules changed').first()).toBeVisible();
    await work.openFilters();
    await work.app.getByPlaceholder(/^Name, full email/).fill('Selma');
    await expect(lines.getByText('Earning rules changed')).toHaveCount(0);
    await work.filter('Type', 'Points earned');
    await expect(lines.getByText('$30.00 × 20 points.').first()).toBeVisible();
    await expect(lines.getByText('Redeemed: $5 off')).toHaveCount(0);
    await work.app.getByRole('button', { name: 'Dates', exact: true }).click();
    await work.app.getByLabel('To', { exact: true }).fill('2020-01-01');
    await work.page.keyboard.press('Escape');
    await expect(work.app.getByRole('heading', { name: 'No activity found' })).toBeVisible();
    expect(await accessibilityFindings(work.page, work.frame)).toEqual([]);
    await work.press('Clear filters');
    await expect(lines.getByText('Earning rules changed').first()).toBeVisible();
  });
});
