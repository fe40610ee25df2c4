import type pg from 'pg';
import { readCatalog } from './citus-catalog.ts';
import { planDistribution } from './citus-plan.rules.ts';
import type { Plan, Reach, Step } from './citus-plan.rules.ts';
import { withClient } from './postgres.ts';
import { Problem } from './process.ts';

export interface CitusOptions {
  /** Reads the catalog and prints the plan; changes nothing, and needs no extension. */
  readonly check: boolean;
  readonly log: (line: string) => void;
}

/**
 * `npm run migrate -- --citus [--check]`, for a database that is migrated. Once more is safe: a table that is distributed
 * is left out, and what stopped half-way goes on where it stopped.
 *
 * @throws Problem when something does not fit that no step mends, before anything is changed
 */
export async function distribute(ownerUrl: string, { check, log }: CitusOptions): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const catalog = await readCatalog(client);
    if (catalog.tables.length === 0)
      throw new Problem('This database has no tables yet: npm run migrate makes them.');
    const plan = planDistribution(catalog);
    const isThere = await hasCitus(client);
    const done = isThere ? await doneBefore(client) : new Set<string>();
    for (const line of linesOf(plan, done)) log(line);
    if (plan.problems.length > 0)
      throw new Problem(
        `Does not fit, and nothing was changed:\n${plan.problems.map((each) => `  ${each}`).join('\n')}`,
      );
    if (check) return;
    if (!isThere)
      throw new Problem(
        'Citus is not installed here: CREATE EXTENSION citus, on a server that has it. Nothing was changed.',
      );
    await apply(client, plan.steps, done, log);
  });
}

/** Its function rather than the extension's name: a compatible server may bring it otherwise. */
async function hasCitus(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regproc('create_distributed_table') IS NOT NULL AS found`,
  );
  return rows[0]?.found === true;
}

/** Tables that Citus has already, by its own view. */
async function doneBefore(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM citus_tables t JOIN pg_class c ON c.oid = t.table_name
     WHERE t.citus_table_type IN ('distributed', 'reference')`,
  );
  return new Set(rows.map(({ name }) => name));
}

const isTable = ({ kind }: Step) => kind === 'reference' || kind === 'distributed';

async function apply(
  client: pg.Client,
  steps: readonly Step[],
  done: ReadonlySet<string>,
  log: (line: string) => void,
): Promise<void> {
  for (const step of steps) {
    if (isTable(step) && done.has(step.subject)) continue;
    try {
      // Of the catalog's names, quoted by planDistribution.
      await client.query(step.sql);
    } catch (error) {
      throw new Problem(
        `${step.sql}\n${error instanceof Error ? error.message : String(error)}\nWhat came before is done; the same command goes on here.`,
      );
    }
    log(`done: ${step.sql}`);
  }
}

function linesOf(plan: Plan, done: ReadonlySet<string>): string[] {
  const tablesOf = (wanted: string) =>
    plan.placements
      .filter(({ placement }) => placement === wanted)
      .map(({ table, why }) => (why === '' ? `  ${table}` : `  ${table}: ${why}`));
  const distributed = tablesOf('distributed');
  const reachedBy = (wanted: Reach) => plan.reaches.filter(({ reach }) => reach === wanted);
  const counted = (wanted: Reach) =>
    `  ${reachedBy(wanted).length} ${wanted}: ${reachedBy(wanted)
      .map(({ signature }) => signature.replace(/\(.*$/, ''))
      .join(' ')}`;
  const open = plan.steps.filter((step) => !(isTable(step) && done.has(step.subject)));
  return [
    `Distributed by merchant_id, each with it in every key: ${distributed.length} tables`,
    'Copied to every node:',
    ...tablesOf('reference'),
    'On the coordinator:',
    ...tablesOf('local'),
    'Functions:',
    ...(['one tenant', 'one tenant, from the coordinator', 'one call a shard'] as const).map(
      counted,
    ),
    '  all shards, off the hot path:',
    ...reachedBy('all shards').map(({ signature, why }) => `    ${signature}: ${why}`),
    `Steps, in this order${done.size > 0 ? `; ${done.size} tables are done` : ''}:`,
    ...open.map(({ sql }) => `  ${sql};`),
    'To know:',
    ...plan.remarks.map((remark) => `  ${remark}`),
  ];
}
