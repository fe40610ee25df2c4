import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { holderOf } from './lock.mjs';
import { migrate } from './migrate.ts';
import { root } from './paths.ts';
import { databaseName, ownerRole, removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { Problem } from './process.ts';
import { hashOf } from './stamp.mjs';

export interface TestDatabase {
  /** Migrates: a CREATEROLE non-superuser, as on RDS. */
  ownerUrl: string;
  /** What core and web connect as. */
  appUrl: string;
  drop: () => Promise<void>;
}

export interface TestServer {
  adminUrl: string;
  stop: () => Promise<void>;
}

/** Names the server of this run to the workers. */
const variable = 'LOYALNEST_TEST_SERVER';
const appRole = 'loyalnest_app';
const appPassword = 'test';
/** Enough to meet every partition bug, few enough that a clone is quick. */
const partitions = 4;
const prefix = 'loyalnest-test-';

/**
 * Starts the PostgreSQL that a test run shares, with the migrated database that the tests clone. The migrated
 * cluster is kept per content of the migrations, so that a second run starts from a copy of its files.
 */
export async function startTestServer(): Promise<TestServer> {
  await sweepAbandoned();
  const folder = mkdtempSync(path.join(os.tmpdir(), prefix));
  chmodSync(folder, 0o755);
  const migrations = hashOf(root, ['prisma/migrations', 'infra/local', 'package-lock.json']);
  const golden = path.join(cacheFolder(), migrations.slice(0, 16));
  const known = existsSync(golden);
  if (known) copy(golden, folder);
  let server = await start(folder);
  if (!known) {
    await migrate(server.ownerUrl, 'up', { partitions, appUrl: appUrlOf(server.ownerUrl), queue: true });
    await server.stop();
    keep(folder, golden);
    server = await start(folder);
  }
  process.env[variable] = server.adminUrl;
  const stop = async () => {
    delete process.env[variable];
    await server.stop();
    await removeCluster(folder);
  };
  return { adminUrl: server.adminUrl, stop };
}

let ownServer: Promise<TestServer> | undefined;

/** A migrated, empty database of its own; drop it when done. Safe from several workers at once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  if (process.env[variable] === undefined) {
    // Outside a test run (a script, a benchmark): a server for this process, ended with its last database.
    ownServer ??= startTestServer();
    await ownServer;
  }
  const adminUrl = process.env[variable];
  if (adminUrl === undefined) throw new Problem('The PostgreSQL of the tests is not running.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withClient(adminUrl, (client) =>
    client.query(`create database ${name} template ${databaseName} owner ${ownerRole} strategy file_copy`),
  );
  open.add(name);
  const ownerUrl = urlFor(adminUrl, name, ownerRole, ownerPassword);
  return {
    ownerUrl,
    appUrl: urlFor(adminUrl, name, appRole, appPassword),
    drop: async () => {
      await withClient(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
      open.delete(name);
      if (open.size > 0 || ownServer === undefined) return;
      const ended = ownServer;
      ownServer = undefined;
      await (await ended).stop();
    },
  };
}
