import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { fromRoot } from '#infra/local/paths.ts';
import { startPgbouncer } from '#infra/local/pgbouncer.ts';
import { withClient } from '#infra/local/postgres.ts';
import { Problem } from '#infra/local/process.ts';
import { startRedis } from '#infra/local/redis.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { auditChaos } from './chaos-audit.ts';
import { startTraffic } from './chaos-traffic.ts';
import type { Traffic } from './chaos-traffic.ts';
import { faultsOf } from './chaos-verdict.ts';
import { beside, killAtRandom } from './chaos-victims.ts';
import type { Kills, Victim } from './chaos-victims.ts';
import { stopOnSignals } from './cleanup.ts';
import { wholeOption } from './options.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product } from './product.ts';
import { createRandom } from './random.ts';
import { prepareRedemptions } from './redemption-audit.ts';

/**
 * `npm run chaos -- --minutes N [--seed S]`: kills web, worker, core, PostgreSQL, pgbouncer and Redis with SIGKILL, at
 * random and during work in flight, while a shop goes on selling, refunding and giving rewards, and people ask for their
 * data and to be erased. In the end SQL counts what became of everything that was acknowledged. Exit code 1 unless
 * enough was killed and nothing was lost, doubled or broken, and no erased person is found. The seed is of the order of
 * the kills. Where pgbouncer or Redis are not installed the product runs without them, and neither is killed.
 */

const services = ['core', 'web', 'worker'] as const;
const membersWhoRedeem = 40;
const drainWithinMs = 300_000;
const acknowledgeWithinMs = 120_000;
const say = (line: string) => process.stdout.write(`  ${line}\n`);

async function main(minutes: number, seed: number): Promise<boolean> {
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
    const scene = await prepareRedemptions(database, product, membersWhoRedeem);
    // What others need comes first.
    const victims: Victim[] = [
      {
        name: 'postgres',
        kill: () => database.server.lose('killed'),
        revive: () => database.server.revive(),
      },
      ...programs,
      ...services.map((name) => ({
        name,
        kill: () => running.process(name).kill(),
        revive: () => running.start(name),
      })),
    ];
    say(`the product is running and installed (${Math.round((Date.now() - started) / 1000)} s)`);
    const traffic = startTraffic(product, scene);
    await pause(3_000);
    const kills = await killAtRandom({
      victims,
      database,
      redisUrl: redis?.url,
      traffic,
      random: createRandom(seed),
      minutes,
      say,
    });
    await traffic.finish(acknowledgeWithinMs);
    say('all is sent; waiting until nothing is left to be done');
    const left = await untilDone(database);
    return await conclude({ started, minutes, seed, database, product, traffic, kills, left });
  } finally {
    await product?.stop();
    for (const program of programs) await program.stop();
    await database.stop();
  }
}

/** @returns what is not done after some minutes */
async function untilDone(database: BenchDatabase): Promise<Record<string, number>> {
  const isDrained = await untilDrained(database, drainWithinMs);
  const left = () =>
    withClient(database.adminUrl, async (client) => {
      const { rows } = await client.query<Record<string, string>>(
        `SELECT (SELECT count(*) FROM reward_redemptions WHERE status = 'pending') AS open_redemptions,
                (SELECT count(*) FROM gdpr_requests WHERE status = 'pending') AS open_requests,
                (SELECT count(*) FROM outbox_events WHERE acknowledged_at IS NULL) AS open_events`,
      );
      return Object.fromEntries(
        Object.entries(rows[0] ?? {}).map(([name, count]) => [name, Number(count)]),
      );
    });
  const deadline = Date.now() + drainWithinMs;
  let found = await left();
  while (Object.values(found).some((count) => count > 0) && Date.now() < deadline) {
    // A request whose job the queue has lost is taken up ten minutes later: they pass here.
    await withClient(database.adminUrl, (client) =>
      client.query(
        `UPDATE gdpr_requests SET touched_at = touched_at - interval '10 minutes' WHERE status = 'pending'`,
      ),
    );
    await pause(2_000);
    found = await left();
  }
  return { not_drained: isDrained ? 0 : 1, ...found };
}

async function conclude(run: {
  readonly started: number;
  readonly minutes: number;
  readonly seed: number;
  readonly database: BenchDatabase;
  readonly product: Product;
  readonly traffic: Traffic;
  readonly kills: Kills;
  readonly left: Readonly<Record<string, number>>;
}): Promise<boolean> {
  const { started, minutes, seed, database, product, traffic, kills, left } = run;
  const { failures, counts, traces } = await auditChaos(database, product, traffic.acknowledged);
  const all = {
    ...failures,
    refused_redemptions: traffic.refusals.length,
    never_acknowledged: traffic.waiting(),
    ...left,
  };
  const { orders, refunds, redemptions, dataRequests, leavers } = traffic.acknowledged;
  const acknowledged = {
    orders: orders.size,
    refunds: refunds.size,
    redemptions: redemptions.size,
    data_requests: dataRequests.size + leavers.length,
    erasures: leavers.length,
  };
  const prefixed = (prefix: string, of: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(of).map(([name, count]) => [`${prefix}${name}`, count]));
  const sum = (of: Readonly<Record<string, number>>) =>
    Object.values(of).reduce((total, count) => total + count, 0);
  const values: Record<string, number> = {
    kills: sum(kills.of),
    kills_in_flight: sum(kills.inFlight),
    ...prefixed('kills_', kills.of),
    ...prefixed('kills_in_flight_', kills.inFlight),
    ...prefixed('kills_during_', kills.during),
    kills_in_pairs: kills.pairs,
    requests: traffic.sent(),
    ...prefixed('acknowledged_', acknowledged),
    ...counts,
    ...all,
  };
  for (const [name, value] of Object.entries(values)) say(`${name.padEnd(26)} ${value}`);
  for (const line of [...traces, ...traffic.refusals].slice(0, 20)) say(line);
  const faults = faultsOf({
    minutes,
    kills: kills.of,
    killsInFlight: kills.inFlight,
    failures: all,
    acknowledged,
  });
  say(faults.length === 0 ? 'passed' : `failed: ${faults.join('; ')}`);
  const meta = { minutes, seed, faults, traces, at: new Date(started).toISOString() };
  mkdirSync(fromRoot('bench'), { recursive: true });
  writeFileSync(fromRoot('bench/chaos.json'), `${JSON.stringify({ ...values, meta }, null, 2)}\n`);
  return faults.length === 0;
}

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '3' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 24 * 60))
  throw new Problem('--minutes must be a number of minutes');
const seed =
  values.seed === undefined ? Date.now() % 1_000_000_000 : wholeOption('seed', values.seed);
process.stdout.write(`\nchaos for ${minutes} minutes, --seed ${seed}\n`);
stopOnSignals();
process.exit((await main(minutes, seed)) ? 0 : 1);
