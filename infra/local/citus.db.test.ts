import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distribute } from './citus.ts';
import { readCatalog } from './citus-catalog.ts';
import { planDistribution } from './citus-plan.rules.ts';
import type { Plan } from './citus-plan.rules.ts';
import { withClient } from './postgres.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

let database: TestDatabase;
let plan: Plan;
beforeAll(async () => {
  database = await createTestDatabase();
  plan = await owner(async (client) => planDistribution(await readCatalog(client)));
});
afterAll(() => database.drop());

const owner = <T>(work: (client: pg.Client) => Promise<T>) => withClient(database.ownerUrl, work);

async function linesOf(check: boolean): Promise<string[]> {
  const lines: string[] = [];
  await distribute(database.ownerUrl, { check, log: (line) => lines.push(line) });
  return lines;
}

describe('the schema', () => {
  test('fits Citus: merchant_id is in every key, and nothing on the hot path reads all shards', async () => {
    expect(plan.problems).toEqual([]);
    const placed = (wanted: string) =>
      plan.placements.filter(({ placement }) => placement === wanted).length;
    expect(placed('reference')).toBe(2);
    expect(placed('distributed')).toBeGreaterThan(40);
    for (const { table, placement, why } of plan.placements)
      if (placement !== 'distributed') expect(why, table).not.toBe('');
  });

  test('has nothing to change first but keys that empty a column, and codes unique across shops', async () => {
    const { steps } = plan;
    const changes = steps.filter(({ kind }) => kind === 'constraint');
    expect(changes.map(({ subject }) => subject).sort()).toEqual([
      'analytics_reports',
      'customers',
      'email_events',
      'referral_links',
      'referral_links',
    ]);
    for (const { sql } of changes) expect(sql).not.toContain('SET NULL');
  });

  test('has functions that work for one tenant, or for the tenants of a shard', async () => {
    const { reaches } = plan;
    const reachOf = (name: string) =>
      reaches.find(({ signature }) => signature.startsWith(`${name}(`))?.reach;
    for (const name of ['frontend_widget', 'member_in_force', 'orders_sum_up'])
      expect(reachOf(name), name).toBe('one tenant');
    for (const name of ['ledger_credit_many', 'orders_merge_many', 'orders_context'])
      expect(reachOf(name), name).toBe('one call a shard');
    for (const name of ['ledger_credit_one', 'ledger_hold', 'ledger_debit'])
      expect(reachOf(name), name).toBe('one tenant, from the coordinator');
    for (const name of ['outbox_claim', 'inbox_store', 'load_session'])
      expect(reachOf(name), name).toBe('coordinator');
    const everywhere = reaches.filter(({ reach }) => reach === 'all shards');
    for (const { signature, why } of everywhere) expect(why, signature).not.toBe('');
  });
});

describe('what would not fit is found', () => {
  const planted: readonly (readonly [what: string, sql: string, problem: string])[] = [
    [
      'a table of no tenant whose place nobody has named',
      'CREATE TABLE things (id uuid PRIMARY KEY)',
      'things: has no merchant_id',
    ],
    [
      'a table of tenants with a primary key of its own',
      'CREATE TABLE keyed (id uuid PRIMARY KEY, merchant_id uuid NOT NULL)',
      'keyed: its primary key has no merchant_id',
    ],
    [
      'a foreign key without the tenant',
      'CREATE TABLE linked (merchant_id uuid, id uuid UNIQUE, other uuid REFERENCES linked (id), PRIMARY KEY (merchant_id, id))',
      'linked: its foreign key linked_other_fkey has no merchant_id on both sides',
    ],
    [
      'a foreign key from the coordinator to shards',
      `ALTER TABLE outbox_events ADD COLUMN customer uuid,
         ADD FOREIGN KEY (merchant_id, customer) REFERENCES customers (merchant_id, customer_id)`,
      'outbox_events: its foreign key outbox_events_merchant_id_customer_fkey refers from a local table',
    ],
    [
      'a foreign key from shards to the coordinator',
      'ALTER TABLE nudges ADD COLUMN by_admin uuid REFERENCES admin_users',
      'nudges: its foreign key nudges_by_admin_fkey refers to admin_users',
    ],
    [
      'a tenant that changes with another',
      'ALTER TABLE nudges ADD FOREIGN KEY (merchant_id) REFERENCES program_settings (merchant_id) ON UPDATE CASCADE',
      'nudges: its foreign key nudges_merchant_id_fkey1 would change merchant_id',
    ],
    [
      'a policy that asks another table',
      'CREATE POLICY asking ON nudges USING (EXISTS (SELECT FROM plans))',
      'nudges: its policy asking has a subquery',
    ],
    [
      'a function that reads all tenants',
      `CREATE FUNCTION count_all() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM customers'`,
      'count_all() reads the shards of all tenants',
    ],
    [
      'a function that reads tables nobody can see',
      `CREATE FUNCTION hidden(p_table text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('TABLE %I', p_table); END $$`,
      'hidden(text) reads the shards of all tenants',
    ],
  ];
  let found: readonly string[];
  beforeAll(async () => {
    found = await owner(async (client) => {
      await client.query('BEGIN');
      for (const [, sql] of planted) await client.query(sql);
      return planDistribution(await readCatalog(client)).problems;
    });
  });

  test.each(planted)('%s', (_what, _sql, problem) => {
    expect(found.filter((each) => each.startsWith(problem))).toHaveLength(1);
  });

  test('and nothing else', () => {
    expect(found).toHaveLength(planted.length);
  });
});

/**
 * Citus's functions as far as the calls are judged: each refuses what Citus refuses, and is recorded. The rules are those of
 * its create_distributed_table.c and foreign_constraint.c.
 */
const emulated = `
  CREATE SCHEMA citus_emulated;
  SET search_path = citus_emulated, public;
  CREATE TABLE citus_calls (n bigint GENERATED ALWAYS AS IDENTITY, call text NOT NULL, subject text NOT NULL, with_table text);
  CREATE TABLE citus_lost (table_name regclass);
  CREATE TABLE citus_made (table_name regclass PRIMARY KEY, citus_table_type text NOT NULL);
  CREATE VIEW citus_tables AS SELECT * FROM citus_made;
  CREATE FUNCTION citus_refuse_foreign_keys(p_table regclass, p_kind text) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE k record;
  BEGIN
    FOR k IN SELECT f.*, m.citus_table_type AS kind FROM pg_constraint f LEFT JOIN citus_made m ON m.table_name = f.confrelid
             WHERE f.conrelid = p_table AND f.contype = 'f' AND f.conparentid = 0 AND f.confrelid <> p_table LOOP
      IF k.kind IS NULL THEN RAISE EXCEPTION 'referenced table "%" must be a distributed table or a reference table', k.confrelid::regclass; END IF;
      IF p_kind = 'reference' AND k.kind = 'distributed' THEN RAISE EXCEPTION 'foreign keys from reference tables to distributed tables are not supported'; END IF;
      IF p_kind = 'distributed' AND k.confdeltype IN ('n', 'd') AND EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = p_table AND a.attname = 'merchant_id' AND a.attnum = ANY (k.conkey)) THEN
        RAISE EXCEPTION 'SET NULL or SET DEFAULT is not supported in ON DELETE operation when distribution key is included in %', k.conname;
      END IF;
    END LOOP;
  END $$;
  CREATE FUNCTION citus_refuse(p_table regclass, p_kind text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF EXISTS (SELECT FROM citus_made WHERE table_name = p_table) THEN RAISE EXCEPTION 'table "%" is already distributed', p_table; END IF;
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = p_table AND NOT tgisinternal)
       AND current_setting('citus.enable_unsafe_triggers', true) IS DISTINCT FROM 'on' THEN
      RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers', p_table;
    END IF;
    IF (SELECT relispartition FROM pg_class WHERE oid = p_table) THEN RAISE EXCEPTION 'is a partition'; END IF;
    PERFORM citus_refuse_foreign_keys(p_table, p_kind);
  END $$;
  CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM citus_refuse(table_name, 'reference');
    INSERT INTO citus_made VALUES (table_name, 'reference');
    INSERT INTO citus_calls (call, subject) VALUES ('reference', table_name::text);
  END $$;
  CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE wrong text;
  BEGIN
    PERFORM citus_refuse(table_name, 'distributed');
    SELECT x.indexrelid::regclass::text INTO wrong FROM pg_index x WHERE x.indrelid = table_name AND x.indisunique
      AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = table_name AND a.attname = distribution_column AND a.attnum = ANY (x.indkey::smallint[]));
    IF wrong IS NOT NULL THEN RAISE EXCEPTION 'cannot create constraint on "%": % does not include the partition column', table_name, wrong; END IF;
    IF colocate_with <> 'none' AND NOT EXISTS (SELECT FROM citus_made m WHERE m.table_name = colocate_with::regclass AND citus_table_type = 'distributed')
      THEN RAISE EXCEPTION 'relation % is not distributed', colocate_with; END IF;
    IF EXISTS (SELECT FROM citus_lost l WHERE l.table_name = create_distributed_table.table_name) THEN RAISE EXCEPTION 'connection lost'; END IF;
    INSERT INTO citus_made VALUES (table_name, 'distributed');
    INSERT INTO citus_calls (call, subject, with_table) VALUES ('distributed', table_name::text, colocate_with);
  END $$;
  CREATE FUNCTION create_distributed_function(function_name regprocedure, distribution_arg_name text, colocate_with text) RETURNS void
  LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_proc p WHERE p.oid = function_name AND distribution_arg_name = ANY (p.proargnames))
      THEN RAISE EXCEPTION 'cannot distribute the function "%": no argument %', function_name, distribution_arg_name; END IF;
    IF NOT EXISTS (SELECT FROM citus_made m WHERE m.table_name = colocate_with::regclass) THEN RAISE EXCEPTION 'not distributed'; END IF;
    INSERT INTO citus_calls (call, subject, with_table) VALUES ('function', function_name::text, colocate_with);
  END $$;`;

const calls = () =>
  owner(async (client) => {
    const { rows } = await client.query<{ call: string; subject: string; with_table: string }>(
      'SELECT call, subject, with_table FROM citus_calls ORDER BY n',
    );
    return rows;
  });

// In this order: each goes on where the one before left the database.
describe('npm run migrate -- --citus', () => {
  test('with --check changes nothing, and prints each call as it would be made', async () => {
    const shapeOf = () => owner(async (client) => JSON.stringify(await readCatalog(client)));
    const before = await shapeOf();
    const lines = await linesOf(true);
    expect(await shapeOf()).toBe(before);
    expect(lines).toContain(`  SELECT create_reference_table('public.merchants');`);
    expect(lines).toContain(
      `  SELECT create_distributed_table('public.program_settings', 'merchant_id', colocate_with => 'none');`,
    );
    expect(lines).toContain(
      `  SELECT create_distributed_table('public.points_transactions', 'merchant_id', colocate_with => 'public.program_settings');`,
    );
    expect(lines.join('\n')).toContain('--partitions=1');
  });

  test('without the extension says so and changes nothing', async () => {
    await expect(linesOf(false)).rejects.toThrow('Citus is not installed here');
  });

  test('refuses everything, before its first call, when something does not fit', async () => {
    await owner(async (client) => {
      const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
      await client.query(emulated);
      await client.query(
        `ALTER ROLE CURRENT_USER IN DATABASE ${client.escapeIdentifier(rows[0]?.name ?? '')} SET search_path = public, citus_emulated`,
      );
      await client.query('CREATE TABLE public.things (id uuid PRIMARY KEY)');
    });
    await expect(linesOf(false)).rejects.toThrow('things: has no merchant_id');
    await owner((client) => client.query('DROP TABLE things'));
    expect(await calls()).toEqual([]);
  });

  test('stops where the server fails, and goes on there the next time', async () => {
    await owner((client) => client.query(`INSERT INTO citus_lost VALUES ('orders')`));
    await expect(linesOf(false)).rejects.toThrow('the same command goes on here');
    const before = await calls();
    expect(before.some(({ subject }) => subject === 'orders')).toBe(false);
    expect(before.length).toBeGreaterThan(5);
    await owner((client) => client.query('DELETE FROM citus_lost'));
    await linesOf(false);
    expect((await calls()).slice(0, before.length)).toEqual(before);
  });

  test('made each table once, after those it refers to, all of them where their tenant’s settings lie', async () => {
    const made = (await calls()).filter(({ call }) => call !== 'function');
    const { placements } = plan;
    expect(made.map(({ subject }) => subject).sort()).toEqual(
      placements
        .filter(({ placement }) => placement !== 'local')
        .map(({ table }) => table)
        .sort(),
    );
    expect(made.slice(0, 3)).toEqual([
      { call: 'reference', subject: 'plans', with_table: null },
      { call: 'reference', subject: 'merchants', with_table: null },
      { call: 'distributed', subject: 'program_settings', with_table: 'none' },
    ]);
    for (const { call, subject, with_table: beside } of made.slice(3))
      expect([call, beside], subject).toEqual(['distributed', 'public.program_settings']);
    const functions = (await calls()).filter(({ call }) => call === 'function');
    expect(functions.some(({ subject }) => subject.startsWith('frontend_widget('))).toBe(true);
  });

  test('once more calls nothing for a table again', async () => {
    const tablesOf = async () => (await calls()).filter(({ call }) => call !== 'function');
    const before = await tablesOf();
    await linesOf(false);
    expect(await tablesOf()).toEqual(before);
    expect((await linesOf(true)).join('\n')).not.toContain('create_distributed_table(');
  });
});
