import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestCore } from '#core/testing/core.ts';
import type { TestCore } from '#core/testing/core.ts';
import { problemsOf } from '../modules/delivery/validate-backup/checks.mjs';
import { countRows, differences, dumpDatabase, loadDump } from './logical-dump.ts';
import { findPgTool } from './optional-tools.ts';
import { withClient } from './postgres.ts';
import { createTestDatabase } from './test-database.ts';

const skips = findPgTool('pg_dump') === undefined && process.env.CI !== 'true';
let core: TestCore;
let folder: string;
let file: string;

beforeAll(async () => {
  if (skips) return;
  core = await startTestCore();
  folder = mkdtempSync(path.join(os.tmpdir(), 'loyalnest-dump-'));
  file = path.join(folder, 'dump');
  for (let n = 0; n < 3; n += 1) {
    const shop = await core.installShop();
    for (let member = 1; member <= 4 + n; member += 1) {
      const { customerId } = await shop.admin.upsertCustomer({
        customer: { shopifyCustomerId: String(member), email: `m${member}@example.com` },
        trigger: 'created',
      });
      await shop.points.earnPoints({
        award: { customerId, points: 7, idempotencyKey: customerId },
      });
    }
  }
  await core.clients().admin.refreshSegmentCounts({});
}, 120_000);
afterAll(async () => {
  if (skips) return;
  await core.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(skips)(
  'a dump has every row of every tenant, and an empty database has them all after loading it',
  async () => {
    const client = await core.outside.connect();
    const truly = await countRows(client);
    client.release();
    const dumped = await dumpDatabase(core.database.ownerUrl, file);
    expect(differences(truly, dumped)).toEqual([]);
    expect(Object.keys(dumped['merchants'] ?? {})).toHaveLength(3);
    expect(Object.values(dumped['points_transactions'] ?? {}).sort()).toEqual([4, 5, 6]);

    const empty = await createTestDatabase();
    expect(await loadDump(empty.ownerUrl, file)).toEqual([]);
    const app = new pg.Pool({ connectionString: empty.appUrl, max: 1 });
    await app.query('SELECT refresh_rfm_segment_counts()');
    expect(await problemsOf(app)).toEqual([]);
    // Row security is as it was: without a tenant no one sees a row, the owner least of all.
    expect((await app.query('SELECT FROM customers')).rowCount).toBe(0);
    await app.end();
    await withClient(empty.ownerUrl, async (owner) => {
      expect((await owner.query('SELECT FROM customers')).rowCount).toBe(0);
    });
    // A second time there is something to lose.
    await expect(loadDump(empty.ownerUrl, file)).rejects.toThrow('tenants already');
    await empty.drop();
  },
  120_000,
);

test('rows that a tenant lacks after loading are named', () => {
  const before = { orders: { a: 3, b: 1 }, plans: { '': 4 } };
  expect(differences(before, before)).toEqual([]);
  expect(differences(before, { orders: { a: 3 }, plans: { '': 3 } })).toEqual([
    'orders b: 0 of 1',
    'plans without a tenant: 3 of 4',
  ]);
});

test('counts of segments that were restored without rows are filled by the nightly refresh', async () => {
  const database = await createTestDatabase();
  await withClient(database.ownerUrl, async (owner) => {
    await owner.query('SET ROLE loyalnest_refresher');
    await owner.query('REFRESH MATERIALIZED VIEW rfm_segment_counts WITH NO DATA');
  });
  const app = new pg.Pool({ connectionString: database.appUrl, max: 1 });
  expect(await problemsOf(app)).toContainEqual(expect.stringContaining('counts of segments'));
  await app.query('SELECT refresh_rfm_segment_counts()');
  await app.query('SELECT refresh_rfm_segment_counts()');
  expect(await problemsOf(app)).not.toContainEqual(expect.stringContaining('counts of segments'));
  await app.end();
  await database.drop();
});
