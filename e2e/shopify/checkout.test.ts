import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AdminGraphql } from './admin-graphql/execute.ts';
import type { GraphqlAnswer } from './admin-graphql/execute.ts';
import { collectionsOf } from './collections.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type ListeningApp, startListeningApp } from './testing-app.ts';

/** What a buyer pays at the emulator's checkout with discounts, gift cards and credit from the Admin API. */
let app: ListeningApp;
let emulator: Emulator;
beforeAll(async () => {
  app = await startListeningApp();
  emulator = await startEmulator({ appUrl: app.url, retryScale: 0 });
});
afterAll(async () => {
  await emulator.stop();
  await app.stop();
});
beforeEach(async () => {
  await emulator.control('reset');
  await emulator.control('install', { scopes: everyScope });
});

const everyScope = [
  'read_customers',
  'write_customers',
  'read_orders',
  'read_products',
  'write_discounts',
  'write_gift_cards',
  'write_store_credit_account_transactions',
  'read_store_credit_accounts',
];
const graphql = (query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer> =>
  new AdminGraphql(emulator.world).answer({ query, variables });
const productNamed = (handle: string) => {
  const product = emulator.world.data.products.find((one) => one.handle === handle);
  if (!product) throw new Error(`no product ${handle}`);
  return product;
};
const ada = () => {
  const [customer] = emulator.world.data.customers.values();
  if (!customer) throw new Error('no customers');
  return customer;
};

interface Wish {
  readonly off?: string;
  readonly percent?: number;
  readonly with?: readonly ('order' | 'product' | 'shipping')[];
  readonly collection?: string;
  readonly product?: string;
  readonly input?: Record<string, unknown>;
}
const combining = (classes: Wish['with'] = []) => ({
  orderDiscounts: classes.includes('order'),
  productDiscounts: classes.includes('product'),
  shippingDiscounts: classes.includes('shipping'),
});
/** A code with an amount or a percentage off. */
async function discount(code: string, wish: Wish): Promise<void> {
  const collection = collectionsOf(emulator.world).find(({ title }) => title === wish.collection);
  const items = wish.collection
    ? { collections: { add: [`gid://shopify/Collection/${collection?.id ?? 0}`] } }
    : wish.product
      ? {
          products: {
            productVariantsToAdd: [
              `gid://shopify/ProductVariant/${productNamed(wish.product).variantId}`,
            ],
          },
        }
      : { all: true };
  const answer = await graphql(
    'mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) { userErrors { message } } }',
    {
      d: {
        title: code,
        code,
        startsAt: '2026-01-01T00:00:00Z',
        context: { all: 'ALL' },
        combinesWith: combining(wish.with),
        customerGets: {
          value:
            wish.percent === undefined
              ? { discountAmount: { amount: wish.off, appliesOnEachItem: false } }
              : { percentage: wish.percent },
          items,
        },
        ...wish.input,
      },
    },
  );
  expect(answer).toMatchObject({ data: { discountCodeBasicCreate: { userErrors: [] } } });
}
async function freeShipping(code: string, wish: Wish = {}): Promise<void> {
  const answer = await graphql(
    'mutation ($d: DiscountCodeFreeShippingInput!) { discountCodeFreeShippingCreate(freeShippingCodeDiscount: $d) { userErrors { message } } }',
    {
      d: {
        title: code,
        code,
        startsAt: '2026-01-01T00:00:00Z',
        context: { all: 'ALL' },
        destination: { all: true },
        combinesWith: combining(wish.with),
        ...wish.input,
      },
    },
  );
  expect(answer).toMatchObject({ data: { discountCodeFreeShippingCreate: { userErrors: [] } } });
}
async function giftCard(code: string, amount: string, expiresOn?: string): Promise<void> {
  const answer = await graphql(
    'mutation ($i: GiftCardCreateInput!) { giftCardCreate(input: $i) { userErrors { message } } }',
    {
      i: {
        code,
        initialAmount: { amount, currencyCode: 'USD' },
        ...(expiresOn ? { expiresOn } : {}),
      },
    },
  );
  expect(answer).toMatchObject({ data: { giftCardCreate: { userErrors: [] } } });
}
async function storeCredit(amount: string, expiresAt?: string): Promise<void> {
  const answer = await graphql(
    'mutation ($id: ID!, $c: StoreCreditAccountCreditInput!) { storeCreditAccountCredit(id: $id, creditInput: $c) { userErrors { message } } }',
    {
      id: `gid://shopify/Customer/${ada().id}`,
      c: {
        creditAmount: { amount, currencyCode: 'USD' },
        ...(expiresAt ? { expiresAt } : {}),
      },
    },
  );
  expect(answer).toMatchObject({ data: { storeCreditAccountCredit: { userErrors: [] } } });
}

/** A buyer's browser at the shop, with its cookie. */
class Buyer {
  #cookie = '';
  async get(path: string): Promise<string> {
    const response = await fetch(`${emulator.storeUrl}${path}`, {
      redirect: 'manual',
      headers: { cookie: this.#cookie },
    });
    this.#keep(response);
    return (await response.text()).replaceAll(/<style>.*?<\/style>/gs, '');
  }
  async post(path: string, form: Record<string, string>): Promise<Response> {
    const response = await fetch(`${emulator.storeUrl}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: this.#cookie },
      body: new URLSearchParams(form),
    });
    this.#keep(response);
    return response;
  }
  #keep(response: Response): void {
    this.#cookie = (response.headers.get('set-cookie') ?? this.#cookie).split(';')[0] ?? '';
  }
  signIn = (email = 'ada@shopper.example') => this.post('/account/login', { customer: email });
  put = (handle: string, quantity = 1) =>
    this.post('/cart/add', {
      id: String(productNamed(handle).variantId),
      quantity: String(quantity),
    });
  enter = (code: string) => this.post('/discount', { code, then: 'checkout' });
  async sums(): Promise<Record<string, string>> {
    const page = await this.get('/checkout');
    return Object.fromEntries(
      [...page.matchAll(/<div class="sum[^"]*"><span>(.*?)<\/span><span>(.*?)<\/span>/g)].map(
        (match) => [match[1] ?? '', match[2] ?? ''],
      ),
    );
  }
  async problems(path = '/checkout'): Promise<string[]> {
    return [...(await this.get(path)).matchAll(/role="alert">(.*?)<\/p>/g)].map(
      (match) => match[1] ?? '',
    );
  }
  async pay(form: Record<string, string> = {}) {
    const response = await this.post('/checkout', { paid: 'yes', ...form });
    expect(response.headers.get('location')).toMatch(/^\/store\/checkouts\/cn\/\w+\/thank-you$/);
    const order = [...emulator.world.data.orders.values()].at(-1);
    if (!order) throw new Error('no order was placed');
    return order;
  }
}
async function buyerWith(...handles: string[]): Promise<Buyer> {
  const buyer = new Buyer();
  await buyer.signIn();
  for (const handle of handles) await buyer.put(handle);
  return buyer;
}

describe('several codes', () => {
  test('apply together when each combines with the other’s class', async () => {
    await discount('CUPS', { percent: 0.5, collection: 'Tableware', with: ['order', 'shipping'] });
    await discount('FIVE', { off: '5.00', with: ['product', 'shipping'] });
    await freeShipping('SHIP', { with: ['order', 'product'] });
    const buyer = await buyerWith('stoneware-cup', 'mint-tea');
    const before = await buyer.sums();
    for (const code of ['five', 'SHIP', 'CUPS']) await buyer.enter(code);
    const cup = productNamed('stoneware-cup').price,
      tea = productNamed('mint-tea').price;
    expect(before).toMatchObject({ Shipping: '$5.00' });
    expect(await buyer.sums()).toMatchObject({
      'Discount (CUPS)': `−$${(cup / 200).toFixed(2)}`,
      'Discount (FIVE)': '−$5.00',
      'Discount (SHIP)': '−$5.00',
      Total: `$${((cup / 2 + tea - 500) / 100).toFixed(2)}`,
    });
    const order = await buyer.pay();
    expect(order.codes.map(({ code }) => code)).toEqual(['CUPS', 'FIVE', 'SHIP']);
    const body = (await emulator.control('state', { limit: 1 }))['orders'] as [
      { line_items: { discount_allocations: unknown[] }[]; shipping_lines: unknown[] },
    ];
    expect(body[0].line_items.map((line) => line.discount_allocations.length)).toEqual([2, 1]);
    expect(body[0].shipping_lines).toMatchObject([{ discount_allocations: [{ amount: '5.00' }] }]);
    expect([...emulator.world.data.discounts.values()].map(({ codes }) => codes[0]?.used)).toEqual([
      1, 1, 1,
    ]);
  });
  test('are refused when only one combines, naming the other', async () => {
    await discount('OPEN', { off: '5.00', with: ['order', 'product', 'shipping'] });
    await discount('ALONE', { off: '7.00' });
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('OPEN');
    await buyer.enter('ALONE');
    expect(await buyer.problems()).toEqual([
      'ALONE couldn’t be used with your existing discount OPEN',
    ]);
    expect(await buyer.sums()).not.toHaveProperty('Discount (ALONE)');
    await buyer.post('/discount', { remove: 'OPEN', then: 'checkout' });
    expect(await buyer.problems()).toEqual([]);
    expect(await buyer.sums()).toMatchObject({ 'Discount (ALONE)': '−$7.00' });
  });
  test('for the same goods count once: the best one', async () => {
    await discount('LITTLE', { off: '2.00', collection: 'Tableware', with: ['product'] });
    await discount('MUCH', { percent: 0.5, collection: 'Tableware', with: ['product'] });
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('LITTLE');
    await buyer.enter('MUCH');
    expect(await buyer.problems()).toEqual([
      'LITTLE was left out: MUCH takes more off the same items',
    ]);
    const order = await buyer.pay();
    expect(order.codes.map(({ code }) => code)).toEqual(['MUCH']);
  });
  test('for shipping are at most one, and for goods five', async () => {
    await freeShipping('SHIP1', { with: ['shipping'] });
    await freeShipping('SHIP2', { with: ['shipping'] });
    const buyer = await buyerWith('stoneware-cup');
    for (const code of ['SHIP1', 'SHIP2']) await buyer.enter(code);
    expect(await buyer.problems()).toEqual([
      'SHIP2 couldn’t be used with SHIP1: an order takes one shipping discount',
    ]);
    const other = await buyerWith('stoneware-cup');
    for (const code of ['A', 'B', 'C', 'D', 'E', 'F']) {
      await discount(code, { off: '1.00', with: ['order'] });
      await other.enter(code);
    }
    expect(await other.problems()).toEqual(['F couldn’t be used: an order takes five codes']);
  });
  test('can come from a link, and errors are in the shop’s language', async () => {
    const buyer = await buyerWith('stoneware-cup');
    await discount('LINK', { off: '3.00' });
    await buyer.get('/discount/LINK,NONE?redirect=/cart');
    expect(await buyer.problems('/fr/cart')).toEqual([
      'Saisissez un code valide : NONE n’existe pas',
    ]);
    expect(await buyer.sums()).toMatchObject({ 'Discount (LINK)': '−$3.00' });
  });
});

describe('a code', () => {
  test('for one customer is refused to guests and to others', async () => {
    await discount('HERS', {
      off: '5.00',
      input: {
        context: { customers: { add: [`gid://shopify/Customer/${ada().id}`] } },
        usageLimit: 1,
        appliesOncePerCustomer: true,
      },
    });
    const theirs =
      'HERS is not available to this customer; sign in with the account it was given to';
    const other = new Buyer();
    await other.put('stoneware-cup');
    await other.enter('HERS');
    expect(await other.problems()).toEqual([theirs]);
    await other.signIn('mateo@shopper.example');
    expect(await other.problems()).toEqual([theirs]);
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('HERS');
    expect((await buyer.pay()).codes).toMatchObject([{ code: 'HERS', amount: 500 }]);
    await buyer.put('stoneware-cup');
    await buyer.enter('HERS');
    expect(await buyer.problems()).toEqual(['HERS has reached its usage limit']);
  });
  test('says what the cart is missing: an amount, the goods, a code it combines with', async () => {
    await discount('FROM100', {
      off: '5.00',
      input: { minimumRequirement: { subtotal: { greaterThanOrEqualToSubtotal: '100.00' } } },
    });
    await discount('TEA', { off: '5.00', product: 'mint-tea' });
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('FROM100');
    await buyer.enter('TEA');
    expect(await buyer.problems()).toEqual([
      'FROM100 needs at least 100.00 USD in the cart',
      'TEA is for something that is not in the cart',
    ]);
  });
  test('of a product takes its price off, once', async () => {
    const tea = productNamed('mint-tea').price;
    await discount('FREE', { off: (tea / 100).toFixed(2), product: 'mint-tea' });
    const buyer = await buyerWith('mint-tea', 'mint-tea');
    await buyer.enter('FREE');
    expect(await buyer.pay()).toMatchObject({ lines: [{ quantity: 2, discount: tea }] });
  });
  test('for shipping covers it up to a rate, and stops working when it has ended', async () => {
    await freeShipping('CHEAP', { input: { maximumShippingPrice: '4.00' } });
    await freeShipping('SHIP', {
      input: { endsAt: emulator.world.clock.iso(emulator.world.clock.now() + 3_600_000) },
    });
    const buyer = await buyerWith('mint-tea');
    await buyer.enter('CHEAP');
    expect(await buyer.problems()).toEqual(['CHEAP does not cover this shipping rate']);
    await buyer.post('/discount', { remove: 'CHEAP', then: 'checkout' });
    await buyer.enter('SHIP');
    expect(await buyer.sums()).toMatchObject({ 'Discount (SHIP)': '−$5.00' });
    await emulator.control('clock', { hours: 2 });
    expect(await buyer.problems()).toEqual(['SHIP is no longer valid']);
  });
  test('works at the POS as well', async () => {
    await discount('POS', { off: '10.00' });
    const { order } = (await emulator.control('order', {
      customer: ada().id,
      subtotal: '50.00',
      source_name: 'pos',
      discount_codes: ['POS'],
    })) as { order: Record<string, unknown> };
    expect(order).toMatchObject({
      source_name: 'pos',
      subtotal_price: '40.00',
      discount_codes: [{ code: 'POS', amount: '10.00', type: 'fixed_amount' }],
    });
  });
});

describe('a gift card', () => {
  test('pays what it can, for any customer who has it, and the rest later', async () => {
    await giftCard('LOYALCARD123', '30.00');
    const cup = productNamed('stoneware-cup').price;
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('loyal card 123');
    expect(await buyer.sums()).toMatchObject({
      Total: `$${((cup + 500) / 100).toFixed(2)}`,
      'Gift card •••• D123': `−$${(Math.min(3000, cup + 500) / 100).toFixed(2)}`,
    });
    const order = await buyer.pay();
    expect(order.financialStatus).toBe('paid');
    expect(emulator.world.data.giftCards).toMatchObject([
      { balance: 3000 - Math.min(3000, cup + 500) },
    ]);
    const { order: body } = (await emulator.control('refund', { order: order.id })) as {
      order: Record<string, unknown>;
    };
    expect(body['payment_gateway_names']).toContain('gift_card');
    expect(emulator.world.data.giftCards).toMatchObject([{ balance: 3000 }]);
  });
  test('that is empty, expired or unknown pays nothing, and says so', async () => {
    await giftCard('EXPIREDCARD1', '30.00', '2026-01-31');
    const buyer = await buyerWith('stoneware-cup');
    await buyer.enter('EXPIREDCARD1');
    expect(await buyer.problems()).toEqual(['The gift card ending in ARD1 has expired']);
    await buyer.enter('EXPIREDCARD2');
    expect(await buyer.problems()).toContain(
      'Enter a valid discount code: EXPIREDCARD2 is not known',
    );
  });
});

describe('store credit', () => {
  test('pays for its owner, soonest to expire first, and is restored by a refund', async () => {
    const soon = emulator.world.clock.iso(emulator.world.clock.now() + 86_400_000);
    await storeCredit('4.00');
    await storeCredit('3.00', soon);
    const buyer = await buyerWith('stoneware-cup');
    expect(await buyer.get('/checkout')).toContain('Store credit: $7.00');
    await buyer.post('/checkout/credit', { use: 'yes' });
    expect(await buyer.sums()).toMatchObject({ 'Store credit': '−$7.00' });
    const order = await buyer.pay();
    expect(order.transactions.map(({ gateway, amount }) => [gateway, amount])).toMatchObject([
      ['shopify_store_credit', 700],
      ['bogus', productNamed('stoneware-cup').price + 500 - 700],
    ]);
    const account = await graphql(
      'query ($id: ID!) { customer(id: $id) { storeCreditAccounts(first: 1) { nodes { balance { amount } transactions(first: 9) { nodes { event amount { amount } } } } } } }',
      { id: `gid://shopify/Customer/${ada().id}` },
    );
    expect(account.data?.['customer']).toMatchObject({
      storeCreditAccounts: {
        nodes: [
          {
            balance: { amount: '0.00' },
            transactions: {
              nodes: [{}, {}, { event: 'ORDER_PAYMENT', amount: { amount: '-7.00' } }],
            },
          },
        ],
      },
    });
    await emulator.control('refund', { order: order.id });
    await buyer.put('stoneware-cup');
    expect(await buyer.get('/checkout')).toContain('Store credit: $7.00');
    await emulator.control('clock', { days: 2 });
    expect(await buyer.get('/checkout')).toContain('Store credit: $4.00');
  });
  test('cannot be used by other customers', async () => {
    await storeCredit('4.00');
    const other = new Buyer();
    await other.signIn('mateo@shopper.example');
    await other.put('stoneware-cup');
    expect(await other.get('/checkout')).not.toContain('Store credit');
  });
});
