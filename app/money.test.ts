import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDecimal, parseDecimal } from './money.ts';

test('money keeps its digits', () => {
  for (const text of ['0.00', '12.50', '0.1234', '-3.10', '1000000000000.00'])
    expect(formatDecimal(parseDecimal(text))).toBe(text);
  expect(formatDecimal(parseDecimal('12'))).toBe('12.00');
  expect(formatDecimal(parseDecimal('-0.5'))).toBe('-0.50');
});

test('money is counted in ten-thousandths', () => {
  expect(parseDecimal('1')).toBe(10_000n);
  expect(parseDecimal('-12.3456')).toBe(-123_456n);
  expect(formatDecimal(1n)).toBe('0.0001');
  expect(formatDecimal(-1n)).toBe('-0.0001');
  expect(() => parseDecimal('ten')).toThrow('not a decimal with at most four places');
});

test('every amount round-trips', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (value) => {
      expect(parseDecimal(formatDecimal(value))).toBe(value);
    }),
  );
});

test.each(['', '1.', '.5', '1e3', '1.23456', 'NaN', '+1', ' 1', '12345678901234567'])(
  '%j is no amount',
  (text) => {
    expect(() => parseDecimal(text)).toThrow(RangeError);
  },
);
