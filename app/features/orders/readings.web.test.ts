import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { continueFirstRunSync } from '../onboarding/first-run-sync.server.ts';
import { startShopifyApart, withAda } from '../../testing/shopify-apart.ts';
import type { ShopifyApart } from '../../testing/shopify-apart.ts';
import { shop } from '../../testing/web.ts';
import { handlers } from '../../worker/handlers.ts';

let apart: ShopifyApart;
let web: ShopifyApart['web'];
let shopify: ShopifyApart['shopify'];
let services: ShopifyApart['services'];
let merchantId: string;

beforeAll(async () => {
  apart = await startShopifyApart();
  ({ web, shopify, services } = apart);
}, 60_000);
afterAll(() => apart.stop());
beforeEach(async () => {
  ({ merchantId } = await web.core.installShop());
  await withAda(apart);
});

const atNight = () => handlers['reconcile-shop']({ merchantId, shop }, services, true);

async function sync() {
  const { admin, points, referrals } = services.core(merchantId);
  await admin.startSync({});
  for (let step = 0; step < 200; step += 1) {
    const done = await continueFirstRunSync({
      core: { admin, points, referrals },
      shopify: services.shopify({ merchantId, shop }),
      download: (url) => services.download(url),
      now: () => Date.now(),
      merchantId,
    });
    if (done === 'done') return (await admin.getSync({})).sync;
    await sleep(2);
  }
  throw new Error('the sync does not end');
}

interface Placed {
  readonly id: number;
  readonly line_items: readonly { readonly id: number }[];
}
async function placed(fields: Record<string, unknown> = {}): Promise<Placed> {
  const { order } = await shopify.emulator.control('order', {
    customer: 'ada@shopper.example',
    lines: [{ title: 'Cup', price: '12.00', quantity: 2 }],
    wait: true,
    ...fields,
  });
  return order as Placed;
}
async function points(): Promise<number> {
  const { rows } = await web.core.outside.query<{ sum: number }>(
    `SELECT coalesce(sum(points), 0)::int AS sum FROM points_transactions WHERE merchant_id = $1`,
    [merchantId],
  );
  return rows[0]?.sum ?? 0;
}
const namesOfOrders = async () =>
  (
    await web.core.outside.query<{ id: string }>(
      'SELECT shopify_order_id AS id FROM orders WHERE merchant_id = $1 ORDER BY 1',
      [merchantId],
    )
  ).rows.map(({ id }) => id);
/** An order that Shopify can have but the emulator's checkout cannot create. */
const spoil = (id: number, change: Record<string, unknown>) => {
  const order = shopify.emulator.world.data.orders.get(id);
  if (order !== undefined) Object.assign(order, change);
};

describe('a first sync', () => {
  test('after a refund deducts the refund and nothing else, whatever was lost by reinstalling', async () => {
    const order = await placed();
    await atNight();
    expect(await points()).toBe(240);
    await shopify.emulator.control('refund', {
      order: order.id,
      lines: [{ index: 0, quantity: 1 }],
      wait: true,
    });
    await sync();
    expect(await points()).toBe(120);
    await sync();
    await atNight();
    expect(await points()).toBe(120);
  });

  test('sets an unreadable order and customer aside with reasons, and imports the rest', async () => {
    const orders = [await placed(), await placed(), await placed()];
    await shopify.emulator.control('customer', { email: 'ben@shopper.example' });
    spoil(orders[1]?.id ?? 0, { processedAt: 'yesterday' });
    const [ben] = [...shopify.emulator.world.data.customers.values()].slice(-1);
    if (ben !== undefined) ben.updatedAt = 'never';
    const done = await sync();
    expect(done).toMatchObject({
      status: 'completed',
      customersProcessed: 2,
      customersSetAside: 1,
      ordersProcessed: 3,
      ordersSetAside: 1,
      setAside: [
        { kind: 'customer', shopifyId: String(ben?.id), code: 'unreadable' },
        { kind: 'order', shopifyId: String(orders[1]?.id), code: 'unreadable' },
      ],
    });
    expect(await namesOfOrders()).toEqual([orders[0]?.id, orders[2]?.id].map(String));
  });

  test('imports long names, an amount of 200,000,000 and an order with 501 lines', async () => {
    await shopify.emulator.control('customer', {
      email: `${'x'.repeat(330)}@shopper.example`,
      first_name: `${'A'.repeat(300)}\u0000\ud800`,
      locale: 'not a language',
    });
    const orders = [
      await placed(),
      await placed({ subtotal: '200000000.00' }),
      await placed({
        lines: Array.from({ length: 501 }, (_, index) => ({
          title: `Cup ${index}`,
          price: '1.00',
        })),
      }),
    ];
    spoil(orders[0]?.id ?? 0, { number: '1'.repeat(80) });
    expect(await sync()).toMatchObject({
      status: 'completed',
      customersSetAside: 0,
      ordersSetAside: 0,
      setAside: [],
    });
    expect(await namesOfOrders()).toHaveLength(3);
  });
});

describe('the nightly reconciliation', () => {
  test('continues after an unreadable order', async () => {
    const orders = [await placed(), await placed(), await placed()];
    spoil(orders[0]?.id ?? 0, { processedAt: 'yesterday' });
    await atNight();
    expect(await namesOfOrders()).toEqual([orders[1]?.id, orders[2]?.id].map(String));
    expect(await points()).toBe(480);
  });

  test('reads all lines of a refund that spans several pages', async () => {
    const order = await placed({
      lines: Array.from({ length: 130 }, (_, index) => ({ title: `Cup ${index}`, price: '1.00' })),
    });
    await atNight();
    expect(await points()).toBe(1_300);
    await shopify.emulator.control('refund', {
      order: order.id,
      lines: order.line_items.slice(0, 125).map(({ id }) => ({ line_item_id: id })),
      wait: true,
    });
    await atNight();
    expect(await points()).toBe(50);
  });

  test('reads a refund exactly as its webhook reports it, in every payment state', async () => {
    const { parseOrder } = await import('../webhooks/order-payload.ts');
    const { readWholeOrder } = await import('../../shopify/read-orders.ts');
    const order = await placed({ shipping: '5.00' });
    const refunds: Record<string, unknown>[] = [
      { amount: '3.00' },
      { lines: [{ index: 0, quantity: 1 }], status: 'pending' },
      { amount: '1.00', status: 'failure' },
    ];
    for (const refund of refunds) {
      const told = await shopify.emulator.control('refund', {
        order: order.id,
        wait: true,
        ...refund,
      });
      const now = () => Date.now();
      const whole = await readWholeOrder(
        services.shopify({ merchantId, shop }),
        `gid://shopify/Order/${order.id}`,
        { lines: 'none', now },
      );
      const read = whole?.order;
      const body = Buffer.from(JSON.stringify(told['order']));
      const webhook = parseOrder(body, 'updated', read?.observedAt ?? '');
      expect({ ...read, lines: [], source: '', country: '' }).toEqual({
        ...webhook,
        lines: [],
        source: '',
        country: '',
        // Webhook bodies do not have it.
        totalRefunded: read?.totalRefunded,
      });
    }
  });
});
