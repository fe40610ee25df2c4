import { describe, expect, it, test } from 'vitest';
import {
  DEFAULT_RFM_CONFIG,
  DEFAULT_SEGMENTS,
  isBuiltIn,
  isFullPassDue,
  problemOfConfig,
  rfmConfigFrom,
  rfmConfigInto,
} from './rfm-config.rules.ts';
import type { MonetaryBin, RfmConfig, SegmentRule } from './rfm-config.rules.ts';

const aov = 500_000n;
const problemOf = (changes: Partial<RfmConfig>) =>
  problemOfConfig({ ...DEFAULT_RFM_CONFIG, ...changes }, aov);
const fieldOf = (changes: Partial<RfmConfig>) => problemOf(changes)?.field;
const times = (multiple: number): MonetaryBin => ({
  kind: 'aov_multiple',
  value: BigInt(multiple * 10_000),
});
const spend = (amount: number): MonetaryBin => ({
  kind: 'min_spend',
  value: BigInt(amount * 10_000),
});
const own: SegmentRule = {
  id: 'weekend_buyers',
  recency: [3, 5],
  frequency: [1, 5],
  monetary: [1, 5],
  name: { en: 'Weekend buyers' },
};
const segmentsOf = (count: number): SegmentRule[] =>
  Array.from({ length: count }, (_, nth) => ({
    ...own,
    id: `own_${nth}`,
    name: { en: `Own ${nth}` },
  }));
const named = (name: Record<string, string>): Partial<RfmConfig> => ({
  segments: [{ ...own, name }],
});
const weighing = (recency: number, frequency: number, monetary: number): Partial<RfmConfig> => ({
  weights: { recency, frequency, monetary },
});

describe('a configuration', () => {
  it('of ours is in order', () => {
    expect(fieldOf({})).toBeUndefined();
  });

  test.each<[Partial<RfmConfig>, string]>([
    [{ recency: [0, 30, 60, 90] }, 'recency.five'],
    [{ recency: [7, 30, 60, 365] }, 'recency.two'],
    [{ recency: [7.5, 30, 60, 90] }, 'recency.five'],
    [{ recency: [30, 30, 60, 90] }, 'recency.five'],
    [{ recency: [7, 400, 60, 90] }, 'recency.four'],
    [{ recency: [7, 30, 400, 90] }, 'recency.three'],
    [{ frequency: [11, 6, 4, 0] }, 'frequency.two'],
    [{ frequency: [11, 6, 4.5, 2] }, 'frequency.three'],
    [{ frequency: [10_001, 6, 4, 2] }, 'frequency.five'],
    [{ frequency: [6, 6, 4, 2] }, 'frequency.five'],
    [{ monetary: [times(2), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ monetary: [times(5), times(2), times(1), times(0)] }, 'monetary.two'],
    [{ monetary: [times(5), times(2), times(1), spend(-1)] }, 'monetary.two'],
    [{ monetary: [times(1_000.0001), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ monetary: [spend(1_000_000_000.0001), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ monetary: [spend(99), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ monetary: [spend(100), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [weighing(4_000, 3_000, 2_999), 'weights'],
    [weighing(4_000, 3_000, 3_001), 'weights'],
    [weighing(-1, 5_000, 5_001), 'weights.recency'],
    [weighing(0, 10_001, 0), 'weights.frequency'],
    [weighing(5_000.5, 0, 4_999.5), 'weights.recency'],
    [{ segments: [] }, 'segments'],
    [{ segments: segmentsOf(21) }, 'segments'],
    [{ segments: [...DEFAULT_SEGMENTS, own, own] }, 'segments[8].segment_id'],
    [
      { segments: [own, { ...own, id: 'again', name: { en: 'weekend BUYERS ' } }] },
      'segments[1].name',
    ],
    [{ segments: [{ ...own, id: 'other' }] }, 'segments[0].segment_id'],
    [{ segments: [{ ...own, id: 'Weekend buyers' }] }, 'segments[0].segment_id'],
    [{ segments: [{ ...own, recency: [4, 3] }] }, 'segments[0].recency'],
    [{ segments: [{ ...own, recency: [1.5, 3] }] }, 'segments[0].recency'],
    [{ segments: [{ ...own, frequency: [1, 6] }] }, 'segments[0].frequency'],
    [{ segments: [{ ...own, monetary: [0, 5] }] }, 'segments[0].monetary'],
    [named({}), 'segments[0].name'],
    [named({ fr: 'Du week-end' }), 'segments[0].name'],
    [named({ en: ' ' }), 'segments[0].name'],
    [named({ en: 'x'.repeat(61) }), 'segments[0].name'],
  ])('that cannot be is refused with its field: %#', (changes, field) => {
    expect(fieldOf(changes)).toBe(field);
  });

  test.each<[string, Partial<RfmConfig>]>([
    ['days from 1 to 364', { recency: [1, 2, 3, 364] }],
    ['orders from 1 to 10,000', { frequency: [10_000, 3, 2, 1] }],
    ['a thousand times the AOV', { monetary: [times(1_000), times(2), times(1), times(0.0001)] }],
    [
      'a spend of a thousand million',
      { monetary: [spend(1_000_000_000), spend(3), spend(2), spend(1)] },
    ],
    ['one score that is all that matters', weighing(0, 10_000, 0)],
    ['one segment', { segments: [own] }],
    ['twenty segments', { segments: segmentsOf(20) }],
    ['a segment of one score', { segments: [{ ...own, recency: [3, 3] }] }],
    ['a name of 60 characters', named({ en: 'x'.repeat(60) })],
    ['a name that is the same in two languages', named({ en: 'VIP', fr: 'VIP' })],
  ])('may have %s', (_what, changes) => {
    expect(fieldOf(changes)).toBeUndefined();
  });

  test.each<[string, Partial<RfmConfig>]>([
    ['R5 must be fewer days than R4', { recency: [30, 30, 60, 90] }],
    ['R4 must be fewer days than R3', { recency: [7, 60, 60, 90] }],
    ['R3 must be fewer days than R2', { recency: [7, 30, 90, 90] }],
    ['F5 must exceed F4', { frequency: [6, 6, 4, 2] }],
    ['F4 must exceed F3', { frequency: [11, 4, 4, 2] }],
    ['F3 must exceed F2', { frequency: [11, 6, 2, 2] }],
    ['M5 must exceed M4', { monetary: [times(1), times(2), times(1), times(0.5)] }],
    ['M4 must exceed M3', { monetary: [times(5), times(1), times(1), times(0.5)] }],
    ['M3 must exceed M2', { monetary: [times(5), times(2), times(0.5), times(0.5)] }],
    ['a whole number of days from 1 to 364', { recency: [0, 30, 60, 90] }],
    ['a whole number of orders from 1 to 10000', { frequency: [11, 6, 4, 0] }],
    ['more than 0 and at most 1000.00', { monetary: [times(5), times(2), times(1), times(0)] }],
    [
      'more than 0 and at most 1000000000.00',
      { monetary: [times(5), times(2), times(1), spend(0)] },
    ],
    ['from 0 to 1 with at most four decimals', weighing(-1, 5_000, 5_001)],
    ['must sum to 1', weighing(4_000, 3_000, 2_999)],
    ['from 1 to 20 segments', { segments: [] }],
    ['small letters, digits and _, and not "other"', { segments: [{ ...own, id: 'other' }] }],
    ['stands twice', { segments: [own, own] }],
    ['stands twice', { segments: [own, { ...own, id: 'again' }] }],
    ['scores from 1 to 5', { segments: [{ ...own, monetary: [0, 5] }] }],
    ['must begin below its end', { segments: [{ ...own, recency: [4, 3] }] }],
    ['from 1 to 60 characters', named({ en: '' })],
    ['en is required', named({})],
  ])('says what is wrong as the merchant would: %s', (message, changes) => {
    expect(problemOf(changes)?.message).toBe(message);
  });

  it('may name an amount beside multiples, as the shop’s AOV makes them comparable', () => {
    const slightlyMore: MonetaryBin = { kind: 'min_spend', value: 1_000_001n };
    expect(fieldOf({ monetary: [slightlyMore, times(2), times(1), times(0.5)] })).toBeUndefined();
    expect(fieldOf({ monetary: [times(2), spend(99), times(1), times(0.5)] })).toBeUndefined();
    expect(fieldOf({ monetary: [times(2), spend(100), times(1), times(0.5)] })).toBe(
      'monetary.five',
    );
  });

  it('is not refused for an amount beside multiples as long as the AOV is unknown', () => {
    const monetary = [spend(1), times(2), times(1), times(0.5)] as const;
    expect(problemOfConfig({ ...DEFAULT_RFM_CONFIG, monetary })).toBeUndefined();
  });
});

test.each([
  ['vip', true],
  ['at_risk', true],
  ['other', true],
  ['weekend_buyers', false],
  ['', false],
])('the segment %j is one that every shop has: %s', (id, is) => {
  expect(isBuiltIn(id)).toBe(is);
});

describe('what is stored', () => {
  it('is read as it was written', () => {
    const config: RfmConfig = {
      ...DEFAULT_RFM_CONFIG,
      recencyDecay: 'subscription',
      recency: [10, 40, 80, 160],
      frequency: [20, 10, 5, 3],
      monetary: [spend(500), times(2.5), spend(60), times(0.25)],
      weights: { recency: 3_334, frequency: 3_333, monetary: 3_333 },
      segments: [own, ...DEFAULT_SEGMENTS],
      update: 'monthly',
      industry: 'pet_store',
      version: 7,
    };
    const stored: unknown = JSON.parse(JSON.stringify(rfmConfigInto(config)));
    expect(rfmConfigFrom(stored)).toEqual(config);
  });

  it('has the shape that the product agreed on', () => {
    expect(rfmConfigInto(DEFAULT_RFM_CONFIG)).toEqual({
      recency: { 5: { maxDays: 7 }, 4: { maxDays: 30 }, 3: { maxDays: 60 }, 2: { maxDays: 90 } },
      frequency: {
        5: { minOrders: 11 },
        4: { minOrders: 6 },
        3: { minOrders: 4 },
        2: { minOrders: 2 },
      },
      monetary: {
        5: { aovMultiple: 5 },
        4: { aovMultiple: 2 },
        3: { aovMultiple: 1 },
        2: { aovMultiple: 0.5 },
      },
      recency_decay: 'standard',
      weights: { r: 0.4, f: 0.3, m: 0.3 },
      update: 'realtime',
      version: 1,
    });
  });

  it('holds amounts as exact text, and segments and an industry only where a merchant chose them', () => {
    const monetary = [spend(500), times(2), times(1), times(0.5)] as const;
    const changes = { monetary, segments: [own], industry: 'pet_store' };
    expect(rfmConfigInto({ ...DEFAULT_RFM_CONFIG, ...changes })).toMatchObject({
      monetary: { 5: { minSpend: '500.00' }, 4: { aovMultiple: 2 } },
      segments: [own],
      industry: 'pet_store',
    });
  });

  it('is ours where nothing was chosen, and where what was chosen makes no sense', () => {
    expect(rfmConfigFrom({})).toEqual(DEFAULT_RFM_CONFIG);
    expect(rfmConfigFrom({}).version).toBe(1);
    expect(rfmConfigFrom(null)).toEqual(DEFAULT_RFM_CONFIG);
    expect(rfmConfigFrom({ recency_decay: 'default' }).recency).toEqual([7, 30, 60, 90]);
    expect(rfmConfigFrom({ recency_decay: 'subscription' }).recency).toEqual([14, 60, 90, 180]);
    expect(rfmConfigFrom({ frequency: { 5: { minOrders: 1 } }, version: 3 })).toEqual({
      ...DEFAULT_RFM_CONFIG,
      version: 3,
    });
  });

  it('may name a single threshold, the others being ours', () => {
    const config = rfmConfigFrom({ monetary: { 5: { minSpend: '500.00' } } });
    expect(config.monetary).toEqual([spend(500), times(2), times(1), times(0.5)]);
  });

  test.each<[string, object]>([
    ['weights without one of the three', { weights: { r: 0.5, f: 0.5 } }],
    ['weights without another of them', { weights: { r: 0.5, m: 0.5 } }],
    ['weights with one of the three', { weights: { m: 1 } }],
    ['weights that are no numbers', { weights: { r: true, f: [1], m: null } }],
    ['an empty list of segments', { segments: [] }],
    ['segments that are no list', { segments: 'vip' }],
    ['an unknown cadence', { update: 'hourly' }],
    ['thresholds that are no numbers', { recency: { 5: { maxDays: '3' }, 4: 7 } }],
    ['a version that is no number', { version: 'second' }],
  ])('is ours instead of %s, and the merchant’s otherwise', (_what, stored) => {
    expect(rfmConfigFrom({ ...stored, industry: 'pet_store' })).toEqual({
      ...DEFAULT_RFM_CONFIG,
      industry: 'pet_store',
    });
  });

  it('is wholly ours where a segment has no id, and so is an industry that is no text', () => {
    const stored = { segments: [{ ...own, id: 7 }], industry: 'pet_store' };
    expect(rfmConfigFrom(stored)).toEqual(DEFAULT_RFM_CONFIG);
    expect(rfmConfigFrom({ industry: 7 })).toEqual(DEFAULT_RFM_CONFIG);
  });

  it('lets a segment be of any score where it names none, and drops names that are no text', () => {
    const stored = {
      id: 'weekend_buyers',
      recency: [4],
      frequency: [null, 2],
      monetary: 'high',
      name: { en: 'Weekend buyers', fr: 7 },
    };
    expect(rfmConfigFrom({ segments: [stored] }).segments).toEqual([
      { ...own, recency: [4, 5], frequency: [1, 2], monetary: [1, 5] },
    ]);
  });
});

describe('the turn of a shop to be scored as a whole', () => {
  const now = new Date('2026-11-25T00:45:00.000Z');
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

  test.each<[RfmConfig['update'], number, number, boolean]>([
    ['realtime', 9_999, 1, true],
    ['realtime', 10_000, 1, false],
    ['realtime', 10_000, 7, true],
    ['daily', 100, 1, true],
    ['daily', 10_000, 6, false],
    ['weekly', 100, 6, false],
    ['weekly', 100, 7, true],
    ['monthly', 100, 29, false],
    ['monthly', 100, 30, true],
    ['quarterly', 50_000, 90, false],
    ['quarterly', 50_000, 91, true],
  ])('updated %s, with %i members, %i days after the last: %s', (update, members, days, due) => {
    expect(isFullPassDue(update, members, daysAgo(days), now)).toBe(due);
  });

  it('has come when there was none, and a few hours early', () => {
    expect(isFullPassDue('quarterly', 100, null, now)).toBe(true);
    expect(isFullPassDue('daily', 100, daysAgo(0.8), now)).toBe(true);
  });

  test.each<[RfmConfig['update'], number]>([
    ['daily', 1],
    ['quarterly', 91],
  ])('has come six hours early when it is updated %s, and not a moment before', (update, days) => {
    const early = daysAgo(days).getTime() + 6 * 3_600_000;
    expect(isFullPassDue(update, 100, new Date(early), now)).toBe(true);
    expect(isFullPassDue(update, 100, new Date(early + 1), now)).toBe(false);
  });
});
