import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { relayOutbox } from '../../jobs/outbox-relay.ts';
import type { NewJob } from '../../jobs/queue.ts';
import type { JobServices } from '../../jobs/services.ts';
import { eventEffects } from '../../worker/event-effects.ts';
import { startTestShopify } from '../../testing/shopify.ts';
import type { ShopifyUnderTest } from '../../testing/shopify.ts';
import { shop, startTestWeb } from '../../testing/web.ts';
import type { SyncServices, SyncStep } from './first-run-sync.server.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let jobs: JobServices;
let sweepSyncs: (services: Pick<JobServices, 'platform' | 'queues'>) => Promise<boolean>;
let continueFirstRunSync: (services: SyncServices) => Promise<SyncStep>;

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({ appUrl: web.url, seed: 'none' });
  for (const name of ['ada', 'ben', 'cleo'])
    await shopify.emulator.control('customer', {
      email: `${name}@shopper.example`,
      first_name: name,
      accepts_marketing: name === 'ben',
    });
  for (const customer of [
    'ada@shopper.example',
    'ada@shopper.example',
    'ben@shopper.example',
    null,
  ])
    await shopify.emulator.control('order', { customer, total: '25.00' });
  jobs = await shopify.services();
  ({ continueFirstRunSync } = await import('./first-run-sync.server.ts'));
  ({ sweepSyncs } = await import('./sync.job.ts'));
}, 60_000);
afterAll(async () => {
  await shopify.stop();
  await web.stop();
});

/** A new tenant for the shop at Shopify, with a requested sync. */
async function tenantToSync(): Promise<string> {
  const { merchantId, admin } = await web.core.installShop();
  await admin.startSync({});
  return merchantId;
}

function servicesOf(merchantId: string): SyncServices {
  const { admin, points, referrals } = jobs.core(merchantId);
  return {
    core: { admin, points, referrals },
    shopify: jobs.shopify({ merchantId, shop }),
    download: (url) => jobs.download(url),
    now: () => Date.now(),
    merchantId,
  };
}

async function runToItsEnd(services: SyncServices): Promise<void> {
  for (let step = 0; step < 200; step += 1) {
    if ((await continueFirstRunSync(services)) === 'done') return;
    await sleep(2);
  }
  throw new Error('the sync does not end');
}

/** The tenant's resulting data, without values that differ between tenants. */
async function knowledgeOf(merchantId: string) {
  const one = async (sql: string) =>
    (await web.core.outside.query<Record<string, unknown>>(sql, [merchantId])).rows;
  return {
    customers: await one(
      `SELECT shopify_customer_id, order_count, total_spend::text, last_order_at FROM customers WHERE merchant_id = $1 ORDER BY 1`,
    ),
    orders: await one(
      `SELECT shopify_order_id, name, financial_status, subtotal::text, is_historical FROM orders WHERE merchant_id = $1 ORDER BY 1`,
    ),
    entries: await one(
      `SELECT idempotency_key, points FROM points_transactions WHERE merchant_id = $1 ORDER BY 1`,
    ),
    consents: await one(
      `SELECT c.shopify_customer_id, k.status FROM consents k
       JOIN customers c ON c.merchant_id = k.merchant_id AND c.customer_id = k.customer_id
       WHERE k.merchant_id = $1 AND k.type = 'newsletter' ORDER BY 1`,
    ),
    run: await one(
      `SELECT status, phase, customers_total::int, customers_processed::int, orders_total::int, orders_processed::int, problem_code
       FROM sync_runs WHERE merchant_id = $1`,
    ),
  };
}

type Knowledge = Awaited<ReturnType<typeof knowledgeOf>>;

/** Numbers each outgoing call and breaks the one with this number, before or after it is made. */
function breaking(
  services: SyncServices,
  number: number,
  when: 'before' | 'after',
): { services: SyncServices; calls: () => number } {
  let calls = 0;
  const broken =
    <Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) =>
    async (...args: Arguments): Promise<Result> => {
      calls += 1;
      const isIt = calls === number;
      if (isIt && when === 'before') throw new Error('killed');
      const result = await call(...args);
      if (isIt) throw new Error('killed');
      return result;
    };
  const wrap = <Client extends object>(client: Client): Client =>
    new Proxy(client, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function'
          ? broken((...args: unknown[]) => Reflect.apply(member, target, args) as Promise<unknown>)
          : member;
      },
    });
  return {
    calls: () => calls,
    services: {
      core: {
        admin: wrap<CoreClients['admin']>(services.core.admin),
        points: wrap<CoreClients['points']>(services.core.points),
        referrals: services.core.referrals,
      },
      shopify: wrap(services.shopify),
      download: broken((url: string) => services.download(url)),
      now: services.now,
      merchantId: services.merchantId,
    },
  };
}

describe('the first-run sync', () => {
  let expected: Knowledge;

  test('imports every customer and order of the shop, and awards no points for the past', async () => {
    const merchantId = await tenantToSync();
    await runToItsEnd(servicesOf(merchantId));
    expected = await knowledgeOf(merchantId);
    const { customers, orders } = shopify.emulator.world.data;
    expect(customers.size).toBe(3);
    expect(orders.size).toBe(4);
    expect(expected.customers).toHaveLength(customers.size);
    expect(expected.orders).toHaveLength(orders.size);
    expect(expected.entries).toEqual([]);
    const ben = [...customers.values()].find(({ email }) => email === 'ben@shopper.example');
    expect(expected.consents).toEqual([
      { shopify_customer_id: String(ben?.id), status: 'granted' },
    ]);
    expect(expected.run).toEqual([
      {
        status: 'completed',
        phase: 'done',
        customers_total: customers.size,
        customers_processed: customers.size,
        orders_total: orders.size,
        orders_processed: orders.size,
        problem_code: null,
      },
    ]);
  });

  test('killed before or after any call, ends with the same result', async () => {
    const counting = breaking(servicesOf(await tenantToSync()), 0, 'before');
    await runToItsEnd(counting.services);
    const total = counting.calls();
    expect(total).toBeGreaterThan(12);
    const moments = Array.from({ length: total }, (_, index) => index + 1).flatMap((number) => [
      { number, when: 'before' as const },
      { number, when: 'after' as const },
    ]);
    // Shopify runs five operations of an app at once.
    await pMap(
      moments,
      async ({ number, when }) => {
        const merchantId = await tenantToSync();
        const services = servicesOf(merchantId);
        await expect(runToItsEnd(breaking(services, number, when).services)).rejects.toThrow(
          'killed',
        );
        await runToItsEnd(services);
        expect(await knowledgeOf(merchantId), `killed ${when} call ${number}`).toEqual(expected);
      },
      { concurrency: 4 },
    );
  }, 60_000);

  test('reads a truncated file again', async () => {
    const merchantId = await tenantToSync();
    const services = servicesOf(merchantId);
    const cut: SyncServices = {
      ...services,
      async download(url) {
        const text = await (await services.download(url)).text();
        return new Response(text.slice(0, Math.floor(text.length * 0.6)));
      },
    };
    await expect(runToItsEnd(cut)).rejects.toThrow();
    await runToItsEnd(services);
    expect(await knowledgeOf(merchantId)).toEqual(expected);
  });

  test('imports a repeated or reordered line once', async () => {
    const merchantId = await tenantToSync();
    const services = servicesOf(merchantId);
    await runToItsEnd({
      ...services,
      async download(url) {
        const lines = (await (await services.download(url)).text()).split('\n').filter(Boolean);
        return new Response([...lines, ...lines.toReversed()].join('\n'));
      },
    });
    const { customers, orders, entries } = await knowledgeOf(merchantId);
    expect({ customers, orders, entries }).toEqual({
      customers: expected.customers,
      orders: expected.orders,
      entries: [],
    });
  });

  test('run by two workers at once, finishes once', async () => {
    const merchantId = await tenantToSync();
    await Promise.all([runToItsEnd(servicesOf(merchantId)), runToItsEnd(servicesOf(merchantId))]);
    expect(await knowledgeOf(merchantId)).toEqual(expected);
  });

  test('requests a cancelled operation again', async () => {
    const merchantId = await tenantToSync();
    const services = servicesOf(merchantId);
    expect(await continueFirstRunSync(services)).toBe('wait');
    const operation = shopify.emulator.world.data.bulk.at(-1);
    if (operation !== undefined) operation.status = 'CANCELED';
    expect(await continueFirstRunSync(services)).toBe('again');
    await runToItsEnd(services);
    expect(await knowledgeOf(merchantId)).toEqual(expected);
  });

  test('reports when Shopify cannot run it, and can be started again', async () => {
    const merchantId = await tenantToSync();
    await shopify.emulator.control('install', { scopes: ['read_customers', 'write_customers'] });
    await runToItsEnd(servicesOf(merchantId));
    const { run } = await knowledgeOf(merchantId);
    expect(run).toMatchObject([{ status: 'failed', phase: 'orders', problem_code: 'unavailable' }]);
    await shopify.emulator.control('install', { scopes: shopify.emulator.world.config.scopes });
    const { started } = await web.core.clients({ merchant: merchantId }).admin.startSync({});
    expect(started).toBe(true);
    await runToItsEnd(servicesOf(merchantId));
    expect((await knowledgeOf(merchantId)).orders).toEqual(expected.orders);
  });
});

describe('an installation', () => {
  /** The requested jobs, instead of a queue. */
  function listening() {
    const asked: NewJob[] = [];
    const enqueueAll = (more: readonly NewJob[]) => Promise.resolve(void asked.push(...more));
    return { asked, queues: { ...jobs.queues, enqueueAll } };
  }
  const isOf = (merchantId: string) => (job: NewJob) =>
    'merchantId' in job.data && job.data.merchantId === merchantId;

  test('continues by core’s event when web dies right after core created the shop', async () => {
    const { merchantId, shopDomain } = await web.core.installShop();
    const { asked, queues } = listening();
    const relay = {
      platform: jobs.platform,
      queues,
      analytics: { capture: () => undefined },
      now: Date.now(),
    };
    while (await relayOutbox(relay, eventEffects));
    expect(asked.filter(isOf(merchantId))).toContainEqual({
      name: 'install-shop',
      data: { merchantId, shop: shopDomain },
      options: { coalesceAs: `install-${merchantId}` },
    });
  });

  test('is found when its jobs were lost, and syncs completely', async () => {
    const { merchantId } = await web.core.installShop();
    const { asked, queues } = listening();
    const stall = () =>
      web.core.outside.query(
        `UPDATE sync_runs SET touched_at = touched_at - interval '10 minutes' WHERE merchant_id = $1`,
        [merchantId],
      );
    await sweepSyncs({ platform: jobs.platform, queues });
    expect(asked.filter(isOf(merchantId))).toEqual([]);
    await stall();
    await sweepSyncs({ platform: jobs.platform, queues });
    expect(asked.filter(isOf(merchantId)).map(({ name }) => name)).toEqual(['install-shop']);
    await continueFirstRunSync(servicesOf(merchantId));
    await stall();
    await sweepSyncs({ platform: jobs.platform, queues });
    expect(asked.filter(isOf(merchantId)).map(({ name }) => name)).toEqual([
      'install-shop',
      'first-run-sync',
    ]);
    await runToItsEnd(servicesOf(merchantId));
    await stall();
    await sweepSyncs({ platform: jobs.platform, queues });
    expect(asked.filter(isOf(merchantId))).toHaveLength(2);
  });
});
