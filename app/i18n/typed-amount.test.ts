import { expect, it } from 'vitest';
import { readTypedAmount } from './typed-amount.ts';

it.each([
  ['5', 'USD', '5'],
  ['4.90', 'USD', '4.90'],
  ['4,90', 'USD', '4.90'],
  ['4.9', 'EUR', '4.9'],
  ['1,000', 'USD', '1000'],
  ['1.000', 'EUR', '1000'],
  ['1,234.50', 'USD', '1234.50'],
  ['1.234,50', 'EUR', '1234.50'],
  ['1 234,50', 'EUR', '1234.50'],
  ['5.000', 'KWD', '5.000'],
  ['0.250', 'KWD', '0.250'],
  ['1,234.500', 'KWD', '1234.500'],
  ['500.000', 'VND', '500000'],
  ['1.300.000', 'VND', '1300000'],
  ['26,000,000,000', 'VND', '26000000000'],
  ['16000000', 'IDR', '16000000'],
  ['750', 'JPY', '750'],
  ['750.00', 'JPY', '750'],
])('%s in %s is read as %s', (typed, currency, amount) => {
  expect(readTypedAmount(typed, currency)).toBe(amount);
});

it.each([
  ['5.50', 'JPY'],
  ['4.9051', 'USD'],
  ['1,00,000.5.0', 'USD'],
  ['12,34,567', 'USD'],
  ['five', 'USD'],
  ['-5', 'USD'],
  ['', 'USD'],
  ['5.', 'USD'],
  ['0.500', 'USD'],
  ['0,500.00', 'USD'],
  ['1234567890123', 'VND'],
])('%s is not an amount in %s', (typed, currency) => {
  expect(readTypedAmount(typed, currency)).toBeUndefined();
});
