import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';

/** What the server must be started with, for statements (also inside of functions) to be counted. */
export const profileSettings = [
  'shared_preload_libraries=pg_stat_statements',
  'pg_stat_statements.track=all',
  'pg_stat_statements.track_planning=on',
];

export async function startSqlProfile(database: BenchDatabase): Promise<void> {
  await withClient(database.adminUrl, async (client) => {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await client.query('SELECT pg_stat_statements_reset()');
  });
}

/**
 * Prints where the time went, each figure divided by `count` (deliveries, or seconds): milliseconds of running and of
 * planning, calls and plans, for statements of functions beside the calls of the functions.
 */
export async function printSqlProfile(database: BenchDatabase, count: number): Promise<void> {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<{
      calls: string;
      plans: string;
      run: number;
      plan: number;
      top: boolean;
      text: string;
    }>(
      `SELECT calls, plans, total_exec_time AS run, total_plan_time AS plan, toplevel AS top,
              left(regexp_replace(query, '\\s+', ' ', 'g'), 180) AS text
       FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT 70`,
    ),
  );
  process.stdout.write('    ms of each   plan    calls    plans\n');
  for (const { calls, plans, run, plan, top, text } of rows) {
    const of = (value: number) => (value / count).toFixed(3).padStart(8);
    process.stdout.write(
      `  ${of(run)} ${of(plan)} ${of(Number(calls))} ${of(Number(plans))} ${top ? ' ' : '·'} ${text}\n`,
    );
  }
}
