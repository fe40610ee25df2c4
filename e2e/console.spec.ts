import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { makeConsoleAdmin } from '#infra/local/console-admin.ts';
import { localSecrets } from '#infra/local/demo-secrets.ts';
import { fromBase32, hotp, totpStep } from '#core/console/totp.rules.ts';
import { accessibilityFindings } from './support/accessibility.ts';
import { enqueue } from './support/queue.ts';
import { deliver, newShopper, placeOrder } from './support/shop.ts';

const app = process.env.E2E_APP_URL ?? '';

async function open(page: Page, path: string): Promise<void> {
  await page.goto(`${app}${path}`);
  await expect(page.locator('html[data-hydrated]')).toBeAttached();
}

test('the first admin signs in with a password and an authenticator, and has a refused delivery processed again', async ({
  page,
}) => {
  const broken: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') broken.push(message.text());
  });
  const { ENCRYPTION_KEYS = '', BLIND_INDEX_KEY = '' } = localSecrets(process.env.DATA_DIR ?? '');
  const password = await makeConsoleAdmin(
    process.env.E2E_APP_DATABASE_URL ?? '',
    { ENCRYPTION_KEYS, BLIND_INDEX_KEY },
    { username: 'ada', email: 'ada@example.com', role: 'superadmin' },
  );
  const { order } = await placeOrder({
    customer: await newShopper('Konrad'),
    subtotal: '12.00',
    paid: false,
  });
  await deliver('orders/paid', { ...order, subtotal_price: 'lots', financial_status: 'paid' });

  await open(page, '/console');
  await page.getByLabel('Username or email address').fill('ada');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('Wrong username or password.');
  await page.getByLabel('Password').fill(password ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('New password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Continue' }).click();
  const key = (await page.getByTestId('key').textContent()) ?? '';
  await page.getByLabel('Code', { exact: true }).fill(hotp(fromBase32(key), totpStep(new Date())));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Save your recovery codes' })).toBeVisible();
  const recovery = (await page.getByRole('listitem').first().textContent()) ?? '';
  await page.getByRole('link', { name: 'I saved my codes' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();

  const nav = page.getByRole('navigation');
  for (const name of ['Home', 'Queues', 'Webhooks', 'Team', 'My account']) {
    await nav.getByRole('link', { name }).click();
    await expect(nav.getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
    expect(await accessibilityFindings(page), name).toEqual([]);
    await page.setViewportSize({ width: 320, height: 700 });
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
      `${name} at 320 px`,
    ).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  // The worker refuses it shortly after.
  await expect(async () => {
    await open(page, '/console/deliveries');
    await expect(page.getByRole('checkbox').first()).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Process selected again' }).click();
  await expect(page.getByRole('status')).toHaveText('Webhooks being processed again: 1');

  await test.step('a job that failed for good runs again, fails again, and is discarded', async () => {
    const job = `left-over-${Date.now()}`;
    // Its data is invalid in every release.
    await enqueue('shopify', 'fetch-order', { left: 'over' }, job);
    const row = page.getByRole('row').filter({ hasText: job });
    const isThere = () =>
      expect(async () => {
        await open(page, '/console/queues?queue=shopify');
        await expect(row).toBeVisible({ timeout: 1_000 });
      }).toPass();
    await isThere();
    await row.getByRole('button', { name: `Retry fetch-order ${job}` }).click();
    await expect(page.getByRole('status')).toHaveText('Jobs retried: 1');
    await isThere();
    await row.getByLabel(`Discard fetch-order ${job}`).click();
    await row.getByRole('button', { name: 'Confirm' }).click();
    await expect(page.getByRole('status')).toHaveText('Jobs discarded: 1');
    await expect(row).toBeHidden();
  });

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in to the console' })).toBeVisible();
  await page.getByLabel('Username or email address').fill('ada@example.com');
  await page.getByLabel('Password').fill('correct horse battery staple');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Code', { exact: true }).fill(recovery);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  // A blocked script or style would be listed here; the wrong password's 401 is listed as well.
  expect(broken.filter((text) => /policy|hydrat/i.test(text))).toEqual([]);
});
