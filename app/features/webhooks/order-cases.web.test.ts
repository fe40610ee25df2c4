import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startListeningApp } from '#e2e/shopify/testing-app.ts';
import type { ListeningApp } from '#e2e/shopify/testing-app.ts';
import { startWorker } from '../../worker/start-worker.ts';
import type { RunningWorker } from '../../worker/start-worker.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { startTestShopify } from '../../testing/shopify.ts';
import type { ShopifyUnderTest } from '../../testing/shopify.ts';
import { deliver, shop, startTestWeb } from '../../testing/web.ts';

/** Deliveries as Shopify makes them, through web, queue, worker and core to the balances. */

let web: Awaited<ReturnType<typeof startTestWeb>>;
/** Receives the emulator's own webhooks and ignores them: here every delivery is written by hand. */
let lost: ListeningApp;
let shopify: ShopifyUnderTest;
let worker: RunningWorker;
let merchantId: string;

/** Single order reads so far; the response to the next one is delayed until `hold` is released. */
let readings = 0;
let hold: Promise<void> | undefined;

beforeAll(async () => {
  web = await startTestWeb();
  lost = await startListeningApp();
  shopify = await startTestShopify({ appUrl: lost.url, seed: 'none' });
  ({ merchantId } = await web.core.installShop(shop));
  await web.core.outside.query(`UPDATE merchants SET created_at = created_at - interval '1 hour'`);
  const services = await shopify.services();
  worker = await startWorker({
    ...services,
    shopify(of) {
      const client = services.shopify(of);
      const request: AdminClient['request'] = async (document, variables) => {
        const answer = await client.request(document, variables);
        if (document.name !== 'ReadOrder') return answer;
        readings += 1;
        const kept = hold;
        hold = undefined;
        await kept;
        return answer;
      };
      return { ...client, request };
    },
  });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await shopify.stop();
  await lost.stop();
  await web.stop();
});

type Body = Readonly<Record<string, unknown>>;
let ids = 4_200_000;
const nextId = (): number => ++ids;
const secondsAgo = (seconds: number): string =>
  new Date(Date.now() - seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');

const person = (id: number): Body => ({ id, first_name: 'Sam', state: 'enabled' });
const line = (id: number, price: string, changes: Body = {}): Body => ({
  id,
  product_id: id + 1,
  title: 'Cup',
  quantity: 1,
  current_quantity: 1,
  price,
  gift_card: false,
  discount_allocations: [],
  ...changes,
});

/** A paid order of goods for `price`, as Shopify sends it. */
function orderOf(customer: number, price = '100.00', changes: Body = {}) {
  const id = nextId();
  const at = secondsAgo(60);
  return {
    id,
    name: `#${id}`,
    source_name: 'web',
    test: false,
    currency: 'USD',
    presentment_currency: 'USD',
    financial_status: 'paid',
    taxes_included: false,
    subtotal_price: price,
    current_subtotal_price: price,
    total_tax: '0.00',
    total_price: price,
    current_total_price: price,
    created_at: at,
    processed_at: at,
    updated_at: at,
    cancelled_at: null,
    customer: person(customer),
    line_items: [line(nextId(), price)],
    refunds: [],
    discount_codes: [],
    ...changes,
  };
}
type OrderBody = ReturnType<typeof orderOf>;

const shopMoney = (amount: string) => ({ shop_money: { amount, currency_code: 'USD' } });
const adjusted = (amount: string, changes: Body = {}): Body => ({
  id: nextId(),
  amount,
  tax_amount: '0.00',
  reason: 'Refund discrepancy',
  amount_set: shopMoney(amount),
  tax_amount_set: shopMoney('0.00'),
  ...changes,
});
const paidBack = (amount: string, status = 'success'): Body => ({
  id: nextId(),
  kind: 'refund',
  status,
  amount,
  currency: 'USD',
});
const returned = (item: Body, subtotal: string, tax = '0.00'): Body => ({
  id: nextId(),
  line_item_id: item['id'],
  quantity: 1,
  subtotal: Number(subtotal),
  subtotal_set: shopMoney(subtotal),
  total_tax: Number(tax),
  total_tax_set: shopMoney(tax),
  line_item: item,
});
const refundOf = (order: OrderBody, changes: Body): Body => ({
  id: nextId(),
  order_id: order.id,
  created_at: secondsAgo(40),
  processed_at: secondsAgo(40),
  refund_line_items: [],
  order_adjustments: [],
  transactions: [],
  ...changes,
});
const later = (order: OrderBody, changes: Body): Body => ({
  ...order,
  updated_at: secondsAgo(20),
  ...changes,
});

/** Delivers, and waits until the worker has processed it. @returns its outcome */
async function send(topic: string, body: Body, triggeredAt?: string): Promise<string> {
  const webhookId = `case-${nextId()}`;
  const answer = await deliver(web.url, {
    topic,
    body: JSON.stringify(body),
    headers: {
      'x-shopify-webhook-id': webhookId,
      ...(triggeredAt !== undefined && { 'x-shopify-triggered-at': triggeredAt }),
    },
  });
  expect(answer.status).toBe(200);
  let ended = '';
  await expect
    .poll(
      async () => {
        const { rows } = await web.core.outside.query<{ status: string; reason: string | null }>(
          'SELECT status, reason FROM webhook_inbox WHERE webhook_id = $1',
          [webhookId],
        );
        ended = [rows[0]?.status, rows[0]?.reason ?? ''].join(' ').trim();
        return rows[0]?.status;
      },
      { timeout: 15_000 },
    )
    .toMatch(/processed|ignored|refused|failed/);
  return ended;
}
const balanceOf = async (customer: number): Promise<number> =>
  (
    await web.core.outside.query<{ balance: number }>(
      `SELECT b.balance::int AS balance FROM customers c JOIN points_balances b USING (merchant_id, customer_id)
       WHERE c.merchant_id = $1 AND c.shopify_customer_id = $2`,
      [merchantId, String(customer)],
    )
  ).rows[0]?.balance ?? 0;

test('of two edits within one second, the one triggered later wins', async () => {
  const sam = nextId();
  const order = orderOf(sam);
  await send('orders/paid', order, secondsAgo(55));
  const second = secondsAgo(30);
  const edit = (current_subtotal_price: string): Body => ({
    ...order,
    updated_at: second,
    current_subtotal_price,
  });
  await send('orders/updated', edit('130.00'), secondsAgo(29));
  expect(await send('orders/updated', edit('150.00'), secondsAgo(28))).toBe('processed');
  expect(await balanceOf(sam)).toBe(1_500);
});

test('only a completed merge moves points, once, and later orders follow it', async () => {
  const [kept, gone] = [nextId(), nextId()];
  const merge = (status: string): Body => ({
    admin_graphql_api_customer_kept_id: `gid://shopify/Customer/${kept}`,
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${gone}`,
    status,
    errors: [],
  });
  await send('orders/paid', orderOf(kept, '0.00'));
  await send('orders/paid', orderOf(gone));
  expect(await send('customers/merge', merge('failed'))).toBe('ignored merge_not_completed');
  expect(await send('customers/merge', merge('in_progress'))).toBe('ignored merge_not_completed');
  expect([await balanceOf(kept), await balanceOf(gone)]).toEqual([0, 1_000]);
  await send('customers/merge', merge('completed'));
  await send('customers/merge', merge('completed'));
  await send('orders/paid', orderOf(gone, '10.00'));
  expect([await balanceOf(kept), await balanceOf(gone)]).toEqual([1_100, 0]);
});

test('an order moved to another customer moves its points', async () => {
  const [first, second] = [nextId(), nextId()];
  const order = orderOf(first);
  await send('orders/paid', order);
  await send('orders/updated', later(order, { customer: person(second) }));
  expect([await balanceOf(first), await balanceOf(second)]).toEqual([0, 1_000]);
});

test.each([
  ['half of it', '-50.00', 'partially_refunded', 500],
  ['all of it', '-100.00', 'refunded', 0],
])(
  'a refund by amount alone, of %s, deducts its share once',
  async (_share, amount, financial_status, left) => {
    const sam = nextId();
    const order = orderOf(sam);
    const refund = refundOf(order, {
      order_adjustments: [adjusted(amount)],
      transactions: [paidBack('0.00')],
    });
    await send('orders/paid', order);
    await send('refunds/create', refund);
    expect(await balanceOf(sam)).toBe(left);
    await send('orders/updated', later(order, { financial_status, refunds: [refund] }));
    expect(await balanceOf(sam)).toBe(left);
  },
);

test('a refund whose transaction failed deducts nothing', async () => {
  const sam = nextId();
  const order = orderOf(sam);
  const refund = refundOf(order, {
    order_adjustments: [adjusted('-50.00', { kind: 'refund_discrepancy' })],
    transactions: [paidBack('50.00', 'failure')],
  });
  await send('orders/paid', order);
  await send('refunds/create', refund);
  await send('orders/updated', later(order, { refunds: [refund] }));
  expect(await balanceOf(sam)).toBe(1_000);
});

test('a pending refund deducts nothing until the order is reported as refunded', async () => {
  const sam = nextId();
  const order = orderOf(sam, '100.00', { total_price: '110.00' });
  const waiting = {
    refund_line_items: [returned(order.line_items[0] ?? {}, '100.00', '10.00')],
    order_adjustments: [adjusted('110.00', { kind: 'refund_discrepancy' })],
    transactions: [paidBack('110.00', 'pending')],
  };
  const refund = refundOf(order, waiting);
  await send('orders/paid', order);
  await send('refunds/create', refund);
  expect(await balanceOf(sam)).toBe(1_000);
  const settled = { ...refund, transactions: [paidBack('110.00')] };
  const changes = { financial_status: 'refunded', current_subtotal_price: '0.00' };
  await send('orders/updated', later(order, { ...changes, refunds: [settled] }));
  expect(await balanceOf(sam)).toBe(0);
});

test('a refund after the buyer was erased writes no entry for them', async () => {
  const sam = nextId();
  const order = orderOf(sam);
  await send('orders/paid', order);
  await send('customers/redact', {
    shop_domain: shop,
    customer: { id: sam },
    orders_to_redact: [],
  });
  await expect.poll(() => balanceOf(sam), { timeout: 15_000 }).toBe(0);
  const entries = async () =>
    (await web.core.outside.query('SELECT 1 FROM points_transactions')).rowCount;
  const before = await entries();
  const lines = [returned(order.line_items[0] ?? {}, '100.00')];
  const refund = { refund_line_items: lines, transactions: [paidBack('0.00')] };
  expect(await send('refunds/create', refundOf(order, refund))).toBe('ignored redacted_customer');
  expect(await entries()).toBe(before);
});

test.each([
  [
    'paid in a digital currency earns by the shop’s amount',
    { presentment_currency: 'USDC' },
    1_000,
  ],
  [
    'placed and paid long before, and imported today, is history',
    { processed_at: '2021-03-04T10:00:00-05:00' },
    0,
  ],
  ['paid with a test payment earns nothing', { test: true }, 0],
  ['whose name holds what no text can hold earns all the same', { name: '#1\u0000\ud800' }, 1_000],
])('an order %s', async (_of, changes, points) => {
  const sam = nextId();
  const order = orderOf(sam, '100.00', changes);
  await send('orders/create', order);
  await send('orders/paid', order);
  expect(await balanceOf(sam)).toBe(points);
});

test('a tip earns nothing, and refunding it deducts nothing', async () => {
  const sam = nextId();
  const tip = line(nextId(), '10.00', {
    product_id: null,
    title: 'Tip',
    tip: { payment_method: 'credit_card' },
  });
  const order = orderOf(sam, '100.00', {
    total_price: '110.00',
    line_items: [line(nextId(), '100.00'), tip],
  });
  const refund = refundOf(order, {
    refund_line_items: [returned(tip, '10.00')],
    transactions: [paidBack('0.00')],
  });
  await send('orders/paid', order);
  await send('refunds/create', refund);
  expect(await balanceOf(sam)).toBe(1_000);
  const changes = { financial_status: 'partially_refunded', refunds: [refund] };
  await send('orders/updated', later(order, changes));
  expect(await balanceOf(sam)).toBe(1_000);
});

interface Placed {
  readonly id: number;
  readonly updated_at: string;
  readonly customer: { readonly id: number };
}
/** An order at Shopify, of 24.00. */
async function placedAtShopify(email: string): Promise<Placed> {
  await shopify.emulator.control('customer', { email });
  const { order } = await shopify.emulator.control('order', {
    customer: email,
    lines: [{ title: 'Cup', price: '12.00', quantity: 2 }],
    wait: true,
  });
  return order as Placed;
}
/** Two indistinguishable states: same second, same trigger time. */
async function tellInDoubt(placed: Placed, updated_at: string, prices: readonly [string, string]) {
  for (const price of prices) {
    const order = orderOf(placed.customer.id, price, { id: placed.id, updated_at });
    await send('orders/paid', order, updated_at);
  }
}

test('two indistinguishable states are read from Shopify, whose answer decides the balance', async () => {
  const placed = await placedAtShopify('ada@shopper.example');
  await tellInDoubt(placed, placed.updated_at, ['70.00', '80.00']);
  await expect.poll(() => balanceOf(placed.customer.id), { timeout: 15_000 }).toBe(240);
});

test('a second ambiguity during a read causes another read', async () => {
  const placed = await placedAtShopify('ben@shopper.example');
  const before = readings;
  let release = (): void => undefined;
  hold = new Promise((resolve) => (release = resolve));
  await tellInDoubt(placed, placed.updated_at, ['70.00', '80.00']);
  await expect.poll(() => readings, { timeout: 15_000 }).toBe(before + 1);
  // After Shopify's response the order is edited and reported twice within the second.
  await sleep(1_100);
  const { order } = await shopify.emulator.control('edit', {
    order: placed.id,
    add: [{ title: 'Plate', price: '6.00' }],
    wait: true,
  });
  await tellInDoubt(placed, (order as Placed).updated_at, ['40.00', '50.00']);
  release();
  await expect.poll(() => balanceOf(placed.customer.id), { timeout: 20_000 }).toBe(300);
  expect(readings).toBeGreaterThan(before + 1);
}, 60_000);
