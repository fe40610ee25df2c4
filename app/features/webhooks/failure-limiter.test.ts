import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cacheKeys } from '../../cache/keys.ts';
import { createLimiter } from '../../cache/limiter.ts';
import { createFailureLimiter } from './failure-limiter.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('an address that guesses signatures is blocked for a minute, and no other', async () => {
  const failures = createLimiter({ key: cacheKeys.calls('guess'), limit: 3 });
  const limiter = createFailureLimiter({ failures, perMinute: 3 });
  for (let count = 0; count < 3; count++) {
    expect(limiter.isBlocked('1.2.3.4')).toBe(false);
    await limiter.recordFailure('1.2.3.4');
  }
  expect(limiter.isBlocked('1.2.3.4')).toBe(true);
  expect(limiter.isBlocked('5.6.7.8')).toBe(false);
  vi.advanceTimersByTime(60_001);
  expect(limiter.isBlocked('1.2.3.4')).toBe(false);
});

test('an address that another process has blocked is blocked here after one failure', async () => {
  const failures = createLimiter({ key: cacheKeys.calls('guess'), limit: 3 });
  const other = createFailureLimiter({ failures, perMinute: 3 });
  for (let count = 0; count < 3; count++) await other.recordFailure('1.2.3.4');
  const limiter = createFailureLimiter({ failures, perMinute: 3 });
  await limiter.recordFailure('1.2.3.4');
  expect(limiter.isBlocked('1.2.3.4')).toBe(true);
});
