import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { FakeShop, aProgram, aRedemption, aWidget } from '../extensions/testing/fake-shop.ts';
import { closePanel } from './support/storefront.ts';

// The widget in states that are hard to reach in a complete shop; other journeys cover the rest.
let shop: FakeShop;
let address: string;

test.beforeEach(async () => {
  shop = new FakeShop();
  address = await shop.start();
});
test.afterEach(() => shop.stop());

const launcher = (page: Page) => page.locator('loyalnest-launcher').getByRole('button');
const balance = (page: Page) => page.locator('loyalnest-balance [data-amount]');
const panel = (page: Page) => page.getByRole('dialog');
const tab = (page: Page, name: string) =>
  panel(page).getByRole('button', { name, exact: true }).first();
const refresh = (page: Page) =>
  page.evaluate(() => document.dispatchEvent(new Event('loyalnest:refresh')));

async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help }) => `${id}: ${help}`);
}

async function openPanel(page: Page): Promise<void> {
  await page.goto(address);
  await launcher(page).click();
  await expect(panel(page)).toBeVisible();
}

function guest(): void {
  shop.context = { shopper: null };
  shop.widget = { ...aProgram(), customer: null, recent: [], redemptions: [], expiries: [] };
}

test('without script a member sees the balance, and the buttons are links', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByText('1,250').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'View points balance' })).toBeVisible();
  await context.close();
});

test('there is no layout shift, and the panel is not loaded before it is needed', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  shop.widget = aWidget({ balance: 9870, held: 120 });
  await page.goto(address);
  await expect(balance(page)).toHaveText('9,870 points');
  await expect(page.getByText('120 points on hold')).toBeVisible();
  expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
  expect(shop.requests.filter((request) => request.includes('panel'))).toEqual([]);

  await launcher(page).hover();
  await expect.poll(() => shop.requests.join()).toContain('/assets/loyalnest-panel.js');
});

test('a guest causes no request until the panel is opened, and is invited', async ({ page }) => {
  guest();
  await page.goto(address);
  await page.waitForTimeout(300);
  expect(shop.requests.filter((request) => request.startsWith('widget'))).toEqual([]);
  await launcher(page).click();
  await expect(
    panel(page).getByRole('heading', { name: 'Earn points with every order' }),
  ).toBeVisible();
  await expect(panel(page).getByRole('link', { name: 'Create account' })).toHaveAttribute(
    'href',
    '/account/register',
  );
  await expect(panel(page).getByText('10 points for every $1 you spend')).toBeVisible();
  await expect(tab(page, 'History')).toBeHidden();
  await expect(panel(page).getByRole('button', { name: /subscribed/ })).toBeHidden();
  expect(await serious(page)).toEqual([]);
});

test('the panel can be opened, used and closed by keyboard', async ({ page }) => {
  await page.goto(address);
  await launcher(page).focus();
  await page.keyboard.press('Space');
  await expect(panel(page)).toBeVisible();
  await expect(launcher(page)).toHaveAttribute('aria-expanded', 'true');
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press(step < 6 ? 'Tab' : 'Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('loyalnest-panel');
  }
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(launcher(page)).toBeFocused();
  await expect(launcher(page)).toHaveAttribute('aria-expanded', 'false');
});

test('a change appears everywhere within a second of its event; without a change the answer is 304', async ({
  page,
}) => {
  await openPanel(page);
  shop.widget = aWidget({ balance: 1370 });
  await refresh(page);
  await expect(panel(page).locator('.amount')).toHaveText('1,370 points', { timeout: 1000 });
  await expect(balance(page)).toHaveText('1,370 points');
  await page.keyboard.press('Escape');
  await expect(launcher(page)).toHaveAccessibleName('View points balance: 1,370 points');
  shop.requests.length = 0;
  await refresh(page);
  await expect.poll(() => shop.requests[0]).toBe('widget 304');
});

test('the history loads page by page, each entry with its explanation', async ({ page }) => {
  await page.goto(address);
  await page.getByRole('button', { name: 'See history' }).click();
  const entries = panel(page).getByRole('listitem');
  await expect(entries).toHaveCount(5);
  await expect(entries.nth(1)).toContainText('Entry 2 explained.');
  await expect(entries.nth(1)).toContainText('-60');
  await tab(page, 'Show more').click();
  await tab(page, 'Show more').click();
  await expect(entries).toHaveCount(12);
  await expect(tab(page, 'Show more')).toBeHidden();
  expect(await serious(page)).toEqual([]);
});

test('a failing server leaves what Liquid rendered, shows an error, and can be retried', async ({
  page,
}) => {
  shop.status = 503;
  await openPanel(page);
  await expect(panel(page).locator('.amount')).toHaveText('1,250 points');
  await expect(panel(page).getByRole('alert')).toContainText('We couldn’t load this');
  expect(await serious(page)).toEqual([]);
  shop.status = 200;
  await tab(page, 'Try again').click();
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await expect(panel(page).getByRole('alert')).toBeHidden();
});

test('being offline is shown, and the widget catches up automatically', async ({
  page,
  context,
}) => {
  await openPanel(page);
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await context.setOffline(true);
  await refresh(page);
  await expect(panel(page).getByRole('alert')).toContainText('You’re offline');
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await context.setOffline(false);
  await expect(panel(page).getByRole('alert')).toBeHidden();
});

test('a named skeleton is shown until the first response', async ({ page }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  shop.gate = promise;
  await openPanel(page);
  await expect(panel(page).getByText('Loading')).toBeAttached();
  expect(await serious(page)).toEqual([]);
  resolve();
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
});

test('theme and widget do not affect each other', async ({ page }) => {
  shop.head =
    '<style>a,b,p,span,section,dialog,button { all: unset !important; color: red !important; font-size: 40px !important } * { text-transform: uppercase; letter-spacing: 1em }</style>';
  await openPanel(page);
  for (const part of [balance(page).locator('b'), tab(page, 'Home')]) {
    await expect(part).not.toHaveCSS('color', 'rgb(255, 0, 0)');
    await expect(part).toHaveCSS('text-transform', 'none');
    await expect(part).toHaveCSS('letter-spacing', /^(normal|-?0\.\d+px)$/);
  }
  await expect(page.locator('#below')).toHaveCSS('color', 'rgb(255, 0, 0)');
});

test('text is readable with any brand color', async ({ page }) => {
  test.slow();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  // The theme editor allows any color; LoyalNest only those that carry white text, shown unchanged.
  for (const [from, brand, scheme] of [
    ['theme', '#ffee00', 'light'],
    ['theme', '#ffffff', 'light'],
    ['theme', '#000000', 'dark'],
    ['theme', '#ff00ff', 'dark'],
    ['LoyalNest', '#1d8828', 'light'],
    ['LoyalNest', '#d6006c', 'dark'],
  ] as const) {
    shop.context = {
      shopper: { balance: 1250 },
      choices: { scheme, ...(from === 'theme' && { brand }) },
      ...(from === 'LoyalNest' && { settings: { launcher: { color: brand } } }),
    };
    shop.widget = { ...aWidget(), ...(from === 'LoyalNest' && { branding: { color: brand } }) };
    await openPanel(page);
    await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
    const { passes, violations, incomplete } = await new AxeBuilder({ page })
      .include('loyalnest-panel')
      .withRules(['color-contrast'])
      .analyze();
    // What the panel clips cannot be measured.
    const unmeasured = incomplete
      .flatMap(({ nodes }) => nodes)
      .filter(({ any }) =>
        any.some(
          ({ data }) =>
            (data as { messageKey?: string } | null)?.messageKey !== 'elmPartiallyObscured',
        ),
      );
    expect([...violations, ...unmeasured], `${brand} ${scheme}`).toEqual([]);
    expect(passes[0]?.nodes.length).toBeGreaterThan(10);
  }
});

for (const width of [320, 768]) {
  test(`at ${width} px nothing sticks out, in either direction of writing`, async ({ page }) => {
    await page.setViewportSize({ width, height: 640 });
    for (const direction of ['ltr', 'rtl'] as const) {
      shop.direction = direction;
      shop.context = { shopper: { balance: 1_234_567 }, locale: 'fr' };
      shop.widget = aWidget({ balance: 1_234_567 });
      await openPanel(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      const box = await panel(page).boundingBox();
      expect(box?.x).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
      const sideways = await panel(page).evaluate(
        (dialog) => dialog.scrollWidth - dialog.clientWidth,
      );
      expect(sideways).toBe(0);
    }
    shop.direction = 'ltr';
    shop.context = { shopper: { balance: 1250 } };
    shop.widget = aProgram();
    await openPanel(page);
    for (const view of ['Home', 'Earn', 'Rewards', 'Refer', 'Tiers', 'History']) {
      await tab(page, view).click();
      await expect(panel(page).getByRole('region', { name: view })).toHaveAttribute(
        'aria-busy',
        'false',
      );
      const content = panel(page).getByRole('region');
      expect(await content.evaluate((one) => one.scrollWidth - one.clientWidth), view).toBe(0);
    }
  });
}

test('no view has an accessibility finding, in light and dark', async ({ page }) => {
  test.slow();
  const views = {
    light: ['Home', 'Earn', 'Rewards', 'Refer', 'Tiers', 'History'],
    dark: ['Rewards', 'Refer', 'Tiers'],
  };
  for (const [scheme, names] of Object.entries(views)) {
    shop.context = { shopper: { balance: 1250 }, choices: { scheme } };
    shop.widget = aProgram();
    await openPanel(page);
    for (const view of names) {
      await tab(page, view).click();
      await expect(panel(page).getByRole('region', { name: view })).toHaveAttribute(
        'aria-busy',
        'false',
      );
      expect(await serious(page), `${view}, ${scheme}`).toEqual([]);
    }
  }
  await tab(page, 'Rewards').click();
  await tab(page, 'Return').click();
  expect(await serious(page), 'returning').toEqual([]);
});

test('a reward is redeemed once, after confirming its cost; its code can be copied and links to the cart', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  shop.widget = aProgram();
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem $5 off').click();
  await expect(panel(page).getByRole('heading', { name: 'Redeem this reward?' })).toBeFocused();
  await expect(panel(page).getByText('It costs 500 points. You keep 750 points.')).toBeVisible();
  expect(await serious(page)).toEqual([]);

  shop.status = 503;
  await tab(page, 'Redeem for 500 points').click();
  await expect(panel(page).getByRole('alert').last()).toHaveText(
    'Something went wrong. Nothing changed.',
  );
  shop.status = 200;
  await tab(page, 'Redeem for 500 points').click();
  await expect(panel(page).getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
  await expect(panel(page).getByRole('status')).toHaveText('Reward redeemed');
  expect(await serious(page)).toEqual([]);
  const keys = new Set(shop.actions.map(({ body }) => body.idempotency_key));
  expect([shop.actions.length, keys.size]).toEqual([2, 1]);
  expect(shop.actions[0]?.body).toMatchObject({ reward_id: 'r1' });

  await tab(page, 'Copy code LN-7KQ2').click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('LN-7KQ2');
  await expect(panel(page).getByText('Copied').last()).toBeVisible();
  await expect(panel(page).getByRole('link', { name: 'Use in cart: LN-7KQ2' })).toHaveAttribute(
    'href',
    '/discount/LN-7KQ2?redirect=/cart',
  );
  await tab(page, 'Back').click();
  await expect(tab(page, 'Redeem $5 off')).toBeVisible();
});

test('the shopper chooses the amount of a flexible reward', async ({ page }) => {
  shop.widget = aProgram();
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem Store credit').click();
  const range = panel(page).getByRole('slider', { name: 'Points to redeem' });
  await range.focus();
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowRight');
  await expect(panel(page).getByText('You get $5', { exact: true })).toBeVisible();
  await expect(range).toHaveAttribute('aria-valuetext', '500 points');
  await tab(page, 'Redeem for 500 points').click();
  await expect.poll(() => shop.actions[0]?.body.points).toBe(500);
});

test('a slow code is waited for; a failed one says that the points were returned', async ({
  page,
}) => {
  shop.widget = aProgram();
  const { code: _, apply_url: __, ...pending } = aRedemption({ status: 'pending' });
  shop.redemption = pending;
  shop.settled = aRedemption();
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem $5 off').click();
  await tab(page, 'Redeem for 500 points').click();
  await expect(panel(page).getByRole('heading', { name: 'Preparing your reward…' })).toBeVisible();
  await expect(panel(page).getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();

  shop.settled = { ...pending, status: 'failed' };
  await tab(page, 'Back').click();
  await tab(page, 'Redeem $5 off').click();
  await tab(page, 'Redeem for 500 points').click();
  await expect(
    panel(page).getByRole('heading', { name: /Your points were returned/ }),
  ).toBeVisible();
});

test('a refusal is explained; an unused code is returned after a confirmation', async ({
  page,
}) => {
  shop.widget = aProgram();
  shop.refusal = 'insufficient_points';
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem $5 off').click();
  await tab(page, 'Redeem for 500 points').click();
  await expect(panel(page).getByRole('alert')).toHaveText('You don’t have enough points for this.');
  await tab(page, 'Cancel').click();

  shop.refusal = null;
  await tab(page, 'Return').click();
  await expect(panel(page).getByText('Return this code for 500 points?')).toBeFocused();
  shop.widget = { ...aProgram(), redemptions: [] };
  await tab(page, 'Return').click();
  await expect(panel(page).getByRole('status')).toHaveText('500 points returned to your balance.');
  await expect(panel(page).getByText('LN-7KQ2')).toBeHidden();
  expect(shop.actions.at(-1)?.path).toBe(`redemptions/${aRedemption().id}/return`);
});

test('each action is claimed in its own way, and its result is explained', async ({
  page,
  context,
}) => {
  shop.widget = aProgram();
  await context.route('https://*/**', (route) => route.fulfill({ body: 'elsewhere' }));
  await openPanel(page);
  await tab(page, 'Earn').click();
  await tab(page, 'I’ve subscribed').click();
  await expect(panel(page).getByText('100 points added').last()).toBeVisible();

  shop.claim = { granted: 0, status: 'recorded', balance: 1250 };
  // Only days of the chosen month can be selected, in either order of the two fields.
  const day = panel(page).getByRole('combobox', { name: 'Day' });
  const month = panel(page).getByRole('combobox', { name: 'Month' });
  const days = () =>
    day.evaluate(
      (select: HTMLSelectElement) =>
        [...select.options].filter(({ disabled, value }) => !disabled && value !== '').length,
    );
  await day.selectOption('30');
  await month.selectOption('February');
  await expect(day).toHaveValue('');
  expect(await days()).toBe(29);
  await tab(page, 'Save').click();
  await month.selectOption('April');
  expect(await days()).toBe(30);
  await month.selectOption('July');
  expect(await days()).toBe(31);
  await month.selectOption('February');
  await day.selectOption('29');
  await tab(page, 'Save').click();
  await expect(
    panel(page).getByText('Saved. Points arrive once it’s confirmed.').last(),
  ).toBeVisible();

  shop.claim = { granted: 0, status: 'limit_reached', balance: 1250 };
  await tab(page, 'Share on X').click();
  await expect(panel(page).getByText('Limit reached.').last()).toBeVisible();
  await panel(page).getByRole('link', { name: 'Follow on Instagram' }).click();
  await expect.poll(() => shop.actions.length).toBe(4);
  expect(
    shop.actions.map(({ body: { idempotency_key: key, ...body } }) => [typeof key, body]),
  ).toEqual([
    ['string', { action: 'newsletter' }],
    ['string', { action: 'birthday', birthday: '02-29' }],
    ['string', { action: 'social_share', network: 'x' }],
    ['string', { action: 'social_follow', network: 'instagram' }],
  ]);
  await expect(panel(page).getByText('4 left')).toBeVisible();
  expect(await serious(page)).toEqual([]);
});

test('a chosen language is used everywhere and remembered', async ({ page }) => {
  shop.widget = aProgram();
  await openPanel(page);
  await panel(page).getByLabel('Language').selectOption('Français');
  await expect(tab(page, 'Récompenses')).toBeVisible();
  await expect(panel(page).getByText('Activité récente')).toBeVisible();
  await expect(panel(page).locator('..')).toHaveAttribute('dir', 'ltr');
  await closePanel(page);
  await expect(page.getByRole('button', { name: 'Voir l’historique' })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(() => shop.events.map(({ name }) => name)).toContain('language_selected');
  await page.reload();
  await expect(launcher(page)).toHaveAccessibleName(/^Voir le solde/);
  await expect(page.getByText('Votre solde')).toBeVisible();
});

test('the tiers page shows the shopper’s tier and how to reach the next', async ({ page }) => {
  shop.widget = aProgram();
  await openPanel(page);
  await tab(page, 'Tiers').click();
  const here = panel(page).locator('[aria-current="step"]');
  await expect(here).toContainText('Silver');
  await expect(panel(page).getByText('To reach Gold: spend $179.50 more.')).toBeVisible();
  await expect(panel(page).getByText('×1.5 points on every order')).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect
    .poll(() => shop.events.map(({ name }) => name))
    .toEqual(expect.arrayContaining(['vip_tier_viewed', 'tier_progress_viewed']));
});

const quoting = { settings: { quote: { rate: '10', rate_e4: 100_000, excluded: [] } } };

test('a product’s points follow the variant, the quantity and the shopper’s multiplier', async ({
  page,
}) => {
  shop.blocks = ['product-points'];
  shop.context = {
    shopper: null,
    ...quoting,
    product: {
      id: 1,
      selected_or_first_available_variant: { id: 11, price: 1_250 },
      variants: [
        { id: 11, price: 1_250 },
        { id: 12, price: 2_599 },
      ],
    },
  };
  shop.form = `<form action="/cart/add"><select name="id" aria-label="Size"><option value="11">S<option value="12">L</select>
    <input name="quantity" value="1" aria-label="Quantity"></form>`;
  await page.goto(address);
  const line = page.locator('loyalnest-block');
  await expect(line).toContainText('Earn 125 points with this product');
  await page.getByLabel('Size').selectOption('L');
  await expect(line).toContainText('Earn 259 points');
  await page.getByLabel('Quantity').fill('3');
  await expect(line).toContainText('Earn 779 points');
  expect(shop.requests.filter((request) => request.startsWith('widget'))).toEqual([]);

  shop.context = { ...shop.context, shopper: { balance: 5 } };
  shop.widget = {
    ...aWidget(),
    quote: { rate: '10', multiplier: '1.5', currency: 'USD', excluded: [] },
  };
  await page.goto(address);
  await expect(line).toContainText('Earn 187 points');
});

test('on a page like Dawn’s, points follow the product form and its external quantity field', async ({
  page,
}) => {
  shop.blocks = ['product-points'];
  shop.context = {
    shopper: null,
    ...quoting,
    product: {
      id: 1,
      selected_or_first_available_variant: { id: 11, price: 1_250 },
      variants: [
        { id: 11, price: 1_250 },
        { id: 12, price: 2_599 },
      ],
    },
  };
  // Another product's quick order and the installments form come first; the quantity is linked only by the form attribute.
  shop.form = `<form action="/cart/add" id="quick-9"><input type="hidden" name="id" value="99"><input name="quantity" value="7"><button type="submit">Quick</button></form>
    <form action="/cart/add" id="instalments"><input type="hidden" name="id" value="11"></form>
    <input type="number" name="quantity" form="sells" value="1" aria-label="Quantity">
    <form action="/cart/add" id="sells"><input type="hidden" name="id" value="11" disabled><button type="submit">Add</button></form>`;
  await page.goto(address);
  const line = page.locator('loyalnest-block');
  await expect(line).toContainText('Earn 125 points with this product');
  await page.getByLabel('Quantity').fill('3');
  await expect(line).toContainText('Earn 375 points');
  await page.evaluate(() => {
    for (const id of document.querySelectorAll<HTMLInputElement>(
      '#sells [name=id], #instalments [name=id]',
    )) {
      id.value = '12';
      id.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  await expect(line).toContainText('Earn 779 points');
});

for (const [name, background, color] of [
  ['light', '#ffffff', '#121212'],
  ['dark', '#121212', '#ffffff'],
  ['deep blue', '#1b2a6b', '#f3f3f3'],
] as const)
  test(`lines and blocks are readable in a ${name} theme`, async ({ page }) => {
    shop.head = `<style>body { background: ${background}; color: ${color} } main h1, #below { color: inherit }</style>`;
    shop.blocks = ['points-balance', 'product-points', 'cart-points', 'rewards-page'];
    shop.context = {
      shopper: { balance: 1250 },
      ...quoting,
      product: {
        id: 1,
        selected_or_first_available_variant: { id: 11, price: 1_250 },
        variants: [{ id: 11, price: 1_250 }],
      },
      cart: {
        currency: { iso_code: 'USD' },
        total_price: 5_000,
        items: [{ product_id: 1, final_line_price: 5_000 }],
      },
    };
    await page.goto(address);
    await expect(page.getByText('Entry 1 explained.')).toBeVisible();
    const { passes, violations } = await new AxeBuilder({ page })
      .include('main')
      .withRules(['color-contrast'])
      .analyze();
    expect(violations.flatMap(({ nodes }) => nodes.map(({ html }) => html))).toEqual([]);
    expect(passes[0]?.nodes.length).toBeGreaterThan(5);
  });

test('the cart’s points follow every change of the cart', async ({ page }) => {
  shop.blocks = ['cart-points'];
  const cart = {
    currency: { iso_code: 'USD' },
    total_price: 5_000,
    items: [{ product_id: 1, final_line_price: 5_000 }],
  };
  shop.context = { shopper: null, ...quoting, cart };
  await page.goto(address);
  await expect(page.locator('loyalnest-block')).toContainText('This cart earns 500 points');
  shop.cart = { items: [{ product_id: 1, final_line_price: 7_500 }], total_price: 7_000 };
  await page.evaluate(() => fetch('/cart/change.js', { method: 'POST' }));
  await expect(page.locator('loyalnest-block')).toContainText('This cart earns 700 points');
});

const thanks = () => `${address}/checkouts/cn/hWN4kQ2pZx81bTf6/thank-you`;

test('a member returning from the checkout sees the award once', async ({ page }) => {
  const [first, ...rest] = aProgram().recent;
  if (first === undefined) throw new Error('there is no entry');
  shop.widget = { ...aProgram(), recent: [{ ...first, at: new Date().toISOString() }, ...rest] };
  await page.goto(address, { referer: thanks() });
  const card = page.locator('loyalnest-launcher').getByRole('complementary');
  await expect(card).toContainText('You earned 120 points');
  await expect(card).toContainText('Order #1001 · your balance is 1,250 points');
  expect(await serious(page)).toEqual([]);
  await page.goto(address, { referer: thanks() });
  await expect(balance(page)).toHaveText('1,250 points');
  await expect(card).toBeHidden();

  guest();
  await page.goto(address, { referer: thanks() });
  await expect(card).toContainText('Create an account with the same email address');
  await card.getByRole('button', { name: 'Close' }).click();
  await expect(card).toBeHidden();
  await expect(launcher(page)).toBeFocused();
});

for (const path of [
  '/collections/border-prints',
  '/pages/thank-you-notes',
  '/products/order-of-the-bath',
  '/collections/all?from=/checkouts/cn/hWN4kQ2pZx81bTf6/thank-you',
  '/collections/checkouts/products/thank-you',
  '/account/orders/0123456789abcdef0123456789abcdef',
  '/checkouts/cn/hWN4kQ2pZx81bTf6/information',
  '/checkout',
])
  test(`a page reached from ${path} shows no card after a purchase`, async ({ page }) => {
    guest();
    await page.goto(address, { referer: `${address}${path}` });
    await expect(launcher(page)).toBeVisible();
    await page.waitForTimeout(300);
    expect(shop.requests.filter((request) => request.includes('extra'))).toEqual([]);
    await expect(page.getByRole('complementary')).toHaveCount(0);
  });

for (const path of [
  '/checkouts/cn/hWN4kQ2pZx81bTf6/thank-you',
  '/checkouts/cn/hWN4kQ2pZx81bTf6/en-us/thank-you?key=1',
  '/60012345/checkouts/0123456789abcdef0123456789abcdef/thank_you',
  '/60012345/orders/0123456789abcdef0123456789abcdef',
])
  test(`a guest who comes from ${path} is invited`, async ({ page }) => {
    guest();
    await page.goto(address, { referer: `${address}${path}` });
    await expect(page.getByRole('complementary')).toContainText('Your order earns points');
  });

test('the bar links to the rewards, can be dismissed, and is hidden on phones', async ({
  page,
}) => {
  const settings = { sticky_bar: { enabled: true, text: { en: 'Mugs for points' } } };
  shop.context = { shopper: { balance: 1250 }, settings };
  shop.widget = aProgram();
  await page.goto(address);
  const bar = page.locator('loyalnest-launcher').getByRole('complementary');
  // A member reads how far the next reward is; a guest, what the shop says to everyone.
  await expect(bar).toContainText('250 points to go until Free shipping');
  expect(await serious(page)).toEqual([]);
  await bar.getByRole('button', { name: 'See rewards' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Rewards' })).toBeVisible();
  await closePanel(page);
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(() => shop.events.map(({ name }) => name)).toContain('sticky_bar_clicked');
  await bar.getByRole('button', { name: 'Close' }).click();
  await expect(bar).toBeHidden();
  await page.reload();
  await expect(launcher(page)).toBeVisible();
  await expect(bar).toBeHidden();

  await page.evaluate(() => sessionStorage.clear());
  guest();
  shop.context = { shopper: null, settings };
  await page.reload();
  await expect(bar).toContainText('Mugs for points');
  await page.setViewportSize({ width: 767, height: 700 });
  await page.reload();
  await expect(launcher(page)).toBeVisible();
  await expect(bar).toBeHidden();
});

for (const width of [320, 768, 1280]) {
  test(`the rewards page is complete at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    shop.blocks = ['rewards-page'];
    shop.widget = aProgram();
    await page.goto(address);
    const views = page.locator('loyalnest-block');
    await views.getByRole('button', { name: 'Rewards', exact: true }).click();
    await expect(views.getByText('A bag of the morning blend')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    expect(await serious(page)).toEqual([]);
  });
}

test('a viewed balance is reported once, in one batch, without the shopper’s identity', async ({
  page,
}) => {
  await openPanel(page);
  await refresh(page);
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(() => shop.events.length).toBe(2);
  expect(shop.events.map(({ name, props }) => ({ name, props }))).toEqual([
    { name: 'points_balance_viewed', props: { surface: 'block', locale: 'en' } },
    { name: 'points_balance_viewed', props: { surface: 'panel', locale: 'en' } },
  ]);
});

/** The page as Shopify renders it: consent is known once its script was requested and loaded. */
function shopifyAsks(page: Page, answer: { allowed: boolean; asked: boolean; after: number }) {
  return page.addInitScript(({ allowed, asked, after }) => {
    const privacy = {
      allowed,
      analyticsProcessingAllowed: () => privacy.allowed,
      shouldShowBanner: () => asked && !privacy.allowed,
    };
    const Shopify = {
      loadFeatures(features: { name: string }[], done: (error?: Error) => void) {
        if (features[0]?.name !== 'consent-tracking-api') throw new Error('not asked for');
        setTimeout(() => {
          Object.assign(Shopify, { customerPrivacy: privacy });
          done();
        }, after);
      },
    };
    Object.assign(window, { Shopify, privacy });
  }, answer);
}
const leave = (page: Page) => page.evaluate(() => void window.dispatchEvent(new Event('pagehide')));

test('no event is sent before consent is known, and all of them then', async ({ page }) => {
  await shopifyAsks(page, { allowed: true, asked: false, after: 1_500 });
  await openPanel(page);
  await leave(page);
  await page.waitForTimeout(300);
  expect(shop.events).toEqual([]);
  await expect.poll(() => shop.events.length).toBe(2);
});

test('events before consent wait for it, and are dropped when it is refused', async ({ page }) => {
  await shopifyAsks(page, { allowed: false, asked: true, after: 0 });
  const answer = (allowed: boolean) =>
    page.evaluate((given) => {
      const { privacy } = window as unknown as {
        privacy: { allowed: boolean; shouldShowBanner: () => boolean };
      };
      Object.assign(privacy, { allowed: given, shouldShowBanner: () => false });
      document.dispatchEvent(
        new CustomEvent('visitorConsentCollected', { detail: { analyticsAllowed: given } }),
      );
    }, allowed);
  await openPanel(page);
  await leave(page);
  await page.waitForTimeout(200);
  expect(shop.events).toEqual([]);
  await answer(true);
  await expect.poll(() => shop.events.length).toBe(2);

  shop.events.length = 0;
  await openPanel(page);
  await answer(false);
  await page.waitForTimeout(100);
  await answer(true);
  await leave(page);
  await page.waitForTimeout(200);
  expect(shop.events).toEqual([]);
});

test('no event is sent without consent where the shop requires it', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, {
      Shopify: { customerPrivacy: { analyticsProcessingAllowed: () => false } },
    });
  });
  await openPanel(page);
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await page.waitForTimeout(200);
  expect(shop.events).toEqual([]);
});

test('a slow panel shows that it is loading, and can be cancelled', async ({ page }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route('**/assets/loyalnest-panel.js', async (route) => {
    await promise;
    await route.continue();
  });
  await page.goto(address);
  await launcher(page).click();
  await expect(page.getByRole('status')).toHaveText('Loading', { timeout: 1_000 });
  expect(await serious(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('status')).toBeHidden();
  await expect(launcher(page)).toBeFocused();
  resolve();
  await page.waitForTimeout(300);
  await expect(panel(page)).toBeHidden();
  await launcher(page).click();
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
});

test('a panel that fails to load says why, and loads on retry', async ({ page, context }) => {
  await page.goto(address);
  await expect(launcher(page)).toBeVisible();
  await context.setOffline(true);
  await launcher(page).click();
  await expect(page.getByRole('status')).toHaveText(
    'You’re offline. This updates when you’re back.',
  );
  expect(page.url()).toBe(`${address}/`);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
});

test('the browser’s Back closes the panel and stays on the page', async ({ page }) => {
  // The page's own call goes through the queue that its new history entries go through; Playwright's goes beside it.
  const goBack = () => page.evaluate(() => setTimeout(() => history.back()));
  await page.goto('about:blank');
  await openPanel(page);
  await goBack();
  await expect(panel(page)).toBeHidden();
  expect(page.url()).toBe(`${address}/`);
  await launcher(page).click();
  await expect(panel(page)).toBeVisible();
  await closePanel(page);
  await expect(launcher(page)).toBeFocused();
  // Closing it leaves no history entry.
  await goBack();
  await page.waitForURL('about:blank');
});

test('points spent in another tab cannot be spent again in this one', async ({ page }) => {
  shop.widget = aProgram();
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem $5 off').click();
  await expect(tab(page, 'Redeem for 500 points')).toBeEnabled();
  const gone = { balance: -230, available: 0, held: 0, debt: 230, name: 'Ada' };
  shop.widget = { ...aProgram(), customer: gone };
  await refresh(page);
  await expect(tab(page, 'Redeem for 500 points')).toBeDisabled();
  await expect(panel(page).getByText('You don’t have enough points for this.')).toBeVisible();
  await expect(panel(page).getByText(/You keep/)).toBeHidden();
  await tab(page, 'Cancel').click();
  await expect(tab(page, 'Redeem $5 off')).toBeHidden();
});

test('a description, a goal’s progress and a goal that is reached are shown', async ({ page }) => {
  const whole = aProgram();
  shop.widget = {
    ...whole,
    rewards: whole.rewards.map((one) => ({ ...one, description: `About ${one.title}` })),
    campaigns: [
      {
        id: 'g1',
        type: 'goal_spend',
        name: 'Spend a hundred',
        goal: { amount: '100', currency: 'USD' },
        points: 250,
        progress: { spent: { amount: '30.5', currency: 'USD' }, percent: 30 },
      },
      {
        id: 'g2',
        type: 'goal_spend',
        name: 'Spend fifty',
        goal: { amount: '50', currency: 'USD' },
        points: 100,
        progress: { spent: { amount: '60', currency: 'USD' }, percent: 100 },
        done: true,
      },
    ],
  };
  await openPanel(page);
  await expect(panel(page).getByText('$30.50 of $100 spent')).toBeVisible();
  await expect(panel(page).getByText('Goal reached')).toHaveCount(1);
  await expect(panel(page).getByText('$60 of $50 spent')).toBeHidden();
  await expect(panel(page).getByText('true')).toBeHidden();
  expect(await serious(page)).toEqual([]);
  await tab(page, 'Rewards').click();
  await expect(panel(page).getByText('About $5 off')).toBeVisible();
  expect(await serious(page)).toEqual([]);
});

test('the slider shows its points from the start', async ({ page }) => {
  shop.widget = aProgram();
  await openPanel(page);
  await tab(page, 'Rewards').click();
  await tab(page, 'Redeem Store credit').click();
  await expect(panel(page).getByRole('slider')).toHaveAttribute('aria-valuetext', '200 points');
});

test('the panel declares its language, and the bar uses the chosen one', async ({ page }) => {
  shop.context = {
    shopper: { balance: 1250 },
    choices: { progress: false },
    settings: {
      default_language: 'en',
      sticky_bar: { enabled: true, text: { en: 'Mugs for points', fr: 'Des tasses' } },
    },
  };
  shop.widget = aProgram();
  await page.goto(address);
  await page.locator('[data-launcher]').click();
  await expect(panel(page).locator('..')).toHaveAttribute('lang', 'en');
  await panel(page).getByLabel('Language').selectOption('Français');
  await expect(panel(page).locator('..')).toHaveAttribute('lang', 'fr');
  await closePanel(page);
  const bar = page.locator('loyalnest-launcher').getByRole('complementary');
  await expect(bar).toContainText('Des tasses');
  await expect(bar).toContainText('Voir les récompenses');
  await page.reload();
  await expect(bar).toContainText('Des tasses');
});

test('on a right-to-left page, amounts keep their own direction', async ({ page }) => {
  shop.direction = 'rtl';
  shop.widget = aWidget({ balance: 9870, held: 120 });
  await openPanel(page);
  await expect(panel(page).locator('.amount bdi')).toHaveText('9,870 points');
  await expect(balance(page).locator('bdi')).toHaveText('9,870 points');
  await expect(panel(page).locator('bdi.chip').filter({ hasText: '-60' }).first()).toBeVisible();
  await expect(panel(page).locator('.note')).toHaveText('\u2068120 points\u2069 on hold');
  // Left-to-right words keep their order.
  const places = await panel(page)
    .locator('.note')
    .evaluate((note) => {
      const text = note.firstChild as Text;
      return ['120', 'on hold'].map((part) => {
        const range = document.createRange();
        const from = text.data.indexOf(part);
        range.setStart(text, from);
        range.setEnd(text, from + part.length);
        return range.getBoundingClientRect().left;
      });
    });
  expect(places[0]).toBeLessThan(places[1] ?? 0);
  expect(await serious(page)).toEqual([]);
});

const theProduct = {
  id: 1,
  selected_or_first_available_variant: { id: 11, price: 1_250 },
  variants: [
    {
      id: 11,
      price: 1_250,
      selling_plan_allocations: [{ price: 1_000, selling_plan: { id: 7 } }],
    },
  ],
};

test('a subscription shows the points of its own price', async ({ page }) => {
  shop.blocks = ['product-points'];
  shop.context = { shopper: null, ...quoting, product: theProduct };
  shop.form = `<form action="/cart/add"><input type="hidden" name="id" value="11">
    <select name="selling_plan" aria-label="Plan"><option value="">Once<option value="7">Monthly</select></form>`;
  await page.goto(address);
  const line = page.locator('loyalnest-block');
  await expect(line).toContainText('Earn 125 points');
  await page.getByLabel('Plan').selectOption('Monthly');
  await expect(line).toContainText('Earn 100 points');
});

test('what a theme moves or morphs is read again, and listened to once', async ({ page }) => {
  shop.blocks = ['product-points'];
  shop.context = { shopper: null, ...quoting, product: theProduct };
  await page.goto(address);
  const line = page.locator('loyalnest-block');
  await expect(line).toContainText('Earn 125 points');
  await line.evaluate((block: HTMLElement) => {
    document.querySelector('#below')?.after(block);
    const facts = JSON.parse(block.dataset['facts'] ?? '') as object;
    block.dataset['facts'] = JSON.stringify({ ...facts, cents: 2_000, prices: { 12: 2_000 } });
  });
  await expect(line).toContainText('Earn 200 points');
  await line.evaluate((block) => document.body.append(block));
  await expect(line).toContainText('Earn 200 points');
});

test('a guest who has signed in meanwhile becomes a member without a reload', async ({ page }) => {
  guest();
  await page.goto(address);
  await expect(page.getByText('Earn points with every order')).toBeVisible();
  shop.widget = aWidget({ balance: 640 });
  await launcher(page).click();
  await expect(panel(page).locator('.amount')).toHaveText('640 points');
  await closePanel(page);
  await expect(balance(page)).toContainText('640 points');
  await expect(launcher(page)).toHaveAccessibleName('View points balance: 640 points');
});

test('a cart drawer shows the cart’s points, also after the theme rendered it again', async ({
  page,
}) => {
  const item = { product_id: 1, final_line_price: 5_000 };
  const cart = { currency: { iso_code: 'USD' }, total_price: 5_000, items: [item] };
  shop.context = { shopper: null, ...quoting, cart };
  const contents = '<div class="cart__ctas"><button name="checkout">Check out</button></div>';
  shop.form = `<aside id="CartDrawer" role="dialog" aria-label="Cart">${contents}</aside>`;
  await page.goto(address);
  await page.mouse.move(10, 10);
  const drawer = page.getByRole('dialog', { name: 'Cart' });
  await expect(drawer.getByText('This cart earns 500 points')).toBeVisible();
  shop.cart = { items: [{ ...item, final_line_price: 7_500 }], total_price: 7_500 };
  await page.evaluate(async (html) => {
    await fetch('/cart/change.js', { method: 'POST' });
    const place = document.querySelector('#CartDrawer');
    if (place) place.innerHTML = html;
  }, contents);
  await expect(drawer.getByText('This cart earns 750 points')).toBeVisible();
  await expect(page.locator('loyalnest-block')).toHaveCount(1);
  shop.cart = { items: [], total_price: 0 };
  await page.evaluate(() => {
    document.dispatchEvent(new Event('shopify:cart:lines-update'));
  });
  await expect(page.locator('loyalnest-block')).toBeHidden();
});

test('the theme’s header and its menus stay above the launcher', async ({ page }) => {
  shop.form = `<header style="position:sticky;top:0;z-index:3"><div id="menu" style="position:absolute;inset:0 0 auto;height:100vh;background:#fff">Menu</div></header>`;
  await page.goto(address);
  await expect(launcher(page)).toBeVisible();
  const covering = await launcher(page).evaluate((button) => {
    const { x, y } = button.getBoundingClientRect();
    return document.elementFromPoint(x + 9, y + 9)?.id;
  });
  expect(covering).toBe('menu');
});

test('a link to #loyalnest-rewards opens that view, and does so again', async ({ page }) => {
  shop.widget = aProgram();
  await page.goto(`${address}/#loyalnest-rewards`);
  const redeem = panel(page).getByRole('button', { name: 'Redeem $5 off' });
  await expect(redeem).toBeVisible();
  await closePanel(page);
  await page.evaluate(() => (location.hash = 'loyalnest-tiers'));
  await expect(panel(page).locator('[aria-current="step"]')).toContainText('Silver');
});

test('at 400 % zoom the panel scrolls as a whole, and the launcher covers nothing', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 256 });
  shop.widget = aProgram();
  await page.goto(address);
  await expect(launcher(page)).not.toHaveCSS('position', 'fixed');
  await launcher(page).click();
  await tab(page, 'Rewards').click();
  await panel(page).getByRole('button', { name: 'Redeem $5 off' }).scrollIntoViewIfNeeded();
  await expect(panel(page).getByRole('button', { name: 'Redeem $5 off' })).toBeInViewport();
  expect(await panel(page).evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('loyalnest-launcher [data-launcher]')).toBeHidden();
});

test('a redeemed reward is celebrated, except with reduced motion', async ({ page }) => {
  shop.widget = aProgram();
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.goto(address);
    await launcher(page).click();
    await tab(page, 'Rewards').click();
    await tab(page, 'Redeem $5 off').click();
    await tab(page, 'Redeem for 500 points').click();
    const burst = panel(page).locator('.cheer');
    await expect(burst).toHaveCount(reducedMotion === 'reduce' ? 0 : 1);
    await expect(panel(page).getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
  }
});
