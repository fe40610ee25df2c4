import { expect, test } from 'vitest';
import { createFailureLimiter } from './failure-limiter.ts';

test('whoever guesses signatures is held off for a minute, and nobody else', () => {
  let now = 0;
  const limiter = createFailureLimiter({ perMinute: 3, now: () => now });
  for (let guess = 0; guess < 3; guess += 1) {
    expect(limiter.isBlocked('1.2.3.4')).toBe(false);
    limiter.recordFailure('1.2.3.4');
  }
  expect(limiter.isBlocked('1.2.3.4')).toBe(true);
  expect(limiter.isBlocked('5.6.7.8')).toBe(false);
  now = 60_001;
  expect(limiter.isBlocked('1.2.3.4')).toBe(false);
});
