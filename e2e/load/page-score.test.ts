import { expect, test } from 'vitest';
import { pageScore } from './page-score.ts';

test('Lighthouse’s good values score well, and its medians score half', () => {
  const none = { firstPaint: 0, largestPaint: 0, blocking: 0, shift: 0 };
  expect(pageScore(none)).toBe(100);
  const good = { firstPaint: 1_800, largestPaint: 2_500, blocking: 200, shift: 0.1 };
  expect(pageScore(good)).toBeCloseTo(90, 1);
  const middling = { firstPaint: 3_000, largestPaint: 4_000, blocking: 600, shift: 0.25 };
  expect(pageScore(middling)).toBeCloseTo(50, 1);
  expect(pageScore({ ...none, blocking: 600 })).toBeCloseTo(100 - (30 / 90) * 50, 1);
});
