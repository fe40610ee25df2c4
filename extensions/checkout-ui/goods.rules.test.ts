import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from './src/goods.rules.ts';

const line = (amount: number, id = 'gid://shopify/Product/7') => ({
  merchandise: { product: { id } },
  cost: { totalAmount: { amount } },
});
const discount = (amount: number) => ({ discountedAmount: { amount } });
const whole = (text: string) => BigInt(text.replace('.', ''));

test('lines have the product’s numeric id and the amount paid', () => {
  expect(linesOf([line(19.99), line(0.1, 'gid://shopify/Product/8')], [])).toEqual([
    { product_id: '7', subtotal: '19.9900' },
    { product_id: '8', subtotal: '0.1000' },
  ]);
});

test('an order discount is spread over its lines by their value', () => {
  expect(linesOf([line(30), line(10)], [discount(4)])).toEqual([
    { product_id: '7', subtotal: '27.0000' },
    { product_id: '7', subtotal: '9.0000' },
  ]);
});

test('a discount of more than the goods cost leaves nothing to earn by, and no debt', () => {
  expect(linesOf([line(30), line(10)], [discount(25), discount(15)])).toMatchObject([
    { subtotal: '0.0000' },
    { subtotal: '0.0000' },
  ]);
  expect(linesOf([line(30)], [discount(31)])).toMatchObject([{ subtotal: '0.0000' }]);
  expect(linesOf([line(0)], [discount(5)])).toMatchObject([{ subtotal: '0.0000' }]);
  expect(linesOf([], [discount(5)])).toEqual([]);
});

test('what is left of a thousandth goes to the lines behind, not to no one', () => {
  expect(
    linesOf([line(1), line(1), line(1)], [discount(1)]).map(({ subtotal }) => subtotal),
  ).toEqual(['0.6667', '0.6667', '0.6666']);
});

test('a line of a product that has no number is left out, with its part of the discount', () => {
  expect(linesOf([line(30), line(10, 'gid://shopify/Product/x')], [discount(4)])).toEqual([
    { product_id: '7', subtotal: '27.0000' },
  ]);
});

test('nothing is lost to rounding, and no line is below zero', () => {
  const cents = fc.integer({ min: 0, max: 1_000_000 }).map((amount) => amount / 100);
  fc.assert(
    fc.property(
      fc.array(cents, { minLength: 1, maxLength: 8 }),
      fc.array(cents, { maxLength: 3 }),
      (amounts, off) => {
        const subtotals = linesOf(
          amounts.map((amount) => line(amount)),
          off.map(discount),
        ).map(({ subtotal }) => whole(subtotal));
        const total = amounts.reduce((sum, amount) => sum + whole(amount.toFixed(4)), 0n);
        const less = off.reduce((sum, amount) => sum + whole(amount.toFixed(4)), 0n);
        const expected = less > total ? 0n : total - less;
        expect(subtotals.every((subtotal) => subtotal >= 0n)).toBe(true);
        expect(subtotals.reduce((sum, subtotal) => sum + subtotal, 0n)).toBe(expected);
      },
    ),
  );
});
