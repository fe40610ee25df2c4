import { expect, test } from '@playwright/test';
import type { Locator, Page, TestInfo } from '@playwright/test';
import { setUpProgram } from './support/program.ts';
import { ADMIN } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const clicksAtMost = 12;
const msAtMost = 5 * 60_000;
/** Someone who sees a page for the first time reads before they click. */
const readingMs = 20_000;

/** Clicks as a person would, counts, and keeps a picture of what each click led to. */
class Visitor {
  page: Page;
  clicks = 0;
  readonly #info: TestInfo;
  readonly #started = Date.now();

  constructor(page: Page, info: TestInfo) {
    this.page = page;
    this.#info = info;
  }

  /** @param until what shows that the click has worked */
  async click(what: string, target: Locator, until: () => Locator): Promise<void> {
    await target.click();
    this.clicks += 1;
    await expect(until()).toBeVisible({ timeout: 20_000 });
    await this.#info.attach(`${String(this.clicks).padStart(2, '0')} ${what}`, {
      body: await this.page.screenshot(),
      contentType: 'image/png',
    });
  }

  get ms(): number {
    return Date.now() - this.#started + this.clicks * readingMs;
  }
}

test.beforeAll(() =>
  setUpProgram(() => [
    [
      `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency, config)
       VALUES ($1, 'amount_off', '{"en": "First reward"}', 500, 5, 'USD', '{"mode": "fixed", "code_prefix": "FIRST"}')`,
    ],
  ]),
);
test.afterAll(() =>
  setUpProgram(() => [
    [
      `UPDATE rewards SET status = 'deleted' WHERE merchant_id = $1 AND title->>'en' = 'First reward'`,
    ],
  ]),
);

test('from the first page of the demo to a first reward takes at most 12 clicks and 5 minutes', async ({
  page,
  context,
}, info) => {
  test.slow();
  await page.goto(`${ADMIN}/apps/loyalnest/app`);
  await expect(
    page.frameLocator('iframe[name="app-iframe"]').getByRole('heading', { level: 1 }),
  ).toBeVisible();
  const visitor = new Visitor(page, info);
  await info.attach('00 LoyalNest in the admin', {
    body: await page.screenshot(),
    contentType: 'image/png',
  });

  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: 'View your store' }).click();
  visitor.clicks += 1;
  const shop = await opened;
  visitor.page = shop;
  const store = new Storefront(shop);
  const { panel } = store;
  await expect(store.block).toBeVisible();

  await visitor.click('sign in', shop.getByRole('link', { name: 'Sign in' }).first(), () =>
    shop.getByRole('button', { name: /^Ada Larsen/ }),
  );
  await visitor.click('as Ada', shop.getByRole('button', { name: /^Ada Larsen/ }), () =>
    shop.getByRole('heading', { name: /Ada/ }),
  );
  await visitor.click(
    'back to the shop',
    shop.getByRole('banner').getByRole('link').first(),
    () => store.block,
  );
  await visitor.click('a product', shop.locator('a[href$="/products/gift-box"]').first(), () =>
    shop.getByRole('button', { name: 'Buy now' }),
  );
  await visitor.click('buy', shop.getByRole('button', { name: 'Buy now' }), () =>
    shop.getByRole('button', { name: 'Pay now' }),
  );
  await visitor.click('pay', shop.getByRole('button', { name: 'Pay now' }), () =>
    shop.getByRole('heading', { name: /^Thank you/ }),
  );
  await visitor.click('the panel', store.launcher, () => panel);
  await visitor.click('rewards', store.tab('Rewards'), () => store.tab('Redeem First reward'));
  await visitor.click('a reward', store.tab('Redeem First reward'), () =>
    store.tab('Redeem for 500 points'),
  );
  await visitor.click('redeem', store.tab('Redeem for 500 points'), () =>
    panel.getByRole('heading', { name: 'Reward redeemed' }),
  );
  await expect(panel.locator('code')).toHaveText(/^FIRST-/);

  const spent = visitor.ms;
  info.annotations.push({ type: 'clicks', description: String(visitor.clicks) });
  process.stdout.write(
    `  A first reward after ${visitor.clicks} clicks: ${(spent / 1_000).toFixed(0)} s, with ${readingMs / 1_000} s to read before each.\n`,
  );
  expect(visitor.clicks).toBeLessThanOrEqual(clicksAtMost);
  expect(spent).toBeLessThan(msAtMost);
});
