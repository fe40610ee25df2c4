import { randomBytes } from 'node:crypto';
import { Metadata, createChannel, createClientFactory } from 'nice-grpc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminServiceDefinition } from '#proto/admin/v1/admin.ts';
import { startCore } from '../rpc/server.ts';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

/** A client of a core of its own on the same database, with another ring of keys. */
async function withKeys<Result>(
  keys: string,
  work: (
    admin: ReturnType<typeof adminOf>,
    tenant: (merchantId: string) => Metadata,
  ) => Promise<Result>,
): Promise<Result> {
  const core = await startCore({ ...test.env, ENCRYPTION_KEYS: keys });
  const channel = createChannel(`127.0.0.1:${core.port}`);
  try {
    return await work(adminOf(channel), (merchant) =>
      Metadata({ authorization: `Bearer ${test.tokenFor(merchant === '' ? {} : { merchant })}` }),
    );
  } finally {
    channel.close();
    await core.stop();
  }
}
const adminOf = (channel: ReturnType<typeof createChannel>) =>
  createClientFactory().create(AdminServiceDefinition, channel);

async function reencryptAll(
  admin: ReturnType<typeof adminOf>,
  metadata: Metadata,
  options: { limit: number; rounds?: number },
): Promise<{ reencrypted: number; unreadable: number }> {
  const total = { reencrypted: 0, unreadable: 0 };
  let cursor = '';
  for (let round = 0; round < (options.rounds ?? 1_000); round += 1) {
    const answer = await admin.reencryptValues({ cursor, limit: options.limit }, { metadata });
    total.reencrypted += answer.reencrypted;
    total.unreadable += answer.unreadable;
    cursor = answer.nextCursor;
    if (cursor === '') break;
  }
  return total;
}

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const first = () => test.env.ENCRYPTION_KEYS;

describe('a key rotation', () => {
  it('leaves nothing that needs the old key, also after an interruption, and keeps search working', async () => {
    const shops = await Promise.all([test.installShop(), test.installShop()]);
    for (const [shopNumber, shop] of shops.entries())
      for (let number = 1; number <= 7; number += 1)
        await shop.admin.upsertCustomer({
          customer: {
            shopifyCustomerId: String(number),
            email: `${number}@example.com`,
            firstName: `Given${number}`,
            lastName: `Shop${shopNumber}`,
          },
          trigger: 'updated',
        });
    const { deliveryId } = await test.clients().admin.storeDelivery({
      shopDomain: shops[0].shopDomain,
      topic: 'orders/paid',
      webhookId: 'reencrypt',
      payload: Buffer.from('{"id":1}'),
    });
    // Of a shop that never installed.
    const early = await test.clients().admin.storeDelivery({
      shopDomain: 'never.myshopify.com',
      topic: 'orders/paid',
      webhookId: 'reencrypt',
      payload: Buffer.from('early'),
    });
    const second = key('second');
    const both = `${second},${first()}`;

    const interrupted = await withKeys(both, (admin, tenant) =>
      reencryptAll(admin, tenant(''), { limit: 3, rounds: 7 }),
    );
    expect(interrupted.reencrypted).toBeGreaterThan(0);
    const rest = await withKeys(both, (admin, tenant) =>
      reencryptAll(admin, tenant(''), { limit: 3 }),
    );
    // Three columns of fourteen customers and two deliveries.
    expect(interrupted.reencrypted + rest.reencrypted).toBe(3 * 14 + 2);
    expect(rest.unreadable).toBe(0);
    const again = await withKeys(both, (admin, tenant) =>
      reencryptAll(admin, tenant(''), { limit: 3 }),
    );
    expect(again).toEqual({ reencrypted: 0, unreadable: 0 });

    // The old key is gone.
    await withKeys(second, async (admin, tenant) => {
      for (const shop of shops) {
        const metadata = tenant(shop.merchantId);
        const all = await admin.getCustomers({ query: '' }, { metadata });
        expect(all.customers.map(({ firstName }) => firstName).sort()).toEqual(
          [1, 2, 3, 4, 5, 6, 7].map((number) => `Given${number}`),
        );
        // The keyed hashes have a key of their own, which did not change.
        for (const query of ['3@example.com', 'given3'])
          expect((await admin.getCustomers({ query }, { metadata })).customers).toMatchObject([
            { shopifyCustomerId: '3', email: '3@example.com' },
          ]);
      }
      const { deliveries } = await admin.getDeliveries(
        { deliveryIds: [deliveryId, early.deliveryId] },
        { metadata: tenant('') },
      );
      expect(deliveries.map(({ payload }) => Buffer.from(payload).toString()).sort()).toEqual([
        'early',
        '{"id":1}',
      ]);
      expect(await reencryptAll(admin, tenant(''), { limit: 100 })).toEqual({
        reencrypted: 0,
        unreadable: 0,
      });
    });
  });

  it('skips values that no key decrypts, and counts them', async () => {
    const shop = await test.installShop();
    await withKeys(key('lost'), (admin, tenant) =>
      admin.upsertCustomer(
        {
          customer: { shopifyCustomerId: '1', firstName: 'Encrypted', lastName: 'For ever' },
          trigger: 'updated',
        },
        { metadata: tenant(shop.merchantId) },
      ),
    );
    const { unreadable } = await withKeys(`${key('third')},${first()}`, (admin, tenant) =>
      reencryptAll(admin, tenant(''), { limit: 1_000 }),
    );
    // With them what the test before encrypted with a key of its own.
    expect(unreadable).toBeGreaterThanOrEqual(2);
  });

  it('overwrites nothing that changed while it was being re-encrypted', async () => {
    const shop = await test.installShop();
    await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', firstName: 'Before', lastName: '' },
      trigger: 'updated',
    });
    const { rows } = await test.outside.query<{ tenant: string; row_id: string; value: Buffer }>(
      `SELECT merchant_id::text AS tenant, customer_id::text AS row_id, first_name AS value FROM customers WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', firstName: 'After', lastName: '' },
      trigger: 'updated',
      updatedAt: new Date(Date.now() + 1_000).toISOString(),
    });
    const late = await test.pool.query<{ replaced: number }>(
      `SELECT encrypted_replace('customers', 'first_name', $1, $2, $3, $4) AS replaced`,
      [
        rows.map((row) => row.tenant),
        rows.map((row) => row.row_id),
        rows.map((row) => row.value),
        [Buffer.from('x')],
      ],
    );
    expect(late.rows).toEqual([{ replaced: 0 }]);
    const { customers } = await shop.admin.getCustomers({ query: '' });
    expect(customers).toMatchObject([{ firstName: 'After' }]);
  });

  it('knows every encrypted column, and can reach no other', async () => {
    // Whatever is binary and no hash is encrypted. Sessions of the console end within an hour.
    const { rows } = await test.outside.query<{ name: string }>(
      `SELECT c.relname || '.' || a.attname AS name
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
         AND a.atttypid = 'bytea'::regtype AND a.attname !~ 'hash$' AND c.relname <> 'admin_sessions'
       ORDER BY 1`,
    );
    const known = await test.pool.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM encrypted_columns() ORDER BY 1`,
    );
    expect(known.rows).toEqual(rows);
    await expect(
      test.pool.query(
        `SELECT * FROM encrypted_with_other_keys('merchants', 'name', '', '', '', 10)`,
      ),
    ).rejects.toThrow('is not encrypted');
    await expect(
      test.pool.query(`SELECT encrypted_replace('merchants', 'name', '{}', '{}', '{}', '{}')`),
    ).rejects.toThrow('is not encrypted');
  });
});
