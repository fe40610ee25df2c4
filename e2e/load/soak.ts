import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { fromRoot } from '#infra/local/paths.ts';
import { Problem } from '#infra/local/process.ts';
import { startPgbouncer } from '#infra/local/pgbouncer.ts';
import { startRedis } from '#infra/local/redis.ts';
import { startBenchDatabase } from './bench-database.ts';
import { startTraffic } from './chaos-traffic.ts';
import { stopAtEnd, stopOnSignals } from './cleanup.ts';
import { inspectable, openHeapProbe } from './heap-probe.ts';
import type { HeapProbe } from './heap-probe.ts';
import { startProduct } from './product.ts';
import type { Product } from './product.ts';
import { prepareRedemptions } from './redemption-audit.ts';
import { mostPerHour, slopeOf, verdictOf, warmUpMinutes } from './soak-verdict.ts';
import type { Reading, Slope, SoakVerdict } from './soak-verdict.ts';
import { rounded } from './statistics.ts';

/**
 * `npm run soak -- --minutes N`: orders, refunds, rewards and requests of people at a steady rate, and every quarter of a
 * minute what web, worker and core use after a collection of garbage. Exit code 0 when none of them grows by more than
 * 5 MB an hour, 1 when one does, 2 when the run was too short to tell.
 */

const services = ['web', 'worker', 'core'] as const;
const measures = ['live', 'rss'] as const;
const everyMs = 15_000;
const saysEvery = 20;
const membersWhoRedeem = 40;
const acknowledgeWithinMs = 60_000;
const exitCodes: Record<SoakVerdict, number> = { flat: 0, grows: 1, 'too short to tell': 2 };
const say = (line: string) => process.stdout.write(`  ${line}\n`);

type Series = Record<(typeof services)[number], Record<(typeof measures)[number], Reading[]>>;

async function main(minutes: number): Promise<SoakVerdict> {
  const started = Date.now();
  const database = await startBenchDatabase({ queue: true });
  const pooler = await startPgbouncer(database.appUrl);
  const redis = await startRedis();
  const stopPrograms = stopAtEnd(async () => {
    await pooler?.stop();
    await redis?.stop();
  });
  let product: Product | undefined;
  const probes: HeapProbe[] = [];
  try {
    product = await startProduct(database, {
      databaseUrl: pooler?.through(database.appUrl),
      redisUrl: redis?.url,
      nodeFlags: inspectable,
    });
    for (const name of services) probes.push(await openHeapProbe(product.process(name).output()));
    const scene = await prepareRedemptions(database, product, membersWhoRedeem);
    const traffic = startTraffic(product, scene);
    say(`the product is running; ${minutes} minutes of traffic`);
    const series = await sample(probes, minutes);
    await traffic.finish(acknowledgeWithinMs);
    return conclude(series, {
      minutes,
      requests: traffic.sent(),
      at: new Date(started).toISOString(),
      redis: redis !== undefined,
      pgbouncer: pooler !== undefined,
    });
  } finally {
    for (const probe of probes) probe.close();
    await product?.stop();
    await stopPrograms();
    await database.stop();
  }
}

async function sample(probes: readonly HeapProbe[], minutes: number): Promise<Series> {
  const started = Date.now();
  const series: Series = {
    web: { live: [], rss: [] },
    worker: { live: [], rss: [] },
    core: { live: [], rss: [] },
  };
  for (let n = 0; Date.now() - started < minutes * 60_000; n++) {
    // One after the other: three collections at once would be a load of their own.
    for (const [nth, name] of services.entries()) {
      const memory = await probes[nth]?.read();
      if (memory === undefined) throw new Error(`${name} has no probe`);
      const at = (Date.now() - started) / 60_000;
      for (const measure of measures)
        series[name][measure].push({ minutes: at, bytes: memory[measure] });
    }
    if (n % saysEvery === 0) say(`${(n * everyMs) / 60_000} min: ${latest(series)}`);
    await pause(Math.max(0, started + (n + 1) * everyMs - Date.now()));
  }
  return series;
}

const megabytes = (bytes = 0) => (bytes / 1_000_000).toFixed(1);

function latest(series: Series): string {
  return services
    .map((name) => {
      const [live, rss] = measures.map((measure) => series[name][measure].at(-1)?.bytes);
      return `${name} ${megabytes(live)} MB live, ${megabytes(rss)} MB resident`;
    })
    .join('; ');
}

function conclude(
  series: Series,
  meta: Readonly<Record<string, unknown>> & { readonly minutes: number },
): SoakVerdict {
  const warmUp = warmUpMinutes(meta.minutes);
  const values: Record<string, number> = {};
  const slopes: Slope[] = [];
  for (const name of services)
    for (const measure of measures) {
      const slope = slopeOf(series[name][measure], warmUp);
      slopes.push(slope);
      values[`${name}_${measure}_mb_per_hour`] = rounded(slope.perHour);
      values[`${name}_${measure}_mb`] = rounded(
        (series[name][measure].at(-1)?.bytes ?? 0) / 1_000_000,
      );
      say(
        `${name.padEnd(6)} ${measure.padEnd(4)} ${shown(slope.perHour)} MB an hour (95 %: ${shown(slope.low)} to ${shown(slope.high)}, ` +
          `${slope.readings} readings): ${slope.verdict}`,
      );
    }
  const verdict = verdictOf(slopes);
  say(`${verdict} (at most ${mostPerHour} MB an hour after ${shown(warmUp)} minutes of warm-up)`);
  mkdirSync(fromRoot('bench'), { recursive: true });
  writeFileSync(
    fromRoot('bench/soak.json'),
    `${JSON.stringify({ ...values, meta: { ...meta, verdict, warm_up_minutes: warmUp, slopes } }, null, 2)}\n`,
  );
  return verdict;
}

const shown = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : '?');

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0 && minutes <= 7 * 24 * 60))
  throw new Problem('--minutes must be a number of minutes');
process.stdout.write(`\nsoak for ${minutes} minutes\n`);
stopOnSignals();
process.exit(exitCodes[await main(minutes)]);
