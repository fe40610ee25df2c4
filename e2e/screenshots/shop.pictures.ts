import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { z } from 'zod';
import { Checkout, goodsOfShop } from '../support/checkout.ts';
import { control, placeOrder, refundOrder } from '../support/shop.ts';
import { Storefront } from '../support/storefront.ts';
import { Camera } from './camera.ts';
import { panelWords } from './shop-words.ts';
import { optionsOf, views } from './views.ts';
import type { View } from './views.ts';

const names = { en: 'Hazel Whitaker', es: 'Lucía Ferrer', fr: 'Élise Moreau' } as const;
const made = z.object({ customer: z.object({ id: z.number() }) });
const surface = (page: Page, what: string) =>
  page.frameLocator(`iframe[title="LoyalNest: ${what}"]`);

/** A member with a history: two orders, one partly returned. */
async function shopperOf({ language }: View) {
  const name = names[language];
  const [firstName, lastName] = name.split(' ');
  const email = `${firstName}.${randomUUID().slice(0, 6)}@shopper.example`.toLowerCase();
  const { customer } = await control(
    'customer',
    { email, first_name: firstName, last_name: lastName, state: 'enabled', wait: true },
    made,
  );
  const shopper = { id: customer.id, email, name };
  await placeOrder({ customer: shopper, subtotal: '128.00' });
  const { order } = await placeOrder({ customer: shopper, subtotal: '42.00' });
  await refundOrder(order, { fraction: 0.5 });
  return shopper;
}

for (const view of views()) {
  test.describe(`the shop, ${view.language} at ${view.width} px`, () => {
    test.use(optionsOf(view));

    test('the theme’s blocks and the panel', async ({ page }) => {
      test.setTimeout(180_000);
      const camera = new Camera(page, view);
      const store = new Storefront(page);
      const word = panelWords(view.language);
      const press = (key: string) =>
        store.panel
          .getByRole('button', { name: word(key) })
          .first()
          .click();
      await store.open('/', view.language);
      await camera.wholePage('shop', 'home-guest');
      await store.openPanel();
      await expect(store.panel.getByText(word('purchase_text'))).toBeVisible();
      await camera.screen('shop', 'panel-guest');

      await store.signIn(await shopperOf(view));
      await store.open('/', view.language);
      await expect(store.amount).not.toHaveText(/^0/);
      await camera.wholePage('shop', 'home-member');
      await store.openPanel();
      await expect(store.panel.getByRole('button', { name: word('history') })).toBeVisible();
      await expect(store.panel.getByText(word('loading'))).toBeHidden();
      await camera.screen('shop', 'panel-home');
      for (const tab of ['earn', 'rewards', 'tiers', 'history'] as const) {
        await press(tab);
        await expect(store.entries.first()).toBeVisible();
        await camera.screen('shop', `panel-${tab}`);
      }
      await press('rewards');
      await press('redeem_named');
      await expect(store.panel.getByRole('heading', { name: word('confirm_title') })).toBeVisible();
      await camera.screen('shop', 'panel-redeem');
      await press('confirm');
      await expect(store.panel.getByRole('heading', { name: word('ready') })).toBeVisible({
        timeout: 20_000,
      });
      await camera.screen('shop', 'panel-code');
    });

    test('the pages with blocks, from the product to the account', async ({ page }) => {
      test.setTimeout(180_000);
      const camera = new Camera(page, view);
      const store = new Storefront(page);
      const checkout = new Checkout(page);
      const goods = await goodsOfShop();
      const handle = goods.products[0]?.handle ?? '';
      const root = view.language === 'en' ? '' : `/${view.language}`;
      await store.open(`/products/${handle}`, view.language);
      await camera.wholePage('shop', 'product');
      await checkout.put(goods, handle);
      await store.open('/checkout', view.language);
      await surface(page, 'points at the checkout').locator('s-text').first().waitFor();
      await camera.wholePage('shop', 'checkout-guest');

      await store.signIn(await shopperOf(view));
      await store.open('/cart', view.language);
      await camera.wholePage('shop', 'cart');
      await store.open('/checkout', view.language);
      await surface(page, 'points at the checkout').locator('s-select').first().waitFor();
      await camera.wholePage('shop', 'checkout-member');
      await page.locator('button[name="paid"][value="yes"]').click();
      await page.waitForURL(/thank-you/);
      await surface(page, 'points after the purchase').locator('s-paragraph').waitFor();
      await camera.wholePage('shop', 'thank-you');
      await store.open('/account', view.language);
      await surface(page, 'points in the account').locator('s-link').waitFor();
      await camera.wholePage('shop', 'account');
      await page.locator('.orders a').first().click();
      await surface(page, 'points of an order').locator('s-paragraph').waitFor();
      await camera.wholePage('shop', 'account-order');
      await store.open('/account/rewards', view.language);
      await surface(page, 'points and rewards').locator('s-button').first().waitFor();
      await camera.wholePage('shop', 'account-rewards');
      await store.open('/pages/rewards', view.language);
      await expect(page.locator('loyalnest-block').getByRole('button').first()).toBeVisible();
      await camera.wholePage('shop', 'rewards-page');
      await store.open('/pos', view.language);
      await surface(page, 'tile of the POS').getByRole('button').click();
      await surface(page, 'points at the POS').locator('s-button').first().waitFor();
      await camera.wholePage('shop', 'pos');
      expect(page.url()).toContain(`${root}/pos`);
    });

    test('while the app is away, and while it is slow', async ({ page }) => {
      test.setTimeout(120_000);
      const camera = new Camera(page, view);
      const store = new Storefront(page);
      await store.open('/pos', view.language);
      await surface(page, 'tile of the POS').getByRole('button').click();
      await surface(page, 'points at the POS').locator('s-empty-state').waitFor();
      await camera.wholePage('states', 'pos-no-customer');

      await store.signIn(await shopperOf(view));
      const held = Promise.withResolvers<undefined>();
      await page.route(/\/(extension|apps\/loyalnest)\//, async (route) => {
        await held.promise;
        await route.abort();
      });
      await store.open('/', view.language);
      await store.openPanel();
      await camera.screen('states', 'panel-loading');
      await store.open('/account/rewards', view.language);
      await expect(page.locator('iframe.surface')).toBeAttached();
      await camera.wholePage('states', 'account-loading');
      await store.open('/pos', view.language);
      await surface(page, 'tile of the POS').getByRole('button').click();
      await surface(page, 'points at the POS').locator('s-spinner').waitFor();
      await camera.wholePage('states', 'pos-loading');
      held.resolve(undefined);
      await surface(page, 'points at the POS').locator('s-banner').waitFor();
      await camera.wholePage('states', 'pos-failed');
      await store.open('/', view.language);
      await store.openPanel();
      await expect(
        store.panel.getByRole('button', { name: panelWords(view.language)('retry') }),
      ).toBeVisible();
      await camera.screen('states', 'panel-failed');
      await store.open('/account/rewards', view.language);
      await surface(page, 'points and rewards').locator('s-banner').waitFor();
      await camera.wholePage('states', 'account-failed');

      await page.addInitScript(() =>
        Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false }),
      );
      await store.open('/pos', view.language);
      await surface(page, 'tile of the POS').getByRole('button').click();
      await surface(page, 'points at the POS').locator('s-empty-state').waitFor();
      await camera.wholePage('states', 'pos-offline');
    });
  });
}
