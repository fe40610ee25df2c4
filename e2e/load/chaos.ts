import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromRoot } from '#infra/local/paths.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startTraffic } from './chaos-traffic.ts';
import type { Acknowledged, Traffic } from './chaos-traffic.ts';
import { stopOnSignals } from './cleanup.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product, ServiceName } from './product.ts';

/**
 * `npm run chaos -- --minutes N`: kills web, worker and core with SIGKILL, in turn and with work in flight, while a shop
 * goes on selling and refunding. In the end SQL counts what became of everything that was acknowledged. Ends with exit
 * code 1 unless nothing was lost, doubled or broken.
 */

const services = ['web', 'worker', 'core'] as const satisfies readonly ServiceName[];
const killsOfEach = 10;
const perSecond = 20;
const drainWithinMs = 300_000;
const acknowledgeWithinMs = 120_000;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const say = (line: string) => process.stdout.write(`  ${line}\n`);

interface Kills {
  readonly of: Record<(typeof services)[number], number>;
  inFlight: number;
}

async function main(minutes: number): Promise<boolean> {
  const started = Date.now();
  const database = await startBenchDatabase({ queue: true });
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    say(`the product is running and installed (${Math.round((Date.now() - started) / 1000)} s)`);
    const traffic = startTraffic(
      product.webUrl,
      { order: product.orderBody, refund: product.refundBody },
      perSecond,
    );
    await pause(3_000);
    const kills = await killInTurn(product, database, traffic, Date.now() + minutes * 60_000);
    await traffic.finish(acknowledgeWithinMs);
    say('all is sent; waiting for the queue to be empty');
    const drained = await untilDrained(database, drainWithinMs);
    const outcome = await judge(database, product, traffic.acknowledged);
    const values = {
      kills: services.reduce((sum, name) => sum + kills.of[name], 0),
      ...outcome,
      kills_in_flight: kills.inFlight,
      kills_web: kills.of.web,
      kills_worker: kills.of.worker,
      kills_core: kills.of.core,
      requests: traffic.sent(),
      acknowledged_orders: traffic.acknowledged.orders.size,
      acknowledged_refunds: traffic.acknowledged.refunds.size,
      never_acknowledged: traffic.waiting(),
      not_drained: drained ? 0 : 1,
    };
    for (const [name, value] of Object.entries(values)) say(`${name.padEnd(22)} ${value}`);
    const meta = { minutes, per_second: perSecond, at: new Date(started).toISOString() };
    mkdirSync(fromRoot('bench'), { recursive: true });
    writeFileSync(
      fromRoot('bench/chaos.json'),
      `${JSON.stringify({ ...values, meta }, null, 2)}\n`,
    );
    const failures = [
      outcome.lost,
      outcome.doubled,
      outcome.wrong_points,
      outcome.invariants_broken,
      values.never_acknowledged,
      values.not_drained,
    ];
    return failures.every((count) => count === 0);
  } finally {
    await product?.stop();
    await database.stop();
  }
}

/** One after the other until the time is over and each had its share; what was killed is back before the next. */
async function killInTurn(
  product: Product,
  database: BenchDatabase,
  traffic: Traffic,
  until: number,
): Promise<Kills> {
  const kills: Kills = { of: { web: 0, worker: 0, core: 0 }, inFlight: 0 };
  const isEnough = () =>
    Date.now() > until && services.every((name) => kills.of[name] >= killsOfEach);
  for (let turn = 0; !isEnough(); turn++) {
    const name = services[turn % services.length] ?? 'web';
    await pause(300 + Math.random() * 1_200);
    const busy = await untilBusy(name, database, traffic);
    await product.process(name).kill();
    kills.of[name] += 1;
    if (busy) kills.inFlight += 1;
    await pause(Math.random() * 500);
    await product.start(name);
    if (turn % 6 === 5) {
      const { orders, refunds } = traffic.acknowledged;
      say(
        `${turn + 1} kills, ${orders.size} orders and ${refunds.size} refunds acknowledged, ${traffic.waiting()} waiting`,
      );
    }
  }
  return kills;
}

/** A kill in an idle moment proves nothing: waits a little for work to be under way. */
async function untilBusy(
  name: ServiceName,
  database: BenchDatabase,
  traffic: Traffic,
): Promise<boolean> {
  return withClient(database.adminUrl, async (client) => {
    for (let look = 0; look < 200; look++) {
      if (name === 'web' && traffic.inFlight() > 0) return true;
      if (name !== 'web') {
        const { rows } = await client.query<{ busy: boolean }>(
          `SELECT EXISTS (SELECT 1 FROM webhook_inbox WHERE status IN ('received', 'processing')) AS busy`,
        );
        if (rows[0]?.busy === true) return true;
      }
      await pause(5);
    }
    return false;
  });
}

/** Of each order the entries that there are, against what was acknowledged. */
async function judge(database: BenchDatabase, product: Product, { orders, refunds }: Acknowledged) {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{
      order_id: string;
      awards: number;
      refunds: number;
      points: string;
    }>(
      `SELECT order_id, count(*) FILTER (WHERE points > 0)::integer AS awards,
              count(*) FILTER (WHERE points < 0)::integer AS refunds, sum(points) AS points
       FROM points_transactions WHERE merchant_id = $1 AND source = 'order' GROUP BY order_id`,
      [product.merchantId],
    );
    const entries = new Map(rows.map((row) => [row.order_id, row]));
    const broken = await client.query<{ count: string }>(
      `SELECT (SELECT count(*) FROM ledger_broken_invariants()) +
              (SELECT count(*) FROM audit_chain_breaks()) AS count`,
    );
    const refundedOrders = new Set(refunds.values());
    const expected = expectedPoints(product);
    let lost = 0;
    let doubled = 0;
    let wrong = 0;
    for (const orderId of orders) {
      const entry = entries.get(orderId);
      const isRefunded = refundedOrders.has(orderId);
      if (entry === undefined || entry.awards === 0) {
        lost += 1;
        continue;
      }
      if (isRefunded && entry.refunds === 0) lost += 1;
      if (entry.awards > 1) doubled += 1;
      if (entry.refunds > 1) doubled += 1;
      const points = isRefunded ? expected.afterRefund : expected.full;
      if (Number(entry.points) !== points) wrong += 1;
    }
    return {
      lost,
      doubled,
      invariants_broken: Number(broken.rows[0]?.count),
      wrong_points: wrong,
    };
  });
}

/** Ten points a unit, rounded down; a refund takes its share of them, rounded down. */
function expectedPoints({ orderBody, refundBody }: Product): { full: number; afterRefund: number } {
  const cents = (amount: unknown) => Math.round(Number(amount) * 100);
  const gross = cents(orderBody['subtotal_price']);
  const lines = refundBody['refund_line_items'] as readonly { subtotal: unknown }[];
  const refunded = lines.reduce((sum, line) => sum + cents(line.subtotal), 0);
  const full = Math.floor(gross / 10);
  return { full, afterRefund: full - Math.floor((full * refunded) / gross) };
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '3' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 24 * 60)) {
  process.stderr.write('--minutes must be a number of minutes, such as 5.\n');
  process.exit(2);
}
process.stdout.write(`\nchaos for ${minutes} minutes\n`);
stopOnSignals();
process.exit((await main(minutes)) ? 0 : 1);
