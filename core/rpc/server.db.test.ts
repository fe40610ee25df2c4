import { createChannel, createClient } from 'nice-grpc';
import { HealthDefinition } from 'nice-grpc-server-health';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';
import { listServices } from '../testing/reflection.ts';
import { signToken } from './token.ts';

let test: TestCore;

beforeAll(async () => {
  test = await startTestCore();
});
afterAll(() => test.stop());

describe('a message that cannot be read', () => {
  it('is the caller’s mistake: a number beyond 2^53 is refused, not an internal error', async () => {
    const { points } = await test.installShop();
    const failure = await failureOf(
      points.adjustPoints({ customerId: '', points: 2 ** 60, reason: 'x', idempotencyKey: 'x' }),
    );
    expect(failure).toMatchObject({ code: 'invalid_input', status: 3 });
  });
});

describe('who may call core', () => {
  it('is decided by the token alone, and a refusal does not repeat it', async () => {
    const shop = await test.installShop();
    const expired = signToken(test.env.CORE_SIGNING_KEY, {
      merchant: shop.merchantId,
      actor: 'system',
      scopes: ['system'],
      exp: Math.floor(Date.now() / 1000) - 1,
    });
    const foreign = signToken('another-key-that-nobody-here-knows-of', {
      merchant: shop.merchantId,
      actor: 'system',
      scopes: ['system'],
      exp: Math.floor(Date.now() / 1000) + 60,
    });
    for (const authorization of [
      '',
      'Basic abc',
      'Bearer nonsense',
      `Bearer ${expired}`,
      `Bearer ${foreign}`,
    ]) {
      const failure = await failureOf(test.clients({ authorization }).admin.getSettings({}));
      expect(failure).toMatchObject({ code: 'unauthenticated', status: 16 });
      expect(failure.message).not.toContain(authorization.slice(8) || 'Bearer');
    }
  });

  it('needs the scope of the method: a shopper may not read members, a tenant may not act for the platform', async () => {
    const { merchantId } = await test.installShop();
    const shopper = test.clients({
      merchant: merchantId,
      actor: 'customer:1',
      scopes: ['customer:points'],
    });
    const tenant = test.clients({ merchant: merchantId, scopes: ['system', 'platform'] });
    const platform = test.clients();
    expect(await failureOf(shopper.admin.getCustomers({}))).toMatchObject({
      code: 'forbidden',
      status: 7,
    });
    expect(
      await failureOf(tenant.admin.claimOutboxEvents({ limit: 1, leaseSeconds: 1 })),
    ).toMatchObject({ code: 'forbidden' });
    expect(await failureOf(platform.admin.getSettings({}))).toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('a call that fails', () => {
  it('names the field and echoes the request id', async () => {
    const { merchantId } = await test.installShop();
    const { admin } = test.clients({ merchant: merchantId, requestId: 'req-42' });
    const failure = await failureOf(
      admin.upsertCustomer({ customer: { shopifyCustomerId: 'abc' }, trigger: 'created' }),
    );
    expect(failure).toMatchObject({
      code: 'invalid_input',
      status: 3,
      field: 'customer.shopify_customer_id',
      requestId: 'req-42',
    });
  });

  it('reveals nothing of what failed inside', async () => {
    const { merchantId } = await test.installShop();
    await test.outside.query(`UPDATE customers SET email = 'not encrypted'`);
    const { admin } = test.clients({ merchant: merchantId });
    await admin.upsertCustomer({
      customer: { shopifyCustomerId: '77', email: 'a@b.example' },
      trigger: 'created',
    });
    await test.outside.query(
      `UPDATE customers SET email = 'not encrypted' WHERE merchant_id = $1`,
      [merchantId],
    );
    const failure = await failureOf(admin.getCustomer({ shopifyCustomerId: '77' }));
    expect(failure).toMatchObject({ code: 'internal', status: 13 });
    expect(failure.message).toBe(`internal error, request ${failure.requestId}`);
  });
});

describe('a running core', () => {
  it('says that it serves and what', async () => {
    const health = createClient(HealthDefinition, test.channel);
    expect(await health.check({ service: '' })).toEqual({ status: 1 });
    expect(await health.check({ service: 'points.v1.PointsService' })).toEqual({ status: 1 });
    expect(await health.check({ service: 'database' })).toEqual({ status: 1 });
    expect((await listServices(test.channel)).sort()).toEqual([
      'admin.v1.AdminService',
      'analytics.v1.AnalyticsService',
      'frontend.v1.FrontendService',
      'points.v1.PointsService',
      'referrals.v1.ReferralService',
    ]);
  });

  it('serves only the configured services', async () => {
    const part = await startTestCore({ CORE_SERVICES: ['analytics'] });
    try {
      expect(await listServices(part.channel)).toEqual(['analytics.v1.AnalyticsService']);
      await expect(part.clients().admin.listMerchants({})).rejects.toMatchObject({ status: 12 });
    } finally {
      await part.stop();
    }
  });

  it('lives on without its database, and says which calls it cannot answer meanwhile', async () => {
    const lonely = await startTestCore({
      DATABASE_URL: 'postgresql://loyalnest_app@127.0.0.1:1/loyalnest',
    });
    try {
      const health = createClient(HealthDefinition, lonely.channel);
      expect(await health.check({ service: '' })).toEqual({ status: 1 });
      expect(await health.check({ service: 'points.v1.PointsService' })).toEqual({ status: 2 });
      expect(await health.check({ service: 'database' })).toEqual({ status: 2 });
      await expect(health.check({ service: 'bank.v1.BankService' })).rejects.toMatchObject({
        code: 5,
      });
    } finally {
      await lonely.stop();
    }
  });

  it('answers UNAVAILABLE to who asks for its health while it finishes its calls', async () => {
    const leaving = await startTestCore();
    const health = createClient(HealthDefinition, leaving.channel);
    const shop = await leaving.installShop();
    const blocker = await leaving.outside.connect();
    await blocker.query('BEGIN; LOCK TABLE customers');
    // A call under way, which keeps the connection open.
    const underWay = shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', email: 'late@example.com' },
      trigger: 'created',
    });
    const waiting = `SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
    await expect
      .poll(async () => Number((await blocker.query<{ n: string }>(waiting)).rows[0]?.n))
      .toBeGreaterThan(0);
    const stopped = leaving.core.stop();
    await expect(health.check({ service: '' })).rejects.toMatchObject({ code: 14 });
    await blocker.query('ROLLBACK');
    blocker.release();
    expect((await underWay).customerId).not.toBe('');
    await stopped;
    await leaving.stop();
  });

  it('notifies its health watchers before it stops, and waits for none of them', async () => {
    const leaving = await startTestCore();
    const channel = createChannel(`127.0.0.1:${leaving.core.port}`);
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { status } of createClient(HealthDefinition, channel).watch({ service: '' }))
        seen.push(status);
    })();
    const watched = watching.catch(() => undefined);
    await expect.poll(() => seen).toEqual([1]);
    const startedAt = Date.now();
    await leaving.core.stop();
    await watched;
    expect(seen).toEqual([1, 2]);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    channel.close();
    await leaving.stop();
  });

  it('loses nothing that it acknowledged when it is stopped under load', async () => {
    const busy = await startTestCore();
    const shop = await busy.installShop();
    const { customerId } = await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '1', email: 'busy@example.com' },
      trigger: 'created',
    });
    const before = await countOf(busy, 'points_transactions');
    const acknowledged: string[] = [];
    let refused = 0;
    const callers = Array.from({ length: 400 }, async (_, index) => {
      for (let round = 0; round < 20; round++) {
        const key = `load/${index}/${round}`;
        const award = { customerId, points: 1, idempotencyKey: key };
        try {
          await shop.points.earnPoints({ award });
          acknowledged.push(key);
        } catch {
          refused++;
          return;
        }
      }
    });
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(500);
    await busy.core.stop();
    await Promise.all(callers);
    const stored = await busy.outside.query<{ key: string }>(
      `SELECT idempotency_key AS key FROM points_transactions WHERE idempotency_key LIKE 'load/%'`,
    );
    const keys = new Set(stored.rows.map((row) => row.key));
    expect(acknowledged.filter((key) => !keys.has(key))).toEqual([]);
    expect(refused).toBeGreaterThan(0);
    expect(before).toBeLessThan(keys.size);
    await busy.stop();
  });
});

async function countOf(core: TestCore, table: 'points_transactions'): Promise<number> {
  const { rows } = await core.outside.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(rows[0]?.n);
}
