import { problemsOf } from '../modules/delivery/validate-backup/checks.mjs';
import { openDatabase } from './database.ts';
import { dumpDatabase, loadDump } from './logical-dump.ts';
import { withClient } from './postgres.ts';
import { Problem } from './process.ts';
import { become } from './script.ts';

const usage = `npm run recover -- <step>
  check                       partitions, row security, the ledger and the audit log of the database
  counts                      fills the counts of segments
  [erasures] [orders] [rewards] [balances] --since <time> [--shop <domain>]
                              what happened after the moment the database was restored to; all four without a name
  dump --file <file>          every row of every tenant, with pg_dump
  load --file <file>          such a dump, into a migrated database without tenants`;

/** Steps of an operator after a restore: docs/runbook.md. */
export async function recoverCommand(args: readonly string[]): Promise<unknown> {
  const [step = ''] = args;
  if (step === 'check') return check();
  if (step === 'counts') return counts();
  if (step === 'dump' || step === 'load') return dumpOrLoad(step, args.slice(1));
  if (!args.includes('--since')) throw new Problem(usage);
  return become('app/worker/recover-main.ts', args);
}

/** As the application: with what it may see, the checks see every tenant. */
async function check(): Promise<void> {
  await asApplication(async (query) => {
    const problems = await problemsOf({ query });
    if (problems.length > 0) throw new Problem(problems.join('\n'));
  });
  process.stdout.write('The database is whole.\n');
}

async function counts(): Promise<void> {
  await asApplication((query) => query('SELECT refresh_rfm_segment_counts()'));
  process.stdout.write('Refreshed rfm_segment_counts.\n');
}

type Query = (sql: string) => Promise<{ rows: Record<string, unknown>[] }>;

/** In one transaction, whose time limit is none: looking at a large database takes longer than a request may. */
async function asApplication(work: (query: Query) => Promise<unknown>): Promise<void> {
  const own = process.env.DATABASE_URL ?? '';
  const database = own === '' ? await openDatabase() : undefined;
  try {
    await withClient(database?.appUrl ?? own, async (client) => {
      await client.query('BEGIN; SET LOCAL statement_timeout = 0');
      await work((sql) => client.query<Record<string, unknown>>(sql));
      await client.query('COMMIT');
    });
  } finally {
    await database?.stop();
  }
}

async function dumpOrLoad(step: 'dump' | 'load', args: readonly string[]): Promise<void> {
  const file = args[args.indexOf('--file') + 1];
  if (!args.includes('--file') || file === undefined) throw new Problem(usage);
  const database = await openDatabase();
  try {
    if (step === 'dump') {
      const rows = await dumpDatabase(database.ownerUrl, file);
      const tenants = new Set(Object.values(rows).flatMap((table) => Object.keys(table)));
      tenants.delete('');
      process.stdout.write(`Dumped ${tenants.size} tenants into ${file}.\n`);
      return;
    }
    const different = await loadDump(database.ownerUrl, file);
    if (different.length > 0) throw new Problem(`Rows are missing:\n${different.join('\n')}`);
    process.stdout.write('Loaded; every tenant has the rows that were dumped.\n');
  } finally {
    await database.stop();
  }
}
