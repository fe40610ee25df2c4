import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, startTestCore } from '../testing/core.ts';
import type { TestCore } from '../testing/core.ts';

let now = new Date();
let test: TestCore;
beforeAll(async () => {
  test = await startTestCore({}, { clock: () => now });
});
afterAll(() => test.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
const DAY = 86_400_000;

let orders = 0;
async function buy(shop: Shop, shopifyCustomerId: string, amount: string, daysAgo = 0) {
  const at = new Date(now.getTime() - daysAgo * DAY).toISOString();
  const { customerId } = await shop.points.recordOrder({
    trigger: 'synced',
    order: {
      orderId: String(++orders),
      currency: 'USD',
      customer: { shopifyCustomerId, firstName: 'Ana', lastName: shopifyCustomerId },
      subtotal: amount,
      currentSubtotal: amount,
      financialStatus: 'paid',
      orderedAt: at,
      updatedAt: at,
    },
  });
  return customerId;
}

const review = () => test.clients().admin.reviewMembers({ limit: 10_000 });

/** As the worker does it. */
async function rescore(shop: Shop, trigger: 'schedule' | 'config', onlyIfDue = false, limit = 2) {
  const total = { lookedAt: 0, changed: 0 };
  for (let cursor = ''; ;) {
    const step = await shop.analytics.rescoreMembers({ cursor, limit, trigger, onlyIfDue });
    total.lookedAt += step.lookedAt;
    total.changed += step.changed;
    cursor = step.nextCursor;
    if (cursor === '') return total;
  }
}

const counted = (segments: readonly { segmentId: string; count: number }[]) =>
  Object.fromEntries(
    segments.filter(({ count }) => count > 0).map(({ segmentId, count }) => [segmentId, count]),
  );

async function everyScore(shop: Shop) {
  const { rows } = await test.outside.query(
    `SELECT c.customer_id, c.rfm_score, c.lifecycle_stage, s.segment_ids
     FROM customers c LEFT JOIN customer_segments s USING (merchant_id, customer_id)
     WHERE c.merchant_id = $1 ORDER BY c.customer_id`,
    [shop.merchantId],
  );
  return rows as { customer_id: string; segment_ids: string[] | null }[];
}

describe('scoring all members', () => {
  it('and scoring who bought come to the same of every member', async () => {
    const shop = await test.installShop();
    for (let n = 0; n < 30; n += 1) {
      for (let i = 0; i <= n % 7; i += 1)
        await buy(shop, String(n), `${10 + ((n * 37) % 90)}.50`, (n * 13 + i * 40) % 200);
    }
    await rescore(shop, 'schedule');
    const afterPass = await everyScore(shop);
    // All reviews are done with by the pass, so those that follow are of members who are marked once more.
    await test.outside.query('UPDATE customers SET review_due_at = now() WHERE merchant_id = $1', [
      shop.merchantId,
    ]);
    await review();
    expect(await everyScore(shop)).toEqual(afterPass);
    expect(await rescore(shop, 'schedule')).toEqual({ lookedAt: 30, changed: 0 });
    expect(new Set(afterPass.flatMap((row) => row.segment_ids ?? [])).size).toBeGreaterThan(3);
  });

  it('finds members who became inactive, which no order reports, and those who never bought', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '15.00');
    const lead = await shop.admin.upsertCustomer({
      customer: { shopifyCustomerId: '2' },
      trigger: 'created',
    });
    await rescore(shop, 'schedule');
    const before = await shop.analytics.getRFMScore({ customerId });
    expect(before).toMatchObject({ segmentIds: ['new'], daysSinceLastOrder: 0, idle: false });
    const today = now;
    now = new Date(now.getTime() + 400 * DAY);
    try {
      expect(await rescore(shop, 'schedule')).toEqual({ lookedAt: 2, changed: 1 });
      expect(await shop.analytics.getRFMScore({ customerId })).toMatchObject({
        score: { recency: 1, frequency: 1, monetary: 2, score: '1.3' },
        segmentIds: ['at_risk'],
        lifecycleStage: 'churned',
        daysSinceLastOrder: 400,
        atRisk: true,
        idle: true,
      });
      expect(await shop.analytics.getRFMScore({ customerId: lead.customerId })).toMatchObject({
        segmentIds: ['inactive', 'at_risk'],
        lifecycleStage: 'new_lead',
        daysSinceLastOrder: -1,
      });
      const { history } = await shop.analytics.getScoreHistory({ customerId });
      expect(history.map(({ trigger, segmentIds }) => [trigger, segmentIds])).toEqual([
        ['schedule', ['at_risk']],
        ['schedule', ['new']],
      ]);
      const page = await shop.analytics.getScoreHistory({ customerId, page: { pageSize: 1 } });
      const cursor = page.page?.nextCursor ?? '';
      expect(
        (await shop.analytics.getScoreHistory({ customerId, page: { pageSize: 1, cursor } }))
          .history,
      ).toEqual(history.slice(1));
    } finally {
      now = today;
    }
  });

  it('waits for the shop’s turn when it is asked by the night', async () => {
    const shop = await test.installShop();
    await buy(shop, '1', '15.00');
    expect(await rescore(shop, 'schedule', true)).toEqual({ lookedAt: 1, changed: 1 });
    expect(await rescore(shop, 'schedule', true)).toEqual({ lookedAt: 0, changed: 0 });
    expect(await rescore(shop, 'schedule')).toEqual({ lookedAt: 1, changed: 0 });
  });
});

describe('the thresholds of a shop', () => {
  it('are ours at first', async () => {
    const shop = await test.installShop();
    const { config } = await shop.analytics.getRFMConfig({});
    expect(config).toMatchObject({
      thresholds: {
        recency: { five: 7, four: 30, three: 60, two: 90 },
        frequency: { five: 11, four: 6, three: 4, two: 2 },
        monetary: { five: { aovMultiple: '5', minSpend: '' }, two: { aovMultiple: '0.5' } },
        weights: { recency: '0.4', frequency: '0.3', monetary: '0.3' },
        recencyDecay: 'standard',
        update: 'realtime',
      },
      version: 1,
      averageOrderValue: { amount: { amount: '20.00', currency: 'USD' }, basis: 'size_band' },
    });
    expect(config?.segments.map(({ segmentId }) => segmentId)).toEqual([
      'at_risk_high_value',
      'champions',
      'vip',
      'loyal',
      'new',
      'inactive',
      'at_risk',
    ]);
  });

  it('can be tried without being saved, and once saved all members are scored by them', async () => {
    const shop = await test.installShop();
    for (const [id, daysAgo] of [
      ['1', 3],
      ['2', 40],
      ['3', 200],
    ] as const)
      await buy(shop, id, '15.00', daysAgo);
    await rescore(shop, 'schedule');
    const draft = {
      thresholds: {
        recency: { five: 60, four: 100, three: 250, two: 300 },
        weights: { recency: '1', frequency: '0', monetary: '0' },
      },
      segments: [
        {
          segmentId: 'recent_buyers',
          recency: { low: 5, high: 5 },
          name: { en: 'Recent buyers', fr: 'Acheteurs récents' },
        },
      ],
    };
    const before = await everyScore(shop);
    const preview = await shop.analytics.previewRFMSegments(draft);
    expect(preview.members).toBe(3);
    expect(counted(preview.segments)).toEqual({ recent_buyers: 2, other: 1 });
    expect(await everyScore(shop)).toEqual(before);

    const saved = await shop.analytics.updateRFMConfig({ ...draft, industry: 'pet_store' });
    expect(saved.preview).toEqual(preview.segments);
    expect(saved.config).toMatchObject({ version: 2, industry: 'pet_store' });
    expect((await shop.analytics.getRFMConfig({})).config).toMatchObject({
      thresholds: { recency: { five: 60 }, frequency: { five: 11 } },
      segments: [{ segmentId: 'recent_buyers', name: { fr: 'Acheteurs récents' } }],
    });
    const { rows } = await test.outside.query(
      `SELECT payload FROM outbox_events WHERE merchant_id = $1 AND kind = 'rfm.recalculate'`,
      [shop.merchantId],
    );
    expect(rows).toEqual([{ payload: { trigger: 'config' } }]);
    await rescore(shop, 'config');
    const segments = (await everyScore(shop)).map((row) => row.segment_ids?.[0]).sort();
    expect(segments).toEqual(['other', 'recent_buyers', 'recent_buyers']);
  });

  it('are refused with the field that is wrong, and nothing is saved', async () => {
    const shop = await test.installShop();
    const fieldOf = async (request: Parameters<Shop['analytics']['updateRFMConfig']>[0]) => {
      const failure = await failureOf(shop.analytics.updateRFMConfig(request));
      expect(failure.code).toBe('invalid_input');
      return failure.field;
    };
    const monetary = (five: string) => ({
      five: { aovMultiple: five },
      four: { aovMultiple: '2' },
      three: { aovMultiple: '1' },
      two: { aovMultiple: '0.5' },
    });
    expect(await fieldOf({ thresholds: { monetary: monetary('2') } })).toBe(
      'thresholds.monetary.five',
    );
    expect(await fieldOf({ thresholds: { monetary: monetary('many') } })).toBe(
      'thresholds.monetary.five',
    );
    expect(
      await fieldOf({ thresholds: { recency: { five: 7, four: 30, three: 60, two: 365 } } }),
    ).toBe('thresholds.recency.two');
    expect(
      await fieldOf({
        thresholds: { weights: { recency: '0.4', frequency: '0.4', monetary: '0.4' } },
      }),
    ).toBe('thresholds.weights');
    expect(await fieldOf({ thresholds: { update: 'hourly' } })).toBe('thresholds.update');
    const twice = { segmentId: 'own', name: { en: 'Own' } };
    expect(await fieldOf({ segments: [twice, twice] })).toBe('segments[1].segment_id');
    expect((await shop.analytics.getRFMConfig({})).config?.version).toBe(1);
  });
});

describe('segments', () => {
  it('are counted once a day, and each shop sees its own', async () => {
    const [shop, other] = [await test.installShop(), await test.installShop()];
    await buy(shop, '1', '15.00');
    await buy(shop, '2', '5000.00');
    await buy(other, '1', '15.00');
    await review();
    await test.clients().admin.refreshSegmentCounts({});
    const { segments, countedAt } = await shop.analytics.getSegments({});
    expect(counted(segments)).toEqual({ new: 1, vip: 1 });
    expect(countedAt).not.toBe('');
    expect(counted((await other.analytics.getSegments({})).segments)).toEqual({ new: 1 });
    expect(segments.at(-1)).toMatchObject({ segmentId: 'other', conditions: undefined });
  });
});

describe('the list of members', () => {
  it('says each one’s segments and can show those of one segment, primary or not', async () => {
    const shop = await test.installShop();
    await buy(shop, '1', '15.00');
    await buy(shop, '2', '5000.00', 100);
    await shop.admin.upsertCustomer({ customer: { shopifyCustomerId: '3' }, trigger: 'created' });
    await review();
    const listed = async (segmentId: string) => {
      const { customers, page } = await shop.admin.getCustomers({ segmentId });
      expect(page?.total).toBe(customers.length);
      return Object.fromEntries(
        customers.map(({ shopifyCustomerId, segmentIds }) => [shopifyCustomerId, segmentIds]),
      );
    };
    const rich = ['at_risk_high_value', 'vip'];
    expect(await listed('')).toEqual({ 1: ['new'], 2: rich, 3: [] });
    expect(await listed('new')).toEqual({ 1: ['new'] });
    expect(await listed('vip')).toEqual({ 2: rich });
    expect(await listed('champions')).toEqual({});
  });
});

describe('a single member', () => {
  it('can be scored at once', async () => {
    const shop = await test.installShop();
    const customerId = await buy(shop, '1', '50.00', 150);
    expect(await shop.analytics.getRFMScore({ customerId })).toMatchObject({
      score: undefined,
      segmentIds: [],
      daysSinceLastOrder: 150,
      atRisk: false,
    });
    const scored = await shop.analytics.calculateRFMScore({ customerId });
    expect(scored).toEqual({
      score: { recency: 1, frequency: 1, monetary: 4, score: '1.9' },
      segmentIds: ['other'],
      lifecycleStage: 'churned',
    });
    expect((await shop.analytics.getScoreHistory({ customerId })).history).toMatchObject([
      { trigger: 'manual', lifecycleStage: 'churned' },
    ]);
  });
});
