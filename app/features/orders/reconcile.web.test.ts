import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startShopifyApart, withAda } from '../../testing/shopify-apart.ts';
import type { ShopifyApart } from '../../testing/shopify-apart.ts';
import { deliver, shop } from '../../testing/web.ts';
import { handlers } from '../../worker/handlers.ts';
import type { NewJob } from '../../jobs/queue.ts';
import type { JobServices } from '../../jobs/services.ts';

let apart: ShopifyApart;
let web: ShopifyApart['web'];
let sent: ShopifyApart['sent'];
let shopify: ShopifyApart['shopify'];
let services: ShopifyApart['services'];
/** One tenant learns everything at night, the other by webhooks. */
let byNight: string;
let byWebhook: string;

beforeAll(async () => {
  apart = await startShopifyApart();
  ({ web, sent, shopify, services } = apart);
}, 60_000);
afterAll(() => apart.stop());

beforeEach(async () => {
  byNight = (await web.core.installShop()).merchantId;
  byWebhook = (await web.core.installShop(`webhooks-${byNight.slice(0, 8)}.myshopify.com`))
    .merchantId;
  await withAda(apart);
});

const reconcile = () => handlers['reconcile-shop']({ merchantId: byNight, shop }, services, true);

async function placed(total: string): Promise<{ id: number; line_items: { id: number }[] }> {
  const { order } = await shopify.emulator.control('order', {
    customer: 'ada@shopper.example',
    lines: [{ product: 'morning-blend', quantity: 2, price: total }],
    wait: true,
  });
  return order as { id: number; line_items: { id: number }[] };
}

/** Delivers what Shopify sent to the given tenant's shop, and processes it. */
async function deliverTheLost(merchantId: string): Promise<void> {
  const { rows } = await web.core.outside.query<{ shopify_domain: string }>(
    'SELECT shopify_domain FROM merchants WHERE merchant_id = $1',
    [merchantId],
  );
  for (const { path, body } of sent.received) {
    const topic = path.replace('/webhooks/', '');
    const answer = await deliver(web.url, {
      topic,
      body: body.toString('utf8'),
      headers: { 'x-shopify-shop-domain': rows[0]?.shopify_domain ?? '' },
    });
    expect(answer.status).toBe(200);
  }
  const deliveries = await web.core.outside.query<{ delivery_id: string }>(
    `SELECT delivery_id FROM webhook_inbox WHERE merchant_id = $1 AND status = 'received'`,
    [merchantId],
  );
  await handlers['process-deliveries'](
    {
      deliveryIds: deliveries.rows.map((row) => row.delivery_id),
      backoff: { waits: 0, since: Date.now() },
    },
    services,
    true,
  );
}

async function ledgerOf(merchantId: string) {
  const { rows } = await web.core.outside.query<{ key: string; points: number }>(
    `SELECT idempotency_key AS key, points::int AS points FROM points_transactions WHERE merchant_id = $1
     ORDER BY idempotency_key`,
    [merchantId],
  );
  return rows;
}

describe('the nightly reconciliation', () => {
  test('records an order and a refund whose webhooks were lost, as their webhooks would have', async () => {
    const order = await placed('20.00');
    await reconcile();
    expect(await ledgerOf(byNight)).toEqual([{ key: `order/${order.id}/paid`, points: 400 }]);
    await shopify.emulator.control('refund', {
      order: order.id,
      lines: [{ index: 0, quantity: 1 }],
      wait: true,
    });
    await reconcile();
    expect((await ledgerOf(byNight)).map(({ points }) => points)).toEqual([400, -200]);
    await deliverTheLost(byWebhook);
    expect(await ledgerOf(byNight)).toEqual(await ledgerOf(byWebhook));
  });

  test('deducts a refund that belongs to no line, as its webhook does', async () => {
    const order = await placed('20.00');
    await shopify.emulator.control('refund', { order: order.id, amount: '10.00', wait: true });
    await reconcile();
    await deliverTheLost(byWebhook);
    const ledger = await ledgerOf(byNight);
    expect(ledger.map(({ points }) => points)).toEqual([400, -100]);
    expect(ledger).toEqual(await ledgerOf(byWebhook));
    await shopify.emulator.control('refund', {
      order: order.id,
      lines: [{ index: 0, quantity: 1 }],
      wait: true,
    });
    await reconcile();
    await deliverTheLost(byWebhook);
    expect(await ledgerOf(byNight)).toEqual(await ledgerOf(byWebhook));
  });

  test('records a cancelled order', async () => {
    const order = await placed('20.00');
    await reconcile();
    await shopify.emulator.control('cancel', { order: order.id, wait: true });
    await reconcile();
    const points = (await ledgerOf(byNight)).map((entry) => entry.points);
    expect(points.reduce((sum, each) => sum + each, 0)).toBe(0);
    await deliverTheLost(byWebhook);
    const told = (await ledgerOf(byWebhook)).map((entry) => entry.points);
    expect(told.reduce((sum, each) => sum + each, 0)).toBe(0);
  });

  test('changes nothing when everything is known, and neither do later webhooks', async () => {
    const order = await placed('20.00');
    await shopify.emulator.control('refund', { order: order.id, fraction: 0.5, wait: true });
    await reconcile();
    const before = await ledgerOf(byNight);
    await reconcile();
    await deliverTheLost(byNight);
    expect(await ledgerOf(byNight)).toEqual(before);
  });

  test('knows excluded goods, also in an order that no webhook reported', async () => {
    const { scopes } = shopify.emulator.world.data.installation;
    if (!scopes.includes('read_products')) scopes.push('read_products');
    const sold = async () => {
      const { order } = await shopify.emulator.control('order', {
        customer: 'ada@shopper.example',
        lines: [
          { product: 'morning-blend', quantity: 2, price: '20.00' },
          { product: 'night-decaf', quantity: 1, price: '7.00' },
        ],
        wait: true,
      });
      return order as { id: number; line_items: { id: number; product_id: number }[] };
    };
    const product = (await sold()).line_items[0]?.product_id ?? 0;
    for (const merchantId of [byNight, byWebhook])
      await web.core.outside.query(
        `INSERT INTO program_settings (merchant_id, config) VALUES ($1, $2)
         ON CONFLICT (merchant_id) DO UPDATE SET config = program_settings.config || EXCLUDED.config`,
        [
          merchantId,
          { earning: { excluded_products: [{ product_id: String(product), title: '' }] } },
        ],
      );
    sent.received.length = 0;
    const order = await sold();
    await shopify.emulator.control('refund', {
      order: order.id,
      lines: [{ index: 0, quantity: 1 }],
      wait: true,
    });
    await reconcile();
    const own = (await ledgerOf(byNight)).filter(({ key }) => key.includes(String(order.id)));
    expect(own).toEqual([{ key: `order/${order.id}/paid`, points: 70 }]);
    await deliverTheLost(byWebhook);
    expect(await ledgerOf(byWebhook)).toEqual(own);
  });

  test('reads every page of the orders that changed', async () => {
    for (let count = 0; count < 23; count += 1) await placed('1.00');
    await reconcile();
    expect(await ledgerOf(byNight)).toHaveLength(23);
  });

  test('is one job per installed shop and night', async () => {
    const jobs: NewJob[] = [];
    await web.core.clients({ merchant: byWebhook }).admin.uninstallMerchant({
      uninstalledAt: new Date(Date.now() + 1_000).toISOString(),
    });
    const listening: JobServices = {
      ...services,
      queues: {
        ...services.queues,
        enqueueAll: (more) => Promise.resolve(void jobs.push(...more)),
      },
    };
    await handlers['reconcile-all']({}, listening, true);
    const ids = jobs.map(({ options }) => options?.jobId);
    expect(new Set(ids).size).toBe(ids.length);
    const night = new Date().toISOString().slice(0, 10);
    expect(ids).toContain(`reconcile-${night}-${byNight}`);
    expect(ids).not.toContain(`reconcile-${night}-${byWebhook}`);
  });
});
