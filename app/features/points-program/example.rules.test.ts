import { describe, expect, it } from 'vitest';
import { exampleAmount, examplePoints } from './example.rules.ts';

const rate = (points: string, per: string) => ({ points, per });

describe('the example beside the form', () => {
  it('computes like an award: amount times rate, rounded down', () => {
    expect(examplePoints('50', rate('10', '1'))).toBe(500);
    expect(examplePoints('50', rate('1', '2'))).toBe(25);
    expect(examplePoints('49.99', rate('1', '1'))).toBe(49);
    expect(examplePoints('50', rate('1', '10000'))).toBe(0);
    expect(examplePoints('1200000', rate('10', '25,000'))).toBe(480);
    expect(examplePoints('50', rate('1,000', '1'))).toBe(50_000);
  });
  it('is exact where floats are not', () => {
    expect(examplePoints('1.1', rate('100', '1'))).toBe(110);
    expect(examplePoints('50', rate('7', '100'))).toBe(3);
    expect(examplePoints('9.99', rate('10', '1'), '1.5')).toBe(149);
    expect(examplePoints('14999', rate('1', '15'))).toBe(999);
    expect(examplePoints('0.0001', rate('10000', '1'))).toBe(1);
    expect(examplePoints('123456789012.5', rate('2', '1'))).toBe(246_913_578_025);
    expect(examplePoints('10', rate('1', '1'), '1,2345')).toBe(12);
    expect(examplePoints('0', rate('1', '1'))).toBe(0);
    expect(examplePoints('0.9999', rate('10000', '1'))).toBe(9_999);
  });
  it('is empty for input that is not a number', () => {
    expect(examplePoints('50', rate('ten', '1'))).toBeUndefined();
    expect(examplePoints('50', rate('', '1'))).toBeUndefined();
    expect(examplePoints('50', rate('-1', '1'))).toBeUndefined();
    expect(examplePoints('50', rate('1', '0'))).toBeUndefined();
    expect(examplePoints('50', rate('1', ''))).toBeUndefined();
    for (const factor of ['twice', '', '1.23456'])
      expect(examplePoints('50', rate('1', '1'), factor), factor).toBeUndefined();
    for (const amount of ['', 'fifty', '-5', '1.23456', 'x5', '5x', '1234567890123'])
      expect(examplePoints(amount, rate('1', '1')), amount).toBeUndefined();
  });
  it('uses an ordinary order in the shop’s currency', () => {
    expect(exampleAmount('USD')).toBe('50');
    expect(exampleAmount('JPY')).toBe('7500');
    expect(exampleAmount('KWD')).toBe('15');
    expect(exampleAmount('')).toBe('50');
  });
});
