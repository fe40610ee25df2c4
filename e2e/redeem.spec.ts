import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { accessibilityFindings } from './support/accessibility.ts';
import { Checkout, goodsOfShop } from './support/checkout.ts';
import type { Goods } from './support/checkout.ts';
import { Dashboard } from './support/dashboard.ts';
import { setUpProgram } from './support/program.ts';
import { control, newShopper, placeOrder, shopEndpoints } from './support/shop.ts';
import { Storefront } from './support/storefront.ts';

test.use({ reducedMotion: 'reduce' });

/** The scopes that gift cards, store credit and products need in addition. */
const everyScope = [
  'read_customers',
  'write_customers',
  'read_orders',
  'write_discounts',
  'write_app_proxy',
  'read_products',
  'write_gift_cards',
  'write_store_credit_account_transactions',
  'read_store_credit_accounts',
];
const anything = z.unknown();
let goods: Goods;

interface Wish {
  readonly type: string;
  readonly value?: number;
  readonly cost?: number;
  readonly channel?: 'online' | 'pos';
  readonly config?: Readonly<Record<string, unknown>>;
}
const combining = { order: true, product: true, shipping: true };
/** One reward of each kind, by the title that shoppers see. */
function everyKind(): Readonly<Record<string, Wish>> {
  const cups = goods.collections.find(({ title }) => title === 'Tableware');
  const tea = goods.products.find(({ handle }) => handle === 'mint-tea');
  return {
    'Five off': { type: 'amount_off', value: 5, config: { combines_with: combining } },
    'As much as you like': {
      type: 'amount_off',
      value: 1,
      cost: 100,
      config: { mode: 'incremental', min_points: 100, max_points: 1000 },
    },
    'A fifth off': { type: 'percent_off', value: 20 },
    'Half off cups': {
      type: 'percent_off',
      value: 50,
      config: {
        applies_to: 'collection',
        collection_id: String(cups?.id),
        combines_with: combining,
      },
    },
    'Delivery on us': {
      type: 'free_shipping',
      config: { max_shipping: '10.00', combines_with: combining },
    },
    'Tea on us': {
      type: 'free_product',
      config: {
        product_id: String(tea?.id),
        variant_id: String(tea?.variantId),
        target_title: 'Mint tea',
      },
    },
    'Coupon from twenty': { type: 'coupon', value: 3, config: { min_purchase: '20.00' } },
    'Gift card': { type: 'gift_card', value: 10 },
    'Store credit': { type: 'store_credit', value: 7 },
    Cashback: { type: 'cashback', value: 2 },
    'At the counter': { type: 'amount_off', value: 10, channel: 'pos' },
  };
}
const points = 200;

test.beforeAll(async () => {
  await control('install', { scopes: everyScope, wait: true }, anything);
  goods = await goodsOfShop();
  await setUpProgram(() =>
    Object.entries(everyKind()).map(
      ([title, { type, value, cost = points, channel = 'online', config = {} }], position) => [
        `INSERT INTO rewards (merchant_id, type, title, points_cost, value, currency, channel, config)
         VALUES ($1, $2, jsonb_build_object('en', $3::text), $4, $5, 'USD', $6, $7)`,
        type,
        title,
        cost,
        value ?? null,
        channel,
        JSON.stringify({ mode: 'fixed', ...config, position }),
      ],
    ),
  );
});
test.afterAll(async () => {
  await setUpProgram(() => [
    [
      `UPDATE rewards SET status = 'deleted' WHERE merchant_id = $1 AND title->>'en' = ANY($2)`,
      Object.keys(everyKind()),
    ],
  ]);
  await control('install', { wait: true }, anything);
});

const posMember = z.object({
  member: z.object({ rewards: z.array(z.object({ id: z.string(), title: z.string() })) }),
});
const posRedemption = z.object({ redemption: z.object({ code: z.string() }) });

/** A request like the POS tile's, signed in as staff. */
async function askPos<Answer>(
  path: string,
  answer: z.ZodType<Answer>,
  body?: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const token = await (await fetch(`${shopEndpoints().shell}/_shell/id_token`)).text();
  const response = await fetch(`${process.env.E2E_TUNNEL_URL ?? ''}/extension/${path}`, {
    // Shopify's library answers bots with an empty page.
    headers: { authorization: `Bearer ${token.trim()}`, 'user-agent': 'Mozilla/5.0 (iPad) POS' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return answer.parse(await response.json());
}

/** Redeems from the open panel's list of rewards, up to the code or the credit. @returns the code */
async function redeem(
  store: Storefront,
  title: string,
  { pays = points, steps = 0 } = {},
): Promise<string> {
  await store.panel.getByRole('button', { name: `Redeem ${title}` }).click();
  const slider = store.panel.getByRole('slider');
  for (let step = 0; step < steps; step += 1) await slider.press('ArrowRight');
  await store.tab(`Redeem for ${pays} points`).click();
  await expect(store.panel.getByRole('heading', { name: 'Reward redeemed' })).toBeVisible();
  const code = store.panel.locator('code');
  const text = (await code.count()) === 0 ? '' : ((await code.textContent()) ?? '');
  await store.tab('Back').click();
  return text;
}

test('a member redeems every kind of reward, and each takes exactly its value off the price', async ({
  page,
}) => {
  test.slow();
  const shopper = await newShopper('Rita');
  await placeOrder({ customer: shopper, subtotal: '500.00' });
  const store = new Storefront(page);
  const checkout = new Checkout(page);
  const priceOf = (handle: string) =>
    goods.products.find((one) => one.handle === handle)?.price ?? 0;
  await store.signIn(shopper);
  await store.open();
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('5,200 points', { timeout: 1_000 });
  }).toPass();

  const codes = await test.step('redeems one of each', async () => {
    await store.openPanel();
    await store.tab('Rewards').click();
    const made: Record<string, string> = {};
    for (const [title, { channel }] of Object.entries(everyKind())) {
      if (channel === 'pos') continue;
      made[title] = await redeem(
        store,
        title,
        title === 'As much as you like' ? { pays: 400, steps: 3 } : {},
      );
    }
    await expect(store.panel.getByText('At the counter')).toBeHidden();
    expect(
      Object.entries(made)
        .filter(([, code]) => code === '')
        .map(([title]) => title),
    ).toEqual(['Store credit', 'Cashback']);
    const left = 5_200 - 9 * points - 400;
    await expect(store.panel.locator('.amount')).toHaveText(`${left.toLocaleString('en')} points`);
    expect(await accessibilityFindings(page)).toEqual([]);
    return (title: string) => made[title] ?? '';
  });

  await test.step('pays one order with those that combine', async () => {
    await checkout.put(goods, 'stoneware-cup');
    await store.tab('Home').click();
    await store.tab('Rewards').click();
    await store.panel.getByRole('link', { name: `Use in cart: ${codes('Five off')}` }).click();
    await expect(page).toHaveURL(/\/cart$/);
    await checkout.open();
    const cup = priceOf('stoneware-cup');
    expect(await checkout.sum('Total')).toBe(cup + 500 - 500);
    expect(await checkout.off(codes('Delivery on us'))).toBe(500);
    expect(await checkout.off(codes('Half off cups'))).toBe(cup / 2);
    expect(await checkout.off(codes('A fifth off'))).toBe(0);
    await expect(checkout.problem).toContainText('couldn’t be used with your existing discount');
    await page.getByRole('button', { name: `Remove ${codes('A fifth off')}` }).click();
    await checkout.pay();
  });

  await test.step('pays with the others, one per order', async () => {
    const alone = async (handle: string, title: string, off: number) => {
      await checkout.put(goods, handle);
      await checkout.open();
      expect(await checkout.off(codes(title)), title).toBe(off);
      await checkout.pay();
    };
    const cup = priceOf('stoneware-cup');
    await alone('stoneware-cup', 'As much as you like', 400);
    await alone('stoneware-cup', 'A fifth off', cup / 5);
    await alone('mint-tea', 'Tea on us', priceOf('mint-tea'));
    await checkout.put(goods, 'mint-tea');
    await checkout.open();
    await checkout.enter(codes('Coupon from twenty'));
    await expect(checkout.problem).toContainText('needs at least 20.00 USD in the cart');
    await checkout.put(goods, 'stoneware-cup');
    await checkout.open();
    expect(await checkout.sum(`Discount (${codes('Coupon from twenty')})`)).toBe(300);
    await checkout.pay();
  });

  await test.step('pays with the gift card and with store credit', async () => {
    await checkout.put(goods, 'stoneware-cup');
    await checkout.open();
    const total = await checkout.sum('Total');
    expect(await checkout.off(codes('Gift card'), 'Amount due')).toBe(1_000);
    await page.getByRole('button', { name: 'Use store credit' }).click();
    expect(await checkout.sum('Amount due')).toBe(total - 1_000 - 900);
    await checkout.pay();
  });

  await test.step('staff redeem the last one at the POS, and enter its code there', async () => {
    const { member } = await askPos(`pos/member?customer=${shopper.id}`, posMember);
    const reward = member.rewards.find(({ title }) => title === 'At the counter');
    const { redemption } = await askPos('pos/redeem', posRedemption, {
      customer: String(shopper.id),
      reward_id: reward?.id,
      idempotency_key: crypto.randomUUID(),
    });
    const { order } = await control(
      'order',
      {
        customer: shopper.id,
        subtotal: '30.00',
        source_name: 'pos',
        discount_codes: [redemption.code],
        wait: true,
      },
      z.object({ order: z.looseObject({ subtotal_price: z.string() }) }),
    );
    expect(order.subtotal_price).toBe('20.00');
  });

  await test.step('no code works a second time', async () => {
    await checkout.put(goods, 'stoneware-cup');
    await checkout.open();
    await checkout.enter(codes('Five off'));
    await expect(checkout.problem).toContainText('has reached its usage limit');
    await checkout.enter(codes('Gift card'));
    await expect(checkout.problem.last()).toContainText('has no balance left');
  });

  await test.step('used codes are marked in the panel and in the dashboard', async () => {
    await store.open();
    await store.openPanel();
    await store.tab('Rewards').click();
    await expect(async () => {
      await store.refresh();
      await expect(store.panel.getByRole('link', { name: /^Use in cart/ })).toHaveCount(0, {
        timeout: 1_000,
      });
    }).toPass();
    const dashboard = new Dashboard(page);
    await dashboard.openCustomer(shopper);
    const redeemed = dashboard.app.getByRole('table', { name: 'Redeemed rewards' });
    // The newest ten of the eleven are listed; all eight codes are used, the first is no longer listed.
    await expect(redeemed.getByText('Used', { exact: true })).toHaveCount(7);
    await expect(redeemed.getByText('Issued', { exact: true })).toHaveCount(3);
  });
});

test('a code is refused to someone it was forwarded to, and after it was returned', async ({
  page,
  browser,
}) => {
  const shopper = await newShopper('Roza');
  const friend = await newShopper('Falk');
  await placeOrder({ customer: shopper, subtotal: '50.00' });
  const store = new Storefront(page);
  await store.signIn(shopper);
  await store.open();
  await expect(async () => {
    await store.refresh();
    await expect(store.amount).toHaveText('700 points', { timeout: 1_000 });
  }).toPass();
  await store.openPanel();
  await store.tab('Rewards').click();
  const code = await redeem(store, 'Five off');
  await expect(store.panel.locator('.amount')).toHaveText('500 points');

  await test.step('a friend cannot use it', async () => {
    const context = await browser.newContext();
    const other = new Storefront(await context.newPage());
    const checkout = new Checkout(other.page);
    await other.signIn(friend);
    await checkout.put(goods, 'stoneware-cup');
    await checkout.open();
    expect(await checkout.off(code)).toBe(0);
    await expect(checkout.problem).toContainText('is not available to this customer');
    await context.close();
  });

  await test.step('after its return the points are back and the code no longer works', async () => {
    await store.tab('Return').first().click();
    await store.tab('Return').first().click();
    await expect(store.panel.locator('.amount')).toHaveText('700 points');
    const checkout = new Checkout(page);
    await checkout.put(goods, 'stoneware-cup');
    await checkout.open();
    expect(await checkout.off(code)).toBe(0);
    await expect(checkout.problem).toContainText('is no longer valid');
    const dashboard = new Dashboard(page);
    await dashboard.openCustomer(shopper);
    const redeemed = dashboard.app.getByRole('table', { name: 'Redeemed rewards' });
    await expect(redeemed.getByText('Canceled', { exact: true })).toBeVisible();
  });
});
