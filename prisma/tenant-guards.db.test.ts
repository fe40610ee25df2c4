import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger } from '#core/ledger/index.ts';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { openMigrated } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

/**
 * SECURITY DEFINER functions see every tenant. In a transaction that has one, they refuse any other: each function that
 * the application may call is called here with another tenant's id, and one that is in neither list fails.
 */

/** They take no merchant: for the platform, or about the tenant of the transaction alone. */
const withoutMerchant: Readonly<Record<string, string>> = {
  audit_chain_breaks: 'checks every log',
  campaigns_due: 'names tenants with work',
  console_deliveries: 'for the platform',
  console_overview: 'for the platform',
  console_unwell_shops: 'for the platform',
  console_replay_deliveries: 'for the platform',
  event_deliveries_delete_old: 'counts alone',
  event_deliveries_due: 'ids of work alone',
  inbox_claim_stale: 'ids of deliveries alone',
  inbox_read: 'deliveries of any shop by id, for the worker',
  members_by_name: 'of the tenant of the transaction alone',
  members_excluded: 'of the tenant of the transaction alone',
  merchants_after: 'the walk over all shops',
  messages_delete_old: 'counts alone',
  messages_due: 'ids of work alone',
  outbox_acknowledge: 'events that the relay claimed',
  outbox_claim: 'the relay',
  redemptions_claim_stuck: 'ids of work alone',
  referral_link_by_code: 'which shop a link is of',
  refresh_rfm_segment_counts: 'fills a view',
  retention_delete: 'counts alone',
  orders_pending_due: 'names tenants with work',
  reviews_due: 'names tenants with work',
  encrypted_with_other_keys: 're-encryption',
  encrypted_replace: 're-encryption',
  syncs_claim_stalled: 'ids of work alone',
  waiting_work: 'counts and ages alone',
  privacy_claim_open: 'ids of work alone',
};

interface Victim {
  readonly merchantId: string;
  readonly customerId: string;
  readonly shop: string;
  readonly sessionId: string;
}

/** What names a tenant among the arguments, by their name and type. */
const naming: Readonly<Record<string, (victim: Victim) => unknown>> = {
  'p_merchant uuid': ({ merchantId }) => merchantId,
  'p_merchant uuid[]': ({ merchantId }) => [merchantId],
  'p_orders jsonb': ({ merchantId }) => JSON.stringify([{ merchant_id: merchantId }]),
  'p_customers jsonb': ({ merchantId }) => JSON.stringify([{ merchant_id: merchantId }]),
  'p_shop_domain text': ({ shop }) => shop,
  'p_shop text': ({ shop }) => shop,
  'p_shop text[]': ({ shop }) => [shop],
  'p_session_id text': ({ sessionId }) => sessionId,
  'p_session_ids text[]': ({ sessionId }) => [sessionId],
};

interface Definer {
  readonly name: string;
  readonly inputs: readonly string[];
}

let database: MigratedDatabase;
let own: { merchantId: string; customerId: string };
let victim: Victim;
let definers: readonly Definer[];

beforeAll(async () => {
  database = await openMigrated();
  const { app } = database;
  const ownId = await createMerchant(app);
  own = { merchantId: ownId, customerId: await createMember(app, ownId) };
  const merchantId = await createMerchant(app);
  const customerId = await createMember(app, merchantId);
  const shop = `test-${merchantId}.myshopify.com`;
  const sessionId = `offline_${shop}`;
  victim = { merchantId, customerId, shop, sessionId };
  const ledger = createLedger({ pool: app });
  await ledger.award([{ merchantId, customerId, points: 500, key: 'start' }]);
  await app.query(`SELECT store_session($1, $2, '', false, '', 'token', NULL, NULL, NULL, NULL)`, [
    sessionId,
    shop,
  ]);
  const { rows } = await database.owner.query<Definer>(`
    SELECT p.proname AS name,
           ARRAY(SELECT p.proargnames[n] || ' ' || format_type(p.proargtypes[n - 1], NULL)
                 FROM generate_series(1, p.pronargs) n) AS inputs
    FROM pg_proc p
    WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
      AND has_function_privilege('loyalnest_app', p.oid, 'EXECUTE')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1`);
  definers = rows;
});
afterAll(() => database.close());

const namesTenant = ({ inputs }: Definer) => inputs.some((input) => input in naming);

/** Calls a function about a tenant in a transaction of another, or of its own. @returns what it was refused with */
async function refusalOf(definer: Definer, about: Victim, tenant: string): Promise<unknown> {
  const values: unknown[] = [];
  const parameters = definer.inputs.map((input) => {
    const type = input.slice(input.indexOf(' ') + 1);
    return `$${values.push(naming[input]?.(about) ?? null)}::${type}`;
  });
  return withTenant(database.app, tenant, async (client) => {
    await client.query('SAVEPOINT before_the_call');
    return client
      .query(`SELECT * FROM ${definer.name}(${parameters.join(', ')})`, values)
      .then(
        () => undefined,
        (error: unknown) => error,
      )
      .finally(() => client.query('ROLLBACK TO SAVEPOINT before_the_call'));
  });
}

describe('in a transaction that has a tenant', () => {
  test('every function that takes a merchant refuses another one', async () => {
    const refusing = definers.filter(
      (definer) => namesTenant(definer) && !(definer.name in withoutMerchant),
    );
    expect(refusing.length).toBeGreaterThan(25);
    const open: string[] = [];
    for (const definer of refusing) {
      const refusal = await refusalOf(definer, victim, own.merchantId);
      const isRefused =
        refusal instanceof Error &&
        'code' in refusal &&
        refusal.code === '42501' &&
        /tenant/.test(refusal.message);
      if (!isRefused) open.push(`${definer.name}: ${String(refusal)}`);
    }
    expect(open).toEqual([]);
  });

  test('and serves the own one', async () => {
    const refused: string[] = [];
    for (const definer of definers.filter(namesTenant)) {
      const refusal = await refusalOf(definer, victim, victim.merchantId);
      if (refusal instanceof Error && 'code' in refusal && refusal.code === '42501')
        refused.push(`${definer.name}: ${refusal.message}`);
    }
    expect(refused).toEqual([]);
  });

  test('a function that takes no merchant is on the list of those, with a reason', () => {
    const unknown = definers
      .filter((definer) => !namesTenant(definer) && !(definer.name in withoutMerchant))
      .map(({ name }) => name);
    expect(unknown).toEqual([]);
    const known = new Set(definers.map(({ name }) => name));
    expect(Object.keys(withoutMerchant).filter((name) => !known.has(name))).toEqual([]);
  });

  test('no caller credits, debits, holds or writes off the points of another shop', async () => {
    const { merchantId, customerId } = victim;
    const attempts = [
      `SELECT * FROM ledger_credit_one(gen_random_uuid(), $1, $2, 10, 'x', 'earn', NULL, NULL, NULL, NULL, NULL, NULL, 'x', '{}')`,
      `SELECT * FROM ledger_debit(gen_random_uuid(), $1, $2, 10, 'x', 'redeem', 'x', NULL, NULL, 'x', '{}', 'refuse')`,
      `SELECT * FROM ledger_hold(gen_random_uuid(), $1, $2, 10, 'x', 'x', now() + interval '1 hour')`,
      `SELECT ledger_write_off($1, $2, 'x', 'x')`,
    ];
    for (const attempt of attempts) {
      await expect(
        withTenant(database.app, own.merchantId, (client) =>
          client.query(attempt, [merchantId, customerId]),
        ),
      ).rejects.toMatchObject({ code: '42501' });
    }
    const balance = await withTenant(database.app, merchantId, (client) =>
      client.query('SELECT balance, held, version FROM points_balances WHERE customer_id = $1', [
        customerId,
      ]),
    );
    expect(balance.rows).toEqual([{ balance: 500, held: 0, version: 1 }]);
  });
});
