import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withTenant } from '#core/database/tenant-transaction.ts';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { openMigrated, runWith } from './testing/migrated.ts';
import type { MigratedDatabase } from './testing/migrated.ts';

let database: MigratedDatabase;
let merchantId: string;
let shop: string;
beforeAll(async () => {
  database = await openMigrated();
  merchantId = await createMerchant(database.app);
  shop = `test-${merchantId}.myshopify.com`;
});
afterAll(() => database.close());

async function ask<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.app.query(sql, values)).rows as Row[];
}

describe('shops', () => {
  test('merchant_by_shop finds a shop by its domain, whatever its case', async () => {
    expect(await ask('SELECT * FROM merchant_by_shop($1)', [shop.toUpperCase()])).toMatchObject([
      { merchant_id: merchantId, shopify_domain: shop, currency: 'USD', uninstalled_at: null },
    ]);
    expect(await ask('SELECT * FROM merchant_by_shop($1)', ['unknown.myshopify.com'])).toEqual([]);
  });

  test('merchants_after walks all of them, once each', async () => {
    const others = [await createMerchant(database.app), await createMerchant(database.app)];
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: { merchant_id: string }[] = await ask(
        'SELECT merchant_id FROM merchants_after($1, 2)',
        [after],
      );
      seen.push(...page.map((row) => row.merchant_id));
      after = page.at(-1)?.merchant_id ?? null;
      if (after === null) break;
    }
    expect([...seen].sort()).toEqual([merchantId, ...others].sort());
  });

  test('referral_link_by_code returns whose a code is', async () => {
    const customerId = await createMember(database.app, merchantId);
    const code = `code-${customerId}`;
    await withTenant(database.app, merchantId, (client) =>
      client.query(
        'INSERT INTO referral_links (merchant_id, advocate_customer_id, referral_code) VALUES ($1, $2, $3)',
        [merchantId, customerId, code],
      ),
    );
    expect(await ask('SELECT * FROM referral_link_by_code($1)', [code])).toMatchObject([
      { merchant_id: merchantId, shop_domain: shop, status: 'active' },
    ]);
  });
});

describe('the console', () => {
  test('sees of every shop what failed or was refused, counts it, and replays it once', async () => {
    const before = (await ask<Record<string, string>>('SELECT * FROM console_overview()'))[0];
    const [failed, refused, done] = await withTenant(database.owner, merchantId, (client) =>
      Promise.all(
        ['failed', 'refused', 'processed'].map(async (status) => {
          const { rows } = await client.query<{ delivery_id: string }>(
            `INSERT INTO webhook_inbox (merchant_id, shop_domain, topic, webhook_id, payload, status)
             VALUES ($1, $2, 'orders/paid', $3, '\\x00', $4) RETURNING delivery_id`,
            [merchantId, shop, randomUUID(), status],
          );
          return rows[0]?.delivery_id ?? '';
        }),
      ),
    );
    const after = (await ask<Record<string, string>>('SELECT * FROM console_overview()'))[0];
    expect(Number(after?.['deliveries_failed']) - Number(before?.['deliveries_failed'])).toBe(1);
    expect(Number(after?.['deliveries_refused']) - Number(before?.['deliveries_refused'])).toBe(1);
    const listed = await ask<{ delivery_id: string }>(
      `SELECT * FROM console_deliveries('', '', $1, NULL, NULL, 10)`,
      [shop],
    );
    expect(listed.map((row) => row.delivery_id)).toEqual(expect.arrayContaining([failed, refused]));
    expect(listed[0]).not.toHaveProperty('payload');
    const replay = () =>
      ask<{ delivery_id: string }>('SELECT * FROM console_replay_deliveries($1)', [[failed, done]]);
    expect((await replay()).map((row) => row.delivery_id)).toEqual([failed]);
    expect(await replay()).toEqual([]);
  });
});

test('waiting_work says how much the worker has not done, and since when', async () => {
  const waiting = async () =>
    (await ask<Record<string, number>>('SELECT * FROM waiting_work()'))[0];
  const before = await waiting();
  await withTenant(database.app, merchantId, (client) =>
    client.query(
      `INSERT INTO outbox_events (merchant_id, kind, created_at)
       VALUES ($1, 'points.changed', now() - interval '90 seconds')`,
      [merchantId],
    ),
  );
  const after = await waiting();
  expect(Number(after?.['events']) - Number(before?.['events'])).toBe(1);
  const claimed = await ask<{ event_id: string; created_at: Date; traceparent: string | null }>(
    'SELECT * FROM outbox_claim(500, 60)',
  );
  expect(claimed.at(-1)?.traceparent).toBeNull();
  // Claimed is not done.
  expect((await waiting())?.['events']).toBe(after?.['events']);
  await ask('SELECT outbox_acknowledge($1)', [claimed.map((event) => event.event_id)]);
  expect(await waiting()).toMatchObject({ events: 0, events_age_seconds: 0 });
});

describe('campaigns', () => {
  test('campaigns_due names the shops of which the clock has started or ended one', async () => {
    const due = async (now: string) =>
      (await ask<{ merchant_id: string }>('SELECT * FROM campaigns_due($1, 10)', [now])).map(
        (row) => row.merchant_id,
      );
    const other = await createMerchant(database.app);
    for (const [merchant, status] of [
      [merchantId, 'scheduled'],
      [other, 'draft'],
    ] as const)
      await withTenant(database.app, merchant, (client) =>
        client.query(
          `INSERT INTO bonus_campaigns (merchant_id, name, type, status, start_date, end_date)
           VALUES ($1, 'A week', 'double_points', $2, '2030-01-01T00:00Z', '2030-01-08T00:00Z')`,
          [merchant, status],
        ),
      );
    expect(await due('2029-12-31T23:59:59Z')).toEqual([]);
    expect(await due('2030-01-01T00:00:00Z')).toEqual([merchantId]);
    await withTenant(database.app, merchantId, (client) =>
      client.query(`UPDATE bonus_campaigns SET status = 'active' WHERE merchant_id = $1`, [
        merchantId,
      ]),
    );
    expect(await due('2030-01-02T00:00:00Z')).toEqual([]);
    expect(await due('2030-01-08T00:00:00Z')).toEqual([merchantId]);
  });
});

describe('sessions', () => {
  const store = (id: string, ofShop: string, token: string) =>
    ask('SELECT store_session($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
      id,
      ofShop,
      'state',
      false,
      'read_orders',
      Buffer.from(token),
      null,
      new Date('2030-01-01'),
      null,
      null,
    ]);
  const load = (id: string) =>
    ask<{ shop: string; access_token: Buffer }>('SELECT * FROM load_session($1)', [id]);

  test('store_session, load_session, find_sessions_by_shop and delete_sessions keep one per id', async () => {
    await store('offline_1', shop, 'first');
    await store('offline_1', shop, 'second');
    expect((await load('offline_1'))[0]?.access_token.toString()).toBe('second');
    expect(await ask('SELECT session_id FROM find_sessions_by_shop($1)', [shop])).toEqual([
      { session_id: 'offline_1' },
    ]);
    await ask('SELECT delete_sessions($1)', [['offline_1', 'unknown']]);
    expect(await load('offline_1')).toEqual([]);
  });

  test('store_session does not give a shop’s session to another shop', async () => {
    await store('offline_2', shop, 'ours');
    await store('offline_2', 'other.myshopify.com', 'theirs');
    expect((await load('offline_2'))[0]).toMatchObject({ shop, access_token: Buffer.from('ours') });
  });

  test('the table itself is closed to the application', async () => {
    await expect(ask('SELECT * FROM shopify_sessions')).rejects.toMatchObject({ code: '42501' });
  });
});

interface Stored {
  delivery_id: string;
  merchant_id: string | null;
  is_duplicate: boolean;
}

const inbox = (
  deliveries: { id?: string; shop?: string; webhook: string; subjects?: Buffer[] | null }[],
) =>
  ask<Stored>(
    'SELECT delivery_id, merchant_id, is_duplicate FROM inbox_store($1,$2,$3,$4,$5,$6,$7,$8,$9) ORDER BY ord',
    [
      deliveries.map(({ id }) => id ?? randomUUID()),
      deliveries.map((delivery) => delivery.shop ?? shop),
      deliveries.map(() => 'orders/paid'),
      deliveries.map(({ webhook }) => webhook),
      deliveries.map(() => 'event'),
      deliveries.map(() => '2026-10'),
      deliveries.map(() => new Date()),
      deliveries.map(({ webhook }) => Buffer.from(webhook)),
      JSON.stringify(
        deliveries.map(({ subjects }) => subjects?.map((one) => one.toString('base64')) ?? null),
      ),
    ],
  );
const finish = (ids: string[], merchants: (string | null)[], status = 'processed') =>
  ask<{ found: number }>('SELECT inbox_finish($1,$2,$3,$4,$5,$6,$7) AS found', [
    ids,
    merchants,
    ids.map(() => status),
    ids.map(() => '+5 points'),
    ids.map(() => null),
    ids.map(() => null),
    ids.map(() => null),
  ]);

describe('webhooks', () => {
  test('inbox_store keeps one of a delivery that comes twice, also in one batch, in the order of the argument', async () => {
    const [first] = await inbox([{ webhook: 'w1' }]);
    const again = await inbox([
      { webhook: 'w2' },
      { webhook: 'w1' },
      { webhook: 'w2' },
      { webhook: 'w3', shop: 'new.myshopify.com' },
    ]);
    expect(again.map((one) => one.is_duplicate)).toEqual([false, true, true, false]);
    expect(again[1]?.delivery_id).toBe(first?.delivery_id);
    expect(again[2]?.delivery_id).toBe(again[0]?.delivery_id);
    expect(again[0]?.merchant_id).toBe(merchantId);
    expect(again[3]?.merchant_id).toBeNull();
  });

  test('inbox_store keeps one of a delivery that many store at once', async () => {
    const stored = (
      await Promise.all(
        Array.from({ length: 8 }, () => inbox([{ webhook: 'a' }, { webhook: 'b' }])),
      )
    ).flat();
    expect(new Set(stored.map((one) => one.delivery_id)).size).toBe(2);
    expect(stored.filter((one) => !one.is_duplicate)).toHaveLength(2);
  });

  test('inbox_store keeps one of a delivery that two processes store at the same moment', async () => {
    const webhooks = Array.from({ length: 40 }, () => randomUUID());
    const source = `
      import pg from 'pg';
      const client = new pg.Client(process.env.DATABASE_URL);
      await client.connect();
      const { webhooks, shop } = JSON.parse(process.env.DELIVERIES);
      process.stdout.write('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      const all = (value) => webhooks.map(() => value);
      const { rows } = await client.query(
        'SELECT * FROM inbox_store($1,$2,$3,$4,$5,$6,$7,$8) ORDER BY ord',
        [webhooks.map(() => crypto.randomUUID()), all(shop), all('orders/paid'), webhooks, all('e'), all('v'),
         all(new Date()), all(Buffer.from('{}'))]);
      await client.end();
      process.stderr.write(JSON.stringify(rows.map((row) => [row.delivery_id, row.is_duplicate])));
      process.exit();`;
    const processes = [webhooks, webhooks.toReversed()].map((order) =>
      spawn(process.execPath, ['--input-type=module', '-e', source], {
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        env: {
          NODE_ENV: 'test' as const,
          DATABASE_URL: database.app.options.connectionString,
          DELIVERIES: JSON.stringify({ webhooks: order, shop }),
        },
      }),
    );
    const said = processes.map((child) => text(child.stderr));
    await Promise.all(processes.map((child) => once(child.stdout, 'data')));
    for (const child of processes) child.stdin.write('go');
    const stored = (await Promise.all(said)).map(
      (answer) => JSON.parse(answer) as [string, boolean][],
    );
    expect(new Set(stored.flat().map(([id]) => id)).size).toBe(webhooks.length);
    expect(stored[0]?.map(([id]) => id)).toEqual(stored[1]?.toReversed().map(([id]) => id));
    expect(stored.flat().filter(([, isDuplicate]) => !isDuplicate)).toHaveLength(webhooks.length);
  });

  test('inbox_store knows a delivery again for 24 hours, also of a shop that is no tenant, and then takes it as new', async () => {
    for (const from of [shop, `no-tenant-${randomUUID()}.myshopify.com`]) {
      const webhook = randomUUID();
      const again = () => inbox([{ webhook, shop: from }]);
      const age = (hours: string) =>
        runWith(
          database.owner,
          [`SET LOCAL app.merchant_id = '${merchantId}'`, `SET LOCAL app.platform = 'on'`],
          `UPDATE webhook_idempotency_keys SET expires_at = created_at + interval '24 hours' - $2::interval
           WHERE webhook_id = $1`,
          [webhook, hours],
        );
      const [first] = await again();
      expect(first?.is_duplicate).toBe(false);
      expect((await age('23 hours 59 minutes')).rowCount).toBe(1);
      expect(await again()).toEqual([{ ...first, is_duplicate: true }]);
      await age('24 hours');
      const [second] = await inbox([{ webhook, shop: from }]);
      expect(second).toMatchObject({ is_duplicate: false, merchant_id: first?.merchant_id });
      expect(second?.delivery_id).not.toBe(first?.delivery_id);
      expect(await again()).toEqual([{ ...second, is_duplicate: true }]);
      const kept = await ask('SELECT delivery_id FROM inbox_read($1)', [
        [first?.delivery_id, second?.delivery_id],
      ]);
      expect(kept).toHaveLength(2);
    }
  });

  test('a webhook is also distinguished by its topic and its shop', async () => {
    const webhook = randomUUID();
    const store = (from: string, topic: string) =>
      ask<Stored>(
        `SELECT * FROM inbox_store(ARRAY[gen_random_uuid()], ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[''], ARRAY[''],
                                   ARRAY[now()], ARRAY['x'::bytea])`,
        [from, topic, webhook],
      );
    for (const from of [shop, 'another.myshopify.com'])
      for (const topic of ['orders/paid', 'orders/updated'])
        expect((await store(from, topic))[0]?.is_duplicate).toBe(false);
  });

  test('no tenant writes the key of a webhook itself, and each sees its own alone', async () => {
    const other = await createMerchant(database.app);
    await inbox([{ webhook: randomUUID() }]);
    const seenBy = (tenant: string) =>
      withTenant(database.app, tenant, async (client) => {
        const { rows } = await client.query<{ merchant_id: string }>(
          'SELECT DISTINCT merchant_id FROM webhook_idempotency_keys',
        );
        return rows.map((row) => row.merchant_id);
      });
    expect(await seenBy(merchantId)).toEqual([merchantId]);
    expect(await seenBy(other)).toEqual([]);
    for (const change of [
      `INSERT INTO webhook_idempotency_keys (merchant_id, shop_domain, webhook_id, event_type, delivery_id)
       VALUES ('${other}', '${shop}', 'x', 'orders/paid', gen_random_uuid())`,
      `UPDATE webhook_idempotency_keys SET expires_at = now()`,
      `DELETE FROM webhook_idempotency_keys`,
    ]) {
      await expect(
        withTenant(database.app, other, (client) => client.query(change)),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('inbox_read gives contents, and the tenant of a shop that was unknown when it was stored', async () => {
    const early = `early-${randomUUID()}.myshopify.com`;
    const [stored] = await inbox([{ webhook: 'early', shop: early }]);
    const later = randomUUID();
    await withTenant(database.app, later, (client) =>
      client.query('INSERT INTO merchants (merchant_id, shopify_domain) VALUES ($1, $2)', [
        later,
        early,
      ]),
    );
    const id = stored?.delivery_id ?? '';
    const [read] = await ask<{ merchant_id: string; payload: Buffer }>(
      'SELECT * FROM inbox_read($1)',
      [[id, randomUUID()]],
    );
    expect(read?.merchant_id).toBe(later);
    expect(read?.payload.toString()).toBe('early');
    expect(await finish([id], [later])).toEqual([{ found: 1 }]);
  });

  test('inbox_finish records outcomes, and touches no other tenant’s delivery', async () => {
    const [stored] = await inbox([{ webhook: 'finish' }]);
    const id = stored?.delivery_id ?? '';
    expect(await finish([id], [await createMerchant(database.app)])).toEqual([{ found: 0 }]);
    expect(await finish([id, id], [merchantId, merchantId])).toEqual([{ found: 2 }]);
    const [row] = await ask<{ status: string; attempts: number; processed_at: Date | null }>(
      'SELECT * FROM inbox_read($1)',
      [[id]],
    );
    expect(row).toMatchObject({ status: 'processed', attempts: 1, reason: '+5 points' });
  });

  test('inbox_finish keeps the first outcome, and a delivery to be tried again open', async () => {
    const [stored] = await inbox([{ webhook: 'again' }]);
    const id = stored?.delivery_id ?? '';
    const read = () =>
      ask<{ status: string; processed_at: Date | null }>('SELECT * FROM inbox_read($1)', [[id]]);
    await finish([id], [null], 'received');
    expect((await read())[0]).toMatchObject({ status: 'received', processed_at: null });
    await finish([id], [null], 'processed');
    await finish([id], [null], 'failed');
    expect((await read())[0]).toMatchObject({ status: 'processed', attempts: 3 });
  });

  test('inbox_claim_stale gives what no worker has touched to one caller only', async () => {
    const [stored] = await inbox([{ webhook: 'stale' }]);
    await withTenant(database.app, merchantId, (client) =>
      client.query(
        `UPDATE webhook_inbox SET received_at = now() - interval '2 minutes' WHERE delivery_id = $1`,
        [stored?.delivery_id],
      ),
    );
    const claims = await Promise.all(
      Array.from({ length: 4 }, () =>
        ask<{ delivery_id: string }>('SELECT * FROM inbox_claim_stale(1000, 60)'),
      ),
    );
    expect(claims.flat().filter((row) => row.delivery_id === stored?.delivery_id)).toHaveLength(1);
    expect(await ask('SELECT * FROM inbox_claim_stale(1000, 60)')).toEqual([]);
  });
});

describe('privacy requests', () => {
  test('privacy_claim_open gives what no worker has touched to one caller only, and nothing that is done or young', async () => {
    const submit = async (touched: string, status = 'pending') => {
      const { rows } = await withTenant(database.app, merchantId, (client) =>
        client.query<{ request_id: string }>(
          `INSERT INTO gdpr_requests (merchant_id, request_type, touched_at, status)
           VALUES ($1, 'redact', now() - $2::interval, $3) RETURNING request_id`,
          [merchantId, touched, status],
        ),
      );
      return rows[0]?.request_id;
    };
    const forgotten = await submit('11 minutes');
    await submit('1 minute');
    await submit('2 days', 'completed');
    const claims = await Promise.all(
      Array.from({ length: 4 }, () =>
        ask<{ merchant_id: string; request_id: string }>(
          'SELECT * FROM privacy_claim_open(600, 100)',
        ),
      ),
    );
    expect(claims.flat()).toEqual([{ merchant_id: merchantId, request_id: forgotten }]);
    expect(await ask('SELECT * FROM privacy_claim_open(600, 100)')).toEqual([]);
  });
});

describe('first-run syncs', () => {
  const claim = (seconds: number) =>
    ask<{ merchant_id: string; shopify_domain: string; status: string }>(
      'SELECT * FROM syncs_claim_stalled($1, 100)',
      [seconds],
    );
  const start = (tenant: string, touched: string, created = touched) =>
    withTenant(database.app, tenant, (client) =>
      client.query(
        `INSERT INTO sync_runs (merchant_id, touched_at, created_at)
         VALUES ($1, now() - $2::interval, now() - $3::interval)`,
        [tenant, touched, created],
      ),
    );

  test('syncs_claim_stalled gives what no worker has touched to one caller only, and to no later one for as long', async () => {
    const [stalled, fresh, gone] = await Promise.all(
      [1, 2, 3].map(() => createMerchant(database.app)),
    );
    await start(stalled ?? '', '10 minutes');
    await start(fresh ?? '', '1 second');
    await start(gone ?? '', '10 minutes');
    await withTenant(database.app, gone ?? '', (client) =>
      client.query('UPDATE merchants SET uninstalled_at = now() WHERE merchant_id = $1', [gone]),
    );
    const claims = (await Promise.all([claim(300), claim(300), claim(300), claim(300)])).flat();
    expect(claims).toEqual([
      {
        merchant_id: stalled,
        shopify_domain: `test-${stalled ?? ''}.myshopify.com`,
        status: 'queued',
      },
    ]);
    expect(await claim(300)).toEqual([]);
  });

  test('syncs_claim_stalled gives up after a day, so that the shop can start again', async () => {
    const tenant = await createMerchant(database.app);
    await start(tenant, '10 minutes', '25 hours');
    expect(await claim(300)).toEqual([]);
    const { rows } = await withTenant(database.app, tenant, (client) =>
      client.query('SELECT status, problem_code FROM sync_runs WHERE merchant_id = $1', [tenant]),
    );
    expect(rows).toEqual([{ status: 'failed', problem_code: 'timeout' }]);
  });
});

describe('members_by_name', () => {
  test('finds the members of the tenant that is set, and none without one', async () => {
    const [own, foreign] = await Promise.all([1, 2].map(() => createMerchant(database.app)));
    const token = Buffer.from('token');
    for (const tenant of [own ?? '', foreign ?? ''])
      await withTenant(database.app, tenant, (client) =>
        client.query(
          'INSERT INTO customers (merchant_id, shopify_customer_id, name_tokens) VALUES ($1, $2, $3)',
          [tenant, '1', [token, Buffer.from('other')]],
        ),
      );
    const found = (tokens: Buffer[]) =>
      withTenant(database.app, own ?? '', (client) =>
        client.query<{ merchant_id: string }>(
          'SELECT merchant_id FROM customers WHERE customer_id IN (SELECT members_by_name($1))',
          [tokens],
        ),
      );
    expect((await found([token])).rows).toEqual([{ merchant_id: own }]);
    expect((await found([token, Buffer.from('third')])).rows).toEqual([]);
    const { rows: ids } = await withTenant(database.app, own ?? '', (client) =>
      client.query('SELECT members_by_name($1)', [[token]]),
    );
    expect(ids).toHaveLength(1);
    expect(await ask('SELECT members_by_name($1)', [[token]])).toEqual([]);
  });
});

describe('outbox', () => {
  const claim = (seconds: number) =>
    ask<{ event_id: string; attempts: number }>('SELECT * FROM outbox_claim(10, $1)', [seconds]);

  test('outbox_claim leases each event once until it is acknowledged or the lease ends', async () => {
    await withTenant(database.app, merchantId, (client) =>
      client.query(
        `INSERT INTO outbox_events (merchant_id, kind, payload) SELECT $1, 'points.changed', '{}' FROM generate_series(1, 3)`,
        [merchantId],
      ),
    );
    const claims = (await Promise.all([claim(60), claim(60), claim(60)])).flat();
    expect(claims).toHaveLength(3);
    expect(claims[0]).toMatchObject({
      merchant_id: merchantId,
      shop_domain: shop,
      kind: 'points.changed',
      attempts: 1,
    });
    expect(
      await ask('SELECT outbox_acknowledge($1) AS n', [
        claims.slice(0, 2).map((row) => row.event_id),
      ]),
    ).toEqual([{ n: 2 }]);
    expect(await claim(60)).toEqual([]);
    await database.app.query('SELECT outbox_acknowledge($1)', [[]]);
  });

  test('outbox_claim gives an event again when its lease has ended', async () => {
    await withTenant(database.app, merchantId, (client) =>
      client.query(
        `INSERT INTO outbox_events (merchant_id, kind) VALUES ($1, 'settings.updated')`,
        [merchantId],
      ),
    );
    expect(await claim(0)).toHaveLength(1);
    expect((await claim(0))[0]?.attempts).toBe(2);
  });
});

describe('redemptions', () => {
  const redeem = async (merchant: string, status: string, hash: Buffer) => {
    const customerId = await createMember(database.app, merchant);
    const { rows } = await withTenant(database.app, merchant, (client) =>
      client.query<{ redemption_id: string }>(
        `INSERT INTO reward_redemptions (merchant_id, customer_id, points_spent, status, discount_code_hash)
         VALUES ($1, $2, 500, $3, $4) RETURNING redemption_id`,
        [merchant, customerId, status, hash],
      ),
    );
    return rows[0]?.redemption_id ?? '';
  };

  test('orders_use_codes marks the code of its own tenant, once, and returns its previous status', async () => {
    const other = await createMerchant(database.app);
    const hash = Buffer.from(randomUUID());
    const ours = await redeem(merchantId, 'returned', hash);
    await redeem(other, 'completed', hash);
    const use = (merchant: string, order: string) =>
      ask('SELECT * FROM orders_use_codes($1, $2, $3, $4)', [
        [merchant],
        [hash],
        [order],
        [new Date()],
      ]);
    expect(await use(merchantId, '1001')).toMatchObject([
      { redemption_id: ours, order_id: '1001', status: 'returned', points_spent: 500 },
    ]);
    expect(await use(merchantId, '1002')).toEqual([]);
    expect(await use(other, '1003')).toHaveLength(1);
  });

  test('redemptions_claim_stuck gives what no worker holds to one caller only', async () => {
    const stuck = await redeem(merchantId, 'pending', Buffer.from(randomUUID()));
    const done = await redeem(merchantId, 'completed', Buffer.from(randomUUID()));
    await withTenant(database.app, merchantId, (client) =>
      client.query(
        `UPDATE reward_redemptions SET created_at = now() - interval '2 minutes' WHERE redemption_id = ANY ($1)`,
        [[stuck, done]],
      ),
    );
    const claims = await Promise.all(
      Array.from({ length: 4 }, () =>
        ask<{ redemption_id: string }>('SELECT * FROM redemptions_claim_stuck(1000, 60)'),
      ),
    );
    expect(claims.flat()).toMatchObject([
      { merchant_id: merchantId, shop_domain: shop, redemption_id: stuck, status: 'pending' },
    ]);
  });
});

test('reviews_due names shops with members who wait, each once and in turn, and nothing of the members', async () => {
  const shops = [await createMerchant(database.app), await createMerchant(database.app)].sort();
  for (const shopId of shops) {
    for (const due of [`now()`, `now() - interval '1 hour'`, `now() + interval '1 hour'`, 'NULL']) {
      const member = await createMember(database.app, shopId);
      await withTenant(database.app, shopId, (client) =>
        client.query(`UPDATE customers SET review_due_at = ${due} WHERE customer_id = $1`, [
          member,
        ]),
      );
    }
  }
  const [first, second] = shops.map((id) => ({ merchant_id: id }));
  expect(await ask('SELECT * FROM reviews_due(NULL, 10)')).toEqual([first, second]);
  expect(await ask('SELECT * FROM reviews_due(NULL, 1)')).toEqual([first]);
  expect(await ask('SELECT * FROM reviews_due($1, 10)', [shops[0]])).toEqual([second]);
  expect(await ask('SELECT * FROM reviews_due($1, 10)', [shops[1]])).toEqual([]);
});

test('retention_delete removes what is past its retention, and nothing else', async () => {
  const [old] = await inbox([{ webhook: 'old' }]);
  const [fresh] = await inbox([{ webhook: 'fresh' }]);
  await withTenant(database.app, merchantId, (client) =>
    client.query(
      `UPDATE webhook_inbox SET received_at = now() - interval '31 days' WHERE delivery_id = $1`,
      [old?.delivery_id],
    ),
  );
  expect(await ask('SELECT retention_delete(100) AS gone')).toEqual([{ gone: 1 }]);
  const left = await ask<{ delivery_id: string }>('SELECT delivery_id FROM inbox_read($1)', [
    [old?.delivery_id, fresh?.delivery_id],
  ]);
  expect(left).toEqual([{ delivery_id: fresh?.delivery_id }]);
});

test('retention_delete forgets the keys of webhooks whose day is over, and no other', async () => {
  const [over, young] = [randomUUID(), randomUUID()];
  await inbox([{ webhook: over }, { webhook: young }]);
  await runWith(
    database.owner,
    [`SET LOCAL app.merchant_id = '${merchantId}'`],
    `UPDATE webhook_idempotency_keys SET expires_at = now() WHERE webhook_id = $1`,
    [over],
  );
  expect(await ask('SELECT retention_delete(100) AS gone')).toEqual([{ gone: 1 }]);
  const left = await withTenant(database.app, merchantId, (client) =>
    client.query('SELECT webhook_id FROM webhook_idempotency_keys WHERE webhook_id = ANY ($1)', [
      [over, young],
    ]),
  );
  expect(left.rows).toEqual([{ webhook_id: young }]);
});

describe('members after merges', () => {
  test('the functions that find, move and close them work for the tenant of the transaction alone', async () => {
    const other = await createMerchant(database.app);
    const [from, to] = [
      await createMember(database.app, merchantId),
      await createMember(database.app, merchantId),
    ];
    const calls: [string, unknown[]][] = [
      ['SELECT member_in_force($1, $2)', [merchantId, '1']],
      ['SELECT * FROM members_in_force(ARRAY[$1::uuid], ARRAY[$2])', [merchantId, '1']],
      ['SELECT * FROM members_heirs(ARRAY[$1::uuid], ARRAY[$2::uuid])', [merchantId, from]],
      ['SELECT members_move_holds($1, $2, $3)', [merchantId, from, to]],
      ['SELECT members_close($1, ARRAY[$2::uuid])', [merchantId, from]],
    ];
    for (const [sql, values] of calls) {
      const refused = withTenant(database.app, other, (client) => client.query(sql, values));
      await expect(refused, sql).rejects.toMatchObject({ code: '42501' });
      await withTenant(database.app, merchantId, (client) => client.query(sql, values));
    }
  });

  test('merchant_is_installed is true until the shop uninstalls, and false for an unknown shop', async () => {
    const isInstalled = async (id: string) =>
      (await ask<{ it: boolean }>('SELECT merchant_is_installed($1) AS it', [id]))[0]?.it;
    const shopId = await createMerchant(database.app);
    expect(await isInstalled(shopId)).toBe(true);
    await withTenant(database.app, shopId, (client) =>
      client.query('UPDATE merchants SET uninstalled_at = now() WHERE merchant_id = $1', [shopId]),
    );
    expect(await isInstalled(shopId)).toBe(false);
    expect(await isInstalled(randomUUID())).toBe(false);
  });
});
