import { expect, it } from 'vitest';
import { changeFrom, changeOfRate, rateOf } from './change.ts';
import { addressOfPeriod, parsePeriod } from './period.ts';

it('a figure is compared with the period before in percent, and with nothing as new', () => {
  expect(changeFrom(150, 100)).toEqual({ kind: 'up', by: 0.5 });
  expect(changeFrom(25, 100)).toEqual({ kind: 'down', by: 0.75 });
  expect(changeFrom(0, 100)).toEqual({ kind: 'down', by: 1 });
  expect(changeFrom(1_000, 1_004)).toEqual({ kind: 'same' });
  expect(changeFrom(5, 0)).toEqual({ kind: 'new' });
  expect(changeFrom(0, 0)).toEqual({ kind: 'same' });
});

it('a rate is compared by its difference', () => {
  expect(changeOfRate(0.25, 0.5)).toEqual({ kind: 'down', by: 0.25 });
  expect(changeOfRate(0.25, null)).toEqual({ kind: 'new' });
  expect(changeOfRate(null, 0.5)).toEqual({ kind: 'same' });
  expect(rateOf(1, 4)).toBe(0.25);
  expect(rateOf(1, 0)).toBeNull();
});

it('the period is one of four, and anything else in the address is thirty days', () => {
  const asked = (search: string) => parsePeriod(new URLSearchParams(search));
  expect(asked('period=7')).toBe(7);
  expect(asked('period=365')).toBe(365);
  expect(asked('')).toBe(30);
  expect(asked('period=8')).toBe(30);
  expect(asked('period=7days')).toBe(30);
  expect(addressOfPeriod(90)).toBe('/app?period=90');
  expect(addressOfPeriod(30)).toBe('/app');
});
