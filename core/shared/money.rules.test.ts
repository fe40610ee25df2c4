import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactDecimal, floorPoints, formatAmount, parseAmount, parseExact } from './money.rules.ts';

describe('money is exact', () => {
  it('reads decimals with up to four places and refuses anything else', () => {
    expect(parseAmount('12.34')).toBe(123_400n);
    expect(parseAmount('0.0001')).toBe(1n);
    expect(parseAmount('-5')).toBe(-50_000n);
    expect(parseAmount('10.500000')).toBe(105_000n);
    for (const text of ['', '1e5', '1,00', '0.00001', ' 1', 'NaN', '--1', '1.'])
      expect(parseAmount(text)).toBeUndefined();
  });

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), (value) => {
        expect(parseAmount(formatAmount(value))).toBe(value);
      }),
    );
  });

  it('gives 10 points per dollar and drops the fraction of a point', () => {
    expect(floorPoints(parseAmount('19.99') ?? 0n, 100_000n)).toBe(199n);
    expect(floorPoints(parseAmount('0.09') ?? 0n, 100_000n)).toBe(0n);
  });

  it('multiplies without rounding in between', () => {
    expect(floorPoints(parseAmount('0.07') ?? 0n, 100_000n, 15_000n)).toBe(1n);
  });
});

describe('exact decimals', () => {
  it.each([
    [10_000n, 1n, '1'],
    [5_000n, 1n, '0.5'],
    [100_000n, 1n, '10'],
    [0n, 1n, '0'],
    [21_999_450n, 1_000n, '2.199945'],
    [1n, 1n, '0.0001'],
  ] as const)(
    '%s of %s are written in their shortest form, and read again',
    (value, over, text) => {
      expect(exactDecimal(value, over)).toBe(text);
      const again = parseExact(text);
      expect((again?.value ?? 0n) * over).toBe(value * (again?.over ?? 0n));
    },
  );

  it('have sixteen digits before the point and forty after it, and no sign', () => {
    expect(parseExact('2.5')).toEqual({ value: 25_000n, over: 1n });
    expect(parseExact('0.12345')).toEqual({ value: 12_345n, over: 10n });
    expect(parseExact(`${'9'.repeat(16)}.${'1'.repeat(40)}`)?.over).toBe(10n ** 36n);
    for (const text of ['', '-1', '1.', '1e5', '9'.repeat(17), `0.${'1'.repeat(41)}`])
      expect(parseExact(text), text).toBeUndefined();
  });
});

it('amounts are written with two places at least and four at most', () => {
  for (const text of ['0.00', '12.50', '-5.00', '-0.05', '0.0005', '1.005'])
    expect(formatAmount(parseAmount(text) ?? 0n)).toBe(text);
});

it('a rate may be for several units, and a multiplier a part', () => {
  expect(floorPoints(150_000n, 10_000n, 10_000n, 15n)).toBe(1n);
  expect(floorPoints(149_999n, 10_000n, 10_000n, 15n)).toBe(0n);
});
