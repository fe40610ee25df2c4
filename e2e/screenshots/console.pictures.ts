import { expect, test } from '@playwright/test';
import { fromBase32, hotp, totpStep } from '#core/console/totp.rules.ts';
import { makeConsoleAdmin } from '#infra/local/console-admin.ts';
import { localSecrets } from '#infra/local/demo-secrets.ts';
import { Camera } from './camera.ts';
import { optionsOf, views } from './views.ts';

const app = process.env.E2E_APP_URL ?? '';
const chosen = 'correct horse battery staple';

for (const view of views()) {
  test.describe(`the console, ${view.language} at ${view.width} px`, () => {
    test.use(optionsOf(view));

    test('signing in, and each page', async ({ page }) => {
      test.setTimeout(120_000);
      const camera = new Camera(page, view);
      const { ENCRYPTION_KEYS = '', BLIND_INDEX_KEY = '' } = localSecrets(
        process.env.DATA_DIR ?? '',
      );
      const username = `grace-${view.language}-${view.width}`;
      const password = await makeConsoleAdmin(
        process.env.E2E_APP_DATABASE_URL ?? '',
        { ENCRYPTION_KEYS, BLIND_INDEX_KEY },
        { username, email: `${username}@example.com`, role: 'superadmin' },
      );
      const next = () => page.locator('form button[type="submit"]').last().click();
      await page.goto(app);
      await camera.wholePage('admin', 'public-page');
      await page.goto(`${app}/console`);
      await expect(page.locator('html[data-hydrated]')).toBeAttached();
      await camera.wholePage('admin', 'console-sign-in');
      await page.locator('input:not([type="hidden"])').first().fill(username);
      await page.locator('input[type="password"]').fill(password ?? '');
      await next();
      await page.locator('input[autocomplete="new-password"]').fill(chosen);
      await next();
      const key = (await page.getByTestId('key').textContent()) ?? '';
      await camera.wholePage('admin', 'console-authenticator');
      await page
        .locator('input[autocomplete="one-time-code"]')
        .fill(hotp(fromBase32(key), totpStep(new Date())));
      await next();
      await page.locator('a[href="/console"]').last().click();
      const links = page.getByRole('navigation').first().getByRole('link');
      const addresses = await links.evaluateAll((all) =>
        all.map((link) => link.getAttribute('href') ?? ''),
      );
      for (const address of addresses) {
        await page.goto(`${app}${address}`);
        await expect(page.locator('html[data-hydrated]')).toBeAttached();
        await camera.wholePage(
          'admin',
          `console${address.replace('/console', '').replace('/', '-')}`,
        );
      }
      // A new browser is asked for a code.
      await page.context().clearCookies();
      await page.goto(`${app}/console`);
      await page.locator('input:not([type="hidden"])').first().fill(username);
      await page.locator('input[type="password"]').fill(chosen);
      await next();
      await page.locator('input[autocomplete="one-time-code"]').waitFor();
      await camera.wholePage('admin', 'console-code');
    });
  });
}
