import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { fromRoot } from '#infra/local/paths.ts';
import { startPgbouncer } from '#infra/local/pgbouncer.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startRedis } from '#infra/local/redis.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { startTraffic } from './chaos-traffic.ts';
import type { Acknowledged, Traffic } from './chaos-traffic.ts';
import { stopAtEnd, stopOnSignals } from './cleanup.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product, ServiceName } from './product.ts';

/**
 * `npm run chaos -- --minutes N`: kills web, worker, core, PostgreSQL, pgbouncer and Redis with SIGKILL, in turn and during
 * work in flight, while a shop goes on selling and refunding. In the end SQL counts what became of everything that was
 * acknowledged. Ends with exit code 1 unless nothing was lost, doubled or broken. Where pgbouncer or Redis are not
 * installed the product runs without them, and no kills of theirs are counted.
 */

const services = ['web', 'worker', 'core'] as const satisfies readonly ServiceName[];
const kinds = [...services, 'postgres', 'pgbouncer', 'redis'] as const;
const mostKillsOfEach = 10;
const killsOfEachPerMinute = 2;
const perSecond = 20;
const drainWithinMs = 300_000;
const acknowledgeWithinMs = 120_000;
const say = (line: string) => process.stdout.write(`  ${line}\n`);

interface Kills {
  readonly of: Map<string, number>;
  inFlight: number;
}

/** Something that can be killed and restarts. */
interface Victim {
  readonly name: string;
  kill(): Promise<void>;
  revive(): Promise<void>;
}

interface Startable {
  readonly port: number;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A program beside the product; after a kill it restarts on its port. */
function beside<Program extends Startable>(
  name: string,
  first: Program,
  start: (port: number) => Promise<Program | undefined>,
): Victim & { stop(): Promise<void> } {
  let running = first;
  return {
    name,
    kill: () => running.kill(),
    async revive() {
      const next = await start(first.port);
      if (next === undefined) throw new Error(`${name} is missing`);
      running = next;
    },
    stop: stopAtEnd(() => running.stop()),
  };
}

async function main(minutes: number): Promise<boolean> {
  const started = Date.now();
  const database = await startBenchDatabase({ queue: true });
  const pooler = await startPgbouncer(database.appUrl);
  const redis = await startRedis();
  const programs = [
    ...(pooler === undefined
      ? []
      : [beside('pgbouncer', pooler, (port) => startPgbouncer(database.appUrl, { port }))]),
    ...(redis === undefined ? [] : [beside('redis', redis, (port) => startRedis({ port }))]),
  ];
  let product: Product | undefined;
  try {
    const running = await startProduct(database, {
      databaseUrl: pooler?.through(database.appUrl),
      redisUrl: redis?.url,
    });
    product = running;
    const victims: Victim[] = [
      ...services.map((name) => ({
        name,
        kill: () => running.process(name).kill(),
        revive: () => running.start(name),
      })),
      {
        name: 'postgres',
        kill: () => database.server.lose('killed'),
        revive: () => database.server.revive(),
      },
      ...programs,
    ];
    say(`the product is running and installed (${Math.round((Date.now() - started) / 1000)} s)`);
    const traffic = startTraffic(
      product.webUrl,
      { order: product.orderBody, refund: product.refundBody },
      perSecond,
    );
    await pause(3_000);
    const kills = await killInTurn(victims, database, traffic, minutes);
    await traffic.finish(acknowledgeWithinMs);
    say('all is sent; waiting for the queue to be empty');
    const drained = await untilDrained(database, drainWithinMs);
    const outcome = await judge(database, product, traffic.acknowledged);
    const values = {
      kills: [...kills.of.values()].reduce((sum, count) => sum + count, 0),
      ...outcome,
      kills_in_flight: kills.inFlight,
      ...Object.fromEntries(kinds.map((name) => [`kills_${name}`, kills.of.get(name) ?? 0])),
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
    for (const program of programs) await program.stop();
    await database.stop();
  }
}

/** Kills one after the other until the time is over, each often enough; a killed one is back before the next. */
async function killInTurn(
  victims: readonly Victim[],
  database: BenchDatabase,
  traffic: Traffic,
  minutes: number,
): Promise<Kills> {
  const until = Date.now() + minutes * 60_000;
  const share = Math.min(mostKillsOfEach, Math.ceil(killsOfEachPerMinute * minutes));
  const kills: Kills = { of: new Map(), inFlight: 0 };
  const isEnough = () =>
    Date.now() > until && victims.every(({ name }) => (kills.of.get(name) ?? 0) >= share);
  while (!isEnough()) {
    for (const victim of victims) {
      await pause(300 + Math.random() * 1_200);
      const busy = await untilBusy(victim.name, database, traffic);
      await victim.kill();
      kills.of.set(victim.name, (kills.of.get(victim.name) ?? 0) + 1);
      if (busy) kills.inFlight += 1;
      await pause(Math.random() * 500);
      await victim.revive();
    }
    const { orders, refunds } = traffic.acknowledged;
    say(
      `${[...kills.of.values()].reduce((sum, count) => sum + count, 0)} kills, ${orders.size} orders and ${refunds.size} refunds acknowledged, ${traffic.waiting()} waiting`,
    );
  }
  return kills;
}

const isBehindQueue = (name: string) => name === 'worker' || name === 'core';

/** A kill while idle proves nothing: waits a little for work in progress. */
async function untilBusy(
  name: string,
  database: BenchDatabase,
  traffic: Traffic,
): Promise<boolean> {
  return withClient(database.adminUrl, async (client) => {
    for (let look = 0; look < 200; look++) {
      if (!isBehindQueue(name)) {
        if (traffic.inFlight() > 0) return true;
      } else {
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

/** Compares each order's entries with what was acknowledged. */
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
