import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorPoints, formatAmount, parseAmount } from './money.rules.ts';

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
