import { expect, test } from 'vitest';
import { delayBefore } from './rate-limiter.ts';

const bucket = { maximumAvailable: 1_000, currentlyAvailable: 1_000, restoreRate: 50 };

test('background work stops when 80 % of a shop’s budget is spent', () => {
  expect(delayBefore(10, bucket, 0)).toBe(0);
  expect(delayBefore(10, { ...bucket, currentlyAvailable: 210 }, 0)).toBe(0);
  expect(delayBefore(10, { ...bucket, currentlyAvailable: 200 }, 0)).toBe(200);
  expect(delayBefore(100, { ...bucket, currentlyAvailable: 0 }, 0)).toBe(6_000);
});

test('budget refilled since Shopify’s last response counts', () => {
  expect(delayBefore(100, { ...bucket, currentlyAvailable: 0 }, 4_000)).toBe(2_000);
  expect(delayBefore(100, { ...bucket, currentlyAvailable: 0 }, 60_000)).toBe(0);
});

test('a call that costs more than the allowance waits for a full bucket, not forever', () => {
  expect(delayBefore(5_000, { ...bucket, currentlyAvailable: 500 }, 0)).toBe(10_000);
  expect(delayBefore(5_000, bucket, 0)).toBe(0);
});
