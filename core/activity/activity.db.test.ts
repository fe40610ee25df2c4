import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
type Filter = Parameters<Shop['admin']['getLogs']>[0];

async function member(shop: Shop, shopifyCustomerId: string, firstName: string): Promise<string> {
  const { customerId } = await shop.admin.upsertCustomer({
    customer: { shopifyCustomerId, email: `${firstName}@example.com`, firstName, lastName: 'Log' },
    trigger: 'synced',
  });
  return customerId;
}

let keys = 0;
const earn = (shop: Shop, customerId: string, points: number) =>
  shop.points.earnPoints({ award: { customerId, points, idempotencyKey: `log-${++keys}` } });
const adjust = async (shop: Shop, customerId: string, points: number) =>
  (
    await shop.points.adjustPoints({
      customerId,
      points,
      reason: 'Because',
      idempotencyKey: `log-${++keys}`,
    })
  ).entry?.transactionId ?? '';

/** What a list says, one word a line. */
async function told(shop: Shop, filter: Filter = {}): Promise<string[]> {
  const { logs } = await shop.admin.getLogs(filter);
  return logs.map((log) =>
    log.entry !== undefined
      ? `${log.customerName}: ${log.entry.points}`
      : log.redemption !== undefined
        ? `${log.customerName}: ${log.redemption.title['en']} ${log.redemption.status}`
        : log.tierChange !== undefined
          ? `${log.customerName}: ${log.tierChange.direction}`
          : `${log.action} ${log.targetNames['en'] ?? ''}`.trim(),
  );
}

async function busyShop() {
  const shop = await core.installShop();
  const ada = await member(shop, '1001', 'Ada');
  const bob = await member(shop, '1002', 'Bob');
  await earn(shop, ada, 500);
  await earn(shop, bob, 70);
  const adjustment = await adjust(shop, ada, 5);
  await shop.points.reverseEntry({ transactionId: adjustment, reason: 'Undone' });
  const { reward } = await shop.points.upsertReward({
    reward: { kind: 'amount_off', title: { en: 'Five off' }, pointsCost: 100, value: '5.00' },
  });
  const { redemption } = await shop.points.startRedemption({
    rewardId: reward?.rewardId ?? '',
    customerId: ada,
    idempotencyKey: 'log',
  });
  await shop.points.beginFulfillment({ redemptionId: redemption?.redemptionId ?? '' });
  await shop.points.completeRedemption({
    redemptionId: redemption?.redemptionId ?? '',
    shopifyId: 'log',
  });
  await shop.points.configureVipTiers({
    tierSet: {
      basis: 'points',
      period: 'lifetime',
      graceDays: 0,
      tiers: [{ names: { en: 'Gold' }, pointsThreshold: 400 }],
    },
    publish: true,
  });
  return { shop, ada, bob };
}

describe('the activity of a shop', () => {
  it('lists points, rewards, tiers and changes together, each once, the newest first', async () => {
    const { shop } = await busyShop();
    const lines = await told(shop);
    // Of one transaction, the order is that of the ids.
    expect(lines.slice(0, 2).sort()).toEqual(['Ada Log: up', 'vip_tiers_published']);
    expect(lines.slice(2)).toEqual([
      'Ada Log: Five off completed',
      'reward_created Five off',
      'Ada Log: -5',
      'Ada Log: 5',
      'Bob Log: 70',
      'Ada Log: 500',
      'shop_installed',
    ]);
    const { logs } = await shop.admin.getLogs({});
    const { redemptions } = await shop.points.listRedemptions({});
    const code = redemptions[0]?.code ?? '';
    expect(code).not.toBe('');
    expect(JSON.stringify(logs)).not.toContain(code);
  });

  it('is filtered by kind', async () => {
    const { shop } = await busyShop();
    expect(await told(shop, { kind: 'earned' })).toEqual(['Bob Log: 70', 'Ada Log: 500']);
    expect(await told(shop, { kind: 'adjusted' })).toEqual(['Ada Log: 5']);
    expect(await told(shop, { kind: 'taken_back' })).toEqual(['Ada Log: -5']);
    expect(await told(shop, { kind: 'expired' })).toEqual([]);
    expect(await told(shop, { kind: 'rewards' })).toEqual(['Ada Log: Five off completed']);
    expect(await told(shop, { kind: 'tiers' })).toEqual(['Ada Log: up']);
    expect(await told(shop, { kind: 'changes' })).toEqual([
      'vip_tiers_published',
      'reward_created Five off',
      'shop_installed',
    ]);
    expect(await told(shop, { action: 'points_adjusted' })).toEqual(['points_adjusted']);
  });

  it('shows what referrals brought apart from other points', async () => {
    const { shop, bob } = await busyShop();
    expect(await told(shop, { kind: 'referrals' })).toEqual([]);
    await shop.points.earnPoints({
      award: { customerId: bob, points: 40, idempotencyKey: 'friend', type: 'referral' },
    });
    expect(await told(shop, { kind: 'referrals' })).toEqual(['Bob Log: 40']);
  });

  it('is filtered by customer, by id or by a search', async () => {
    const { shop, bob } = await busyShop();
    expect(await told(shop, { customerId: bob })).toEqual(['Bob Log: 70']);
    expect(await told(shop, { customerId: bob, kind: 'changes' })).toEqual([]);
    expect(await told(shop, { query: 'bob@example.com' })).toEqual(['Bob Log: 70']);
    const both = await shop.admin.getLogs({ query: 'Log', kind: 'earned' });
    expect(both.logs.map((log) => log.customerName)).toEqual(['Bob Log', 'Ada Log']);
    expect(both).toMatchObject({ membersFound: 2, moreMembers: false });
    const none = await shop.admin.getLogs({ query: 'zoe' });
    expect(none).toMatchObject({ logs: [], membersFound: 0 });
    expect(await shop.admin.getLogs({})).toMatchObject({ membersFound: -1 });
    const unknown = shop.admin.getLogs({ customerId: '0b9f2a4e-7c1d-4c55-9d6e-0a4b7d1f2c33' });
    expect(await failureOf(unknown)).toMatchObject({ code: 'not_found', field: 'customer_id' });
  });

  it('is paged without a gap or a repetition, also within one timestamp', async () => {
    const shop = await core.installShop();
    const ids = await Promise.all(
      Array.from({ length: 9 }, (_, index) => member(shop, String(2001 + index), `M${index}`)),
    );
    await shop.points.awardMany({
      awards: ids.map((customerId) => ({
        customerId,
        points: 1,
        idempotencyKey: `m/${customerId}`,
      })),
    });
    await Promise.all(ids.map((id) => adjust(shop, id, 2)));
    const seen: string[] = [];
    let cursor = '';
    do {
      const { logs, page } = await shop.admin.getLogs({ page: { pageSize: 4, cursor } });
      seen.push(...logs.map((log) => log.logId));
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toHaveLength(19);
    expect(new Set(seen).size).toBe(19);
    expect(await shop.admin.getLogs({ page: { pageSize: 4, cursor: 'made-up' } })).toMatchObject({
      logs: [],
      page: { nextCursor: '' },
    });
  });

  it('is filtered by days of the shop, not of the server', async () => {
    const shop = await core.installShop();
    const ada = await member(shop, '1001', 'Ada');
    await shop.admin.updateShopProfile({ timezone: 'Pacific/Auckland' });
    await earn(shop, ada, 10);
    // The ledger stamps its lines itself: what counts is the day on which it did.
    const { rows } = await core.outside.query<{ day: string; before: string }>(
      `SELECT to_char(d, 'YYYY-MM-DD') AS day, to_char(d - 1, 'YYYY-MM-DD') AS before
       FROM (SELECT (now() AT TIME ZONE 'Pacific/Auckland')::date AS d) x`,
    );
    const { day = '', before = '' } = rows[0] ?? {};
    const earned = { kind: 'earned' } as const;
    expect(await told(shop, { ...earned, fromDay: day, toDay: day })).toEqual(['Ada Log: 10']);
    expect(await told(shop, { ...earned, toDay: before })).toEqual([]);
    expect(await failureOf(shop.admin.getLogs({ fromDay: '2026-02-30' }))).toMatchObject({
      code: 'invalid_input',
      field: 'from_day',
    });
  });

  it('keeps the lines of a person who was erased, without the person', async () => {
    const { shop, ada } = await busyShop();
    const { request } = await shop.admin.submitGdprRequest({
      requestType: 'redact',
      source: 'admin',
      customerId: ada,
    });
    await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
    const { logs } = await shop.admin.getLogs({ customerId: ada });
    expect(logs.length).toBeGreaterThan(3);
    expect(JSON.stringify(logs)).not.toMatch(/Ada/);
  });
});

describe('the log of a shop with many lines', () => {
  it('is read by an index, also for a rare kind', async () => {
    const shop = await core.installShop();
    const ada = await member(shop, '1001', 'Ada');
    await earn(shop, ada, 1);
    const client = await core.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.merchant_id', $1, true)`, [shop.merchantId]);
      await client.query('SET LOCAL enable_seqscan = off');
      const plan = async (where: string) => {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT x.transaction_id FROM points_transactions x WHERE x.merchant_id = '${shop.merchantId}' AND ${where}
           ORDER BY x.created_at DESC, x.transaction_id DESC LIMIT 51`,
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      };
      const expired = await plan(`x.type = 'expire'`);
      expect(expired).toContain('merchant_id_type_created_at');
      expect(expired).not.toContain('Sort');
      expect(await plan(`x.created_at < now()`)).toContain('merchant_id_created_at_idx');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
