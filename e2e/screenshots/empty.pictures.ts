import { expect, test } from '@playwright/test';
import { openAppInAdmin } from '#infra/local/shop-endpoints.ts';
import { newShopper, shopEndpoints } from '../support/shop.ts';
import { Storefront } from '../support/storefront.ts';
import { Camera } from './camera.ts';
import { optionsOf, views } from './views.ts';

// A shop on its first day: nothing was sold, no one has points, nothing was set.
const pages = {
  home: '',
  program: '/program',
  rewards: '/rewards',
  tiers: '/tiers',
  campaigns: '/campaigns',
  customers: '/customers',
  activity: '/activity',
  deliveries: '/deliveries',
  expiry: '/expiry',
} as const;

test.beforeAll(async () => {
  await openAppInAdmin({ shop: shopEndpoints(), appUrl: process.env.E2E_TUNNEL_URL ?? '' });
});

for (const view of views()) {
  test.describe(`an empty shop, ${view.language} at ${view.width} px`, () => {
    test.use(optionsOf(view));

    test('the dashboard', async ({ page }) => {
      test.setTimeout(120_000);
      const camera = new Camera(page, view);
      for (const [name, address] of Object.entries(pages)) {
        await camera.dashboard.open(address, view.language);
        await camera.dashboardPage('states', `${name}-empty`);
      }
    });

    test('the shop, to a new member', async ({ page }) => {
      const camera = new Camera(page, view);
      const store = new Storefront(page);
      await store.signIn(await newShopper('Nora'));
      await store.open('/', view.language);
      await expect(store.block).toBeVisible();
      await store.openPanel();
      await camera.screen('states', 'panel-empty');
      await store.open('/account/rewards', view.language);
      await expect(page.frameLocator('iframe.surface').locator('s-page')).toBeVisible();
      await camera.wholePage('states', 'account-empty');
    });
  });
}
