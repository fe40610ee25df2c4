import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMember, createMerchant } from '#core/testing/tenants.ts';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { problemsOf } from './checks.mjs';
import { isTest, verdictOf } from './index.mjs';

let database: TestDatabase;
let app: pg.Pool;
let owner: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  // Connects like the Lambda: as loyalnest_app.
  app = new pg.Pool({ connectionString: database.appUrl, max: 1 });
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
});
afterAll(async () => {
  await Promise.all([app.end(), owner.end()]);
  await database.drop();
});

describe('AWS Backup', () => {
  it('gets success or the failures, in at most a thousand characters', () => {
    expect(verdictOf([])).toMatchObject({ ValidationStatus: 'SUCCESSFUL' });
    expect(verdictOf(['no shops', 'x'.repeat(2000)])).toEqual({
      ValidationStatus: 'FAILED',
      ValidationStatusMessage: `no shops; ${'x'.repeat(990)}`,
    });
  });
});

describe('a restore', () => {
  it('is checked when it was a test, not when a person made it', () => {
    expect(isTest('awsbackup-restore-test-1a2b')).toBe(true);
    expect(isTest('loyalnest-before-the-mistake')).toBe(false);
  });
});

describe('a restored database', () => {
  it('is not valid without a shop', async () => {
    expect(await problemsOf(app)).toEqual([expect.stringContaining('there are shops')]);
  });

  it('is valid with a shop, its members and their ledger', async () => {
    const merchantId = await createMerchant(app);
    await createMember(app, merchantId);
    expect(await problemsOf(app)).toEqual([]);
  });

  it('is invalid when a table has lost its partitions', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT i.inhrelid::regclass::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent
       WHERE c.relname = 'points_transactions' ORDER BY 1`,
    );
    for (const { name } of rows)
      await owner.query(`ALTER TABLE points_transactions DETACH PARTITION ${name}`);
    expect(await problemsOf(app)).toContainEqual(expect.stringContaining('points_transactions'));
  });

  it('is invalid when row security is not forced', async () => {
    await owner.query('ALTER TABLE points_balances NO FORCE ROW LEVEL SECURITY');
    expect(await problemsOf(app)).toContainEqual(expect.stringContaining('points_balances'));
  });
});
