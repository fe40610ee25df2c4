import { describe, expect, it } from 'vitest';
import { exampleAmount, examplePoints } from './example.rules.ts';

describe('the example beside the form', () => {
  it('counts as awards do: amount times rate, rounded down', () => {
    expect(examplePoints('50', '10')).toBe(500);
    expect(examplePoints('50', '0.5')).toBe(25);
    expect(examplePoints('49.99', '1')).toBe(49);
    expect(examplePoints('50', '0.0001')).toBe(0);
  });
  it('is exact where floats are not', () => {
    expect(examplePoints('1.1', '100')).toBe(110);
    expect(examplePoints('50', '0.07')).toBe(3);
    expect(examplePoints('9.99', '10', '1.5')).toBe(149);
  });
  it('takes a decimal comma, and says nothing about what is not a number', () => {
    expect(examplePoints('50', '1,5')).toBe(75);
    expect(examplePoints('50', 'ten')).toBeUndefined();
    expect(examplePoints('50', '')).toBeUndefined();
    expect(examplePoints('50', '-1')).toBeUndefined();
  });
  it('speaks of an ordinary order in the shop’s currency', () => {
    expect(exampleAmount('USD')).toBe('50');
    expect(exampleAmount('JPY')).toBe('5000');
    expect(exampleAmount('')).toBe('50');
  });
});
