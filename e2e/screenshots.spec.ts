import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { openAppInAdmin } from '#infra/local/shop-endpoints.ts';
import { fromBase32, hotp, totpStep } from '#core/console/totp.rules.ts';
import { makeConsoleAdmin } from '#infra/local/console-admin.ts';
import { localSecrets } from '#infra/local/demo-secrets.ts';
import { Dashboard } from './support/dashboard.ts';
import { setUpProgram, withActions } from './support/program.ts';
import { seedSampleShop } from './support/sample-shop.ts';
import { shopEndpoints } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const folder = path.join(import.meta.dirname, '..', 'docs', 'screenshots');
const sizes = {
  desktop: { width: 1280, height: 800, tallest: 1_500 },
  phone: { width: 390, height: 844, tallest: 1_700 },
} as const;
const member = 'ada@shopper.example';
const dashboardPages = {
  home: '',
  customers: '/customers',
  program: '/program',
  'way-to-earn': '/program/earn/purchase',
  'earning-rules': '/program/rules',
  'points-expiration': '/program/expiration',
  'rule-trial': '/program/trial',
  rewards: '/rewards',
  reward: '/rewards/new?template=percent_off',
  tiers: '/tiers',
  campaigns: '/campaigns',
  campaign: '/campaigns/new',
  expiry: '/expiry',
  deliveries: '/deliveries',
  settings: '/settings',
  status: '/status',
} as const;

test.use({ reducedMotion: 'reduce' });

test.beforeAll(async () => {
  test.setTimeout(120_000);
  const endpoints = { shop: shopEndpoints(), appUrl: process.env.E2E_TUNNEL_URL ?? '' };
  await openAppInAdmin(endpoints);
  await seedSampleShop(endpoints);
  await setUpProgram(() => [
    [
      withActions,
      JSON.stringify({
        newsletter: { enabled: true, points: 100 },
        birthday: { enabled: true, points: 200 },
        social_follow: { enabled: true, points: 50, networks: { instagram: '@roastery' } },
      }),
    ],
    [
      `INSERT INTO bonus_campaigns (merchant_id, name, type, start_date, end_date, status, conditions, reward)
       VALUES ($1, 'The week of the cup', 'goal_spend', now() - interval '1 day', now() + interval '6 days', 'active',
               '{"goal_amount": "300.00"}', '{"points": 250}')`,
    ],
  ]);
});

for (const [size, { width, height, tallest }] of Object.entries(sizes)) {
  test(`pictures of the dashboard on a ${size}`, async ({ page }) => {
    test.slow();
    const dashboard = new Dashboard(page);
    const take = async (name: string) => {
      const content = await dashboard.app.locator('body').evaluate((body) => body.scrollHeight);
      const above = await page.locator(dashboard.frame).boundingBox();
      const top = Math.ceil(above?.y ?? 0);
      const whole = Math.min(tallest, Math.max(height, top + content));
      await page.setViewportSize({ width, height: whole });
      // The frame resizes a moment after the page.
      const frameHeight = () => dashboard.app.locator('html').evaluate(() => window.innerHeight);
      await expect.poll(frameHeight).toBeGreaterThanOrEqual(whole - top - 1);
      await painted(dashboard);
      await picture(page, `${name}-${size}`);
      await page.setViewportSize({ width, height });
    };
    await page.setViewportSize({ width, height });
    for (const [name, address] of Object.entries(dashboardPages)) {
      await dashboard.open(address);
      if (name === 'home') await expect(dashboard.app.locator('canvas')).toBeVisible();
      await take(name);
    }
    await dashboard.openCustomer({ email: member, name: 'Ada Larsen' });
    await take('customer');
    await dashboard.press('Adjust points');
    const form = dashboard.app.getByRole('dialog', { name: 'Adjust points' });
    await form.getByLabel('Points').fill('250');
    await form.getByLabel('Reason').fill('Thank you for the kind review');
    await picture(page, `adjust-${size}`);
  });

  test(`pictures of the shop on a ${size}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    const store = new Storefront(page);
    await store.open();
    await picture(page, `block-guest-${size}`);
    await store.openPanel();
    await expect(store.panel.getByText('for every $1 you spend')).toBeVisible();
    await picture(page, `panel-guest-${size}`);

    await store.signIn({ email: member });
    await store.open();
    await expect(store.block.getByText('Available')).toBeVisible();
    await picture(page, `block-member-${size}`);
    await store.openPanel();
    await expect(store.panel.getByText('Next reward')).toBeVisible();
    await picture(page, `panel-member-${size}`);
    await store.tab('Earn').click();
    await expect(store.panel.getByText('Celebrate your birthday')).toBeVisible();
    await picture(page, `panel-earn-${size}`);
    await store.tab('Rewards').click();
    await expect(store.tab('Redeem $5 off')).toBeVisible();
    await picture(page, `panel-rewards-${size}`);
    await store.tab('Redeem $5 off').click();
    await picture(page, `panel-redeem-${size}`);
    await store.tab('Redeem for 500 points').click();
    await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
    await picture(page, `panel-code-${size}`);
    await store.tab('History').click();
    await expect(store.entries.nth(1)).toBeVisible();
    await picture(page, `panel-history-${size}`);

    await store.open('/products/gift-box');
    await expect(page.getByText('Earn 1,000 points')).toBeVisible();
    await picture(page, `product-${size}`);
    await page.getByRole('button', { name: 'Buy now' }).click();
    await page.getByRole('button', { name: 'Pay now' }).click();
    await expect(page.getByText('You earned 1,000 points')).toBeVisible();
    await picture(page, `after-purchase-${size}`);
    await store.open('/pages/rewards');
    await page
      .locator('loyalnest-block')
      .getByRole('button', { name: 'Rewards', exact: true })
      .click();
    await expect(page.locator('loyalnest-block').getByText('Free shipping').first()).toBeVisible();
    await picture(page, `rewards-page-${size}`);
  });
}

for (const width of [320, 768, 1280]) {
  test(`pictures of the content editor at ${width} px`, async ({ page }) => {
    const dashboard = new Dashboard(page);
    const { app } = dashboard;
    await page.setViewportSize({ width, height: width === 1280 ? 900 : 1_900 });
    await dashboard.open('/content');
    const preview = app.frameLocator('.ln-stage iframe[data-shown]');
    await app.getByLabel('Brand color', { exact: true }).fill('#8a2be2');
    await app.getByLabel('Icon').selectOption('Heart');
    if (width < 768) {
      await app.getByRole('button', { name: 'Phone', exact: true }).click();
      await expect(preview.locator('[data-launcher] path[d^="M12 20S4"]')).toBeVisible();
    } else {
      await app.getByRole('tab', { name: 'Panel' }).click();
      await expect(preview.getByRole('dialog').getByText('Next reward')).toBeVisible();
    }
    await painted(dashboard);
    await picture(page, `content-${width}`);
  });
}

for (const width of [320, 768, 1280]) {
  test(`pictures of activity, plan and guide at ${width} px`, async ({ page }) => {
    const dashboard = new Dashboard(page);
    await page.setViewportSize({ width, height: 1_300 });
    await dashboard.open('/activity');
    await expect(dashboard.app.getByRole('table')).toBeVisible();
    await painted(dashboard);
    await picture(page, `activity-log-${width}`);
    await dashboard.open('/settings');
    await dashboard.app.getByRole('heading', { name: 'Free plan' }).scrollIntoViewIfNeeded();
    await painted(dashboard);
    await picture(page, `plan-${width}`);
    await dashboard.open();
    await expect(dashboard.app.getByRole('heading', { name: 'Free plan' })).toBeVisible();
    await expect(dashboard.app.locator('canvas')).toBeVisible();
    await painted(dashboard);
    await picture(page, `guide-${width}`);
  });
}

test('pictures of the console', async ({ page }) => {
  const { ENCRYPTION_KEYS = '', BLIND_INDEX_KEY = '' } = localSecrets(process.env.DATA_DIR ?? '');
  const password = await makeConsoleAdmin(
    process.env.E2E_APP_DATABASE_URL ?? '',
    { ENCRYPTION_KEYS, BLIND_INDEX_KEY },
    { username: 'grace', email: 'grace@example.com', role: 'superadmin' },
  );
  await page.goto(`${process.env.E2E_APP_URL ?? ''}/console`);
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
  await page.getByLabel('Username or email address').fill('grace');
  await page.getByLabel('Password').fill(password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Continue' }).click();
  const key = (await page.getByTestId('key').textContent()) ?? '';
  await picture(page, 'console-authenticator');
  await page.getByLabel('Code', { exact: true }).fill(hotp(fromBase32(key), totpStep(new Date())));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('link', { name: 'I saved my codes' }).click();
  const nav = page.getByRole('navigation');
  for (const name of ['Home', 'Queues', 'Webhooks', 'Team', 'My account']) {
    await nav.getByRole('link', { name }).click();
    await expect(nav.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    await picture(page, `console-${name.toLowerCase().replace(' ', '-')}`);
  }
});

/** Waits two frames: one may be in progress, the next shows the change. */
function painted(dashboard: Dashboard): Promise<unknown> {
  return dashboard.app
    .locator('html')
    .evaluate(
      () =>
        new Promise((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))),
        ),
    );
}

async function picture(page: Page, name: string): Promise<void> {
  // A page with a live stream is never idle.
  await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
}
