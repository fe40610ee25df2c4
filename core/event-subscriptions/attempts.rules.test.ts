import { describe, expect, test } from 'vitest';
import { afterFailure, FAILURES_BEFORE_REST, retryDelayMs } from './attempts.rules.ts';

const attempt = {
  kind: 'webhook',
  isTest: false,
  attempts: 1,
  failure: 'answer',
  retryAfterMs: 0,
  chance: 0.5,
} as const;
const now = new Date('2026-12-01T12:00:00Z');

describe('after a failed attempt', () => {
  test('the next ones follow after seconds, then hours, for about three days, then none', () => {
    const delays = Array.from({ length: 10 }, (_, index) =>
      retryDelayMs({ ...attempt, attempts: index + 1 }),
    );
    expect(delays.map((ms) => (ms === null ? null : ms / 1_000))).toEqual([
      5,
      300,
      1_800,
      7_200,
      18_000,
      36_000,
      50_400,
      72_000,
      86_400,
      null,
    ]);
  });

  test('they are spread by a tenth to both sides', () => {
    expect(retryDelayMs({ ...attempt, chance: 0 })).toBe(4_500);
    expect(retryDelayMs({ ...attempt, chance: 1 })).toBe(5_500);
  });

  test('a receiver may ask for more time, up to a day, and not for less', () => {
    expect(retryDelayMs({ ...attempt, retryAfterMs: 60_000 })).toBe(60_000);
    expect(retryDelayMs({ ...attempt, retryAfterMs: 10 ** 10 })).toBe(86_400_000);
    expect(retryDelayMs({ ...attempt, attempts: 2, retryAfterMs: 1_000 })).toBe(300_000);
  });

  test('there is none for a test, for a receiver that is gone, and for what Flow refused', () => {
    expect(retryDelayMs({ ...attempt, isTest: true })).toBeNull();
    expect(retryDelayMs({ ...attempt, failure: 'gone' })).toBeNull();
    expect(retryDelayMs({ ...attempt, failure: 'flow_refused' })).toBeNull();
  });
});

describe('an endpoint', () => {
  test('rests from the fifth failure in a row on, at most five minutes', () => {
    const restOf = (failures: number) => {
      const { restUntil } = afterFailure({ failures, failingSince: now }, attempt, now);
      return restUntil === null ? 0 : restUntil.getTime() - now.getTime();
    };
    expect(restOf(FAILURES_BEFORE_REST - 2)).toBe(0);
    expect(restOf(FAILURES_BEFORE_REST - 1)).toBe(15_000);
    expect(restOf(FAILURES_BEFORE_REST)).toBe(30_000);
    expect(restOf(1_000)).toBe(300_000);
  });

  test('is disabled after five days without a success, and at once when it is gone', () => {
    const since = (days: number) => new Date(now.getTime() - days * 86_400_000);
    const after = (days: number, failure: 'answer' | 'gone' = 'answer') =>
      afterFailure({ failures: 9, failingSince: since(days) }, { kind: 'webhook', failure }, now)
        .disabledReason;
    expect(after(4.9)).toBeNull();
    expect(after(5)).toBe('failing');
    expect(after(0, 'gone')).toBe('gone');
  });

  test('of Flow is never disabled, and what Flow refuses does not count', () => {
    const long = { failures: 9, failingSince: new Date(0) };
    expect(
      afterFailure(long, { kind: 'flow', failure: 'flow_unavailable' }, now).disabledReason,
    ).toBeNull();
    expect(
      afterFailure(
        { failures: 0, failingSince: null },
        { kind: 'flow', failure: 'flow_refused' },
        now,
      ),
    ).toEqual({ failures: 0, failingSince: null, restUntil: null, disabledReason: null });
  });
});
