import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { findPgTool, howToGet } from './optional-tools.ts';
import { withClient } from './postgres.ts';
import { Problem } from './process.ts';

/** May read every row; no one logs in as it. */
const backupRole = 'loyalnest_backup';
/** The queue is made anew from inbox and outbox. */
const notOurs = 'bullmq';

/** Rows by table, and in it by tenant; rows without a tenant under an empty name. */
export type RowCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Dumps everything, row security notwithstanding, and beside it how many rows each tenant has in each table at the very
 * same moment. pg_dump switches row security off unless told otherwise, which a table that forces it refuses; with it on,
 * the owner sees no tenant's row and the dump is empty without an error.
 * @throws Problem when the dump failed or the role does not see every row
 */
export async function dumpDatabase(ownerUrl: string, file: string): Promise<RowCounts> {
  return withClient(ownerUrl, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(`SET LOCAL ROLE ${backupRole}`);
    await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
    const counts = await countRows(client);
    await runTool(
      'pg_dump',
      ownerUrl,
      [
        '--format=custom',
        '--enable-row-security',
        `--role=${backupRole}`,
        `--exclude-schema=${notOurs}`,
        `--snapshot=${rows[0]?.id ?? ''}`,
      ],
      file,
    );
    writeFileSync(countsFile(file), `${JSON.stringify(counts, null, 1)}\n`);
    return counts;
  });
}

/**
 * Loads a dump into a migrated database without tenants, replacing its schema, and compares every tenant's rows with
 * those that were dumped.
 * @returns what differs, a line each
 */
export async function loadDump(ownerUrl: string, file: string): Promise<string[]> {
  const expected = JSON.parse(readFileSync(countsFile(file), 'utf8')) as RowCounts;
  await withClient(ownerUrl, async (client) => {
    await client.query(`SET ROLE ${backupRole}`);
    const { rowCount } = await client.query('SELECT FROM merchants LIMIT 1');
    if (rowCount !== 0)
      throw new Problem('This database has tenants already: a dump is loaded into an empty one.');
    await client.query('RESET ROLE');
    await client.query('DROP SCHEMA public CASCADE');
    await client.query('CREATE SCHEMA public');
    // Who gives a function to a role must be a member of it, and the role must be allowed to have one. The dump grants
    // that as well, in its last part.
    await client.query(
      'GRANT USAGE, CREATE ON SCHEMA public TO loyalnest_ledger, loyalnest_refresher, loyalnest_redactor',
    );
    await client.query('GRANT loyalnest_ledger TO CURRENT_USER');
  });
  try {
    await runTool('pg_restore', ownerUrl, [
      '--exit-on-error',
      // The counts of segments are filled by a role that sees all tenants by a policy.
      '--enable-row-security',
      '--no-comments',
      databaseOf(ownerUrl),
      file,
    ]);
  } finally {
    await withClient(ownerUrl, (client) =>
      client.query('REVOKE loyalnest_ledger FROM CURRENT_USER'),
    );
  }
  return withClient(ownerUrl, async (client) => {
    await client.query(`SET ROLE ${backupRole}`);
    return differences(expected, await countRows(client));
  });
}

/** Of every table that holds rows of its own, as the role that the client has. */
export async function countRows(client: Pick<pg.ClientBase, 'query'>): Promise<RowCounts> {
  const { rows: tables } = await client.query<{ name: string; has_tenant: boolean }>(
    `SELECT c.relname AS name, EXISTS (
       SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'merchant_id' AND NOT a.attisdropped) AS has_tenant
     FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ORDER BY 1`,
  );
  const counts: Record<string, Record<string, number>> = {};
  for (const { name, has_tenant } of tables) {
    const tenant = has_tenant ? `coalesce(merchant_id::text, '')` : `''`;
    const { rows } = await client.query<{ tenant: string; count: string }>(
      `SELECT ${tenant} AS tenant, count(*) AS count FROM ${pg.escapeIdentifier(name)} GROUP BY 1 ORDER BY 1`,
    );
    counts[name] = Object.fromEntries(rows.map((row) => [row.tenant, Number(row.count)]));
  }
  return counts;
}

export function differences(expected: RowCounts, actual: RowCounts): string[] {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
  return tables.flatMap((table) => {
    const were = expected[table] ?? {};
    const are = actual[table] ?? {};
    const tenants = [...new Set([...Object.keys(were), ...Object.keys(are)])].sort();
    return tenants.flatMap((tenant) =>
      (were[tenant] ?? 0) === (are[tenant] ?? 0)
        ? []
        : [`${table} ${tenant || 'without a tenant'}: ${are[tenant] ?? 0} of ${were[tenant] ?? 0}`],
    );
  });
}

const countsFile = (file: string): string => `${file}.counts.json`;
const databaseOf = (url: string): string => `--dbname=${new URL(url).pathname.slice(1)}`;

/** The password travels in the environment: arguments are shown to every user of the machine. */
async function runTool(
  name: 'pg_dump' | 'pg_restore',
  url: string,
  args: readonly string[],
  output?: string,
): Promise<void> {
  const program = findPgTool(name);
  if (program === undefined || !existsSync(program))
    throw new Problem(`${name} is missing. ${howToGet('postgresql-client-15')}`);
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: process.env.NODE_ENV,
    PATH: process.env.PATH,
    PGHOST: hostname,
    PGPORT: port === '' ? '5432' : port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
    PGSSLMODE: searchParams.get('sslmode') ?? 'require',
    ...(searchParams.get('sslrootcert') === null
      ? {}
      : { PGSSLROOTCERT: searchParams.get('sslrootcert') ?? '' }),
  };
  const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.on(
    'data',
    (chunk: Buffer) => (complaint = (complaint + String(chunk)).slice(-4_000)),
  );
  const target = output === undefined ? undefined : createWriteStream(output, { mode: 0o600 });
  if (target === undefined) child.stdout.resume();
  else child.stdout.pipe(target);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (target !== undefined) await finished(target);
  if (code !== 0)
    throw new Problem(`${name} ended with ${code ?? 'a signal'}.\n${complaint.trim()}`);
}
