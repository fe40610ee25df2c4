import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type pg from 'pg';
import { openCoreChannels } from '#app/core-client/channels.server.ts';
import { createCoreConnection } from '#app/core-client/clients.server.ts';
import { coreServices } from '#app/core-client/core-address.ts';
import type { CoreService } from '#app/core-client/core-address.ts';
import { createPool } from '#core/database/pool.ts';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { cpuOf } from './cpu.ts';
import { shopDomain, signed } from './deliveries.ts';
import {
  awardOf,
  customerLists,
  evaluate,
  loads,
  paidOrder,
  pointsOfAnInsert,
  redaction,
  shopperOf,
  threeColumns,
} from './guide-scenarios.ts';
import type { Finding } from './guide-scenarios.ts';
import { fillLargeShop, makeLargeShop, makeManyShops } from './guide-shops.ts';
import type { Shopper } from './guide-shops.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { measureClicks, turnOnReferrals } from './referral-clicks.ts';
import { sendDelivery } from './send-delivery.ts';
import { load, rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * The loads of the deployment guide (guide-scenarios.ts, which k6 runs, too) against the whole product on one machine,
 * each with what was promised.
 */

const firstOrder = 6_500_000_000_000;
const drainWithinMs = 120_000;

type Core = ReturnType<typeof createCoreConnection>;
type Clients = ReturnType<Core['clientsFor']>;
const system = (merchantId: string) => ({ merchantId, actor: 'system', scopes: ['system'] });

/** Making a client costs more than a call. */
function clientsOf(core: Core, merchantIds: readonly string[]): ReadonlyMap<string, Clients> {
  return new Map(merchantIds.map((id) => [id, core.clientsFor(system(id))]));
}

export async function run(): Promise<Metrics> {
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    const address = `ipv4:${product.coreAddress}`;
    const targets = Object.fromEntries(coreServices.map((service) => [service, address])) as Record<
      CoreService,
      string
    >;
    const channels = openCoreChannels({ targets, tls: false });
    try {
      const core = createCoreConnection(channels, product.secrets.CORE_SIGNING_KEY);
      return await measure(database, product, core);
    } finally {
      channels.close();
    }
  } finally {
    await product?.stop();
    await database.stop();
  }
}

async function measure(database: BenchDatabase, product: Product, core: Core): Promise<Metrics> {
  const shoppers = await makeManyShops(database);
  const merchantIds = [...new Set(shoppers.map(({ merchantId }) => merchantId))];
  const clients = clientsOf(core, merchantIds);
  const large = await makeLargeShop(database);
  await fillLargeShop(database, core.clientsFor(system(large)).admin, large);
  await withClient(database.adminUrl, (client) => client.query('VACUUM ANALYZE'));
  process.stdout.write('  the product is running, its shops are filled\n');

  // What one load leaves to be done in the background must not be measured with the next.
  const quietly = async (measureIt: () => Promise<Finding>) => {
    await untilAtRest(database);
    return measureIt();
  };
  const counts = await quietly(() => askForCounts(clients));
  const lists = await quietly(() => openLists(core, large));
  const inserts = await quietly(() => insertEntries(database, shoppers));
  const awards = await quietly(() => award(clients, shoppers));
  const costs: Record<string, number> = {};
  const costing = async (name: string, count: number, measureIt: () => Promise<Finding>) => {
    await untilAtRest(database);
    const before = await usedSoFar(database, product);
    const finding = await measureIt();
    // What an order sets off afterwards is part of its cost.
    await untilAtRest(database);
    const after = await usedSoFar(database, product);
    for (const [what, used] of Object.entries(after))
      costs[`${name}_${what}`] = rounded((used - (before[what] ?? 0)) / count);
    return finding;
  };
  const orders = await costing('order', loads.orders.count, () => buy(database, product));
  const redactions = await costing('redaction', loads.redactions.count, () =>
    erase(database, product),
  );
  const clicks = await followLinks(database, product, core);

  const verdicts = evaluate({
    segment_counts_seconds: counts,
    inserts_per_second: inserts,
    awards_per_second: awards,
    orders_per_hour: orders,
    orders_per_hour_stretch: orders,
    redactions_seconds: redactions,
    customer_list_seconds: lists,
    ...clicks,
  });
  for (const { line } of verdicts) process.stdout.write(`  ${line}\n`);
  const values: Record<string, number> = {
    missed: verdicts.filter(({ met }) => !met).length,
    invariants_broken: await brokenInvariants(database),
  };
  Object.assign(values, costs);
  for (const { figure, ratio } of verdicts) values[`${figure}_ratio`] = rounded(ratio);
  // Other work on the machine makes every figure worse.
  const meta = {
    load_average: os.loadavg().map(rounded),
    loads,
    verdicts: verdicts.map(({ line }) => line),
    synchronous_commit: 'on',
  };
  return { values, meta };
}

/** Processor time by process, in ms, and bytes of the database. */
async function usedSoFar(
  database: BenchDatabase,
  product: Product,
): Promise<Record<string, number>> {
  const pids = Object.fromEntries(
    (['web', 'core', 'worker'] as const).map((name) => [name, product.process(name).pid]),
  );
  const used = Object.entries(cpuOf(pids, database.pid));
  const bytes = await countOf(database, 'SELECT pg_database_size(current_database()) AS n');
  return { ...Object.fromEntries(used.map(([name, ms]) => [`cpu_ms_${name}`, ms])), bytes };
}

/** @returns what a list of outcomes comes to: seconds until the last, and how many were not as promised */
async function timed(work: () => Promise<boolean[]>): Promise<Finding> {
  const started = performance.now();
  const sound = await work();
  return {
    value: (performance.now() - started) / 1_000,
    failed: sound.filter((isSound) => !isSound).length,
  };
}

/** All at once, twice: the first time fills the caches of a process that was just started. */
async function askForCounts(clients: ReadonlyMap<string, Clients>): Promise<Finding> {
  const ask = () =>
    timed(() =>
      Promise.all(
        [...clients.values()].map(async ({ analytics }) => {
          const answer = await analytics.getSegments({}).catch(() => undefined);
          const members = answer?.segments.reduce((sum, { count }) => sum + count, 0) ?? 0;
          return answer?.countedAt !== '' && members > 0;
        }),
      ),
    );
  await ask();
  return ask();
}

/** @returns the slowest page of all, and those that were empty */
async function openLists(core: Core, merchantId: string): Promise<Finding> {
  const { admin } = core.clientsFor(system(merchantId));
  let slowest = 0;
  let failed = 0;
  for (let time = 0; time < loads.customers.times; time++) {
    for (const request of customerLists) {
      const started = performance.now();
      const { customers, page } = await admin.getCustomers(request);
      slowest = Math.max(slowest, performance.now() - started);
      if (customers.length === 0) failed++;
      if (page === undefined || page.nextCursor === '') continue;
      const again = performance.now();
      const next = await admin.getCustomers({
        ...request,
        page: { ...request.page, cursor: page.nextCursor },
      });
      slowest = Math.max(slowest, performance.now() - again);
      if (next.customers.length === 0) failed++;
    }
  }
  return { value: slowest / 1_000, failed };
}

const some = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;

async function insertEntries(
  database: BenchDatabase,
  shoppers: readonly Shopper[],
): Promise<Finding> {
  const pool = createPool({ connectionString: database.appUrl, max: 32 });
  pool.on('error', () => undefined);
  const insert = () => {
    const { customerId, merchantId } = some(shoppers);
    return withTenant(pool, merchantId, (client) =>
      client.query(threeColumns, [customerId, merchantId, pointsOfAnInsert]),
    );
  };
  try {
    return await perSecond(insert);
  } finally {
    await pool.end();
  }
}

function award(
  clients: ReadonlyMap<string, Clients>,
  shoppers: readonly Shopper[],
): Promise<Finding> {
  return perSecond(async () => {
    const { customerId, merchantId } = some(shoppers);
    const answer = await clients
      .get(merchantId)
      ?.points.earnPoints({ award: awardOf(customerId, `guide/${randomUUID()}`) });
    if (answer?.result?.status !== 'awarded') throw new Error('the award was refused');
  });
}

/** By all callers of the load, after a second that does not count. */
async function perSecond(work: () => Promise<unknown>): Promise<Finding> {
  const { callers, seconds } = loads.inserts;
  let failed = 0;
  const counted = () =>
    work().catch(() => {
      failed++;
    });
  await load(callers, 1_000, counted);
  const { perSecond: value } = await load(callers, seconds * 1_000, counted);
  return { value, failed };
}

/** An hour's orders as fast as they are taken, until every balance has them. */
async function buy(database: BenchDatabase, product: Product): Promise<Finding> {
  const { count, connections } = loads.orders;
  const at = new Date().toISOString();
  const ids = Array.from({ length: count }, (_, n) => firstOrder + n * 10);
  const deliveries = ids.map((id, n) => signed('orders/paid', paidOrder(id, n, at)));
  const { value, failed } = await timed(async () => {
    const taken = await sendAll(product, deliveries, connections);
    await untilSoMany(
      database,
      count,
      `SELECT count(DISTINCT order_id) AS n FROM points_transactions WHERE merchant_id = $1 AND order_id = ANY ($2) AND points > 0`,
      [product.merchantId, ids.map(String)],
    );
    return taken;
  });
  return { value: (count / value) * 3_600, failed };
}

const referring = ['system', 'admin:referrals', 'admin:points'];

/** Links of a program that is turned on for it: before, the other loads meet none. */
async function followLinks(database: BenchDatabase, product: Product, core: Core) {
  const merchant = { ...system(product.merchantId), scopes: referring };
  const clients = core.clientsFor(merchant);
  await turnOnReferrals(clients);
  await untilAtRest(database);
  const found = await measureClicks(database, product, clients);
  const failed = found.clicks_lost;
  return {
    referral_clicks_seconds: { value: found.click_p99_ms / 1_000, failed },
    referral_counting_seconds: { value: found.click_worked_p50_ms / 1_000, failed },
  };
}

/** Those who just bought. */
async function erase(database: BenchDatabase, product: Product): Promise<Finding> {
  const { count, connections } = loads.redactions;
  const deliveries = Array.from({ length: count }, (_, n) =>
    signed('customers/redact', redaction(shopDomain, n, [firstOrder + n * 10])),
  );
  const finding = await timed(async () => {
    const taken = await sendAll(product, deliveries, connections);
    await untilSoMany(
      database,
      count,
      `SELECT count(*) AS n FROM gdpr_requests WHERE merchant_id = $1 AND request_type = 'redact' AND status = 'completed'`,
      [product.merchantId],
    );
    return taken;
  });
  const kept = await countOf(
    database,
    'SELECT count(*) AS n FROM customers WHERE merchant_id = $1 AND shopify_customer_id = ANY ($2)',
    [product.merchantId, Array.from({ length: count }, (_, n) => String(shopperOf(n)))],
  );
  return { ...finding, failed: finding.failed + kept };
}

async function sendAll(
  product: Product,
  deliveries: readonly ReturnType<typeof signed>[],
  connections: number,
): Promise<boolean[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = async (delivery: ReturnType<typeof signed>) =>
    (await sendDelivery(product.webUrl, agent, delivery)) === 200;
  try {
    return await pMap(deliveries, send, { concurrency: connections });
  } finally {
    agent.destroy();
  }
}

/** @throws Error when there are fewer after two minutes */
async function untilSoMany(
  database: BenchDatabase,
  count: number,
  sql: string,
  values: readonly unknown[],
): Promise<void> {
  await withClient(database.adminUrl, async (client) => {
    const deadline = Date.now() + drainWithinMs;
    for (;;) {
      const found = await countIn(client, sql, values);
      if (found >= count) return;
      if (Date.now() > deadline) throw new Error(`only ${found} of ${count} were done`);
      await sleep(50);
    }
  });
}

/** Waits until no member is to be reviewed and no event to be carried out, at most two minutes. */
async function untilAtRest(database: BenchDatabase): Promise<void> {
  const deadline = Date.now() + drainWithinMs;
  const open = () =>
    countOf(
      database,
      `SELECT (SELECT count(*) FROM customers WHERE review_due_at < now())
            + (SELECT count(*) FROM outbox_events WHERE acknowledged_at IS NULL)
            + (SELECT count(*) FROM webhook_inbox WHERE status IN ('received', 'processing')) AS n`,
    );
  while ((await open()) > 0 && Date.now() < deadline) await sleep(500);
}

async function countIn(client: pg.Client, sql: string, values: readonly unknown[]) {
  const { rows } = await client.query<{ n: string }>(sql, [...values]);
  return Number(rows[0]?.n);
}
const countOf = (database: BenchDatabase, sql: string, values: readonly unknown[] = []) =>
  withClient(database.adminUrl, (client) => countIn(client, sql, values));

const brokenInvariants = (database: BenchDatabase) =>
  countOf(database, 'SELECT count(*) AS n FROM ledger_broken_invariants()');
