import { expect, test } from '@playwright/test';
import { Camera } from './camera.ts';
import { dashboardPages } from './pages.ts';
import { optionsOf, views } from './views.ts';

const addresses = Object.values(dashboardPages).flatMap((pages) => Object.entries(pages));

for (const view of views()) {
  test.describe(`the dashboard, ${view.language} at ${view.width} px`, () => {
    test.use(optionsOf(view));

    test('each of its pages', async ({ page }) => {
      test.setTimeout(240_000);
      const camera = new Camera(page, view);
      const { dashboard } = camera;
      const { app } = dashboard;
      for (const [name, address] of addresses) {
        await dashboard.open(address, view.language);
        // The chart is drawn after the page.
        if (name === 'home')
          await app
            .locator('canvas, svg[role="img"]')
            .first()
            .waitFor({ timeout: 5_000 })
            .catch(() => undefined);
        await camera.dashboardPage(name === 'not-found' ? 'states' : 'admin', name);
      }
      await dashboard.open('/customers', view.language);
      await app.locator('main a[href*="/app/customers/"]').first().click();
      await page.waitForURL(/\/app\/customers\/[\da-f-]{36}/);
      await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
      await camera.dashboardPage('admin', 'customer');
    });

    test('a form that is refused, a search without results, pages on their way', async ({
      page,
    }) => {
      test.setTimeout(120_000);
      const camera = new Camera(page, view);
      const { dashboard } = camera;
      const { app } = dashboard;
      await dashboard.open('/customers?query=nobody@nowhere.example', view.language);
      await camera.dashboardPage('states', 'customers-no-results');
      await dashboard.open('/activity?query=nobody@nowhere.example', view.language);
      await camera.dashboardPage('states', 'activity-no-results');

      await dashboard.open('/rewards/new?template=amount_off', view.language);
      const points = app.locator('input[type="number"], input[inputmode="numeric"]').first();
      await points.fill('0');
      await dashboard.saveBar.locator('#save').click();
      await expect(
        app.locator('.Polaris-InlineError, [aria-invalid="true"]').first(),
      ).toBeVisible();
      await camera.dashboardPage('states', 'reward-refused');

      // The document ends where its late parts would follow, so what stands in their place stays.
      await page.route(/\/app\?/, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text()).replace(/<div hidden="?"? id="S:[\s\S]*$/, '');
        await route.fulfill({ response: answer, body });
      });
      await page.goto(dashboard.addressOf('', view.language));
      await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
      // Figures that were ready before the page was are in its first part.
      if (await app.locator('[class*="Polaris-Skeleton"]').first().isVisible())
        await camera.dashboardPage('states', 'home-loading');
    });
  });
}
