import { expect, it } from 'vitest';
import { worthOfPoints } from './point-value.rules.ts';

const reward = (pointsCost: number, value: string) => ({ pointsCost, value });

it('points are worth what the best reward gives for them, rounded up', () => {
  expect(worthOfPoints(1_000n, [reward(500, '5.00')])).toBe(100_000n);
  expect(worthOfPoints(1_000n, [reward(500, '5.00'), reward(100, '2.00')])).toBe(200_000n);
  expect(worthOfPoints(1_000n, [reward(100, '2.00'), reward(500, '5.00')])).toBe(200_000n);
  expect(worthOfPoints(1n, [reward(3, '0.0001')])).toBe(1n);
  expect(worthOfPoints(3n, [reward(3, '0.0001')])).toBe(1n);
  expect(worthOfPoints(4n, [reward(3, '0.0001')])).toBe(2n);
  expect(worthOfPoints(1n, [reward(1, '0.0001')])).toBe(1n);
});

it('points are worth nothing that can be said where no reward gives money', () => {
  expect(worthOfPoints(1_000n, [])).toBeUndefined();
  for (const none of [reward(500, ''), reward(500, '0'), reward(500, '-1'), reward(0, '5.00')])
    expect(worthOfPoints(1_000n, [none])).toBeUndefined();
  expect(worthOfPoints(1_000n, [reward(0, '5.00'), reward(500, '5.00')])).toBe(100_000n);
});
