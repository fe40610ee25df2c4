import { expect, it } from 'vitest';
import { dayJustBegan, shopDay } from './shop-day.ts';

const began = (at: string, timeZone: string) => dayJustBegan(Date.parse(at), timeZone);

it.each([
  ['Pacific/Auckland', '2027-01-01T11:01:00Z', '2027-01-02'],
  ['America/Los_Angeles', '2027-01-02T08:01:00Z', '2027-01-02'],
  ['Asia/Kathmandu', '2027-01-01T18:16:00Z', '2027-01-02'],
  // Clocks go from 00:00 to 01:00.
  ['America/Havana', '2027-03-14T05:01:00Z', '2027-03-14'],
  ['UTC', '2027-01-02T00:46:00Z', '2027-01-02'],
])('the day that just ended in %s is processed at its midnight', (timeZone, at, day) => {
  expect(began(at, timeZone)).toBe(true);
  expect(shopDay(Date.parse(at), timeZone)).toBe(day);
  expect(began(new Date(Date.parse(at) - 3_600_000).toISOString(), timeZone)).toBe(false);
  // A worker that was down at midnight still finds the shop for hours, but not all day.
  expect(began(new Date(Date.parse(at) + 4 * 3_600_000).toISOString(), timeZone)).toBe(true);
  expect(began(new Date(Date.parse(at) + 7 * 3_600_000).toISOString(), timeZone)).toBe(false);
});

it('every time zone’s midnight falls on one of a day’s quarter-hours', () => {
  for (const timeZone of [...Intl.supportedValuesOf('timeZone'), 'No/Such_Zone']) {
    const quarters = Array.from({ length: 96 }, (_, n) => Date.UTC(2027, 2, 27, 0, 1 + 15 * n));
    // Six hours of quarter-hours, slightly more or less where the clocks change that night.
    const looks = quarters.filter((at) => dayJustBegan(at, timeZone)).length;
    expect(looks).toBeGreaterThanOrEqual(20);
    expect(looks).toBeLessThanOrEqual(28);
  }
}, 30_000);
