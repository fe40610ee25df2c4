import { describe, expect, it } from 'vitest';
import { estimateAov, isAovStale, type AovState } from './aov.rules.ts';
import { dollarIn } from './dollar.rules.ts';

const now = new Date('2026-11-30T12:00:00Z');
const before: AovState = {
  aov: 500_000n,
  basis: 'orders',
  orders: 200,
  version: 4,
  estimatedAt: now,
};
const estimate = (orders: number, average: bigint, members = 0, known?: AovState, dollar = 1n) =>
  estimateAov(known, { orders, average }, members, dollar, now);

describe('what an order is usually worth', () => {
  it('is the average of ten orders or more', () => {
    expect(estimate(10, 505_000n)).toEqual({
      aov: 505_000n,
      basis: 'orders',
      orders: 10,
      version: 1,
      estimatedAt: now,
    });
    expect(estimate(9, 505_000n).basis).toBe('size_band');
    expect(estimate(500, 0n).basis).toBe('size_band');
    expect(estimate(10, 1n).aov).toBe(1n);
  });

  it.each([
    [0, 200_000n],
    [4_999, 200_000n],
    [5_000, 1_000_000n],
    [49_999, 1_000_000n],
    [50_000, 5_000_000n],
  ])('is by the size of the shop before that: of %s members', (members, aov) => {
    expect(estimate(3, 0n, members).aov).toBe(aov);
    expect(estimate(3, 0n, members, undefined, 100n).aov).toBe(aov * 100n);
  });

  it('is of a new version when it is another', () => {
    expect(estimate(50, 500_000n, 0, before).version).toBe(4);
    expect(estimate(50, 500_001n, 0, before).version).toBe(5);
  });

  it('is estimated anew after a week, and at once while it rests on little', () => {
    const at = (changes: Partial<AovState>, days = 0) =>
      isAovStale({ ...before, ...changes }, new Date(now.getTime() + days * 86_400_000));
    expect(isAovStale(undefined, now)).toBe(true);
    expect(at({})).toBe(false);
    expect(at({}, 6.99)).toBe(false);
    expect(at({}, 7)).toBe(true);
    expect(at({ orders: 99 })).toBe(true);
    expect(at({ orders: 100 })).toBe(false);
    expect(at({ basis: 'size_band' })).toBe(true);
  });
});

it.each([
  ['USD', 1n],
  ['EUR', 1n],
  ['', 1n],
  ['SEK', 10n],
  ['MXN', 10n],
  ['JPY', 100n],
  ['INR', 100n],
  ['KRW', 1_000n],
  ['HUF', 1_000n],
  ['VND', 10_000n],
  ['IDR', 10_000n],
])('about a dollar is so much in %j: %s', (currency, dollar) => {
  expect(dollarIn(currency)).toBe(dollar);
});
