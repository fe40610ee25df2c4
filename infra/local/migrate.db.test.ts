import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from './postgres.ts';
import type { EmbeddedPostgres } from './postgres.ts';
import { run } from './process.ts';

let folder = '';
let migrationsDir = '';
let server: EmbeddedPostgres;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'migrate-'));
  chmodSync(folder, 0o755);
  migrationsDir = path.join(folder, 'migrations');
  mkdirSync(migrationsDir);
  writeFileSync(
    path.join(migrationsDir, '20260101000000_first.sql'),
    `-- migrate:up
create role loyalnest_app nologin;
select pg_sleep(0.2);
create table partitions_asked as select current_setting('loyalnest.partitions') as value;
-- migrate:down
drop table partitions_asked;
`,
  );
  server = await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), durable: false });
});

afterAll(async () => {
  await server.stop();
  await removeCluster(path.join(folder, 'postgres'));
  rmSync(folder, { recursive: true, force: true });
});

function appUrl(): string {
  const url = new URL(server.ownerUrl);
  url.username = 'loyalnest_app';
  url.password = 'a secret/with?marks';
  return url.toString();
}

async function one(url: string, query: string): Promise<unknown> {
  const { rows } = await withClient(url, (client) => client.query<{ value: unknown }>(query));
  return rows[0]?.value;
}

test('two machines that migrate at the same time migrate once, with the requested partitions', async () => {
  const options = { migrationsDir, partitions: 3, appUrl: appUrl(), queue: true };
  const outputs = await Promise.all([
    migrate(server.ownerUrl, 'up', options),
    migrate(server.ownerUrl, 'up', options),
  ]);
  expect(outputs.filter((output) => output.includes('Applied'))).toHaveLength(1);
  expect(await one(server.ownerUrl, 'select value from partitions_asked')).toBe('3');
});

test('the application logs in with the password of its URL and may use the queue', async () => {
  expect(await one(appUrl(), 'select current_user as value')).toBe('loyalnest_app');
  const tables = 'select count(*)::int as value from information_schema.tables';
  expect(await one(appUrl(), `${tables} where table_schema = 'bullmq'`)).toBeGreaterThan(0);
});

test('migrating again is safe after the queue created its own objects', async () => {
  const make = 'create sequence bullmq.of_the_application';
  await withClient(appUrl(), (client) => client.query(make));
  await migrate(server.ownerUrl, 'up', { migrationsDir, appUrl: appUrl(), queue: true });
});

test('down reverts the latest migration and status shows it', async () => {
  expect(await migrate(server.ownerUrl, 'status', { migrationsDir })).toContain('Pending: 0');
  await migrate(server.ownerUrl, 'down', { migrationsDir });
  expect(await migrate(server.ownerUrl, 'status', { migrationsDir })).toContain('Pending: 1');
});

test('an invalid number of partitions is refused', async () => {
  await expect(migrate(server.ownerUrl, 'up', { migrationsDir, partitions: 0 })).rejects.toThrow(
    '--partitions',
  );
});

describe('a database with a schema from before the first release', () => {
  let older = '';
  beforeAll(async () => {
    await one(server.ownerUrl, 'create database older');
    older = server.ownerUrl.replace(/[^/]*$/, 'older');
    await withClient(older, (client) =>
      client.query(`create table schema_migrations (version varchar(128) primary key);
        insert into schema_migrations values ('20261101000100'); create table kept (n integer)`),
    );
  });

  test.each(['up', 'down', 'status'] as const)(
    'is not changed by `migrate %s`, which says that its schema is older',
    async (direction) => {
      await expect(migrate(older, direction)).rejects.toThrow(
        /schema of this database is older than the first release.*Nothing was changed.*new, empty database/,
      );
      expect(await one(older, 'select count(*) as value from kept')).toBe('0');
      expect(await one(older, 'select count(*) as value from schema_migrations')).toBe('1');
    },
  );

  test('in the local data is deleted only on request', async () => {
    const data = path.join(folder, 'data');
    const local = await startEmbeddedPostgres({
      dataDir: path.join(data, 'postgres'),
      durable: false,
    });
    await withClient(local.ownerUrl, (client) =>
      client.query(`create table schema_migrations (version varchar(128) primary key);
        insert into schema_migrations values ('20261101000100')`),
    );
    await local.stop();
    const { DATABASE_URL: _app, DATABASE_OWNER_URL: _owner, ...env } = process.env;
    const said = await run('node', ['infra/local/cli.ts', 'migrate'], {
      env: { ...env, DATA_DIR: data },
    });
    expect(said.code).toBe(1);
    expect(said.output).toContain(
      `To delete the local data in ${data} and start over: npm run demo -- --reset`,
    );
    const again = await startEmbeddedPostgres({
      dataDir: path.join(data, 'postgres'),
      durable: false,
    });
    expect(await one(again.ownerUrl, 'select version as value from schema_migrations')).toBe(
      '20261101000100',
    );
    await again.stop();
    await removeCluster(path.join(data, 'postgres'));
  });
});

test('a migration that finds a table locked lets other sessions pass, and completes when the lock is gone', async () => {
  const held = path.join(folder, 'held');
  mkdirSync(held);
  await withClient(server.ownerUrl, (client) => client.query('create table busy (n integer)'));
  writeFileSync(
    path.join(held, '20270101000000_busy.sql'),
    '-- migrate:up\nalter table busy add column m integer;\n-- migrate:down\nalter table busy drop column m;\n',
  );
  await withClient(server.ownerUrl, async (holder) => {
    await holder.query('begin; select * from busy');
    const migrating = migrate(server.ownerUrl, 'up', { migrationsDir: held, lockTimeoutMs: 300 });
    let slowest = 0;
    for (let read = 0; read < 20; read += 1) {
      const startedAt = Date.now();
      await one(server.ownerUrl, 'select count(*) as value from busy');
      slowest = Math.max(slowest, Date.now() - startedAt);
      await sleep(100);
    }
    await holder.query('commit');
    await migrating;
    expect(slowest).toBeLessThan(2_000);
  });
  expect(await one(server.ownerUrl, 'select count(m) as value from busy')).toBe('0');
});
