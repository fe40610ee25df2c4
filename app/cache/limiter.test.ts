import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cacheKeys } from './keys.ts';
import { createLimiter } from './limiter.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const key = cacheKeys.calls('read');

test('admits a limited number of calls a minute per caller, and forgets over time', async () => {
  const limiter = createLimiter({ key, limit: 2 });
  const answers = [];
  for (let call = 0; call < 3; call++) answers.push(await limiter.admit('ada'));
  expect(answers).toEqual([true, true, false]);
  expect(await limiter.admit('bob')).toBe(true);
  vi.advanceTimersByTime(60_001);
  expect(await limiter.admit('ada')).toBe(true);
});

test('remembers a limited number of callers, the most recent ones', async () => {
  const limiter = createLimiter({ key, limit: 1, capacity: 2 });
  await limiter.admit('ada');
  await limiter.admit('bob');
  expect(await limiter.admit('ada')).toBe(false);
  await limiter.admit('cat');
  expect(await limiter.admit('ada')).toBe(false);
  expect(await limiter.admit('bob')).toBe(true);
});
