import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { passwordVerifier } from './password-verifier.ts';
import { fromRoot } from './paths.ts';
import { withClient } from './postgres.ts';
import { Problem, run } from './process.ts';

export type Direction = 'up' | 'down' | 'status';

export interface MigrateOptions {
  /** How many hash partitions the tenant tables get; counts only when they are created. Default 8. */
  partitions?: number;
  /** The URL the processes connect with: its user gets login and this password, and the rights on the queue. */
  appUrl?: string;
  /** Also make the queue's schema, for when there is no Redis. */
  queue?: boolean;
  migrationsDir?: string;
  /** How long a migration waits for a lock before it lets those behind it pass, and tries again. */
  lockTimeoutMs?: number;
  /** The folder of local data that the database lies in, where it is the embedded one. */
  localData?: string;
  log?: (line: string) => void;
}

const lockKey = 5_625_625_001;
const queueSchema = 'bullmq';

/**
 * Migrates the database: `up` all, `down` the latest one, `status`. Must be a direct connection, not a pooler in
 * transaction mode: dbmate takes no lock of its own, so a session's advisory lock keeps two machines apart.
 */
export async function migrate(
  ownerUrl: string,
  direction: Direction,
  options: MigrateOptions = {},
): Promise<string> {
  const folder = options.migrationsDir ?? fromRoot('prisma/migrations');
  if (!existsSync(folder)) throw new Problem(`There is no folder of migrations at ${folder}.`);
  return withClient(ownerUrl, async (client) => {
    // Another machine's migrations may take their time.
    await client.query('set lock_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    try {
      await refuseOlderSchema(client, folder, options.localData);
      const version = await serverVersion(client);
      const settings = sessionSettings(version, options);
      const work = () => givingUpLocks(() => dbmate(ownerUrl, direction, folder, settings));
      const output =
        direction === 'down' && version >= grantsToCreatorChanged
          ? await asLedger(client, work)
          : await work();
      if (direction === 'up') {
        if (options.queue === true) await runMigrations(client, queueSchema);
        if (options.appUrl !== undefined)
          await openToApp(client, options.appUrl, options.queue === true);
      }
      for (const line of output.split('\n').filter(Boolean)) options.log?.(line);
      return output;
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockKey]);
    }
  });
}

/**
 * The first migration is the whole schema of the first release. A database that has one from before it was made while
 * the product was being built; it cannot be migrated, and is deleted only on request.
 */
async function refuseOlderSchema(
  client: pg.Client,
  folder: string,
  localData: string | undefined,
): Promise<void> {
  const [first] = readdirSync(folder).sort();
  if (first === undefined || !(await hasMigrations(client))) return;
  const older = await client.query('select from schema_migrations where version < $1 limit 1', [
    first.split('_', 1)[0],
  ]);
  if (older.rowCount === 0) return;
  throw new Problem(
    `The schema of this database is older than the first release, and nothing can bring it up to date. Nothing was changed. ${
      localData === undefined
        ? 'Make a new, empty database and migrate that.'
        : `To delete the local data in ${localData} and start over: npm run demo -- --reset`
    }`,
  );
}

async function hasMigrations(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('public.schema_migrations') is not null as found`,
  );
  return rows[0]?.found === true;
}

const lockTries = 30;

/**
 * A migration that waits for a lock blocks every later query. It gives up soon, which leaves the database
 * as it was before that migration, and retries a little later.
 */
async function givingUpLocks(work: () => Promise<string>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isLocked = error instanceof Problem && /due to lock timeout/.test(error.message);
      if (!isLocked || attempt === lockTries) throw error;
      await sleep(500 + Math.random() * 1_500);
    }
  }
}

/** From this version on, who creates a role may neither act as it nor use its rights unless this is granted. */
const grantsToCreatorChanged = 160_000;

async function serverVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::integer as version`,
  );
  return rows[0]?.version ?? 0;
}

/** What holds in the session that migrates. */
function sessionSettings(
  version: number,
  { partitions = 8, lockTimeoutMs = 5_000 }: MigrateOptions,
): Readonly<Record<string, string>> {
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 1024)
    throw new Problem(`--partitions must be a whole number from 1 to 1024, not ${partitions}.`);
  return {
    'loyalnest.partitions': String(partitions),
    lock_timeout: String(lockTimeoutMs),
    ...(version >= grantsToCreatorChanged ? { createrole_self_grant: 'set, inherit' } : {}),
  };
}

/** Reverting the first migration drops what the ledger's role has, which takes its rights. */
async function asLedger(client: pg.Client, work: () => Promise<string>): Promise<string> {
  const isThere = async () =>
    (await client.query(`select from pg_roles where rolname = 'loyalnest_ledger'`)).rowCount === 1;
  if (!(await isThere())) return work();
  await client.query('grant loyalnest_ledger to current_user');
  try {
    return await work();
  } finally {
    if (await isThere()) await client.query('revoke loyalnest_ledger from current_user');
  }
}

async function dbmate(
  ownerUrl: string,
  direction: Direction,
  folder: string,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const url = new URL(ownerUrl);
  // Go's driver hands unknown parameters to the server as settings of the session.
  for (const [name, value] of Object.entries(settings)) url.searchParams.set(name, value);
  const command = { up: 'migrate', down: 'rollback', status: 'status' }[direction];
  const { code, output } = await run(
    'dbmate',
    ['--no-dump-schema', '--migrations-dir', folder, '--env', 'LOYALNEST_MIGRATE_URL', command],
    // By environment and not by argument: arguments are visible to every user of the machine.
    // Run in the folder of migrations, where no .env lies that dbmate would read.
    { cwd: folder, env: { ...process.env, LOYALNEST_MIGRATE_URL: url.toString() } },
  );
  if (code !== 0)
    throw new Problem(`Migrating (${direction}) failed.\n${withoutPassword(output, url)}`);
  return output.trim();
}

/** The migrations create the role without login, so that no file has a secret; the secret comes from the URL. */
async function openToApp(client: pg.Client, appUrl: string, queue: boolean): Promise<void> {
  const { username, password } = new URL(appUrl);
  const role = client.escapeIdentifier(decodeURIComponent(username));
  const roles = await client.query('select 1 from pg_roles where rolname = $1', [
    decodeURIComponent(username),
  ]);
  if (roles.rowCount === 0) return;
  const verifier = client.escapeLiteral(passwordVerifier(decodeURIComponent(password)));
  await retryOnConflict(() => client.query(`alter role ${role} with login password ${verifier}`));
  if (!queue) return;
  // CREATE: BullMQ makes a sequence for each queue when its first job is added.
  await client.query(`grant usage, create on schema ${queueSchema} to ${role}`);
  await client.query(
    `grant select, insert, update, delete on all tables in schema ${queueSchema} to ${role}`,
  );
  // One by one: those that the application has made since are its own, and not the owner's to grant.
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
      where relkind = 'S' and relowner = current_user::regrole and relnamespace = $1::regnamespace`,
    [queueSchema],
  );
  for (const { name } of rows) {
    await client.query(`grant usage, select on sequence ${name} to ${role}`);
  }
  await client.query(`grant execute on all functions in schema ${queueSchema} to ${role}`);
}

/** Roles belong to the server, not to the database: two databases may alter one at the same instant. */
async function retryOnConflict(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (
        attempt === 10 ||
        !(error instanceof Error) ||
        !error.message.includes('concurrently updated')
      )
        throw error;
    }
  }
}

function withoutPassword(text: string, url: URL): string {
  return url.password === '' ? text : text.replaceAll(url.password, '***');
}
