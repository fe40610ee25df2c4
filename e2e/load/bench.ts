import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fromRoot } from '#infra/local/paths.ts';
import { stopOnSignals } from './cleanup.ts';
import type { Metrics } from './statistics.ts';

/**
 * `npm run bench [name]`: each benchmark starts what it needs on a database of its own, measures itself against its own
 * baseline in interleaved rounds, prints a table and writes bench/<name>.json. Ratios are the result; absolutes depend
 * on the machine and say so in `meta`.
 */
const benchmarks = {
  referrals: async (flags) => (await import('./referrals.bench.ts')).run(flags),
  ledger: async () => (await import('./ledger.bench.ts')).run(),
  guide: async () => (await import('./guide.bench.ts')).run(),
  cores: async () => (await import('./cores.bench.ts')).run(),
  tenants: async (flags) => (await import('./tenants.bench.ts')).run(flags),
  widget: async () => (await import('./widget.bench.ts')).run(),
  dashboard: async (flags) => (await import('./dashboard.bench.ts')).run(flags),
  redemptions: async (flags) => (await import('./redemptions.bench.ts')).run(flags),
  simulator: async () => (await import('./simulator.bench.ts')).run(),
  rfm: async (flags) => (await import('./rfm.bench.ts')).run(flags),
  webhooks: async (flags) => (await import('./webhooks.bench.ts')).run(flags),
} satisfies Record<string, (flags: readonly string[]) => Promise<Metrics>>;

type Name = keyof typeof benchmarks;
const isName = (name: string): name is Name => name in benchmarks;

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const flags = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const unknown = asked.filter((name) => !isName(name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}; there are: ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exit(2);
}

stopOnSignals();
for (const name of asked.length > 0 ? asked.filter(isName) : (Object.keys(benchmarks) as Name[])) {
  process.stdout.write(`\nbench ${name}\n`);
  const started = Date.now();
  const metrics = await benchmarks[name](flags);
  const meta = {
    node: process.version,
    cpus: os.cpus().length,
    cpu: os.cpus()[0]?.model ?? '',
    seconds: Math.round((Date.now() - started) / 1000),
    at: new Date(started).toISOString(),
    ...metrics.meta,
  };
  const width = Math.max(...Object.keys(metrics.values).map((key) => key.length));
  for (const [key, value] of Object.entries(metrics.values))
    process.stdout.write(`  ${key.padEnd(width)}  ${value}\n`);
  mkdirSync(fromRoot('bench'), { recursive: true });
  writeFileSync(
    fromRoot(`bench/${name}.json`),
    `${JSON.stringify({ ...metrics.values, meta }, null, 2)}\n`,
  );
}
process.exit(0);
