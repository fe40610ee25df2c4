import { expect, it } from 'vitest';
import { dollarSizes } from '../../proto/shared/currency-size.rules.ts';
import { dollarIn, startingRate } from './currency-size.rules.ts';
import { floorPoints } from './money.rules.ts';
import { programFromConfig, startingConfig } from '../program/program.rules.ts';

// What a dollar was in autumn 2026, as far as anybody needs to know.
it.each([
  ['USD', '1'],
  ['EUR', '0.88'],
  ['JPY', '153'],
  ['KRW', '1420'],
  ['IDR', '16500'],
  ['VND', '26200'],
  ['KWD', '0.307'],
  ['BHD', '0.376'],
])('a new program in %s gives about ten points for a dollar', (currency, dollar) => {
  const { rate, per } = programFromConfig(startingConfig(currency));
  const points = floorPoints(
    BigInt(Math.round(Number(dollar) * 100 * 10_000)),
    rate,
    undefined,
    per,
  );
  expect(Number(points)).toBeGreaterThan(800);
  expect(Number(points)).toBeLessThan(1_250);
});

it('says it in whole numbers, also where half a unit is a dollar', () => {
  expect(startingRate('USD')).toEqual({ points: 10n, per: 1n });
  expect(startingRate('JPY')).toEqual({ points: 1n, per: 15n });
  expect(startingRate('ILS')).toEqual({ points: 20n, per: 7n });
  expect(startingRate('VND')).toEqual({ points: 1n, per: 2_600n });
  expect(startingRate('BHD')).toEqual({ points: 25n, per: 1n });
  expect(startingRate('JOD')).toEqual({ points: 14n, per: 1n });
  expect(startingRate('KWD')).toEqual({ points: 33n, per: 1n });
  for (const currency of Object.keys(dollarSizes)) {
    const { points, per } = startingRate(currency);
    expect(points >= 1n && per >= 1n && dollarIn(currency) > 0n).toBe(true);
  }
});

it.each([
  ['USD', 10_000n],
  ['ILS', 35_000n],
  ['KWD', 3_000n],
  ['JPY', 1_500_000n],
  // A currency without a known size.
  ['XXX', 10_000n],
])('a dollar is about so many ten-thousandths in %s: %s', (currency, size) => {
  expect(dollarIn(currency)).toBe(size);
});
