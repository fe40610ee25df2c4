import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { actingFor, openMigrated, runWith } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

let database: MigratedDatabase;
beforeAll(async () => {
  database = await openMigrated();
});
afterAll(() => database.close());

async function tenantWithMember() {
  const merchantId = await createMerchant(database.app);
  return { merchantId, customerId: await createMember(database.app, merchantId) };
}

const run = <T>(merchantId: string, sql: string, values: unknown[] = []) =>
  withTenant(
    database.app,
    merchantId,
    async (client) => (await client.query(sql, values)).rows as T[],
  );

/** Something about the member in many tables, and points earned with words in the entry. */
async function fill(merchantId: string, customerId: string) {
  await run(
    merchantId,
    `UPDATE customers SET email = 'x', email_hash = 'x', first_name = 'x', last_name = 'x', name_tokens = '{x}',
    location = '{"country":"FR"}' WHERE customer_id = $1`,
    [customerId],
  );
  await run(
    merchantId,
    `SELECT ledger_credit_many(ARRAY[gen_random_uuid()], ARRAY[$1::uuid], ARRAY[$2::uuid], ARRAY[50::bigint],
    ARRAY['k/' || $2], ARRAY['earn'], ARRAY['manual'], ARRAY['sorry Ada'], ARRAY['1001'], ARRAY['USD'], ARRAY[NULL::timestamptz],
    ARRAY[NULL::timestamptz], ARRAY['customer:42'], ARRAY['{}'::jsonb])`,
    [merchantId, customerId],
  );
  await run(merchantId, 'SELECT ledger_hold(gen_random_uuid(), $1, $2, 10, $3, $4, now())', [
    merchantId,
    customerId,
    randomUUID(),
    'test',
  ]);
  const about: [string, string, string][] = [
    ['consents', 'type, status', `'newsletter', 'granted'`],
    ['customer_segments', 'segment_id', `'loyal'`],
    ['rfm_score_history', 'rfm_score', `'{}'`],
    ['rfm_segment_deltas', 'segment_change', `'{}'`],
    ['email_events', 'recipient_email', `'x'`],
    ['gamification_achievements', 'badge_code', `'first'`],
    ['leaderboards', 'cycle', `'2026-11'`],
    ['wallet_passes', 'wallet_type', `'apple'`],
    ['reward_redemptions', 'discount_code', `'x'`],
  ];
  for (const [table, columns, values] of about) {
    await run(
      merchantId,
      `INSERT INTO ${table} (merchant_id, customer_id, ${columns}) VALUES ($1, $2, ${values})`,
      [merchantId, customerId],
    );
  }
  await run(
    merchantId,
    `INSERT INTO referral_links (merchant_id, advocate_customer_id, referral_code) VALUES ($1, $2, 'zora-' || $2::uuid)`,
    [merchantId, customerId],
  );
  await run(
    merchantId,
    `INSERT INTO referrals (merchant_id, referral_link_id, advocate_customer_id) SELECT $1, referral_link_id, $2
    FROM referral_links`,
    [merchantId, customerId],
  );
  await run(
    merchantId,
    `INSERT INTO program_versions (merchant_id, version, config, dynamic_multipliers, actor)
     VALUES ($1, 1, '{}', '{}', 'staff:1')`,
    [merchantId],
  );
  await run(
    merchantId,
    `INSERT INTO content_versions (merchant_id, version, content, actor) VALUES ($1, 1, '{}', 'staff:1')`,
    [merchantId],
  );
  await run(merchantId, `INSERT INTO audit_logs (merchant_id, action) VALUES ($1, 'filled')`, [
    merchantId,
  ]);
}

/** How many rows of the tenant each table has, which only the redactor can see. */
async function rowsByTable(merchantId: string): Promise<Record<string, number>> {
  const { rows } = await database.owner.query<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'merchant_id'
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`);
  const counts: Record<string, number> = {};
  for (const { name } of rows) {
    const counted = await runWith<{ n: number }>(
      database.owner,
      [actingFor(merchantId)],
      `SELECT count(*) AS n FROM ${name} WHERE merchant_id = $1`,
      [merchantId],
    );
    counts[name] = counted.rows[0]?.n ?? 0;
  }
  return counts;
}

describe('erasing a person', () => {
  test('removes what identifies them, and keeps what they earned under our own id', async () => {
    const { merchantId, customerId } = await tenantWithMember();
    await fill(merchantId, customerId);
    const merged = await createMember(database.app, merchantId);
    await run(
      merchantId,
      `UPDATE customers SET merged_into_customer_id = $1, email = 'x' WHERE customer_id = $2`,
      [customerId, merged],
    );
    await run(merchantId, 'SELECT privacy_erase_customer($1, $2, $3)', [
      merchantId,
      customerId,
      'redacted:abc',
    ]);

    const persons = await run<Record<string, unknown>>(
      merchantId,
      `SELECT customer_id, shopify_customer_id, email, email_hash,
      first_name, last_name, name_tokens, location, redacted_at IS NOT NULL AS redacted FROM customers`,
    );
    for (const person of persons) {
      expect(person).toMatchObject({
        email: null,
        email_hash: null,
        first_name: null,
        last_name: null,
        name_tokens: [],
        location: {},
        redacted: true,
      });
    }
    expect(
      persons.find((person) => person['customer_id'] === customerId)?.['shopify_customer_id'],
    ).toBe('redacted:abc');
    expect(
      await run(merchantId, 'SELECT points, reason, actor, order_id FROM points_transactions'),
    ).toEqual([{ points: 50, reason: null, actor: 'customer', order_id: '1001' }]);
    expect(await run(merchantId, 'SELECT discount_code FROM reward_redemptions')).toEqual([
      { discount_code: null },
    ]);
    expect(
      (
        await run<{ referral_code: string }>(merchantId, 'SELECT referral_code FROM referral_links')
      )[0]?.referral_code,
    ).not.toContain('zora');
    const counts = await rowsByTable(merchantId);
    for (const gone of [
      'consents',
      'customer_segments',
      'rfm_score_history',
      'rfm_segment_deltas',
      'email_events',
      'wallet_passes',
      'leaderboards',
      'gamification_achievements',
    ]) {
      expect([gone, counts[gone]]).toEqual([gone, 0]);
    }
    expect(
      await run(merchantId, 'SELECT * FROM ledger_broken_invariants($1)', [merchantId]),
    ).toEqual([]);
  });

  test('removes them from the deliveries, with all deliveries that cannot be read', async () => {
    const { merchantId } = await tenantWithMember();
    const token = (word: string) => Buffer.from(word).toString('base64');
    await database.app.query(
      `SELECT inbox_store(ARRAY[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
      array_fill($1::text, ARRAY[3]), ARRAY['a', 'b', 'c'], ARRAY['1', '2', '3'], ARRAY['', '', ''], ARRAY['', '', ''],
      array_fill(now(), ARRAY[3]), ARRAY['x', 'x', 'x']::bytea[], $2)`,
      [
        `test-${merchantId}.myshopify.com`,
        JSON.stringify([[token('ada'), token('bob')], [token('bob')], null]),
      ],
    );
    expect(
      await run(merchantId, 'SELECT privacy_erase_deliveries($1, $2) AS erased', [
        merchantId,
        [Buffer.from('ada')],
      ]),
    ).toEqual([{ erased: 2 }]);
    expect(
      await run(merchantId, 'SELECT topic FROM webhook_inbox WHERE payload IS NOT NULL'),
    ).toEqual([{ topic: 'b' }]);
  });

  test('finds their deliveries by an index, and looks through no others of the shop', async () => {
    const { merchantId } = await tenantWithMember();
    await runWith(
      database.owner,
      [actingFor(merchantId)],
      `INSERT INTO webhook_inbox (merchant_id, shop_domain, topic, webhook_id, payload, subject_tokens)
       SELECT $1, 'busy.myshopify.com', 'orders/paid', n::text, 'x', ARRAY[n::text::bytea] FROM generate_series(1, 2000) n`,
      [merchantId],
    );
    await database.owner.query('ANALYZE webhook_inbox');
    const read = await withTenant(database.app, merchantId, async (client) => {
      await client.query('SELECT privacy_erase_deliveries($1, $2)', [
        merchantId,
        [Buffer.from('7')],
      ]);
      const { rows } = await client.query<{ read: number }>(
        `SELECT sum(pg_stat_get_xact_tuples_returned(c.oid))::bigint AS read FROM pg_class c
         WHERE c.oid = 'webhook_inbox'::regclass
            OR c.oid IN (SELECT i.indexrelid FROM pg_index i WHERE i.indrelid = 'webhook_inbox'::regclass)`,
      );
      return rows[0]?.read;
    });
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(50);
    expect(
      await run(merchantId, 'SELECT webhook_id FROM webhook_inbox WHERE payload IS NULL'),
    ).toEqual([{ webhook_id: '7' }]);
  });

  test('forgets the webhooks of an erased shop, also those from before it was known', async () => {
    const { merchantId } = await tenantWithMember();
    const shop = `test-${merchantId}.myshopify.com`;
    const store = async () => {
      const { rows } = await database.app.query<{ merchant_id: string | null; is_new: boolean }>(
        `SELECT merchant_id, NOT is_duplicate AS is_new FROM inbox_store(ARRAY[gen_random_uuid(), gen_random_uuid()],
           array_fill($1::text, ARRAY[2]), ARRAY['a', 'b'], ARRAY['1', '2'], ARRAY['', ''], ARRAY['', ''],
           array_fill(now(), ARRAY[2]), ARRAY['x', 'x']::bytea[]) ORDER BY ord`,
        [shop],
      );
      return rows;
    };
    expect(await store()).toEqual(Array(2).fill({ merchant_id: merchantId, is_new: true }));
    // As if the first had come before the shop was known.
    for (const table of ['webhook_inbox', 'webhook_idempotency_keys'])
      await runWith(
        database.owner,
        [actingFor(merchantId), `SET LOCAL app.platform = 'on'`],
        `UPDATE ${table} SET merchant_id = NULL WHERE webhook_id = '1' AND shop_domain = $1`,
        [shop],
      );
    await run(merchantId, 'SELECT privacy_erase_shop($1)', [merchantId]);
    expect(await store()).toEqual(Array(2).fill({ merchant_id: null, is_new: true }));
  });

  test('works for the tenant of the transaction alone', async () => {
    const ours = await tenantWithMember();
    const theirs = await tenantWithMember();
    const refused = { code: '42501' };
    await expect(
      run(ours.merchantId, 'SELECT privacy_erase_customer($1, $2, $3)', [
        theirs.merchantId,
        theirs.customerId,
        'x',
      ]),
    ).rejects.toMatchObject(refused);
    await expect(
      run(ours.merchantId, 'SELECT privacy_erase_deliveries($1, $2)', [theirs.merchantId, []]),
    ).rejects.toMatchObject(refused);
    await expect(
      run(ours.merchantId, 'SELECT privacy_erase_shop($1)', [theirs.merchantId]),
    ).rejects.toMatchObject(refused);
    await expect(
      database.app.query('SELECT privacy_erase_shop($1)', [ours.merchantId]),
    ).rejects.toMatchObject(refused);
  });
});

test('erasing a shop leaves nothing of it in any table, all of the others, and the proof', async () => {
  const gone = await tenantWithMember();
  const stays = await tenantWithMember();
  await fill(gone.merchantId, gone.customerId);
  await fill(stays.merchantId, stays.customerId);
  const before = await rowsByTable(stays.merchantId);
  const erase = () =>
    run(gone.merchantId, 'SELECT privacy_erase_shop($1) AS erased', [gone.merchantId]);
  expect(await erase()).toEqual([{ erased: true }]);
  expect(await erase()).toEqual([{ erased: false }]);
  expect(
    Object.entries(await rowsByTable(gone.merchantId)).filter(([, count]) => count > 0),
  ).toEqual([]);
  expect(await rowsByTable(stays.merchantId)).toEqual(before);
  const proof = await runWith(
    database.app,
    [`SET LOCAL app.platform = 'on'`],
    'SELECT action FROM audit_logs WHERE target_id = $1',
    [gone.merchantId],
  );
  expect(proof.rows).toEqual([{ action: 'shop_erased' }]);
  expect((await database.app.query('SELECT * FROM audit_chain_breaks()')).rows).toEqual([]);
});
