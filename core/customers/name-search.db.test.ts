import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let test: TestCore;
beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

/** Enough that reading them all would be the slower way. */
const members = 20_000;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}
const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

it('a name is found by its index in a large shop, despite row-level security', async () => {
  const shop = await test.installShop();
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId: '1', firstName: 'Zoë', lastName: 'Quill' },
    trigger: 'updated',
  });
  await test.outside.query(
    `INSERT INTO customers (merchant_id, shopify_customer_id, name_tokens)
     SELECT $1, (10000 + n)::text, ARRAY(SELECT decode(md5(n % 997 || '-' || i), 'hex') FROM generate_series(1, 6) i)
     FROM generate_series(1, $2::integer) n`,
    [shop.merchantId, members],
  );
  await test.outside.query('ANALYZE customers');
  const { customers, page } = await shop.admin.getCustomers({ query: 'zoe qui' });
  expect(customers.map((customer) => customer.customerId)).toEqual([customerId]);
  expect(page?.total).toBe(1);

  // The query of the SECURITY DEFINER function, planned as its owner.
  const client = await test.outside.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL ROLE loyalnest_ledger');
    await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [shop.merchantId]);
    const { rows: sources } = await client.query<{ prosrc: string }>(
      `SELECT prosrc FROM pg_proc WHERE proname = 'members_by_name'`,
    );
    await client.query(
      `PREPARE by_name (bytea[]) AS ${(sources[0]?.prosrc ?? '').replaceAll('p_tokens', '$1')}`,
    );
    const tokens = ['zoe', 'qui'].map(
      (word) => `'\\x${test.blindIndex.nameToken(shop.merchantId, word).toString('hex')}'::bytea`,
    );
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (FORMAT JSON, ANALYZE) EXECUTE by_name(ARRAY[${tokens.join(', ')}])`,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    const indexes = (plan === undefined ? [] : nodesOf(plan)).flatMap(
      (node) => node['Index Name'] ?? [],
    );
    expect(indexes.some((name) => name.includes('name_tokens'))).toBe(true);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
