import { expect, test } from 'vitest';
import { createCallLimiter } from './call-limiter.ts';

test('admits so many calls a minute of each caller, and forgets with time', () => {
  let time = 0;
  const limiter = createCallLimiter({ perMinute: 2, now: () => time });
  expect([1, 2, 3].map(() => limiter.admit('ada'))).toEqual([true, true, false]);
  expect(limiter.admit('bob')).toBe(true);
  time = 60_001;
  expect(limiter.admit('ada')).toBe(true);
});
