import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Span } from '#core/testing/collector.ts';
import { isRaised } from '#core/testing/raised.ts';
import { ownAlarms } from '#infra/terraform-alarms.ts';
import { startObserved } from './testing/observed.ts';
import { deliver, shop } from './testing/web.ts';

let observed: Awaited<ReturnType<typeof startObserved>>;
let merchantId: string;
/** The trace of one paid order, once its last part has arrived. */
let trace: readonly Span[];

const order = {
  id: 5_001,
  name: '#1001',
  currency: 'USD',
  subtotal_price: '50.00',
  current_subtotal_price: '50.00',
  total_price: '55.00',
  financial_status: 'paid',
  updated_at: new Date().toISOString(),
  customer: { id: 990_077_001, email: 'ada@shopper.example', first_name: 'Ada', state: 'enabled' },
  line_items: [],
};

beforeAll(async () => {
  observed = await startObserved();
  ({ merchantId } = await observed.callers.installShop(shop));
  const foreign = '4bf92f3577b34da6a3ce929d0e0e4736';
  const answer = await deliver(observed.web.url, {
    body: JSON.stringify(order),
    headers: { traceparent: `00-${foreign}-00f067aa0ba902b7-01` },
  });
  expect(answer.status).toBe(200);
  const { collector } = observed;
  let [known, knownSince] = [0, Date.now()];
  trace = await collector.until(() => {
    const spans = collector.spans();
    const root = spans.find(({ name }) => name === 'POST /webhooks/orders/paid');
    const its = spans.filter(({ traceId }) => traceId === root?.traceId);
    // What the outbox brought about ends last, and a span is told of once it has ended: until nothing more comes.
    if (its.length !== known) [known, knownSince] = [its.length, Date.now()];
    const isOver = Date.now() - knownSince > 1_500;
    return isOver && its.some(({ name }) => name === 'process write-balance-metafields') && its;
  }, 'the job that writes the balance');
  expect(trace[0]?.traceId).not.toBe(foreign);
}, 120_000);
afterAll(() => observed.stop());

describe('one order', () => {
  test('is one trace from the webhook through queue, worker and gRPC to SQL, and on through the outbox', () => {
    expect(new Set(trace.map(({ service }) => service))).toEqual(
      new Set(['loyalnest-web', 'loyalnest-worker', 'loyalnest-core']),
    );
    const named = (service: string) =>
      trace.filter((span) => span.service === service).map(({ name }) => name);
    expect(named('loyalnest-web')).toContain('admin.v1.AdminService/StoreDeliveries');
    expect(named('loyalnest-worker')).toEqual(
      expect.arrayContaining([
        'process process-deliveries',
        'process delivery',
        'points.v1.PointsService/RecordOrders',
        'process write-balance-metafields',
      ]),
    );
    expect(named('loyalnest-core')).toEqual(
      expect.arrayContaining([
        'admin.v1.AdminService/StoreDeliveries',
        'points.v1.PointsService/RecordOrders',
      ]),
    );
    const statements = trace
      .filter((span) => span.service === 'loyalnest-core' && span.name.startsWith('pg.query'))
      .map(({ attributes }) => Object.values(attributes).join(' '));
    for (const written of ['inbox_store', 'orders_merge_many', 'ledger_credit_'])
      expect(statements.filter((statement) => statement.includes(written))).not.toEqual([]);
  });

  test('has no span whose cause is missing', () => {
    const known = new Set(trace.map(({ spanId }) => spanId));
    const roots = trace.filter(({ parentSpanId = '' }) => !known.has(parentSpanId));
    expect(roots.map(({ name }) => name)).toEqual(['POST /webhooks/orders/paid']);
  });

  test('has the commands of the queue, where that is Redis', async ({ skip }) => {
    const { collector, usesRedis, web } = observed;
    if (!usesRedis) skip('SKIPPED: redis-server is not installed');
    const topic = 'bulk_operations/finish';
    // The worker asks for another job.
    await deliver(web.url, {
      topic,
      body: '{"admin_graphql_api_id":"gid://shopify/BulkOperation/1"}',
    });
    await collector.until(() => {
      const spans = collector.spans();
      const root = spans.find(({ name }) => name === `POST /webhooks/${topic}`);
      const its = spans.filter(({ traceId }) => traceId === root?.traceId);
      return its.some(({ service, name }) => service === 'loyalnest-worker' && name === 'evalsha');
    }, 'the command that adds a job');
  });

  test('names its shop, and its time in the database', () => {
    const recorded = trace.find(
      ({ service, name }) => service === 'loyalnest-core' && name.endsWith('/RecordOrders'),
    );
    expect(recorded?.attributes['merchantId']).toBe(merchantId);
    expect(Number(recorded?.attributes['queryMilliseconds'])).toBeGreaterThan(0);
  });
});

test('scores are calculated in a span that can be searched for', async () => {
  const { collector } = observed;
  const span = await collector.until(
    () => collector.spans().find(({ name }) => name === 'calculate_rfm_score'),
    'a calculated score',
  );
  expect(span.attributes['operation']).toBe('calculate_rfm_score');
  await collector.until(
    () =>
      collector
        .spans()
        .some(({ traceId, name }) => traceId === span.traceId && name === 'review members'),
    'the round that asked for it',
  );
});

test('nothing that is sent names a person or holds a credential', () => {
  const sent = observed.collector.text();
  for (const secret of ['ada@shopper', '990077001', '#1001', 'Bearer', 'x-shopify-hmac'])
    expect(sent, secret).not.toContain(secret);
});

test('no metric names a shop, and each has a unit', () => {
  const points = observed.collector.points();
  expect(points.length).toBeGreaterThan(0);
  for (const { metric, unit, dimensions } of points) {
    expect(unit, metric).not.toBe('');
    for (const value of Object.values(dimensions))
      expect(String(value), metric).not.toMatch(/myshopify|[0-9a-f]{8}-[0-9a-f]{4}-/);
  }
});

test('the log lines of worker and core are of one shape, and name request, trace and shop', () => {
  for (const [process, output] of Object.entries(observed.logs())) {
    const lines = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.length, process).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line['process']).toBe(process);
      expect([typeof line['level'], typeof line['msg']]).toEqual(['number', 'string']);
      expect(line['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    }
    const ofShop = lines.filter((line) => line['merchantId'] === merchantId);
    expect(ofShop.length, process).toBeGreaterThan(0);
    for (const line of ofShop)
      expect([typeof line['requestId'], typeof line['traceId']]).toEqual(['string', 'string']);
    expect(ofShop.filter((line) => typeof line['queryMilliseconds'] === 'number')).not.toEqual([]);
    expect(output).not.toContain('ada@shopper');
  }
  // A job and the calls of core that it makes have one id.
  const { core, worker } = observed.logs();
  const jobs = worker.split('\n').filter((line) => line.includes('"job":"write-balance'));
  const ids = jobs.map((line) => (JSON.parse(line) as { requestId: string }).requestId);
  expect(ids.filter((id) => core.includes(`"requestId":"${id}"`))).not.toEqual([]);
});

/** What has to happen for each alarm of web; those of worker and core: alarms.web.test.ts. */
const conditions: Readonly<Record<string, () => Promise<unknown>>> = {
  'webhook-ack': async () => {
    const client = await observed.owner.connect();
    await client.query('BEGIN; LOCK TABLE webhook_inbox IN ACCESS EXCLUSIVE MODE');
    const waiting = deliver(observed.web.url);
    await sleep(1_500);
    await client.query('ROLLBACK');
    client.release();
    await waiting;
  },
  'web-unhandled-errors': async () => {
    const { unhandled } = await import('./telemetry.server.ts');
    unhandled(new Error('nobody waited for this'));
  },
  // Last: it does not come back.
  'web-queue-errors': () => observed.loseQueue(),
};

describe('an alarm of web', () => {
  const alarms = ownAlarms().filter(({ dimensions }) => dimensions['OTelLib'] === 'loyalnest-web');

  test('has a condition here', () => {
    expect(alarms.map(({ name }) => name).sort()).toEqual(Object.keys(conditions).sort());
  });

  test.each(Object.entries(conditions))(
    '%s is raised by what it is about, from the metric that it reads',
    async (name, bringAbout) => {
      const { collector } = observed;
      const alarm = alarms.find((one) => one.name === name);
      const before = collector.points().length;
      await bringAbout();
      await collector.until(
        () => alarm !== undefined && isRaised(alarm, collector.points().slice(before)),
        `${alarm?.metric ?? name} beyond its threshold`,
      );
    },
    60_000,
  );
});
