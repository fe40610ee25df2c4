import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Dashboard } from './support/dashboard.ts';

const focusedName = (page: Page, frame: string) =>
  page
    .frameLocator(frame)
    .locator(':focus')
    .evaluate((element) => element.getAttribute('aria-label') ?? element.textContent);

test('the program is turned off after a question; the home page says so, and turns it on', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/program');
  await dashboard.press('Turn off program');
  const question = app.getByRole('dialog', { name: 'Turn off your loyalty program?' });
  await question.getByRole('button', { name: 'Turn off program' }).click();
  await expect(app.getByText('Your loyalty program is off.')).toBeVisible();
  await dashboard.open();
  await expect(app.getByRole('heading', { name: 'Your loyalty program is off' })).toBeVisible();
  await expect(app.getByText('Your loyalty program is live')).toBeHidden();
  await app.getByRole('button', { name: 'Turn on program' }).click();
  await expect(app.getByText('Your loyalty program is on.')).toBeVisible();
  await expect(app.getByRole('heading', { name: 'Your loyalty program is off' })).toBeHidden();
});

test('App Bridge is the first script in the head, after the API key; external links open in the top window', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  for (const path of ['', '/settings', '/nowhere']) {
    await page.goto(`https://admin.shopify.com/store/demo-store/apps/loyalnest/app${path}`);
    await expect(app.locator('head meta[name="shopify-api-key"]')).toHaveAttribute('content', /.+/);
    await expect(app.locator('head script').first()).toHaveAttribute('src', /app-bridge\.js$/);
  }
  for (const path of ['', '/settings', '/rewards', '/program']) {
    await dashboard.open(path);
    const outside = await app
      .locator('a[href^="http"], a[href^="//"]')
      .evaluateAll((links) =>
        links
          .filter((link) => !['_top', '_blank'].includes(link.getAttribute('target') ?? ''))
          .map((link) => link.getAttribute('href')),
      );
    expect(outside, path).toEqual([]);
  }
  await expect(app.locator('s-app-nav s-link[href="/app/customers"]')).toHaveCount(1);
});

test('creating a reward is confirmed; deleting it keeps the keyboard focus', async ({ page }) => {
  test.slow();
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  const make = async () => {
    await dashboard.open('/rewards/new?template=amount_off');
    await dashboard.save();
    await expect(app.getByText('Reward created.')).toBeVisible();
  };
  await make();
  await make();
  await dashboard.open('/rewards');
  const remove = app.getByRole('button', { name: /^Delete / });
  const before = await remove.count();
  await remove.first().focus();
  await page.keyboard.press('Enter');
  await expect(remove).toHaveCount(before - 1);
  await expect.poll(() => app.locator('body:focus').count()).toBe(0);
  expect(await focusedName(page, dashboard.frame)).toBeTruthy();
});

test('the first refused field gets the focus, and Esc returns it to what opened a dialog', async ({
  page,
}) => {
  const dashboard = new Dashboard(page);
  const { app } = dashboard;
  await dashboard.open('/settings');
  await app.getByLabel('Singular (French)').fill('étoile');
  await app.getByLabel('Plural (French)').fill('');
  await dashboard.save();
  await expect(app.getByLabel('Plural (French)')).toBeFocused();

  await dashboard.open('/rewards');
  const opener = app.getByRole('button', { name: 'Create reward' }).first();
  await opener.focus();
  await page.keyboard.press('Enter');
  await expect(app.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(app.getByRole('dialog')).toBeHidden();
  await expect(opener).toBeFocused();
});

for (const width of [390, 640, 1280]) {
  test(`no badge breaks its word, in any language, at ${width} px`, async ({ page }) => {
    test.slow();
    await page.setViewportSize({ width, height: 900 });
    const dashboard = new Dashboard(page);
    for (const path of ['', '/rewards', '/campaigns', '/deliveries', '/tiers', '/activity']) {
      await dashboard.open(path, 'fr');
      const broken = await dashboard.app.locator('.Polaris-Badge').evaluateAll((badges) =>
        badges
          .filter((badge) => {
            // Each line of each text in it; text for screen readers is at most one pixel wide.
            const texts = document.createTreeWalker(badge, NodeFilter.SHOW_TEXT);
            for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
              const range = document.createRange();
              range.selectNodeContents(text);
              const tops = [...range.getClientRects()]
                .filter((box) => box.width > 1 && box.height > 1)
                .map((box) => box.top);
              if (Math.max(...tops) - Math.min(...tops) > 4) return true;
            }
            return badge.getBoundingClientRect().height > 30;
          })
          .map((badge) => badge.textContent),
      );
      expect(broken, path).toEqual([]);
    }
  });
}
