import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { fromRoot } from '#infra/local/paths.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startRedis } from '#infra/local/redis.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { stopAtEnd } from './cleanup.ts';
import { cpuOf } from './cpu.ts';
import { shopDomain } from './deliveries.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product } from './product.ts';
import { prepareRedemptions } from './redemption-audit.ts';
import type { RedemptionScene } from './redemption-audit.ts';
import { printSqlProfile, profileSettings, startSqlProfile } from './sql-profile.ts';
import { percentile, rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';
import { flows } from './tenant-load.ts';
import type { Flow, TenantResult, TenantTask } from './tenant-load.ts';

/**
 * Two shops at Shopify. One sells, is looked at and gives rewards at a modest rate; in every other round the other one
 * floods web, worker and core with the same. The ratio is of the modest shop's 99th percentile with the flood and
 * without it, of all rounds together. `--quick`: one short round; `--flood=N`: N times the flood;
 * `--only=FLOW`: the loud shop sends webhooks, reads or redemptions alone; `--profile`: where PostgreSQL's time goes.
 */

const modest: Record<Flow, number> = { webhooks: 5, reads: 5, redemptions: 1 };
const flood: Record<Flow, number> = { webhooks: 30, reads: 30, redemptions: 4 };
const loudDomain = 'loud-store.myshopify.com';
const mostRatio = 2;
const members = 40;
const warmUpSeconds = 6;
const drainWithinMs = 240_000;

type State = 'quiet' | 'flooded';

interface Round {
  readonly of: Readonly<Record<State, TenantResult>>;
  readonly loud: TenantResult;
  /** Milliseconds from delivery to balance. */
  readonly toBalance: Readonly<Record<State, readonly number[]>>;
}

interface Scene {
  readonly database: BenchDatabase;
  readonly product: Product;
  readonly profile: boolean;
  readonly load: (who: State | 'loud', seconds: number, times: number) => Promise<TenantResult>;
}

export async function run(flags: readonly string[] = []): Promise<Metrics> {
  const isQuick = flags.includes('--quick');
  const number = (name: string, fallback: number) =>
    Number(flags.find((flag) => flag.startsWith(`--${name}=`))?.split('=')[1] ?? fallback);
  const rounds = number('rounds', isQuick ? 1 : 4);
  const seconds = number('seconds', isQuick ? 8 : 25);
  const times = number('flood', 1);
  const profile = flags.includes('--profile');
  const only = flags.find((flag) => flag.startsWith('--only='))?.split('=')[1];
  const database = await startBenchDatabase({
    queue: true,
    settings: ['track_commit_timestamp=on', ...(profile ? profileSettings : [])],
  });
  const redis = await startRedis();
  const stopRedis = stopAtEnd(() => redis?.stop() ?? Promise.resolve());
  const children: ChildProcess[] = [];
  let product: Product | undefined;
  try {
    product = await startProduct(database, { redisUrl: redis?.url, neighbor: loudDomain });
    const load = await sendersFor(database, product, children, only);
    const scene = { database, product, load, profile };
    // Warm: compilers, plans and connections; members are made by their first order.
    await Promise.all([load('quiet', warmUpSeconds, 1), load('loud', warmUpSeconds, times / 2)]);
    await untilDrained(database, drainWithinMs);
    const done: Round[] = [];
    for (let nth = 1; nth <= rounds; nth++) {
      done.push(await measure(scene, seconds, times, nth % 2 === 0));
      report(nth, done.at(-1));
    }
    return sumUp(done, { rounds, seconds, times, redis: redis !== undefined });
  } finally {
    for (const child of children) child.disconnect();
    await product?.stop();
    await stopRedis();
    await database.stop();
  }
}

/** A process for the modest shop and one for the loud. */
async function sendersFor(
  database: BenchDatabase,
  product: Product,
  children: ChildProcess[],
  only: string | undefined,
) {
  const { neighbor, orderBody, webUrl } = product;
  if (neighbor === undefined) throw new Error('the loud shop is missing');
  const ours = await prepareRedemptions(database, product, members);
  const theirs = await prepareRedemptions(database, { ...product, ...neighbor }, members);
  const senders = Object.fromEntries(
    ['modest', 'loud'].map((name) => {
      const child = fork(fromRoot('e2e/load/tenant-load.ts'), { execArgv: [] });
      children.push(child);
      // The loud shop's shoppers have their own computers: making their requests takes nothing from the product.
      if (name === 'loud' && child.pid !== undefined) os.setPriority(child.pid, 15);
      return [name, child];
    }),
  );
  let firstOrder = 6_700_000_000_000;
  return async (who: State | 'loud', seconds: number, times: number): Promise<TenantResult> => {
    const isLoud = who === 'loud';
    const scene: RedemptionScene = isLoud ? theirs : ours;
    const rates = isLoud ? flood : modest;
    const child = senders[isLoud ? 'loud' : 'modest'];
    if (child === undefined) throw new Error('there is no sender');
    firstOrder += 1_000_000;
    const task: TenantTask = {
      url: webUrl,
      shop: isLoud ? loudDomain : shopDomain,
      template: orderBody,
      rewardId: scene.rewardIds[0] ?? '',
      shoppers: [...scene.shoppers],
      firstOrder,
      seconds,
      perSecond: Object.fromEntries(
        flows.map((flow) => [
          flow,
          isLoud && only !== undefined && flow !== only ? 0 : rates[flow] * times,
        ]),
      ) as TenantTask['perSecond'],
    };
    child.send(task);
    const [result] = (await once(child, 'message')) as [TenantResult];
    return result;
  };
}

/** Without the flood and with it, in alternating order; each begins when nothing is left to be done. */
async function measure(
  scene: Scene,
  seconds: number,
  times: number,
  isFloodFirst: boolean,
): Promise<Round> {
  const { database, product, load, profile } = scene;
  const of: Partial<Record<State, TenantResult>> = {};
  const toBalance: Partial<Record<State, number[]>> = {};
  let loud: TenantResult | undefined;
  for (const state of isFloodFirst
    ? (['flooded', 'quiet'] as const)
    : (['quiet', 'flooded'] as const)) {
    await untilDrained(database, drainWithinMs);
    await pause(1_000);
    if (profile) await startSqlProfile(database);
    const since = new Date();
    const before = cpuNow(product, database);
    const started = performance.now();
    if (state === 'flooded') {
      const flooding = load('loud', seconds + 2, times);
      await pause(1_000);
      of[state] = await load(state, seconds, 1);
      loud = await flooding;
    } else of[state] = await load(state, seconds, 1);
    const elapsed = performance.now() - started;
    const busy = Object.entries(cpuNow(product, database))
      .map(([name, ms]) => `${name} ${(((ms - (before[name] ?? 0)) / elapsed) * 100).toFixed(0)} %`)
      .join(', ');
    process.stdout.write(`  ${state}: processors busy with ${busy}\n`);
    await untilDrained(database, drainWithinMs);
    if (profile) await printSqlProfile(database, seconds);
    toBalance[state] = await lagsSince(database, product.merchantId, since);
  }
  return { of, toBalance, loud } as Round;
}

function cpuNow(product: Product, database: BenchDatabase): Record<string, number> {
  const pids = Object.fromEntries(
    (['web', 'core', 'worker'] as const).map((name) => [name, product.process(name).pid]),
  );
  return cpuOf(pids, database.pid);
}

/** From when a delivery was received until its points could be seen. */
async function lagsSince(database: BenchDatabase, merchantId: string, since: Date) {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<{ ms: string }>(
      `SELECT extract(epoch FROM pg_xact_commit_timestamp(d.xmin) - d.received_at) * 1000 AS ms
       FROM webhook_inbox d WHERE d.merchant_id = $1 AND d.topic = 'orders/paid' AND d.received_at >= $2
         AND d.status = 'processed'`,
      [merchantId, since],
    ),
  );
  return rows.map(({ ms }) => Number(ms));
}

function report(nth: number, round: Round | undefined): void {
  if (round === undefined) return;
  const line = (Object.keys(series) as Measure[])
    .map((measure) => {
      const [quiet, flooded] = (['quiet', 'flooded'] as const).map((state) =>
        percentile(series[measure](round, state), 0.99).toFixed(0),
      );
      return `${measure} ${quiet} → ${flooded} ms`;
    })
    .join(', ');
  const loud = flows.map((flow) => {
    const { sent, failed, ms } = round.loud[flow];
    return `${flow} ${sent - failed} of ${sent} (p50 ${percentile(ms, 0.5).toFixed(0)} ms)`;
  });
  process.stdout.write(`  round ${nth}: p99 ${line}; the loud shop's ${loud.join(', ')}\n`);
}

/** What is compared of the modest shop. */
const series = {
  webhooks: (round: Round, state: State) => round.of[state].webhooks.ms,
  balance: (round: Round, state: State) => round.toBalance[state],
  reads: (round: Round, state: State) => round.of[state].reads.ms,
  redemptions: (round: Round, state: State) => round.of[state].redemptions.ms,
} as const;
type Measure = keyof typeof series;

function sumUp(rounds: readonly Round[], settings: Record<string, unknown>): Metrics {
  const values: Record<string, number> = {};
  let missed = 0;
  for (const measure of Object.keys(series) as Measure[]) {
    const p99 = (state: State) =>
      percentile(
        rounds.flatMap((round) => series[measure](round, state)),
        0.99,
      );
    const ratio = p99('flooded') / p99('quiet');
    values[`${measure}_p99_ratio`] = rounded(ratio);
    values[`${measure}_p99_quiet_ms`] = rounded(p99('quiet'));
    values[`${measure}_p99_flooded_ms`] = rounded(p99('flooded'));
    if (!(ratio <= mostRatio)) missed += 1;
  }
  const failed = (state: State) =>
    rounds.reduce(
      (sum, round) => sum + flows.reduce((all, flow) => all + round.of[state][flow].failed, 0),
      0,
    );
  return {
    values: {
      missed,
      ...values,
      failed_quiet: failed('quiet'),
      failed_flooded: failed('flooded'),
      loud_failed: rounds.reduce(
        (sum, { loud }) => sum + flows.reduce((all, flow) => all + loud[flow].failed, 0),
        0,
      ),
    },
    meta: {
      ...settings,
      modest,
      flood,
      most_ratio: mostRatio,
      // Other work on the machine makes every ratio worse.
      load_average: os.loadavg().map(rounded),
      loud_statuses: rounds.map(({ loud }) => flows.map((flow) => loud[flow].statuses)),
    },
  };
}
