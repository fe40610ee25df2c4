import { describe, expect, it } from 'vitest';
import { readTypedDecimal, readTypedWhole } from './typed-number.ts';

describe('a whole number', () => {
  it.each([
    ['1000', 1_000],
    [' 1,000 ', 1_000],
    ['1.000', 1_000],
    ['1 000', 1_000],
    ['1\u00a0000', 1_000],
    ['1\u202f000', 1_000],
    ['1’000', 1_000],
    ["12'345'678", 12_345_678],
    ['0', 0],
    ['007', 7],
    ['9999999999999', 9_999_999_999_999],
    ['9,999,999,999,999', 9_999_999_999_999],
    ['999,999', 999_999],
  ])('%s is read as %i', (typed, number) => {
    expect(readTypedWhole(typed)).toBe(number);
  });

  it.each([
    '',
    'ten',
    '-5',
    '1.5',
    '1,5',
    '10,00',
    '0.500',
    '1,000.000',
    '1,,000',
    '1,000,00',
    '10000000000000',
    '1000,000',
    'x1,000',
    '1,000x',
    '1,0000',
    '1 000 '.repeat(2),
  ])('"%s" is none', (typed) => {
    expect(readTypedWhole(typed)).toBeUndefined();
  });
});

describe('a factor', () => {
  it.each([
    ['2', 4, '2'],
    [' 1,5 ', 4, '1.5'],
    ['1.125', 4, '1.125'],
    ['1,1250', 4, '1.1250'],
    ['12.500', 2, '12.50'],
    ['2.000', 2, '2.00'],
    ['999999999999', 2, '999999999999'],
    ['2.0', 0, '2'],
    ['1,50000', 4, '1.5000'],
  ])('%s with %i places is read as %s', (typed, places, decimal) => {
    expect(readTypedDecimal(typed, places)).toBe(decimal);
  });

  it.each([
    ['1,000', 4],
    ['1,500', 2],
    ['1.005', 2],
    ['1.5', 0],
    ['1000000000000', 2],
    ['x1', 2],
    ['1x', 2],
    ['1.', 2],
    ['.5', 2],
    ['1.000.000', 2],
    ['-1', 2],
    ['two', 2],
    ['', 2],
  ])('"%s" with %i places is refused', (typed, places) => {
    expect(readTypedDecimal(typed, places)).toBeUndefined();
  });
});
