import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createBlindIndex } from '#core/shared/blind-index.ts';
import { createEncryption } from '#core/shared/encryption.ts';
import { createPool } from '#core/database/pool.ts';
import { readProgram } from '#core/program/program.store.ts';
import { replayPast } from '#core/simulator/replay-past.ts';
import { SimulationSums } from '#core/simulator/simulator.rules.ts';
import { readPeriod } from '#core/simulator/simulator.store.ts';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { seed } from '#prisma/seed/seed.ts';
import { startBenchDatabase } from './bench-database.ts';
import { median, rounded, type Metrics } from './statistics.ts';

/** Simulates the current rules on 100,000 past orders: how long it takes, and whether it matches the ledger. */

const orders = 100_000;
const customers = 20_000;
/** All of what the seed makes. */
const months = 24;
const rounds = 5;

export async function run(): Promise<Metrics> {
  const database = await startBenchDatabase();
  const pool = createPool({ connectionString: database.appUrl, max: 2 });
  try {
    const tools = {
      encryption: createEncryption(`k1:${randomBytes(32).toString('base64')}`),
      blindIndex: createBlindIndex(randomBytes(32).toString('base64')),
      say: (line: string) => process.stdout.write(`${line}\n`),
    };
    // The last moment of a month, so that the period is whole.
    const asOf = new Date('2026-11-01T00:00:00Z');
    await seed(database, { merchants: 1, customers, orders, seed: 1, asOf }, tools);
    const merchantId = await onlyMerchant(database.adminUrl);
    const seconds: number[] = [];
    let difference = 0;
    let simulated = 0;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      const sums = await simulate(pool, merchantId, asOf);
      seconds.push((performance.now() - started) / 1_000);
      difference = Math.max(difference, largestDifference(sums));
      simulated = sums.orders;
    }
    return {
      values: {
        seconds_100k_orders: rounded((median(seconds) * orders) / simulated),
        difference_to_ledger: difference,
        orders: simulated,
      },
      meta: { rounds, customers, months },
    };
  } finally {
    await pool.end();
    await database.stop();
  }
}

async function simulate(pool: pg.Pool, merchantId: string, asOf: Date): Promise<SimulationSums> {
  const sums = new SimulationSums();
  const { program, period } = await withTenant(pool, merchantId, async (client) => ({
    program: (await readProgram(client, merchantId)).program,
    period: await readPeriod(client, merchantId, months, new Date(asOf.getTime() - 1)),
  }));
  const steps = replayPast(
    pool,
    merchantId,
    { period, draft: program, current: program, includeHistory: false },
    sums,
  );
  for await (const _page of steps);
  return sums;
}

/** In the whole, in any month and for any member. */
function largestDifference({
  recorded,
  simulated,
  months: byMonth,
  members,
}: SimulationSums): number {
  return [{ recorded, simulated }, ...byMonth.values(), ...members.values()].reduce(
    (largest, one) => Math.max(largest, Math.abs(one.recorded - one.simulated)),
    0,
  );
}

async function onlyMerchant(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ merchant_id: string }>(
      'SELECT merchant_id FROM merchants',
    );
    return rows[0]?.merchant_id ?? '';
  } finally {
    await client.end();
  }
}
