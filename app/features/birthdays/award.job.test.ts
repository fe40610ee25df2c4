import { expect, test } from 'vitest';
import { shopTime } from './award.job.ts';

test('a shop’s day begins at its own midnight', () => {
  const now = new Date('2026-12-31T20:30:00Z');
  expect(shopTime(now, 'Pacific/Auckland')).toEqual({ day: '2027-01-01', hour: 9 });
  expect(shopTime(now, 'America/New_York')).toEqual({ day: '2026-12-31', hour: 15 });
  expect(shopTime(now, '')).toEqual({ day: '2026-12-31', hour: 20 });
  expect(() => shopTime(now, 'No/Such_Zone')).toThrow(RangeError);
});
