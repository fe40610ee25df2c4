import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { createMember, createMerchant } from '../testing/tenants.ts';
import { createPool } from './pool.ts';
import { createTenantPrisma } from './prisma-client.ts';
import type { TenantPrismaClient } from './prisma-client.ts';
import { withTenant } from './tenant-transaction.ts';

let database: TestDatabase;
let pool: pg.Pool;
let prisma: TenantPrismaClient;
let merchants: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ connectionString: database.appUrl, max: 4 });
  pool.on('error', () => undefined);
  prisma = createTenantPrisma(pool);
  merchants = await Promise.all([createMerchant(pool), createMerchant(pool)]);
  for (const merchantId of merchants) await createMember(pool, merchantId);
});
afterAll(async () => {
  await prisma.close();
  await pool.end();
  await database.drop();
});

const tenantSetting = `SELECT coalesce(current_setting('app.merchant_id', true), '') AS value`;

describe('the pool', () => {
  it('reads points as numbers, money as exact text and times as dates', async () => {
    const { rows } = await pool.query<Record<string, unknown>>(
      `SELECT 9007199254740991::bigint AS points, 10.10::numeric(20, 4) AS money, now() AS at`,
    );
    expect(rows[0]).toEqual({
      points: Number.MAX_SAFE_INTEGER,
      money: '10.1000',
      at: expect.any(Date) as Date,
    });
  });

  it('refuses a number that it cannot hold exactly', async () => {
    await expect(pool.query('SELECT 9007199254740993::bigint AS points')).rejects.toThrow(
      RangeError,
    );
  });
});

describe('a tenant’s transaction', () => {
  it('leaves no tenant on the connection', async () => {
    for (const merchantId of merchants) {
      expect(
        await withTenant(
          pool,
          merchantId,
          async (client) => (await client.query<{ value: string }>(tenantSetting)).rows,
        ),
      ).toEqual([{ value: merchantId }]);
    }
    expect((await pool.query(tenantSetting)).rows).toEqual([{ value: '' }]);
  });

  it('takes back everything when the work fails', async () => {
    const [merchantId = ''] = merchants;
    const failing = withTenant(pool, merchantId, async (client) => {
      await client.query(`UPDATE merchants SET name = 'changed'`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const rows = await withTenant(
      pool,
      merchantId,
      async (client) => (await client.query<{ name: string }>('SELECT name FROM merchants')).rows,
    );
    expect(rows).toEqual([{ name: 'Test' }]);
  });

  it('is tried again when it lost to another, a few times and no more', async () => {
    const [merchantId = ''] = merchants;
    let attempts = 0;
    const losing = (times: number) =>
      withTenant(pool, merchantId, async () => {
        attempts++;
        if (attempts <= times) throw Object.assign(new Error('deadlock'), { code: '40P01' });
        return Promise.resolve('done');
      });
    expect(await losing(2)).toBe('done');
    attempts = 0;
    await expect(losing(99)).rejects.toMatchObject({ code: '40P01' });
    expect(attempts).toBe(4);
  });

  it('is refused for anything that is no id', async () => {
    await expect(
      withTenant(pool, `'; DROP TABLE customers; --`, async () => Promise.resolve()),
    ).rejects.toThrow(TypeError);
  });
});

describe('the Prisma client of a tenant', () => {
  it('sees and writes that tenant’s rows alone', async () => {
    const [ours = '', theirs = ''] = merchants;
    expect(
      await prisma.withTenantPrisma(ours, (tx) =>
        tx.customer.findMany({ select: { merchantId: true } }),
      ),
    ).toEqual([{ merchantId: ours }]);
    expect(
      await prisma.withTenantPrisma(ours, (tx) =>
        tx.customer.count({ where: { merchantId: theirs } }),
      ),
    ).toBe(0);
    await prisma.withTenantPrisma(ours, (tx) =>
      tx.reward.create({
        data: { merchantId: ours, type: 'amount_off', pointsCost: 500n, value: '5.00' },
      }),
    );
    await expect(
      prisma.withTenantPrisma(ours, (tx) =>
        tx.reward.create({ data: { merchantId: theirs, type: 'amount_off', pointsCost: 1n } }),
      ),
    ).rejects.toThrow();
    const rewards = await prisma.withTenantPrisma(ours, (tx) => tx.reward.findMany());
    expect(rewards.map((reward) => [reward.pointsCost, reward.value?.toFixed(2)])).toEqual([
      [500n, '5.00'],
    ]);
    expect(await prisma.withTenantPrisma(theirs, (tx) => tx.reward.count())).toBe(0);
  });

  it('never mixes tenants that use it at once', async () => {
    const seen = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const merchantId = merchants[index % 2] ?? '';
        const rows = await prisma.withTenantPrisma(merchantId, (tx) => tx.merchant.findMany());
        return rows.length === 1 && rows[0]?.merchantId === merchantId;
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  it('is refused without a tenant', async () => {
    await expect(prisma.withTenantPrisma('', (tx) => tx.customer.count())).rejects.toThrow(
      TypeError,
    );
  });
});
