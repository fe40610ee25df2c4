import { expect, test } from 'vitest';
import { freshShop } from '#e2e/shopify/seed.ts';
import { demoOptions } from './demo.ts';

test('the demo opens an empty shop, or one in another currency, when asked to', () => {
  expect(demoOptions([])).toEqual({ isReset: false, isEmpty: false, currency: 'USD' });
  expect(demoOptions(['--empty'])).toMatchObject({ isEmpty: true, currency: 'USD' });
  expect(demoOptions(['--reset', '--currency', 'jpy'])).toEqual({
    isReset: true,
    isEmpty: false,
    currency: 'JPY',
  });
  expect(demoOptions(['--currency=KWD'])).toMatchObject({ currency: 'KWD' });
});

test.each([[['--emty']], [['--currency']], [['--currency', 'XYZ']]])(
  'the demo names an unknown option: %o',
  (args) => {
    expect(() => demoOptions(args)).toThrow(/demo/);
  },
);

test('a shop in yen has prices in whole yen', () => {
  const { shop, products } = freshShop('shop.myshopify.com', [], 'JPY');
  expect(shop.currency).toBe('JPY');
  expect(products.every(({ price }) => Number.isInteger(price) && price > 500)).toBe(true);
});
