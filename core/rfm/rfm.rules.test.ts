import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { estimateAov, isAovStale } from './aov.rules.ts';
import { dollarIn } from './dollar.rules.ts';
import { DEFAULT_RFM_CONFIG, RECENCY_BY_DECAY } from './rfm-config.rules.ts';
import type { RfmConfig } from './rfm-config.rules.ts';
import {
  cellsOf,
  daysSince,
  frequencyScore,
  isFlaggedAtRisk,
  isIdle,
  monetaryScore,
  recencyScore,
  scoreMember,
  segmentsOf,
  stageOf,
  thresholdsOf,
  weightedTenths,
} from './rfm.rules.ts';
import type { OrderHistory, Score } from './rfm.rules.ts';
import type { LifecycleStage } from '#vocabulary/segments.ts';

const DAY = 86_400_000;
const now = new Date('2026-11-25T12:00:00.000Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY);
const dollars = (amount: number) => BigInt(Math.round(amount * 10_000));
/** With an AOV of $50. */
const thresholds = thresholdsOf(DEFAULT_RFM_CONFIG, dollars(50), 1n);

function stand(history: Partial<OrderHistory>, previous: LifecycleStage | null = null) {
  const full = { orders: 1, spend: dollars(50), lastOrderAt: now, ...history };
  return scoreMember(full, now, DEFAULT_RFM_CONFIG, thresholds, previous);
}

describe('recency', () => {
  test.each([
    [0, 5],
    [7, 5],
    [8, 4],
    [30, 4],
    [31, 3],
    [60, 3],
    [61, 2],
    [90, 2],
    [91, 1],
    [4_000, 1],
  ])('of %i days is %i', (days, score) => {
    expect(recencyScore(days, RECENCY_BY_DECAY.standard)).toBe(score);
  });

  test.each([
    [14, 5],
    [15, 4],
    [60, 4],
    [61, 3],
    [90, 3],
    [91, 2],
    [180, 2],
    [181, 1],
  ])('of %i days is %i with subscriptions', (days, score) => {
    expect(recencyScore(days, RECENCY_BY_DECAY.subscription)).toBe(score);
  });

  it('counts whole days: the last minute of the eighth day is still seven', () => {
    expect(daysSince(new Date(now.getTime() - 8 * DAY + 60_000), now)).toBe(7);
    expect(daysSince(daysAgo(8), now)).toBe(8);
    expect(daysSince(new Date(now.getTime() + DAY), now)).toBe(0);
    expect(daysSince(null, now)).toBeNull();
  });
});

test.each([
  [0, 1],
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 3],
  [6, 4],
  [10, 4],
  [11, 5],
  [500, 5],
])('%i orders are a frequency of %i', (orders, score) => {
  expect(frequencyScore(orders, DEFAULT_RFM_CONFIG.frequency)).toBe(score);
});

describe('spending, at an AOV of $50', () => {
  test.each([
    [-20, 1],
    [0, 1],
    [24.9999, 1],
    [25, 2],
    [49.9999, 2],
    [50, 3],
    [99.99, 3],
    [100, 4],
    [250, 4],
    [250.0001, 5],
  ])('of $%f is %i', (amount, score) => {
    expect(monetaryScore(dollars(amount), thresholds.spend)).toBe(score);
  });

  it('of more than $10,000 in all is a 5 whatever the AOV, and of $10,000 is not', () => {
    const dear = thresholdsOf(DEFAULT_RFM_CONFIG, dollars(9_000), 1n).spend;
    expect(monetaryScore(dollars(10_000), dear)).toBe(3);
    expect(monetaryScore(dollars(10_000.0001), dear)).toBe(5);
  });

  it('is judged in the shop’s currency: 10,000 yen is not 10,000 dollars', () => {
    const yen = thresholdsOf(DEFAULT_RFM_CONFIG, dollars(5_000), dollarIn('JPY')).spend;
    expect(monetaryScore(dollars(10_001), yen)).toBe(4);
    expect(dollarIn('USD')).toBe(1n);
    expect(dollarIn('XXX')).toBe(1n);
  });

  it('goes by the amount a merchant names, also one above ten thousand', () => {
    const [, four, three, two] = DEFAULT_RFM_CONFIG.monetary;
    const monetary = [{ kind: 'min_spend', value: dollars(20_000) }, four, three, two] as const;
    const own = thresholdsOf({ ...DEFAULT_RFM_CONFIG, monetary }, dollars(50), 1n).spend;
    expect(monetaryScore(dollars(20_000), own)).toBe(4);
    expect(monetaryScore(dollars(20_000.01), own)).toBe(5);
  });
});

describe('the score as a whole', () => {
  it('weighs 0.4, 0.3 and 0.3 to one decimal', () => {
    const { weights } = DEFAULT_RFM_CONFIG;
    expect(weightedTenths(5, 3, 4, weights)).toBe(41);
    expect(weightedTenths(1, 1, 1, weights)).toBe(10);
    expect(weightedTenths(5, 5, 5, weights)).toBe(50);
  });

  it('rounds halves up', () => {
    const weights = { recency: 5_000, frequency: 2_500, monetary: 2_500 };
    expect(weightedTenths(1, 2, 1, weights)).toBe(13);
  });
});

describe('segments', () => {
  const of = (recency: Score, frequency: Score, monetary: Score) =>
    segmentsOf({ recency, frequency, monetary }, DEFAULT_RFM_CONFIG.segments);

  test.each<[Score, Score, Score, string[]]>([
    [5, 5, 5, ['champions', 'vip', 'loyal']],
    [5, 4, 4, ['champions', 'loyal']],
    [5, 4, 3, ['loyal']],
    [5, 3, 4, ['loyal']],
    [4, 4, 4, ['loyal']],
    [3, 3, 3, ['loyal']],
    [1, 1, 1, ['inactive', 'at_risk']],
    [2, 1, 1, ['at_risk']],
    [1, 2, 1, ['at_risk']],
    [1, 1, 2, ['at_risk']],
    [2, 2, 2, ['at_risk']],
    [5, 1, 1, ['new']],
    [4, 1, 2, ['new']],
    [1, 1, 5, ['at_risk_high_value', 'vip']],
    [2, 5, 5, ['at_risk_high_value', 'vip']],
    [3, 1, 5, ['vip']],
    [4, 1, 5, ['vip']],
    [3, 1, 1, ['other']],
    [4, 3, 2, ['other']],
  ])('of %i/%i/%i are %j, the primary one first', (r, f, m, segments) => {
    expect(of(r, f, m)).toEqual(segments);
  });

  it('leave 70 of the 125 scores to none of them', () => {
    const others = cellsOf(DEFAULT_RFM_CONFIG).filter((cell) => cell.segmentId === 'other');
    expect(others).toHaveLength(70);
  });

  it('at risk and the flag are two things, as the product lists them', () => {
    const cells = cellsOf(DEFAULT_RFM_CONFIG);
    const name = (cell: (typeof cells)[number]) =>
      `${cell.recency}${cell.frequency}${cell.monetary}`;
    const flagged = cells.filter((cell) => isFlaggedAtRisk(cell.tenths));
    const inSegment = cells.filter((cell) => cell.segmentIds.includes('at_risk'));
    expect(inSegment.filter((cell) => !flagged.includes(cell)).map(name)).toEqual(['222']);
    expect(flagged.filter((cell) => !inSegment.includes(cell)).map(name)).toEqual([
      '113',
      '114',
      '123',
      '131',
      '132',
      '141',
      '311',
    ]);
  });
});

describe('the stage of life', () => {
  test.each<[Score, Score, number, LifecycleStage | null, LifecycleStage]>([
    [1, 1, 0, 'vip', 'new_lead'],
    [3, 5, 1, null, 'vip'],
    [2, 5, 9, null, 'new_lead'],
    [2, 3, 2, 'repeat_buyer', 'churned'],
    [1, 5, 50, 'vip', 'churned'],
    [3, 1, 2, null, 'repeat_buyer'],
    [4, 2, 1, 'churned', 'new_lead'],
    [3, 2, 1, 'repeat_buyer', 'repeat_buyer'],
    [2, 3, 3, 'vip', 'vip'],
    [2, 3, 3, null, 'new_lead'],
  ])('R%i M%i with %i orders, before %s, is %s', (recency, monetary, orders, previous, stage) => {
    expect(stageOf({ recency, monetary }, orders, previous)).toBe(stage);
  });
});

describe('a member', () => {
  it('without an order is 1/1/1 and a new lead', () => {
    const none = stand({ orders: 0, spend: 0n, lastOrderAt: null });
    expect(none).toMatchObject({ recency: 1, frequency: 1, monetary: 1, tenths: 10 });
    expect(none).toMatchObject({ stage: 'new_lead', daysSinceLastOrder: null });
  });

  it('whose refunds outweigh the orders has spent nothing', () => {
    expect(stand({ orders: 3, spend: -1n }).monetary).toBe(1);
  });

  it('idle for more than a year should get a nudge', () => {
    expect(isIdle(stand({ lastOrderAt: daysAgo(365) }).daysSinceLastOrder)).toBe(false);
    expect(isIdle(stand({ lastOrderAt: daysAgo(366) }).daysSinceLastOrder)).toBe(true);
    expect(isIdle(null)).toBe(false);
  });

  const history = fc.record({
    orders: fc.integer({ min: 0, max: 40 }),
    spend: fc.bigInt({ min: -1_000_000n, max: 200_000_000n }),
    lastOrderAt: fc.integer({ min: 0, max: 800 * DAY }).map((ms) => new Date(now.getTime() - ms)),
  });

  it('always has a score of each kind and a segment, and the table of cells says the same', () => {
    const cells = new Map(
      cellsOf(DEFAULT_RFM_CONFIG).map((c) => [`${c.recency}${c.frequency}${c.monetary}`, c]),
    );
    fc.assert(
      fc.property(history, (one) => {
        const { recency, frequency, monetary, tenths, segmentIds, segmentId } = stand(one);
        const cell = cells.get(`${recency}${frequency}${monetary}`);
        expect(cell).toMatchObject({ tenths, segmentIds, segmentId });
        expect(tenths).toBeGreaterThanOrEqual(10);
        expect(tenths).toBeLessThanOrEqual(50);
      }),
    );
  });

  it('never scores worse for buying later, more often or more', () => {
    fc.assert(
      fc.property(history, history, (a, b) => {
        const better = {
          orders: Math.max(a.orders, b.orders, 1),
          spend: a.spend > b.spend ? a.spend : b.spend,
          lastOrderAt: a.lastOrderAt > b.lastOrderAt ? a.lastOrderAt : b.lastOrderAt,
        };
        const [one, other] = [stand({ ...a, orders: Math.max(a.orders, 1) }), stand(better)];
        expect(other.recency).toBeGreaterThanOrEqual(one.recency);
        expect(other.frequency).toBeGreaterThanOrEqual(one.frequency);
        expect(other.monetary).toBeGreaterThanOrEqual(one.monetary);
        expect(other.tenths).toBeGreaterThanOrEqual(one.tenths);
      }),
    );
  });

  it('is scored by the configuration of the shop', () => {
    const config: RfmConfig = {
      ...DEFAULT_RFM_CONFIG,
      recency: [14, 60, 90, 180],
      weights: { recency: 10_000, frequency: 0, monetary: 0 },
    };
    const standing = scoreMember(
      { orders: 1, spend: dollars(1), lastOrderAt: daysAgo(14) },
      now,
      config,
      thresholdsOf(config, dollars(50), 1n),
      null,
    );
    expect(standing).toMatchObject({ recency: 5, frequency: 1, monetary: 1, tenths: 50 });
  });
});

describe('the average order value', () => {
  const values = (orders: number, average: number) => ({ orders, average: dollars(average) });

  test.each([
    [100, 20],
    [4_999, 20],
    [5_000, 100],
    [49_999, 100],
    [50_000, 500],
  ])('of a shop with %i members and few orders is $%i', (members, amount) => {
    const estimate = estimateAov(undefined, values(9, 77), members, 1n, now);
    expect(estimate).toMatchObject({ aov: dollars(amount), basis: 'size_band', version: 1 });
  });

  it('is that of the orders as soon as there are ten of them', () => {
    const estimate = estimateAov(undefined, values(10, 77), 100, 1n, now);
    expect(estimate).toMatchObject({ aov: dollars(77), basis: 'orders' });
    expect(estimateAov(undefined, values(10, 0), 100, 1n, now).basis).toBe('size_band');
  });

  it('has a new version when it changes, and only then', () => {
    const first = estimateAov(undefined, values(200, 77), 100, 1n, now);
    expect(estimateAov(first, values(300, 77), 100, 1n, now).version).toBe(1);
    expect(estimateAov(first, values(300, 78), 100, 1n, now).version).toBe(2);
  });

  it('is estimated again after a week, sooner while it rests on few orders', () => {
    const settled = estimateAov(undefined, values(200, 77), 100, 1n, daysAgo(6));
    expect(isAovStale(settled, now)).toBe(false);
    expect(isAovStale({ ...settled, estimatedAt: daysAgo(7) }, now)).toBe(true);
    expect(isAovStale({ ...settled, orders: 99 }, now)).toBe(true);
    expect(isAovStale(undefined, now)).toBe(true);
  });
});
