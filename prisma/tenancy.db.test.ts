import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMigrated } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';
import { seedIndexes, seedPartitioned } from './testing/names.ts';

let database: MigratedDatabase;
beforeAll(async () => {
  database = await openMigrated();
});
afterAll(() => database.close());

async function names(query: string): Promise<string[]> {
  const { rows } = await database.owner.query<{ name: string }>(query);
  return rows.map((row) => row.name).sort();
}

const tenantTables = `
  pg_class c JOIN pg_attribute m ON m.attrelid = c.oid AND m.attname = 'merchant_id' AND NOT m.attisdropped
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`;

describe('every table with a merchant_id', () => {
  test('there are such tables', async () => {
    const all = await names(
      `SELECT c.relname AS name FROM ${tenantTables} AND NOT c.relispartition`,
    );
    expect(all.length).toBeGreaterThan(45);
  });

  test('has row security, also for its owner, and a policy; its partitions too', async () => {
    const unguarded = await names(`SELECT c.relname AS name FROM ${tenantTables}
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND p.policyname = 'merchant_isolation'))`);
    expect(unguarded).toEqual([]);
  });

  test('shows every tenant only to the ledger, the refresher, the redactor and the backup', async () => {
    const open = await names(`SELECT DISTINCT role AS name FROM pg_policies p, unnest(p.roles) role
      WHERE p.schemaname = 'public' AND (p.qual = 'true' OR p.qual LIKE '%CURRENT_USER%')`);
    expect(open).toEqual([
      'loyalnest_backup',
      'loyalnest_ledger',
      'loyalnest_redactor',
      'loyalnest_refresher',
    ]);
  });

  test('is not open to the owner by way of the ledger', async () => {
    expect(
      // From PostgreSQL 16 on, anyone who created it may grant it; that alone opens nothing.
      await names(`SELECT member::regrole::text AS name FROM pg_auth_members m
      WHERE roleid = 'loyalnest_ledger'::regrole
        AND 'true' IN (coalesce(to_jsonb(m)->>'inherit_option', 'true'), coalesce(to_jsonb(m)->>'set_option', 'true'))`),
    ).toEqual([]);
  });

  test('shows rows of no tenant by a policy of their own, where there are such rows', async () => {
    const nullable = await names(
      `SELECT c.relname AS name FROM ${tenantTables} AND NOT m.attnotnull AND NOT c.relispartition`,
    );
    expect(nullable).toEqual([
      'api_logs',
      'audit_logs',
      'rfm_benchmarks',
      'shopify_sessions',
      'webhook_idempotency_keys',
      'webhook_inbox',
    ]);
    const own = await names(
      `SELECT p.tablename AS name FROM pg_policies p WHERE p.policyname IN ('platform_rows', 'peer_groups')`,
    );
    // Sessions are reached by functions alone.
    expect(own).toEqual(nullable.filter((name) => name !== 'shopify_sessions'));
  });
});

describe('keys between tables of tenants', () => {
  test('carry merchant_id on both sides', async () => {
    const bare = await names(`
      SELECT DISTINCT k.conname AS name FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid
      WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'merchant_id')
        AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'merchant_id')
        AND k.confrelid <> 'merchants'::regclass
        AND NOT EXISTS (
          SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair(mine, theirs)
          JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = pair.mine AND a.attname = 'merchant_id'
          JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = pair.theirs AND b.attname = 'merchant_id')`);
    // A line of the log that undoes another: the log is only added to, and its chain proves whose it is.
    expect(bare).toEqual(['audit_logs_reverts_log_id_fkey']);
  });

  test('lead the primary and unique keys of partitioned tables', async () => {
    const others = await names(`
      SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE c.relkind = 'p' AND i.indisunique AND a.attname <> 'merchant_id'`);
    expect(others).toEqual([]);
  });
});

describe('partitions', () => {
  test('are those of the listed tables', async () => {
    const partitioned = await names(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'p'`,
    );
    const own = ['customers', 'orders', 'point_holds', 'point_lots', 'points_balances'];
    expect(partitioned).toEqual([...seedPartitioned, ...own].sort());
  });

  test('can be reached by the application through their parent alone', async () => {
    const granted = await names(`SELECT c.relname AS name FROM pg_class c
      WHERE c.relispartition AND c.relkind = 'r'
        AND (has_any_column_privilege('loyalnest_app', c.oid, 'SELECT, INSERT, UPDATE')
             OR has_table_privilege('loyalnest_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'))`);
    expect(granted).toEqual([]);
  });
});

describe('roles', () => {
  test('none of ours passes row security by', async () => {
    expect(
      await names(`SELECT rolname AS name FROM pg_roles
      WHERE rolname LIKE 'loyalnest%' AND (rolbypassrls OR rolsuper)`),
    ).toEqual([]);
  });

  test('only the application and the owner log in', async () => {
    expect(
      await names(
        `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'loyalnest%' AND rolcanlogin`,
      ),
    ).toEqual(['loyalnest_app', 'loyalnest_owner']);
  });

  test('the application is no member of another role, and owns nothing', async () => {
    expect(
      await names(`SELECT roleid::regrole::text AS name FROM pg_auth_members
      WHERE member = 'loyalnest_app'::regrole`),
    ).toEqual([]);
    expect(
      await names(`SELECT relname AS name FROM pg_class WHERE relowner = 'loyalnest_app'::regrole`),
    ).toEqual([]);
  });

  test('the application cannot touch the ledger but for the three columns', async () => {
    const { rows } = await database.owner.query<{ privilege: string }>(`
      SELECT DISTINCT privilege_type || ' ' || column_name AS privilege FROM information_schema.column_privileges
      WHERE grantee = 'loyalnest_app' AND table_name = 'points_transactions' AND privilege_type <> 'SELECT' ORDER BY 1`);
    expect(rows.map((row) => row.privilege)).toEqual([
      'INSERT customer_id',
      'INSERT merchant_id',
      'INSERT points',
    ]);
    expect(
      await names(`SELECT table_name || ' ' || privilege_type AS name FROM information_schema.table_privileges
      WHERE grantee = 'loyalnest_app' AND privilege_type <> 'SELECT'
        AND table_name IN ('points_transactions', 'points_balances', 'point_lots', 'point_holds')`),
    ).toEqual([]);
  });
});

describe('SECURITY DEFINER functions', () => {
  const definers = `pg_proc p WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`;

  test('have a fixed search path and are not executable by every role', async () => {
    const loose = await names(`SELECT p.oid::regprocedure::text AS name FROM ${definers}
      AND NOT ('search_path=pg_catalog, public, pg_temp' = ANY (p.proconfig)
               AND NOT has_function_privilege('public', p.oid, 'EXECUTE'))`);
    expect(loose).toEqual([]);
  });

  test('belong to the role made for them, never to the owner', async () => {
    expect(
      await names(`SELECT DISTINCT p.proowner::regrole::text AS name FROM ${definers}`),
    ).toEqual(['loyalnest_ledger', 'loyalnest_redactor', 'loyalnest_refresher']);
  });

  test('are a closed list', async () => {
    const open = await names(`SELECT p.proname AS name FROM ${definers}
      AND has_function_privilege('loyalnest_app', p.oid, 'EXECUTE')
      AND p.proname NOT LIKE 'ledger\\_%' AND p.proname NOT LIKE 'orders\\_%'`);
    expect(open).toEqual([
      'audit_chain_breaks',
      'campaigns_due',
      'console_deliveries',
      'console_overview',
      'console_replay_deliveries',
      'console_unwell_shops',
      'delete_sessions',
      'encrypted_replace',
      'encrypted_with_other_keys',
      'event_deliveries_delete_old',
      'event_deliveries_due',
      'find_sessions_by_shop',
      'inbox_claim_stale',
      'inbox_finish',
      'inbox_holding',
      'inbox_read',
      'inbox_store',
      'load_session',
      'member_in_force',
      'members_by_name',
      'members_close',
      'members_excluded',
      'members_heirs',
      'members_in_force',
      'members_move_holds',
      'merchant_by_shop',
      'merchant_is_installed',
      'merchants_after',
      'messages_delete_old',
      'messages_due',
      'outbox_acknowledge',
      'outbox_claim',
      'privacy_claim_open',
      'privacy_erase_customer',
      'privacy_erase_deliveries',
      'privacy_erase_orders',
      'privacy_erase_shop',
      'redemptions_claim_stuck',
      'referral_link_by_code',
      'refresh_rfm_segment_counts',
      'retention_delete',
      'reviews_due',
      'shop_scopes',
      'store_session',
      'syncs_claim_stalled',
      'waiting_work',
    ]);
  });
});

test('the indexes have the agreed names', async () => {
  const known = await names(`SELECT c.relname AS name FROM pg_class c
    WHERE c.relkind IN ('i', 'I') AND c.relnamespace = 'public'::regnamespace`);
  expect(seedIndexes.filter((index) => !known.includes(index))).toEqual([]);
});
