import { describe, expect, it } from 'vitest';
import { alarmEveryMs, deadlineOf, dueAt, isLate } from './shop-erasure.rules.ts';

const asked = new Date('2026-11-01T10:00:00Z');
const after = (text: string) => new Date(text);

describe('erasing a shop', () => {
  it('begins 48 hours after Shopify asked for it, and must be over after 30 days', () => {
    expect(dueAt(asked)).toEqual(after('2026-11-03T10:00:00Z'));
    expect(deadlineOf(asked)).toEqual(after('2026-12-01T10:00:00Z'));
  });

  it.each(['waiting', 'stopped'])('%s for 25 days it is late', (status) => {
    expect(isLate(asked, status, after('2026-11-26T09:59:59.999Z'))).toBe(false);
    expect(isLate(asked, status, after('2026-11-26T10:00:00Z'))).toBe(true);
    expect(isLate(asked, status, after('2026-12-20T10:00:00Z'))).toBe(true);
  });

  it('is never late once it is done or was called off', () => {
    for (const status of ['done', 'cancelled', ''])
      expect(isLate(asked, status, after('2027-11-26T10:00:00Z')), status).toBe(false);
  });

  it('raises an alarm at most once a day', () => {
    expect(alarmEveryMs).toBe(24 * 60 * 60 * 1_000);
  });
});
