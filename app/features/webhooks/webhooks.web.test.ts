import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OutcomeReason } from '#proto/common/v1/common.ts';
import { deliver, proxyPath, shop, startTestWeb } from '../../testing/web.ts';
import { webhookTopics } from '../../shopify/webhook-topics.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let merchantId: string;

beforeAll(async () => {
  web = await startTestWeb();
  ({ merchantId } = await web.core.installShop(shop));
});
afterAll(() => web.stop());

async function stored(): Promise<number> {
  const { rows } = await web.core.outside.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM webhook_inbox',
  );
  return rows[0]?.count ?? 0;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await sleep(50);
  }
}

describe('a delivery of Shopify', () => {
  test.each(webhookTopics)('%s is stored and answered with 200', async (topic) => {
    const before = await stored();
    // For its own shop: some topics end a shop.
    const response = await deliver(web.url, {
      topic,
      headers: { 'x-shopify-shop-domain': 'topics.myshopify.com' },
    });
    expect(response.status).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  test('that is repeated is stored once', async () => {
    const headers = { 'x-shopify-webhook-id': 'the-same' };
    const before = await stored();
    for (let time = 0; time < 5; time += 1)
      expect((await deliver(web.url, { headers })).status).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  test.each([
    ['a wrong signature', { signature: 'bad' as const }, 401],
    ['no signature', { signature: 'missing' as const }, 401],
    ['a GET', { method: 'GET' }, 405],
    ['a PUT', { method: 'PUT' }, 405],
    ['no body', { body: '' }, 400],
    ['a topic that is not the path’s', { path: 'orders/create' }, 400],
    ['a topic without a subscription', { topic: 'orders/dreamt', path: 'orders/dreamt' }, 400],
    ['no id', { headers: { 'x-shopify-webhook-id': '' } }, 400],
    ['a shop that is none', { headers: { 'x-shopify-shop-domain': 'evil.example' } }, 400],
    ['a body of megabytes', { body: `"${'x'.repeat(1_100_000)}"` }, 413],
  ])('with %s is refused and not stored', async (_name, options, status) => {
    const before = await stored();
    expect((await deliver(web.url, options)).status).toBe(status);
    expect(await stored()).toBe(before);
  });
});

describe('from webhook to balance', () => {
  let worker: { stop(): Promise<void> };
  beforeAll(async () => {
    const { startWorker } = await import('../../worker/start-worker.ts');
    const { createJobServices } = await import('../../worker/services.server.ts');
    worker = await startWorker(createJobServices());
  });
  afterAll(() => worker.stop());

  test('a paid order becomes points that the storefront shows, once, and a refund deducts its share', async () => {
    const order = {
      id: 5_001,
      name: '#1001',
      currency: 'USD',
      subtotal_price: '50.00',
      current_subtotal_price: '50.00',
      total_price: '55.00',
      financial_status: 'paid',
      updated_at: new Date().toISOString(),
      customer: { id: 7_001, email: 'ada@example.com', first_name: 'Ada', state: 'enabled' },
      line_items: [],
    };
    const balance = async () => {
      const response = await fetch(
        web.url + proxyPath('widget', { logged_in_customer_id: '7001' }),
      );
      const widget = (await response.json()) as {
        customer: { balance: number } | null;
        recent: { explanation: string; points: number }[];
      };
      return { points: widget.customer?.balance, recent: widget.recent };
    };
    for (let time = 0; time < 3; time += 1)
      await deliver(web.url, { topic: 'orders/paid', body: JSON.stringify(order) });
    await until(async () => ((await balance()).points ?? 0) > 0);
    const earned = (await balance()).points ?? 0;
    expect((await balance()).recent).toHaveLength(1);
    expect((await balance()).recent[0]?.explanation).toContain('Purchase, order #1001');

    const refund = {
      id: 9_001,
      order_id: 5_001,
      processed_at: new Date().toISOString(),
      refund_line_items: [{ quantity: 1, subtotal: '25.00' }],
    };
    await deliver(web.url, { topic: 'refunds/create', body: JSON.stringify(refund) });
    await until(async () => ((await balance()).points ?? earned) < earned);
    expect((await balance()).points).toBe(earned / 2);

    await deliver(web.url, {
      topic: 'orders/paid',
      body: JSON.stringify({
        ...order,
        id: 5_002,
        line_items: [{ id: 1, title: 'x', quantity: -1 }],
      }),
    });
    await deliver(web.url, { topic: 'orders/paid', body: 'not json' });
    const unfinished = `SELECT count(*)::int AS count FROM webhook_inbox WHERE merchant_id = $1 AND status NOT IN ('processed', 'ignored', 'refused')`;
    await until(
      async () =>
        (await web.core.outside.query<{ count: number }>(unfinished, [merchantId])).rows[0]
          ?.count === 0,
    );
    const { rows } = await web.core.outside.query(
      `SELECT DISTINCT status FROM webhook_inbox WHERE merchant_id = $1 ORDER BY 1`,
      [merchantId],
    );
    expect(rows.map((row: { status: string }) => row.status)).toContain('refused');
    expect((await balance()).points).toBe(earned / 2);
  }, 60_000);

  test('a delivery repeated after 24 hours is processed again, and the balance does not change', async () => {
    const headers = { 'x-shopify-webhook-id': randomUUID() };
    const order = {
      id: 5_101,
      name: '#1101',
      currency: 'USD',
      subtotal_price: '40.00',
      current_subtotal_price: '40.00',
      total_price: '40.00',
      financial_status: 'paid',
      updated_at: new Date().toISOString(),
      customer: { id: 7_101, email: 'day@example.com', state: 'disabled' },
      line_items: [],
    };
    const send = async () => {
      const response = await deliver(web.url, {
        topic: 'orders/paid',
        body: JSON.stringify(order),
        headers,
      });
      expect(response.status).toBe(200);
    };
    const processed = async () => {
      const { rows } = await web.core.outside.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM webhook_inbox WHERE webhook_id = $1 AND status = 'processed'`,
        [headers['x-shopify-webhook-id']],
      );
      return rows[0]?.count;
    };
    const entries = async () => {
      const { rows } = await web.core.outside.query<{ points: string }>(
        `SELECT points FROM points_transactions WHERE merchant_id = $1 AND order_id = '5101'`,
        [merchantId],
      );
      return rows;
    };
    await send();
    await send();
    await until(async () => (await processed()) === 1);
    const earned = await entries();
    expect(earned).toHaveLength(1);
    await web.core.outside.query(
      `UPDATE webhook_idempotency_keys SET expires_at = now() WHERE webhook_id = $1`,
      [headers['x-shopify-webhook-id']],
    );
    await send();
    await until(async () => (await processed()) === 2);
    expect(await entries()).toEqual(earned);
  }, 60_000);
});

describe('an edited order', () => {
  test('is read from Shopify each time its delivery is processed, also a minute later', async () => {
    const { processDelivery } = await import('./process-delivery.server.ts');
    const { openQueues } = await import('../../jobs/queue.server.ts');
    const { env } = await import('../../env.server.ts');
    const { REDIS_URL, QUEUE_DATABASE_URL, DATABASE_URL } = env();
    const queues = openQueues({
      redisUrl: REDIS_URL,
      databaseUrl: QUEUE_DATABASE_URL ?? DATABASE_URL,
      onError: () => undefined,
    });
    const read: unknown[] = [];
    try {
      await queues.work('shopify', 1, (job) => {
        if (job.name === 'fetch-order') read.push(job.data);
        return Promise.resolve();
      });
      const delivery = {
        deliveryId: randomUUID(),
        shopDomain: shop,
        merchantId,
        topic: 'orders/edited',
        webhookId: 'edit',
        eventId: 'edit',
        apiVersion: '2026-10',
        triggeredAt: new Date().toISOString(),
        receivedAt: new Date().toISOString(),
        processedAt: '',
        status: 'received',
        attempts: 0,
        problem: undefined,
        reason: OutcomeReason.UNSPECIFIED,
        points: 0,
        payload: Buffer.from(JSON.stringify({ order_edit: { id: 1, order_id: 5_001 } })),
      };
      for (const times of [1, 2]) {
        const result = await processDelivery(delivery, {
          enqueue: (job) => queues.enqueueAll([job]),
          deleteSessions: () => Promise.resolve(),
          updateScopes: () => Promise.resolve(),
          shopStanding: () => Promise.resolve('unknown'),
        });
        expect(result).toEqual({ status: 'processed', reason: OutcomeReason.ORDER_FETCH_ENQUEUED });
        await until(() => Promise.resolve(read.length === times));
      }
      expect(read).toEqual([1, 2].map(() => ({ merchantId, shop, orderId: '5001' })));
    } finally {
      await queues.close();
    }
  }, 30_000);
});

describe('the storefront', () => {
  test('gets 304 for an unchanged view, and only its own shopper’s', async () => {
    const first = await fetch(web.url + proxyPath('widget', { logged_in_customer_id: '7001' }));
    expect(first.status).toBe(200);
    expect(first.headers.get('cache-control')).toBe('private, no-store');
    const etag = first.headers.get('etag') ?? '';
    const again = await fetch(web.url + proxyPath('widget', { logged_in_customer_id: '7001' }), {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    const guest = await fetch(web.url + proxyPath('widget'), {
      headers: { 'if-none-match': etag },
    });
    expect(guest.status).toBe(200);
    expect(await guest.json()).toMatchObject({ customer: null });
  });

  test('is refused without Shopify’s signature', async () => {
    for (const path of [
      '/proxy/widget?shop=demo-store.myshopify.com&logged_in_customer_id=7001',
      proxyPath('widget', {}, 'another'),
      proxyPath('history', { timestamp: '1' }),
    ]) {
      const response = await fetch(web.url + path);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'unauthenticated' } });
    }
  });

  test('gets a history in the requested language; a guest has none', async () => {
    const response = await fetch(
      web.url + proxyPath('history', { logged_in_customer_id: '7001', locale: 'es' }),
    );
    const history = (await response.json()) as {
      entries: { explanation: string }[];
      next_cursor: string | null;
    };
    expect(history.entries.at(-1)?.explanation).toContain('Compra, pedido #1001');
    expect(history.next_cursor).toBeNull();
    expect((await fetch(web.url + proxyPath('history'))).status).toBe(401);
  });

  test('sends known events; anything else is refused', async () => {
    const event = {
      name: 'points_balance_viewed',
      at: new Date().toISOString(),
      props: { surface: 'block', locale: 'en' },
    };
    const send = (body: unknown) =>
      fetch(web.url + proxyPath('events'), { method: 'POST', body: JSON.stringify(body) });
    expect((await send({ events: [event] })).status).toBe(204);
    expect((await send({ events: [{ ...event, name: 'email_typed' }] })).status).toBe(400);
    expect((await send({ events: [] })).status).toBe(400);
  });

  test('of a shop without the app gets 404', async () => {
    const response = await fetch(web.url + proxyPath('widget', { shop: 'other.myshopify.com' }));
    expect(response.status).toBe(404);
  });
});

describe('without core', () => {
  test('deliveries are answered 503, so that Shopify retries, and health reports it', async () => {
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
    await web.stopCore();
    expect((await deliver(web.url)).status).toBe(503);
    const ready = await fetch(`${web.url}/healthz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ core: 'unavailable' });
    // The process itself is healthy and must not be restarted because of core.
    expect((await fetch(`${web.url}/health`)).status).toBe(200);
    expect((await fetch(web.url + proxyPath('widget'))).status).toBe(503);
  });
});
