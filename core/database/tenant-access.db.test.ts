import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '#infra/local/test-database.ts';
import type { TestDatabase } from '#infra/local/test-database.ts';
import { createMember, createMerchant } from '../testing/tenants.ts';
import { createPool } from './pool.ts';
import { onPrisma, safeNumber } from './prisma-client.ts';
import type { PrismaTransaction } from './prisma-client.ts';
import { withTenant } from './tenant-transaction.ts';

let database: TestDatabase;
let pool: pg.Pool;
let merchants: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ connectionString: database.appUrl, max: 4 });
  pool.on('error', () => undefined);
  merchants = await Promise.all([createMerchant(pool), createMerchant(pool)]);
  for (const merchantId of merchants) await createMember(pool, merchantId);
});
afterAll(async () => {
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

  it('rolls everything back when the work fails', async () => {
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

  it('is retried after contention, a few times and no more', async () => {
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

describe('Prisma in a tenant’s transaction', () => {
  const onTenant = <T>(merchantId: string, work: (tx: PrismaTransaction) => Promise<T>) =>
    withTenant(pool, merchantId, (client) => onPrisma(client, work));

  it('sees and writes that tenant’s rows alone', async () => {
    const [ours = '', theirs = ''] = merchants;
    expect(
      await onTenant(ours, (tx) => tx.customer.findMany({ select: { merchantId: true } })),
    ).toEqual([{ merchantId: ours }]);
    expect(await onTenant(ours, (tx) => tx.customer.count({ where: { merchantId: theirs } }))).toBe(
      0,
    );
    await onTenant(ours, (tx) =>
      tx.reward.create({
        data: { merchantId: ours, type: 'amount_off', pointsCost: 500n, value: '5.00' },
      }),
    );
    await expect(
      onTenant(ours, (tx) =>
        tx.reward.create({ data: { merchantId: theirs, type: 'amount_off', pointsCost: 1n } }),
      ),
    ).rejects.toMatchObject({ code: '42501' });
    const rewards = await onTenant(ours, (tx) => tx.reward.findMany());
    expect(rewards.map((reward) => [reward.pointsCost, reward.value?.toFixed(2)])).toEqual([
      [500n, '5.00'],
    ]);
    expect(await onTenant(theirs, (tx) => tx.reward.count())).toBe(0);
  });

  it('uses the connection, transaction and tenant of the SQL beside it', async () => {
    const [merchantId = ''] = merchants;
    const backend = `SELECT pg_backend_pid() AS pid, pg_current_xact_id()::text AS transaction,
                            current_setting('app.merchant_id', true) AS tenant`;
    const [sql, prisma] = await withTenant(pool, merchantId, async (client) => {
      const before = await client.query<object>(backend);
      const between = await onPrisma(client, (tx) => tx.$queryRawUnsafe<object[]>(backend));
      const after = await client.query<object>(backend);
      expect(after.rows).toEqual(before.rows);
      return [before.rows, between] as const;
    });
    expect(prisma).toEqual(sql);
  });

  it('reads the same points and money as the SQL beside it, to the last digit', async () => {
    const [merchantId = ''] = merchants;
    await withTenant(pool, merchantId, async (client) => {
      const { rows } = await client.query<{ reward_id: string }>(
        `INSERT INTO rewards (merchant_id, type, points_cost, value)
         VALUES ($1, 'amount_off', 9007199254740991, 123456789012.3456) RETURNING reward_id`,
        [merchantId],
      );
      const rewardId = rows[0]?.reward_id ?? '';
      const key = { merchantId_rewardId: { merchantId, rewardId } };
      const read = await onPrisma(client, (tx) => tx.reward.findUniqueOrThrow({ where: key }));
      const { rows: direct } = await client.query<{ points_cost: number; value: string }>(
        'SELECT points_cost, value, created_at FROM rewards WHERE reward_id = $1',
        [rewardId],
      );
      expect({
        points_cost: safeNumber(read.pointsCost),
        value: read.value?.toFixed(4),
        created_at: read.createdAt,
      }).toEqual(direct[0]);
      expect(direct[0]).toMatchObject({
        points_cost: Number.MAX_SAFE_INTEGER,
        value: '123456789012.3456',
      });
      await onPrisma(client, (tx) =>
        tx.reward.update({ where: key, data: { pointsCost: 7n, value: '0.0001' } }),
      );
      const { rows: written } = await client.query<object>(
        'SELECT points_cost, value FROM rewards WHERE reward_id = $1',
        [rewardId],
      );
      expect(written).toEqual([{ points_cost: 7, value: '0.0001' }]);
      await client.query('DELETE FROM rewards WHERE reward_id = $1', [rewardId]);
    });
  });

  it('keeps nothing of either when the work fails after both', async () => {
    const [merchantId = ''] = merchants;
    const failing = withTenant(pool, merchantId, async (client) => {
      await onPrisma(client, (tx) =>
        tx.merchant.updateMany({ data: { name: 'changed by Prisma' } }),
      );
      await client.query(`UPDATE merchants SET timezone = 'Europe/Paris'`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(
      await onTenant(merchantId, (tx) =>
        tx.merchant.findMany({ select: { name: true, timezone: true } }),
      ),
    ).toEqual([{ name: 'Test', timezone: 'UTC' }]);
  });

  it('never mixes tenants that use it at once', async () => {
    const seen = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const merchantId = merchants[index % 2] ?? '';
        const rows = await onTenant(merchantId, (tx) => tx.merchant.findMany());
        return rows.length === 1 && rows[0]?.merchantId === merchantId;
      }),
    );
    expect(seen.every(Boolean)).toBe(true);
  });

  it('is retried after contention, as SQL is', async () => {
    const [merchantId = ''] = merchants;
    let attempts = 0;
    await onTenant(merchantId, async (tx) => {
      attempts++;
      if (attempts === 1)
        await tx.$executeRawUnsafe(
          `DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$`,
        );
    });
    expect(attempts).toBe(2);
  });

  it('is refused outside of a transaction', async () => {
    let kept: PrismaTransaction | undefined;
    await onTenant(merchants[0] ?? '', (tx) => {
      kept = tx;
      return Promise.resolve();
    });
    await expect(kept?.customer.count()).rejects.toThrow();
  });
});
