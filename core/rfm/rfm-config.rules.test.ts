import { describe, expect, it, test } from 'vitest';
import {
  DEFAULT_RFM_CONFIG,
  DEFAULT_SEGMENTS,
  isFullPassDue,
  problemOfConfig,
  rfmConfigFrom,
  rfmConfigInto,
} from './rfm-config.rules.ts';
import type { MonetaryBin, RfmConfig, SegmentRule } from './rfm-config.rules.ts';

const aov = 500_000n;
const fieldOf = (changes: Partial<RfmConfig>) =>
  problemOfConfig({ ...DEFAULT_RFM_CONFIG, ...changes }, aov)?.field;
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

describe('a configuration', () => {
  it('of ours is in order', () => {
    expect(fieldOf({})).toBeUndefined();
  });

  test.each<[Partial<RfmConfig>, string]>([
    [{ recency: [0, 30, 60, 90] }, 'recency.five'],
    [{ recency: [7, 30, 60, 365] }, 'recency.two'],
    [{ recency: [7.5, 30, 60, 90] }, 'recency.five'],
    [{ recency: [30, 30, 60, 90] }, 'recency.five'],
    [{ frequency: [11, 6, 4, 0] }, 'frequency.two'],
    [{ frequency: [6, 6, 4, 2] }, 'frequency.five'],
    [{ monetary: [times(2), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ monetary: [times(5), times(2), times(1), times(0)] }, 'monetary.two'],
    [{ monetary: [times(5), times(2), times(1), spend(-1)] }, 'monetary.two'],
    [{ monetary: [spend(99), times(2), times(1), times(0.5)] }, 'monetary.five'],
    [{ weights: { recency: 4_000, frequency: 3_000, monetary: 2_999 } }, 'weights'],
    [{ weights: { recency: -1, frequency: 5_000, monetary: 5_001 } }, 'weights.recency'],
    [{ segments: [] }, 'segments'],
    [{ segments: [...DEFAULT_SEGMENTS, own, own] }, 'segments[8].segment_id'],
    [
      { segments: [own, { ...own, id: 'again', name: { en: 'weekend BUYERS ' } }] },
      'segments[1].name',
    ],
    [{ segments: [{ ...own, id: 'other' }] }, 'segments[0].segment_id'],
    [{ segments: [{ ...own, recency: [4, 3] }] }, 'segments[0].recency'],
    [{ segments: [{ ...own, monetary: [0, 5] }] }, 'segments[0].monetary'],
    [{ segments: [{ ...own, name: {} }] }, 'segments[0].name'],
  ])('that cannot be is refused with its field: %#', (changes, field) => {
    expect(fieldOf(changes)).toBe(field);
  });

  it('says what is wrong as the merchant would: M5 must exceed M4', () => {
    const monetary = [times(1), times(2), times(1), times(0.5)] as const;
    expect(problemOfConfig({ ...DEFAULT_RFM_CONFIG, monetary }, aov)?.message).toBe(
      'M5 must exceed M4',
    );
  });

  it('may name an amount beside multiples, as the shop’s AOV makes them comparable', () => {
    expect(fieldOf({ monetary: [spend(101), times(2), times(1), times(0.5)] })).toBeUndefined();
  });
});

describe('what is stored', () => {
  it('is read as it was written', () => {
    const config: RfmConfig = {
      ...DEFAULT_RFM_CONFIG,
      recencyDecay: 'subscription',
      recency: [14, 60, 90, 180],
      monetary: [spend(500), times(2.5), times(1), times(0.5)],
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
    expect(rfmConfigInto(DEFAULT_RFM_CONFIG)).toMatchObject({
      recency: { 5: { maxDays: 7 } },
      frequency: { 5: { minOrders: 11 } },
      monetary: { 5: { aovMultiple: 5 } },
      recency_decay: 'standard',
      weights: { r: 0.4, f: 0.3, m: 0.3 },
      update: 'realtime',
    });
  });

  it('is ours where nothing was chosen, and where what was chosen makes no sense', () => {
    expect(rfmConfigFrom({})).toEqual(DEFAULT_RFM_CONFIG);
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
});
