import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { actingFor, openMigrated, runWith } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

let database: MigratedDatabase;
let ours: { merchantId: string; customerId: string };
let theirs: { merchantId: string; customerId: string };

beforeAll(async () => {
  database = await openMigrated();
  const tenant = async () => {
    const merchantId = await createMerchant(database.app);
    return { merchantId, customerId: await createMember(database.app, merchantId) };
  };
  ours = await tenant();
  theirs = await tenant();
});
afterAll(() => database.close());

const asUs = <T>(sql: string, values: unknown[] = []) =>
  withTenant(
    database.app,
    ours.merchantId,
    async (client) => (await client.query(sql, values)).rows as T[],
  );
const asOwner = (sql: string, values: unknown[] = []) =>
  runWith(database.owner, [actingFor(ours.merchantId)], sql, values);

const threeColumns =
  'INSERT INTO points_transactions (customer_id, merchant_id, points) VALUES ($1, $2, $3)';

describe('another tenant', () => {
  test('is not visible, not even by its id', async () => {
    expect(
      await asUs('SELECT * FROM customers WHERE merchant_id = $1', [theirs.merchantId]),
    ).toEqual([]);
    expect(await asUs('SELECT merchant_id FROM merchants')).toEqual([
      { merchant_id: ours.merchantId },
    ]);
  });

  test('gets no row of ours', async () => {
    const insert = 'INSERT INTO customers (merchant_id, shopify_customer_id) VALUES ($1, $2)';
    await expect(asUs(insert, [theirs.merchantId, '1'])).rejects.toMatchObject({ code: '42501' });
  });

  test('has no member that a row of ours could name', async () => {
    const insert =
      'INSERT INTO consents (merchant_id, customer_id, type, status) VALUES ($1, $2, $3, $4)';
    await expect(
      asUs(insert, [ours.merchantId, theirs.customerId, 'newsletter', 'granted']),
    ).rejects.toMatchObject({ code: '23503' });
    await expect(asUs(threeColumns, [theirs.customerId, ours.merchantId, 5])).rejects.toMatchObject(
      { code: '23503' },
    );
  });

  test('is invisible without a tenant, even to the owner of the tables', async () => {
    expect((await database.app.query('SELECT * FROM customers')).rows).toEqual([]);
    expect((await database.owner.query('SELECT * FROM customers')).rows).toEqual([]);
    await expect(
      database.app.query(threeColumns, [ours.customerId, ours.merchantId, 5]),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });

  test('cannot be reached through a partition', async () => {
    await expect(asUs('SELECT * FROM customers_p0')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the ledger', () => {
  test('makes a whole entry of the three columns', async () => {
    await asUs(threeColumns, [ours.customerId, ours.merchantId, 25]);
    const entries = await asUs(
      'SELECT type, points, sequence, balance_after FROM points_transactions WHERE points = 25',
    );
    expect(entries).toEqual([{ type: 'earn', points: 25, sequence: 1, balance_after: 25 }]);
    expect(await asUs('SELECT balance, version FROM points_balances')).toEqual([
      { balance: 25, version: 1 },
    ]);
    expect(await asUs('SELECT * FROM ledger_broken_invariants($1)', [ours.merchantId])).toEqual([]);
  });

  test.each(['0', '9007199254740992'])('takes no entry of %s points', async (points) => {
    await expect(
      asUs(threeColumns, [ours.customerId, ours.merchantId, points]),
    ).rejects.toMatchObject({ code: '23514' });
  });

  test.each([
    'UPDATE points_transactions SET points = 1000000',
    'DELETE FROM points_transactions',
    'UPDATE points_balances SET balance = 1000000',
    'UPDATE point_lots SET remaining = 0',
    "INSERT INTO points_transactions (customer_id, merchant_id, points, type) SELECT customer_id, merchant_id, 5, 'earn' FROM customers",
    'DELETE FROM customers',
  ])('refuses the application: %s', async (sql) => {
    await expect(asUs(sql)).rejects.toMatchObject({ code: '42501' });
  });

  test.each([
    'UPDATE points_transactions SET points = 1000000',
    'UPDATE points_transactions SET reason = NULL',
    'DELETE FROM points_transactions',
    'TRUNCATE points_transactions',
    'TRUNCATE points_transactions_p1',
    "UPDATE audit_logs SET action = 'other'",
    'DELETE FROM audit_logs',
    'TRUNCATE audit_logs',
  ])('refuses the owner too: %s', async (sql) => {
    await asUs('INSERT INTO audit_logs (merchant_id, action) VALUES ($1, $2)', [
      ours.merchantId,
      'something_done',
    ]);
    await expect(asOwner(sql)).rejects.toMatchObject({ code: '23001' });
  });

  test('keeps a member who has entries', async () => {
    await expect(
      asOwner('DELETE FROM customers WHERE customer_id = $1', [ours.customerId]),
    ).rejects.toMatchObject({
      code: '23503',
    });
  });

  test('lets the redactor change the words of an entry and nothing else', async () => {
    const asRedactor = (sql: string) =>
      runWith(database.owner, ['SET LOCAL ROLE loyalnest_redactor'], sql);
    await expect(asRedactor('UPDATE points_transactions SET points = 1')).rejects.toMatchObject({
      code: '42501',
    });
    await expect(asRedactor('UPDATE points_transactions SET reason = NULL')).resolves.toBeDefined();
  });
});

describe('the log', () => {
  test('is a chain per tenant, and one of the platform', async () => {
    const log = 'INSERT INTO audit_logs (merchant_id, action, metadata) VALUES ($1, $2, $3)';
    await Promise.all(
      Array.from({ length: 8 }, (_, nth) =>
        asUs(log, [ours.merchantId, 'counted', { nth, word: 'ä' }]),
      ),
    );
    await runWith(database.app, [`SET LOCAL app.platform = 'on'`], log, [
      null,
      'admin_signed_in',
      {},
    ]);
    expect((await database.app.query('SELECT * FROM audit_chain_breaks()')).rows).toEqual([]);
    const chain = await asUs<{ linked: boolean }>(
      `SELECT prev_hash IS NOT DISTINCT FROM lag(hash) OVER (ORDER BY sequence) AS linked FROM audit_logs`,
    );
    expect(chain.length).toBeGreaterThanOrEqual(8);
    expect(chain.every((line) => line.linked)).toBe(true);
  });

  test('reveals a line that was changed', async () => {
    const tampered = await runWith<{ sequence: number }>(
      database.owner,
      [
        actingFor(ours.merchantId),
        'ALTER TABLE audit_logs DISABLE TRIGGER append_only',
        `UPDATE audit_logs SET action = 'nothing' WHERE sequence = 2`,
        'ALTER TABLE audit_logs ENABLE TRIGGER append_only',
      ],
      'SELECT sequence FROM audit_chain_breaks()',
    );
    expect(tampered.rows).toEqual([{ sequence: 2 }]);
  });

  test('shows the platform its own lines only when it says that it is the platform', async () => {
    const select = 'SELECT action FROM audit_logs WHERE merchant_id IS NULL';
    expect(await asUs(select)).toEqual([]);
    expect((await database.app.query(select)).rows).toEqual([]);
    const platform = await runWith(
      database.app,
      [`SET LOCAL app.platform = 'on'`],
      'SELECT action FROM audit_logs',
    );
    expect(platform.rows).toEqual([{ action: 'admin_signed_in' }]);
  });
});

describe('how many members each segment has', () => {
  test('is counted on demand and shown to each tenant alone', async () => {
    const insert = `INSERT INTO customer_segments (merchant_id, customer_id, segment_id, segment_ids) VALUES ($1, $2, $3, $4)`;
    for (const { merchantId, customerId } of [ours, theirs]) {
      await withTenant(database.app, merchantId, (client) =>
        client.query(insert, [merchantId, customerId, 'champions', '["champions", "loyal"]']),
      );
    }
    await database.app.query('SELECT refresh_rfm_segment_counts()');
    expect(
      await asUs(
        'SELECT segment_name, customer_count FROM merchant_rfm_segment_counts ORDER BY segment_name',
      ),
    ).toEqual([
      { segment_name: 'champions', customer_count: 1 },
      { segment_name: 'loyal', customer_count: 1 },
    ]);
    expect((await database.app.query('SELECT * FROM merchant_rfm_segment_counts')).rows).toEqual(
      [],
    );
    await expect(asUs('SELECT * FROM rfm_segment_counts')).rejects.toMatchObject({ code: '42501' });
  });
});

test('peer groups can be read by all tenants and written by none', async () => {
  const insert = `INSERT INTO rfm_benchmarks (merchant_id, industry, segment_name) VALUES ($1, 'pets', 'champions')`;
  await expect(asUs(insert, [null])).rejects.toMatchObject({ code: '42501' });
  await asUs(insert, [ours.merchantId]);
  expect(await asUs('SELECT industry FROM rfm_benchmarks')).toEqual([{ industry: 'pets' }]);
});

test('a setting that is no id is refused, and an empty one is no tenant', async () => {
  const look = (value: string) =>
    runWith(
      database.app,
      [`SET LOCAL app.merchant_id = '${value}'`],
      'SELECT merchant_id FROM merchants',
    );
  expect((await look('')).rows).toEqual([]);
  expect((await look(randomUUID())).rows).toEqual([]);
  await expect(look('not-an-id')).rejects.toMatchObject({ code: '22P02' });
});
