import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { FakeShop, aWidget } from '../extensions/testing/fake-shop.ts';

// The widget in states that a whole shop cannot easily be brought into: see also the journeys of shoppers.
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
const tab = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true });
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
  shop.widget = { ...aWidget(), customer: null, recent: [] };
}

test('without script a member sees the balance, and the buttons are links', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByText('1,250').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'View points balance' })).toBeVisible();
  await context.close();
});

test('the page never moves, and the panel is not loaded before it is wanted', async ({ page }) => {
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

test('a guest costs no request until they ask, and is invited in', async ({ page }) => {
  guest();
  await page.goto(address);
  await page.waitForTimeout(300);
  expect(shop.requests.filter((request) => request.startsWith('widget'))).toEqual([]);
  await launcher(page).click();
  await expect(
    panel(page).getByRole('heading', { name: 'Collect points with every order' }),
  ).toBeVisible();
  await expect(panel(page).getByRole('link', { name: 'Create account' })).toHaveAttribute(
    'href',
    '/account/register',
  );
  await expect(panel(page).getByText('10 points for every $1 you spend')).toBeVisible();
  await expect(tab(page, 'History')).toBeHidden();
  expect(await serious(page)).toEqual([]);
});

test('the keyboard alone opens, walks round and closes the panel', async ({ page }) => {
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

test('a change is shown within a second of being told of, everywhere; no change costs a 304', async ({
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

test('history comes page by page, each entry with its explanation', async ({ page }) => {
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

test('a server in trouble leaves what Liquid painted, says so, and may be asked again', async ({
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

test('offline is said, and catches up by itself', async ({ page, context }) => {
  await openPanel(page);
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await context.setOffline(true);
  await refresh(page);
  await expect(panel(page).getByRole('alert')).toContainText('You’re offline');
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
  await context.setOffline(false);
  await expect(panel(page).getByRole('alert')).toBeHidden();
});

test('while the first answer is on its way there is a skeleton with a name', async ({ page }) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  shop.gate = promise;
  await openPanel(page);
  await expect(panel(page).getByRole('status')).toHaveText('Loading');
  expect(await serious(page)).toEqual([]);
  resolve();
  await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
});

test('theme and widget leave each other alone', async ({ page }) => {
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

test('any brand colour leaves text readable', async ({ page }) => {
  test.slow();
  for (const [brand, scheme] of [
    ['#ffee00', 'light'],
    ['#ffffff', 'light'],
    ['#000000', 'dark'],
    ['#ff00ff', 'dark'],
  ] as const) {
    shop.context = { shopper: { balance: 1250 }, choices: { brand, scheme } };
    await openPanel(page);
    await expect(panel(page).getByText('Entry 1 explained.')).toBeVisible();
    const { passes, violations, incomplete } = await new AxeBuilder({ page })
      .include('loyalnest-panel')
      .withRules(['color-contrast'])
      .analyze();
    expect([...violations, ...incomplete], `${brand} ${scheme}`).toEqual([]);
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
  });
}

test('a seen balance is told once, in one batch, without who saw it', async ({ page }) => {
  await openPanel(page);
  await refresh(page);
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(() => shop.events.length).toBe(2);
  expect(shop.events.map(({ name, props }) => ({ name, props }))).toEqual([
    { name: 'points_balance_viewed', props: { surface: 'block', locale: 'en' } },
    { name: 'points_balance_viewed', props: { surface: 'panel', locale: 'en' } },
  ]);
});

test('nothing is told without leave, where the shop asks for it', async ({ page }) => {
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
