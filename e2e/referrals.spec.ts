import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Checkout, goodsOfShop } from './support/checkout.ts';
import { setUpProgram } from './support/program.ts';
import { newShopper, STORE } from './support/shop.ts';
import type { Shopper } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

const referralProgram = (active: boolean) =>
  setUpProgram(() => [
    [
      `UPDATE program_settings SET referral_config = $2::jsonb WHERE merchant_id = $1`,
      JSON.stringify({
        version: 1,
        active,
        complete_on: 'first_order',
        advocate: { kind: 'points', points: 500 },
        friend: { kind: 'points', points: 300 },
        refund_window_days: 30,
        // Both browsers of a run have one address.
        review: { hold_from: 90, refuse_from: 99 },
      }),
    ],
  ]);
test.beforeAll(() => referralProgram(true));
test.afterAll(() => referralProgram(false));

async function signedIn(page: Page, shopper: Shopper): Promise<Storefront> {
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open();
  return store;
}

const points = (store: Storefront, amount: string) =>
  expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText(`${amount} points`, { timeout: 1_000 });
  }).toPass();

/** Their own link, as the panel shows it. */
async function linkOf(store: Storefront): Promise<string> {
  // Whether the shop has referrals is asked for once in a while.
  await expect(async () => {
    await store.open();
    await store.openPanel();
    await store.tab('Refer').click({ timeout: 2_000 });
  }).toPass();
  await expect(store.panel.getByText('Give 300 points, get 500 points')).toBeVisible();
  const link = store.panel.locator('code');
  await expect(link).toContainText('/apps/loyalnest/r/');
  return (await link.textContent()) ?? '';
}

test('a friend follows a link, buys, and both are rewarded; the refund reverses both', async ({
  page,
  browser,
}) => {
  test.slow();
  const advocate = await newShopper('Adele');
  const store = await signedIn(page, advocate);
  await points(store, '200');
  const link = await linkOf(store);
  const text = store.panel.getByRole('link', { name: 'SMS' });
  expect(decodeURIComponent((await text.getAttribute('href')) ?? '')).toMatch(
    /^sms:\?&body=.*300 points.*\?c=sms$/,
  );

  const visit = await browser.newContext();
  const friendsPage = await visit.newPage();
  let friend!: Shopper;
  let theirs!: Storefront;
  await test.step('the link opens without script and leads into the shop', async () => {
    await friendsPage.goto(link.replace('c=copy', 'c=sms'));
    await expect(
      friendsPage.getByRole('heading', { name: 'Adele invited you: 300 points' }),
    ).toBeVisible();
    await friendsPage.getByRole('link', { name: /^Visit/ }).click();
    await expect(friendsPage).toHaveURL(`${STORE}/`);
    await expect(friendsPage.getByText('Adele invited you: 300 points')).toBeVisible();
  });
  await test.step('the friend joins, and their claim is taken', async () => {
    friend = await newShopper('Frida');
    theirs = await signedIn(friendsPage, friend);
    await expect(friendsPage.getByText('You get 300 points after your first order.')).toBeVisible();
    await points(theirs, '200');
  });
  const checkout = new Checkout(friendsPage);
  await test.step('their order rewards both', async () => {
    await checkout.put(await goodsOfShop(), 'pour-over-kettle');
    await checkout.open();
    await checkout.pay();
    // Joining, $68.00 at ten points a dollar, and the gift.
    await points(theirs, '1,180');
    await points(store, '700');
    await store.tab('Home').click();
    await store.tab('Refer').click();
    await expect(store.panel.getByText('Frida')).toBeVisible();
  });

  await test.step('the same friend by the next link is refused, with the reason', async () => {
    const other = await browser.newContext();
    const second = await signedIn(await other.newPage(), await newShopper('Alma'));
    await friendsPage.goto(await linkOf(second));
    await friendsPage.getByRole('button', { name: 'Get 300 points' }).click();
    await expect(
      friendsPage.getByRole('heading', { name: 'You have already accepted an invitation' }),
    ).toBeVisible();
    await other.close();
  });

  await test.step('the refund of the order reverses both', async () => {
    await friendsPage.goto(`${STORE}/account`);
    await friendsPage.getByRole('button', { name: 'Refund all' }).first().click();
    await theirs.open();
    await points(theirs, '200');
    await points(store, '200');
  });
  await visit.close();
});

test('a link that no one has leads to the shop', async ({ page }) => {
  await page.goto(`${STORE}/apps/loyalnest/r/NOBODY99`);
  await expect(page.getByRole('heading', { name: 'This invitation has ended' })).toBeVisible();
  await page.getByRole('link', { name: 'Go to the store' }).click();
  await expect(page).toHaveURL(`${STORE}/`);
});
