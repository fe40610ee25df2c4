import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCollector } from '#core/testing/collector.ts';
import type { Collector } from '#core/testing/collector.ts';
import { isRaised } from '#core/testing/raised.ts';
import { withClient } from '#infra/local/postgres.ts';
import { ownAlarms } from '#infra/terraform-alarms.ts';
import { perform } from './jobs/perform.ts';
import type { JobName } from './jobs/catalog.ts';
import type { JobServices } from './jobs/services.ts';
import { nameProcess } from './process-name.server.ts';
import type { ShopifyApart } from './testing/shopify-apart.ts';
import { deliver, shop } from './testing/web.ts';

/** Those of web: traces.web.test.ts. */
const alarms = ownAlarms().filter(({ dimensions }) => dimensions['OTelLib'] !== 'loyalnest-web');

let collector: Collector;
let stopTelemetry: () => Promise<void>;
let apart: ShopifyApart;
let services: JobServices;
let merchantId: string;

beforeAll(async () => {
  collector = await startCollector();
  Object.assign(process.env, collector.environment);
  nameProcess('worker');
  const { startOpenTelemetry } = await import('./open-telemetry.server.ts');
  stopTelemetry = startOpenTelemetry();
  const { startShopifyApart, withAda } = await import('./testing/shopify-apart.ts');
  apart = await startShopifyApart();
  ({ services } = apart);
  ({ merchantId } = await apart.web.core.installShop(shop));
  await withAda(apart);
  const { measureQueues } = await import('./jobs/queue-metrics.ts');
  measureQueues(services.queues);
}, 120_000);
afterAll(async () => {
  await apart.stop();
  await stopTelemetry();
  collector.close();
});

const outside = (sql: string, values: unknown[] = []) => apart.web.core.outside.query(sql, values);

async function run(name: JobName, data: object): Promise<void> {
  const { handlers } = await import('./worker/handlers.ts');
  await perform({ id: randomUUID(), name, data, isLastAttempt: true }, handlers, services);
}

/** While a function of the database is missing, whatever needs it meets a bug. */
async function without(signature: string, work: () => Promise<unknown>): Promise<void> {
  const name = signature.split('(')[0] ?? '';
  await outside(`ALTER FUNCTION ${signature} RENAME TO missing`);
  await work().catch(() => undefined);
  await outside(`ALTER FUNCTION ${signature.replace(name, 'missing')} RENAME TO ${name}`);
}

/** While someone else holds a table. */
async function whileHeld(table: string, work: () => Promise<unknown>): Promise<void> {
  const client = await apart.web.core.outside.connect();
  await client.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  const waiting = work();
  await sleep(1_500);
  await client.query('ROLLBACK');
  client.release();
  await waiting;
}

async function order(): Promise<void> {
  await apart.shopify.emulator.control('order', {
    customer: 'ada@shopper.example',
    lines: [{ product: 'morning-blend', quantity: 1, price: '20.00' }],
    wait: true,
  });
}

async function storedDelivery(age: string): Promise<string> {
  await deliver(apart.web.url, { topic: 'orders/paid', body: JSON.stringify(paidOrder()) });
  const { rows } = await apart.web.core.outside.query<{ delivery_id: string }>(
    `UPDATE webhook_inbox SET received_at = now() - $1::interval WHERE status = 'received' RETURNING delivery_id`,
    [age],
  );
  return rows[0]?.delivery_id ?? '';
}

let orders = 0;
const paidOrder = () => ({
  id: 8_000 + ++orders,
  name: '#8001',
  currency: 'USD',
  subtotal_price: '50.00',
  current_subtotal_price: '50.00',
  total_price: '55.00',
  financial_status: 'paid',
  updated_at: new Date().toISOString(),
  customer: { id: 7_001, email: 'ada@shopper.example', state: 'enabled' },
  line_items: [],
});

/** What has to happen for each alarm, with the times moved and not waited for. */
const conditions: Readonly<Record<string, () => Promise<unknown>>> = {
  'inbox-age': () => storedDelivery('10 minutes'),

  'order-lag': async () => {
    const deliveryId = await storedDelivery('10 minutes');
    await run('process-deliveries', { deliveryIds: [deliveryId] });
  },

  'queue-age': async () => {
    await services.queues.enqueue('expire-points', { merchantId });
    await outside('UPDATE bullmq.job SET added_at_ms = added_at_ms - 600000');
  },

  // No relay runs here.
  'outbox-age': () =>
    outside(`UPDATE outbox_events SET created_at = created_at - interval '10 minutes'`),

  // Of two shops: one alone does not get so many connections.
  'pool-use': async () => {
    const other = await apart.web.core.installShop();
    await whileHeld('webhook_inbox', () => {
      const { admin } = apart.web.core.clients({ merchant: merchantId });
      const page = { pageSize: 1, cursor: '' };
      return Promise.all(
        [admin, other.admin].flatMap((shops) =>
          Array.from({ length: 10 }, () => shops.listDeliveries({ status: '', topic: '', page })),
        ),
      );
    });
  },

  'shopify-budget': async () => {
    await apart.shopify.emulator.control('throttle', { empty: true });
    await run('subscribe-topics', { merchantId, shop }).catch(() => undefined);
  },

  'provider-errors': async () => {
    const { createAdminClient } = await import('./shopify/admin-client.server.ts');
    const { readChangedOrders } = await import('./shopify/admin/order-documents.ts');
    const down = createAdminClient({
      shop: 'down.myshopify.com',
      accessToken: () => Promise.resolve('shpat_test'),
      fetch: () => Promise.resolve(new Response('', { status: 502 })),
    });
    for (let call = 0; call < 21; call += 1)
      await down.request(readChangedOrders, { query: '', after: null }).catch(() => undefined);
  },

  'reconcile-drift': async () => {
    await apart.shopify.emulator.control('throttle', { empty: false });
    for (let placed = 0; placed < 11; placed += 1) await order();
    const { handlers } = await import('./worker/handlers.ts');
    // At night, when webhooks that are only late have arrived.
    const atNight = { ...services, now: () => Date.now() + 3_600_000 };
    await handlers['reconcile-shop']({ merchantId, shop }, atNight, true);
  },

  'rfm-refresh': () =>
    without('refresh_rfm_segment_counts()', () => run('refresh-segment-counts', {})),

  privacy: async () => {
    await outside('ALTER TABLE gdpr_requests RENAME TO missing_requests');
    await run('process-privacy-request', { merchantId, requestId: randomUUID() }).catch(
      () => undefined,
    );
    await outside('ALTER TABLE missing_requests RENAME TO gdpr_requests');
  },

  'privacy-overdue': () =>
    outside(
      `INSERT INTO gdpr_requests (merchant_id, request_type, created_at)
       VALUES ($1, 'redact', now() - interval '26 days')`,
      [merchantId],
    ),

  'erasure-overdue': async () => {
    await outside(
      `INSERT INTO shop_erasures (target_merchant, shop_domain, requested_at, due_at)
       VALUES (gen_random_uuid(), 'gone.myshopify.com', now() - interval '26 days', now() - interval '24 days')`,
    );
    await run('erase-shops', {}).catch(() => undefined);
  },

  'dead-letters': () => without('retention_delete(integer)', () => run('delete-expired', {})),

  'worker-queue-errors': async () => {
    const { queues } = await import('./jobs/queues.server.ts');
    const opened = queues();
    await opened.work('shopify', 1, () => Promise.resolve());
    for (let time = 0; time < 12; time += 1) {
      await withClient(apart.web.core.database.queueUrl, (client) =>
        client.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND query ILIKE '%bullmq%'`,
        ),
      );
      await sleep(150);
    }
  },

  'worker-unhandled-errors': async () => {
    const { unhandled } = await import('./telemetry.server.ts');
    unhandled(new Error('nobody waited for this'));
  },

  'core-unhandled-errors': () => Promise.resolve(apart.web.core.core.countUnhandledError()),

  'core-failures': () =>
    without('retention_delete(integer)', async () => {
      const { admin } = apart.web.core.clients();
      for (let call = 0; call < 6; call += 1)
        await admin.deleteExpired({ limit: 10 }).catch(() => undefined);
    }),
};

describe('an alarm', () => {
  test('of worker and core has a condition here', () => {
    expect(alarms.map(({ name }) => name).sort()).toEqual(Object.keys(conditions).sort());
  });

  test.each(alarms.map((alarm) => [alarm.name, alarm] as const))(
    '%s is raised by what it is about, from the metric that it reads',
    async (name, alarm) => {
      // What alarms before it have brought about does not count.
      const before = collector.points().length;
      const points = () => collector.points().slice(before);
      await conditions[name]?.();
      await collector.until(
        () => isRaised(alarm, points()),
        `${alarm.metric} beyond its threshold`,
      );
    },
    60_000,
  );
});
