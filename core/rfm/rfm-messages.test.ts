import { describe, expect, it } from 'vitest';
import { RFMThresholds, SegmentRule } from '#proto/analytics/v1/rfm.ts';
import { DEFAULT_RFM_CONFIG } from './rfm-config.rules.ts';
import { configFromMessage, toConfigMessage, toScoreMessage, toSegments } from './rfm-messages.ts';

const estimatedAt = new Date('2026-11-30T12:00:00Z');
const aov = { aov: 505_000n, basis: 'orders' as const, orders: 20, version: 2, estimatedAt };
const settings = {
  config: DEFAULT_RFM_CONFIG,
  currency: 'EUR',
  aov,
  fullPassAt: null,
  fullPassCurrency: '',
  updatedAt: null,
};
const told = (thresholds: Parameters<typeof RFMThresholds.fromPartial>[0]) =>
  configFromMessage(
    { thresholds: RFMThresholds.fromPartial(thresholds ?? {}), segments: [] },
    'coffee',
    7,
  );
const bin = (aovMultiple: string, minSpend = '') => ({ aovMultiple, minSpend });

describe('a configuration of scores', () => {
  it('is the one of the beginning where nothing is told', () => {
    const plain = { ...DEFAULT_RFM_CONFIG, industry: 'coffee', version: 7 };
    expect(configFromMessage({ thresholds: undefined, segments: [] }, 'coffee', 7)).toEqual(plain);
    expect(told({})).toEqual(plain);
    expect(told({ update: 'hourly' })).toEqual(plain);
  });

  it('has longer distances for subscriptions, unless it names its own', () => {
    expect(told({ recencyDecay: 'subscription' })).toMatchObject({
      recencyDecay: 'subscription',
      recency: [14, 60, 90, 180],
    });
    const recency = { five: 1, four: 2, three: 3, two: 4 };
    expect(told({ recencyDecay: 'subscription', recency })).toMatchObject({
      recency: [1, 2, 3, 4],
    });
  });

  it('is shown as it is kept, and read again as it was shown', () => {
    const config = {
      ...DEFAULT_RFM_CONFIG,
      monetary: [
        { kind: 'aov_multiple', value: 55_000n },
        { kind: 'min_spend', value: 1_005_000n },
        { kind: 'aov_multiple', value: 10_000n },
        { kind: 'min_spend', value: 0n },
      ],
      weights: { recency: 5_000, frequency: 2_500, monetary: 2_500 },
      update: 'weekly',
      segments: [
        { id: 'mine', recency: [2, 4], frequency: [1, 5], monetary: [3, 3], name: { en: 'Mine' } },
      ],
      industry: 'coffee',
      version: 7,
    } as const;
    const message = toConfigMessage(config, aov, { ...settings, fullPassAt: estimatedAt });
    expect(message).toMatchObject({
      thresholds: {
        recency: { five: 7, four: 30, three: 60, two: 90 },
        frequency: { five: 11, four: 6, three: 4, two: 2 },
        monetary: {
          five: bin('5.5'),
          four: bin('', '100.50'),
          three: bin('1'),
          two: bin('', '0.00'),
        },
        weights: { recency: '0.5', frequency: '0.25', monetary: '0.25' },
        update: 'weekly',
      },
      segments: [
        {
          segmentId: 'mine',
          recency: { low: 2, high: 4 },
          frequency: { low: 1, high: 5 },
          monetary: { low: 3, high: 3 },
          name: { en: 'Mine' },
        },
      ],
      industry: 'coffee',
      version: 7,
      averageOrderValue: {
        amount: { amount: '50.50', currency: 'EUR' },
        basis: 'orders',
        orders: 20,
        version: 2,
        estimatedAt: '2026-11-30T12:00:00.000Z',
      },
      fullPassAt: '2026-11-30T12:00:00.000Z',
    });
    expect(configFromMessage(message, 'coffee', 7)).toEqual(config);
    expect(toConfigMessage(config, aov, settings).fullPassAt).toBe('');
  });

  it('is refused where an amount is a multiple and money at once, or neither', () => {
    const fine = bin('1');
    for (const bad of [bin(''), bin('1', '1'), bin('much')])
      expect(told({ monetary: { five: fine, four: fine, three: bad, two: fine } })).toEqual({
        field: 'monetary.three',
        message: 'either a multiple of the AOV or an amount',
      });
    expect(
      told({ monetary: { five: fine, four: fine, three: fine, two: undefined } }),
    ).toMatchObject({ field: 'monetary.two' });
  });

  it('is refused with a weight that is no number', () => {
    expect(told({ weights: { recency: '0.4', frequency: 'some', monetary: '0.3' } })).toEqual({
      field: 'weights.frequency',
      message: 'a number with at most four decimals',
    });
  });

  it('takes a segment that says nothing of a score for any score', () => {
    const segments = [SegmentRule.fromPartial({ segmentId: 'mine', recency: { low: 2, high: 3 } })];
    expect(configFromMessage({ thresholds: undefined, segments }, '', 1)).toMatchObject({
      segments: [{ id: 'mine', recency: [2, 3], frequency: [1, 5], monetary: [1, 5], name: {} }],
    });
  });
});

it('every segment is listed with its members, and those in none at the end', () => {
  const segments = toSegments(
    DEFAULT_RFM_CONFIG,
    new Map([
      ['champions', 3],
      ['other', 9],
    ]),
  );
  expect(segments.map(({ segmentId, count }) => [segmentId, count])).toEqual([
    ['at_risk_high_value', 0],
    ['champions', 3],
    ['vip', 0],
    ['loyal', 0],
    ['new', 0],
    ['inactive', 0],
    ['at_risk', 0],
    ['other', 9],
  ]);
  expect(segments[1]?.conditions).toMatchObject({ recency: { low: 5, high: 5 } });
  expect(segments.at(-1)?.conditions).toBeUndefined();
  expect(toSegments(DEFAULT_RFM_CONFIG, new Map()).at(-1)?.count).toBe(0);
});

it('a score has one decimal', () => {
  expect(toScoreMessage({ recency: 5, frequency: 4, monetary: 3, score: 4.1 })).toEqual({
    recency: 5,
    frequency: 4,
    monetary: 3,
    score: '4.1',
  });
  expect(toScoreMessage({ recency: 5, frequency: 5, monetary: 5, score: 5 }).score).toBe('5.0');
});
