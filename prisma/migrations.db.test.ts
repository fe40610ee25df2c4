import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool } from '#core/database/pool.ts';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { migrate } from '#infra/local/migrate.ts';
import { removeCluster, startEmbeddedPostgres, withClient } from '#infra/local/postgres.ts';
import type { EmbeddedPostgres } from '#infra/local/postgres.ts';
import { fromRoot } from '#infra/local/paths.ts';
import { describeSchema } from './testing/describe-schema.ts';
import { seedPartitioned } from './testing/names.ts';

// A server of its own: roles belong to the server, and migrating down drops them too.
let folder = '';
let server: EmbeddedPostgres;
const files = readdirSync(fromRoot('prisma/migrations'));

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'schema-'));
  chmodSync(folder, 0o755);
  server = await startEmbeddedPostgres({ dataDir: folder, durable: false });
});
afterAll(async () => {
  await server.stop();
  await removeCluster(folder);
});

function inDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

function appUrl(): string {
  const url = new URL(server.ownerUrl);
  url.username = 'loyalnest_app';
  url.password = 'test';
  return url.toString();
}

async function one(sql: string, url = server.ownerUrl): Promise<unknown> {
  const { rows } = await withClient(url, (client) => client.query<{ value: unknown }>(sql));
  return rows[0]?.value;
}

const up = (partitions: number, url = server.ownerUrl) =>
  migrate(url, 'up', { partitions, appUrl: appUrl() });
async function downToNothing(url = server.ownerUrl): Promise<void> {
  for (const _ of files) await migrate(url, 'down');
}

async function describedSchema(): Promise<string> {
  const pool = createPool({ connectionString: server.ownerUrl, max: 2 });
  const description = await describeSchema(pool);
  await pool.end();
  return description;
}
const partitionsOf = (table: string) =>
  one(`SELECT count(*)::int AS value FROM pg_inherits WHERE inhparent = '${table}'::regclass`);
const left = `SELECT count(*)::int AS value FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations' AND relkind IN ('r', 'p', 'v', 'm')`;
const roles = `SELECT count(*)::int AS value FROM pg_roles
  WHERE rolname IN ('loyalnest_app', 'loyalnest_ledger', 'loyalnest_refresher', 'loyalnest_redactor', 'loyalnest_backup')`;

async function putDataIn(): Promise<void> {
  const pool = createPool({ connectionString: appUrl(), max: 2 });
  // Stopping the server may still meet a connection that is just being closed.
  pool.on('error', () => undefined);
  const merchantId = await createMerchant(pool);
  const customerId = await createMember(pool, merchantId);
  await pool.query(`BEGIN; SET LOCAL app.merchant_id = '${merchantId}';
    INSERT INTO points_transactions (customer_id, merchant_id, points) VALUES ('${customerId}', '${merchantId}', 9);
    INSERT INTO audit_logs (merchant_id, action) VALUES ('${merchantId}', 'tested'); COMMIT`);
  await pool.query('SELECT refresh_rfm_segment_counts()');
  await pool.end();
}

describe('the migrations', { timeout: 180_000 }, () => {
  test('go up with four partitions as an owner that is no superuser, and up again without a change', async () => {
    await up(4);
    expect(await one(`SELECT rolsuper AS value FROM pg_roles WHERE rolname = current_user`)).toBe(
      false,
    );
    for (const table of [...seedPartitioned, 'orders'])
      expect([table, await partitionsOf(table)]).toEqual([table, 4]);
    expect(await up(8)).not.toContain('Applied');
    expect(await partitionsOf('customers')).toBe(4);
  });

  test('make later partitioned tables with the number of the first', async () => {
    await withClient(server.ownerUrl, async (client) => {
      await client.query(
        'CREATE TABLE later (merchant_id uuid NOT NULL) PARTITION BY HASH (merchant_id)',
      );
      await client.query(`CALL create_partitions('later')`);
      await client.query(`CALL create_partitions('later')`);
    });
    expect(await partitionsOf('later')).toBe(4);
    await one('DROP TABLE later');
  });

  test('go down with data in the tables, leaving nothing, and up again with eight partitions', async () => {
    await putDataIn();
    await downToNothing();
    expect(await one(left)).toBe(0);
    expect(
      await one(
        `SELECT count(*)::int AS value FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
      ),
    ).toBe(0);
    expect(await one(roles)).toBe(0);
    await up(8);
    for (const table of seedPartitioned)
      expect([table, await partitionsOf(table)]).toEqual([table, 8]);
    await putDataIn();
  });

  test('go down and up once more, to the same schema', async () => {
    const before = await describedSchema();
    await downToNothing();
    await up(8);
    expect(await describedSchema()).toBe(before);
  });

  test('of two machines that migrate an empty database at once are done by one', async () => {
    await one('CREATE DATABASE raced');
    const raced = inDatabase(server.ownerUrl, 'raced');
    const outputs = await Promise.all([up(3, raced), up(3, raced)]);
    expect(outputs.filter((output) => output.includes('Applied'))).toHaveLength(1);
    const count = `SELECT count(*)::int AS value FROM pg_inherits WHERE inhparent = 'orders'::regclass`;
    expect(await one(count, raced)).toBe(3);
    await one('DROP DATABASE raced');
  });

  test('leave the roles to another database of the same server', async () => {
    await one('CREATE DATABASE second');
    const second = inDatabase(server.ownerUrl, 'second');
    await up(2, second);
    await downToNothing(second);
    expect(await one(roles)).toBe(5);
    await putDataIn();
  });
});
