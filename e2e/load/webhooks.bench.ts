import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { fromRoot } from '#infra/local/paths.ts';
import { withClient } from '#infra/local/postgres.ts';
import { startBenchDatabase } from './bench-database.ts';
import type { BenchDatabase } from './bench-database.ts';
import { cpuOf } from './cpu.ts';
import { printSqlProfile, profileSettings, startSqlProfile } from './sql-profile.ts';
import { startProduct, untilDrained } from './product.ts';
import type { Product } from './product.ts';
import type { SendTask, Sent } from './sender.ts';
import { median, percentile, rounded } from './statistics.ts';
import type { Metrics } from './statistics.ts';

/**
 * 300 signed orders/paid a second, as an open loop: how soon each is acknowledged, beside a bare endpoint in the same
 * round, and whether every one is in the ledger once the queue is empty, none twice. `--quick`: one short round;
 * `--profile`: where PostgreSQL's time goes; `--per-second=N`, `--rounds=N`, `--seconds=N`: other sizes.
 */

const documentedPerSecond = 300;
const customers = 2_000;
const drainWithinMs = 300_000;
const firstOrderId = 6_000_000_000_000;

interface Round {
  readonly sent: readonly Sent[];
  readonly bare: readonly Sent[];
  readonly drainMs: number;
  readonly cpu: Readonly<Record<string, number>>;
}

export async function run(args: readonly string[] = []): Promise<Metrics> {
  const quick = args.includes('--quick');
  const profile = args.includes('--profile');
  const number = (name: string, fallback: number) =>
    Number(args.find((flag) => flag.startsWith(`--${name}=`))?.split('=')[1] ?? fallback);
  const perSecond = number('per-second', documentedPerSecond);
  const rounds = number('rounds', quick ? 1 : 5);
  const seconds = number('seconds', quick ? 5 : 30);
  const bareSeconds = quick ? 5 : 10;
  // Commit times show when a balance became visible, which a row's own time does not.
  const database = await startBenchDatabase({
    queue: true,
    settings: ['track_commit_timestamp=on', ...(profile ? profileSettings : [])],
  });
  const children: ChildProcess[] = [];
  let product: Product | undefined;
  try {
    product = await startProduct(database);
    process.stdout.write('  the product is running and installed\n');
    const bareUrl = await startBare(database, children);
    const sender = startChild('sender.ts', children);
    const template = product.orderBody;
    const send = async (url: string, firstOrder: number, length: number) => {
      const task: SendTask = { url, template, perSecond, seconds: length, firstOrder, customers };
      sender.send(task);
      const [sent] = (await once(sender, 'message')) as [Sent[]];
      return sent;
    };
    // Warm: the compilers, the plans, the connections. Members are made by their first order.
    await send(product.webUrl, firstOrderId, quick ? 3 : 8);
    await send(bareUrl, firstOrderId, 2);
    await untilDrained(database, drainWithinMs);

    const done: Round[] = [];
    for (let round = 1; round <= rounds; round++) {
      const firstOrder = firstOrderId + round * 1_000_000;
      const pids = {
        web: product.process('web').pid,
        core: product.process('core').pid,
        worker: product.process('worker').pid,
        sender: sender.pid ?? 0,
      };
      if (profile) await startSqlProfile(database);
      const before = cpuOf(pids, database.pid);
      const sent = await send(product.webUrl, firstOrder, seconds);
      const drainStarted = Date.now();
      await untilDrained(database, drainWithinMs);
      const drainMs = Date.now() - drainStarted;
      const after = cpuOf(pids, database.pid);
      if (profile) await printSqlProfile(database, sent.length);
      const bare = await send(bareUrl, firstOrder, bareSeconds);
      const cpu = Object.fromEntries(
        Object.entries(after).map(([name, ms]) => [name, (ms - (before[name] ?? 0)) / sent.length]),
      );
      done.push({ sent, bare, drainMs, cpu });
      report(round, done.at(-1));
    }
    return await sumUp(database, done, { rounds, seconds, per_second: perSecond });
  } finally {
    for (const child of children) child.disconnect();
    await product?.stop();
    await database.stop();
  }
}

const latencies = (sent: readonly Sent[]) => sent.map(([, , ms]) => ms);
const p99 = (sent: readonly Sent[]) => percentile(latencies(sent), 0.99);
const acknowledged = (sent: readonly Sent[]) => sent.filter(([, , , status]) => status === 200);

function report(number: number, round: Round | undefined): void {
  if (round === undefined) return;
  const cpu = Object.entries(round.cpu).map(([name, ms]) => `${name} ${ms.toFixed(2)}`);
  process.stdout.write(
    `  round ${number}: ${acknowledged(round.sent).length} of ${round.sent.length} acknowledged, p50 ${percentile(latencies(round.sent), 0.5).toFixed(1)} ms, ` +
      `p99 ${p99(round.sent).toFixed(1)} ms, bare p99 ${p99(round.bare).toFixed(1)} ms, queue empty after ${(round.drainMs / 1000).toFixed(1)} s; ` +
      `CPU ms a delivery: ${cpu.join(', ')}\n`,
  );
}

async function sumUp(
  database: BenchDatabase,
  rounds: readonly Round[],
  settings: { rounds: number; seconds: number; per_second: number },
): Promise<Metrics> {
  const taken = new Map(
    rounds.flatMap(({ sent }) =>
      acknowledged(sent).map(([orderId, dueAt]) => [String(orderId), dueAt] as const),
    ),
  );
  const entries = await awardsByOrder(database);
  const toBalance = rounds.map(({ sent }) =>
    percentile(
      acknowledged(sent).flatMap(([orderId, dueAt]) => {
        const at = entries.get(String(orderId))?.at;
        return at === undefined ? [] : [at - dueAt];
      }),
      0.95,
    ),
  );
  const all = rounds.flatMap(({ sent }) => sent);
  const cpuNames = Object.keys(rounds[0]?.cpu ?? {});
  return {
    values: {
      ack_p99_ms: rounded(median(rounds.map(({ sent }) => p99(sent)))),
      bare_ack_p99_ms: rounded(median(rounds.map(({ bare }) => p99(bare)))),
      ack_p99_vs_bare: rounded(median(rounds.map(({ sent, bare }) => p99(sent) / p99(bare)))),
      ack_p50_ms: rounded(median(rounds.map(({ sent }) => percentile(latencies(sent), 0.5)))),
      deliveries: all.length,
      not_acknowledged: all.length - taken.size,
      lost: [...taken.keys()].filter((orderId) => !entries.has(orderId)).length,
      doubled: [...taken.keys()].filter((orderId) => (entries.get(orderId)?.count ?? 0) > 1).length,
      order_to_balance_p95_ms: rounded(median(toBalance)),
      ...Object.fromEntries(
        cpuNames.map((name) => [
          `cpu_ms_${name}`,
          rounded(median(rounds.map(({ cpu }) => cpu[name] ?? 0))),
        ]),
      ),
    },
    meta: { ...settings, customers, synchronous_commit: 'on' },
  };
}

/** By SQL: how many credits each order has, and when the first of them could be seen. */
async function awardsByOrder(database: BenchDatabase) {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<{ order_id: string; count: string; at: string }>(
      `SELECT order_id, count(*) AS count, min(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000) AS at
       FROM points_transactions WHERE source = 'order' AND points > 0 GROUP BY order_id`,
    ),
  );
  return new Map(
    rows.map((row) => [row.order_id, { count: Number(row.count), at: Number(row.at) }]),
  );
}

async function startBare(database: BenchDatabase, children: ChildProcess[]): Promise<string> {
  await withClient(database.adminUrl, (client) =>
    client.query(
      `CREATE TABLE bench_deliveries (webhook_id text PRIMARY KEY, topic text NOT NULL, payload bytea NOT NULL,
         received_at timestamptz NOT NULL DEFAULT now());
       GRANT INSERT ON bench_deliveries TO loyalnest_app`,
    ),
  );
  const child = startChild('bare-endpoint.ts', children, { DATABASE_URL: database.appUrl });
  const [address] = (await once(child, 'message')) as [unknown];
  return `http://127.0.0.1:${z.object({ port: z.number() }).parse(address).port}`;
}

function startChild(
  file: string,
  children: ChildProcess[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = fork(fromRoot('e2e/load', file), {
    env: { ...process.env, ...env },
    execArgv: [],
  });
  children.push(child);
  return child;
}
