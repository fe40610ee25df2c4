import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fromRoot } from '#infra/local/paths.ts';
import {
  archivingSettings,
  destroy,
  makeArchive,
  restore,
  takeBaseBackup,
} from '#infra/local/point-in-time.ts';
import type { Archive } from '#infra/local/point-in-time.ts';
import { removeCluster } from '#infra/local/postgres.ts';
import { withPrograms } from '#infra/local/process.ts';
import { control } from '#infra/local/shop-endpoints.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { stopOnSignals } from './cleanup.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product } from './product.ts';
import { auditOf, markersIn } from './restore-audit.ts';
import { prepareScene, scopes, startRestoreTraffic } from './restore-traffic.ts';
import type { RestoreTraffic } from './restore-traffic.ts';

/**
 * `npm run drill:restore [-- --seconds N]`: a shop at work, a base backup and an archive of the log, then the disk is gone.
 * The database comes back as it was at a second chosen at random, an operator's steps bring it up to date, and SQL is
 * compared with what was acknowledged and with what Shopify has. Exit code 1 unless everything is as it must be.
 */

const say = (line: string) => process.stdout.write(`  ${line}\n`);
/** Of the archive: what a destroyed disk costs at most, with the segment under way. */
const archiveEverySeconds = 5;
/** What is promised. */
const mostLostSeconds = 15 * 60;

async function main(seconds: number): Promise<boolean> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-drill-'));
  chmodSync(folder, 0o755);
  const archive = makeArchive(folder);
  const database = await startBenchDatabase({
    queue: true,
    settings: archivingSettings(archive, archiveEverySeconds),
  });
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    await control(product, 'shop', { plan: 'plus' }, z.unknown());
    await control(product, 'install', { scopes, wait: true }, z.unknown());
    const scene = await prepareScene(database, product);
    const backup = await takeBaseBackup(database, database.dataDir, archive);
    say(`a base backup of a shop at work is taken; ${seconds} s of traffic follow`);
    const traffic = startRestoreTraffic(product, scene);
    await pause(seconds * 1_000);
    const lostAt = await lose(product, database, traffic);
    const until = momentIn(traffic, seconds);
    say(`the disk is gone; restoring to ${until.toISOString()}`);
    return await recoverAndJudge({
      product,
      database,
      traffic,
      archive,
      backup,
      folder,
      until,
      lostAt,
    });
  } finally {
    await product?.stop();
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests under way come to their end, then everything of ours ends at once, the last segment of the log included. */
async function lose(
  product: Product,
  database: BenchDatabase,
  traffic: RestoreTraffic,
): Promise<number> {
  await traffic.stop();
  await pause(1_500);
  for (const name of ['web', 'worker', 'core'] as const) await product.process(name).kill();
  const lostAt = Date.now();
  await destroy(database.server, database.dataDir);
  return lostAt;
}

/** A second at random, in the middle of the work. */
function momentIn({ markers }: RestoreTraffic, seconds: number): Date {
  const first = markers[0]?.acknowledgedAt ?? 0;
  return new Date(Math.round(first + (0.2 + Math.random() * 0.6) * seconds * 1_000));
}

interface Loss {
  readonly product: Product;
  readonly database: BenchDatabase;
  readonly traffic: RestoreTraffic;
  readonly archive: Archive;
  readonly backup: string;
  readonly folder: string;
  readonly until: Date;
  readonly lostAt: number;
}

async function recoverAndJudge(loss: Loss): Promise<boolean> {
  const { product, database, traffic, archive, backup, folder, until, lostAt } = loss;
  const started = performance.now();
  const how = { backup, archive, passwords: database.dataDir };
  const dataDir = path.join(folder, 'restored');
  const port = Number(new URL(database.ownerUrl).port);
  const restored = await restore({ ...how, dataDir, until, port });
  try {
    const markersWrong = wrongMarkers(traffic, await markersIn(database, product), until);
    say(`restored in ${secondsSince(started)} s, ${markersWrong} markers are wrong`);
    // Core alone: no traffic before the database knows what happened since.
    await product.start('core');
    const steps = ['counts', 'check', `--since ${until.toISOString()}`, 'check'].map((step) =>
      recoverBy(product, step),
    );
    const recoverySeconds = secondsSince(started);
    await Promise.all([product.start('web'), product.start('worker')]);
    const isDrained = await untilDrained(database, 120_000);
    const outcome = await untilSound(() => auditOf(database, product, traffic));
    const newest = await newestIn(loss, how);
    const values = {
      lost_seconds: Math.max(0, (lostAt - newest) / 1_000),
      restore_seconds: recoverySeconds,
      markers: traffic.markers.length,
      markers_wrong: markersWrong,
      steps_failed: steps.filter((isDone) => !isDone).length,
      not_drained: isDrained ? 0 : 1,
      ...outcome,
    };
    for (const [name, value] of Object.entries(values)) say(`${name.padEnd(24)} ${value}`);
    mkdirSync(fromRoot('bench'), { recursive: true });
    const meta = { until: until.toISOString(), at: new Date(lostAt).toISOString() };
    writeFileSync(
      fromRoot('bench/restore.json'),
      `${JSON.stringify({ ...values, meta }, null, 2)}\n`,
    );
    const { lost_seconds: lost, restore_seconds: _time, markers, ...failures } = values;
    const { orders: _o, rewards: _r, erasures: _e, ...mustBeZero } = failures;
    return (
      lost <= mostLostSeconds &&
      markers > 0 &&
      Object.values(mustBeZero).every((count) => count === 0)
    );
  } finally {
    await restored.stop();
    await removeCluster(dataDir).catch(() => undefined);
  }
}

/** Acknowledged before the moment and not there, or sent after it and there. */
function wrongMarkers(
  { markers }: RestoreTraffic,
  present: ReadonlySet<string>,
  until: Date,
): number {
  const moment = until.getTime();
  return markers.filter(({ key, sentAt, acknowledgedAt }) =>
    present.has(key) ? sentAt > moment : acknowledgedAt <= moment,
  ).length;
}

/** What a disaster costs: restores everything that was archived, beside, and looks for the last marker. */
async function newestIn(
  { folder, product, traffic }: Loss,
  how: { readonly backup: string; readonly archive: Archive; readonly passwords: string },
): Promise<number> {
  const dataDir = path.join(folder, 'newest');
  const server = await restore({ ...how, dataDir });
  try {
    const present = await markersIn(server, product);
    const last = traffic.markers.filter(({ key }) => present.has(key)).at(-1);
    const missing = traffic.markers.length - present.size;
    // Nothing was written after the last marker: with all of them there, nothing is lost.
    return missing === 0 ? Infinity : (last?.acknowledgedAt ?? 0);
  } finally {
    await server.stop();
    await removeCluster(dataDir).catch(() => undefined);
  }
}

/** As an operator does, with the environment of the worker. */
function recoverBy(product: Product, step: string): boolean {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['infra/local/run.mjs', 'recover', ...step.split(' ')],
    {
      cwd: fromRoot(),
      encoding: 'utf8',
      env: withPrograms({
        ...process.env,
        ...product.appEnv,
        NODE_ENV: 'production',
        LOG_LEVEL: 'warn',
      }),
    },
  );
  for (const line of `${stdout}${stderr}`.trim().split('\n')) say(`recover ${step}: ${line}`);
  return status === 0;
}

type Audit = Awaited<ReturnType<typeof auditOf>>;
const settleWithinMs = 120_000;

/** What was under way at the chosen second is finished by the worker's sweeps. */
async function untilSound(audit: () => Promise<Audit>): Promise<Audit> {
  const deadline = Date.now() + settleWithinMs;
  for (;;) {
    const outcome = await audit();
    const { orders: _o, rewards: _r, erasures: _e, ...wrong } = outcome;
    if (Object.values(wrong).every((count) => count === 0) || Date.now() > deadline) return outcome;
    await pause(1_000);
  }
}

const secondsSince = (started: number): number =>
  Math.round((performance.now() - started) / 100) / 10;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '40' } } });
const seconds = Number(values.seconds);
if (!(seconds >= 5 && seconds <= 3_600)) {
  process.stderr.write('--seconds must be a number of seconds of traffic, from 5 on.\n');
  process.exit(2);
}
process.stdout.write('\nrestore drill\n');
stopOnSignals();
process.exit((await main(seconds)) ? 0 : 1);
