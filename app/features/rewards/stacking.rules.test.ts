import { describe, expect, test } from 'vitest';
import { stack } from './stacking.rules.ts';
import type { Cart, Stackable } from './stacking.rules.ts';

const money = (units: number) => BigInt(Math.round(units * 100)) * 100n;
const cart = (changes: Partial<Record<keyof Cart, number>> = {}): Cart => ({
  goods: money(changes.goods ?? 100),
  inCollection: money(changes.inCollection ?? 40),
  freeProduct: money(changes.freeProduct ?? 12),
  shipping: money(changes.shipping ?? 5),
});
const all = { order: true, product: true, shipping: true };
const none = { order: false, product: false, shipping: false };

const fiveOff = (changes: Partial<Stackable> = {}): Stackable => ({
  id: 'five',
  class: 'order',
  combinesWith: all,
  off: { kind: 'amount', amount: money(5) },
  minimum: null,
  ...changes,
});
const tenPercent = (changes: Partial<Stackable> = {}): Stackable => ({
  ...fiveOff({ id: 'ten', off: { kind: 'percent', percent: 100_000n } }),
  ...changes,
});
const freeShipping = (changes: Partial<Stackable> = {}): Stackable => ({
  ...fiveOff({ id: 'shipping', class: 'shipping', off: { kind: 'shipping', upTo: null } }),
  ...changes,
});
const mug = (changes: Partial<Stackable> = {}): Stackable => ({
  ...fiveOff({ id: 'mug', class: 'product', off: { kind: 'product' } }),
  ...changes,
});
const why = (codes: Stackable[], inCart = cart()) =>
  Object.fromEntries(stack(codes, inCart).verdicts.map((one) => [one.id, one.refusal ?? 'ok']));

describe('codes in one cart', () => {
  test('apply in Shopify’s order (goods, order, delivery), whatever the order of entry', () => {
    const result = stack([freeShipping(), tenPercent(), mug()], cart());
    expect(result.verdicts.map(({ id, place, off }) => [id, place, off])).toEqual([
      ['shipping', 3, money(5)],
      // Ten percent of what is left after the free mug.
      ['ten', 2, money(8.8)],
      ['mug', 1, money(12)],
    ]);
    expect(result.total).toBe(money(100 - 12 - 8.8));
  });

  test('combine only when both allow it', () => {
    expect(why([fiveOff(), tenPercent()])).toEqual({ five: 'ok', ten: 'ok' });
    expect(why([fiveOff({ combinesWith: none }), tenPercent()])).toEqual({
      five: 'ok',
      ten: 'does_not_combine',
    });
    expect(why([fiveOff(), tenPercent({ combinesWith: none })])).toEqual({
      five: 'ok',
      ten: 'does_not_combine',
    });
    const [, second] = stack([fiveOff({ combinesWith: none }), tenPercent()], cart()).verdicts;
    expect(second?.because).toBe('five');
  });

  test('are checked against the other code’s class', () => {
    const withShippingOnly = fiveOff({ combinesWith: { ...none, shipping: true } });
    const withOrderOnly = freeShipping({ combinesWith: { ...none, order: true } });
    expect(why([withShippingOnly, withOrderOnly])).toEqual({ five: 'ok', shipping: 'ok' });
    expect(why([withShippingOnly, mug()])).toEqual({ five: 'ok', mug: 'does_not_combine' });
  });

  test('for shipping are at most one', () => {
    expect(why([freeShipping(), freeShipping({ id: 'again' })])).toEqual({
      shipping: 'ok',
      again: 'one_shipping',
    });
  });

  test('for goods are at most five, plus one for shipping', () => {
    const many = Array.from({ length: 6 }, (_, index) =>
      fiveOff({ id: String(index), off: { kind: 'amount', amount: money(1) } }),
    );
    expect(why([...many, freeShipping()])).toMatchObject({
      '4': 'ok',
      '5': 'five_at_most',
      shipping: 'ok',
    });
  });

  test('for the same goods: the best one counts, and its name is shown', () => {
    const small = fiveOff({ class: 'product' });
    const large = tenPercent({ class: 'product', off: { kind: 'percent', percent: 500_000n } });
    const result = stack([small, large], cart());
    expect(result.verdicts).toMatchObject([
      { id: 'five', place: 0, refusal: 'another_is_better', because: 'ten' },
      { id: 'ten', place: 1, off: money(20) },
    ]);
  });

  test('require their conditions: goods of the collection, the product, the minimum purchase, the shipping rate', () => {
    expect(why([fiveOff({ class: 'product' })], cart({ inCollection: 0 }))).toEqual({
      five: 'nothing_in_cart',
    });
    expect(why([mug()], cart({ freeProduct: 0 }))).toEqual({ mug: 'nothing_in_cart' });
    expect(why([fiveOff({ minimum: money(100.01) })])).toEqual({ five: 'below_minimum' });
    expect(why([fiveOff({ minimum: money(100) })])).toEqual({ five: 'ok' });
    const dear = freeShipping({ off: { kind: 'shipping', upTo: money(4.99) } });
    expect(why([dear])).toEqual({ shipping: 'shipping_too_dear' });
  });

  test('never take off more than the total', () => {
    const result = stack(
      [fiveOff({ off: { kind: 'amount', amount: money(80) } }), tenPercent(), fiveOff({ id: 'x' })],
      cart({ goods: 60, shipping: 0 }),
    );
    expect(result.total).toBe(0n);
  });

  test('a refused code blocks no other', () => {
    const refused = fiveOff({ combinesWith: none, minimum: money(500) });
    expect(why([refused, tenPercent()])).toEqual({ five: 'below_minimum', ten: 'ok' });
  });

  test('say what is left to pay of the goods and of the delivery', () => {
    expect(stack([], cart())).toEqual({
      verdicts: [],
      goods: money(100),
      shipping: money(5),
      total: money(105),
    });
    expect(stack([fiveOff(), freeShipping()], cart())).toEqual({
      verdicts: [
        { id: 'five', place: 1, off: money(5) },
        { id: 'shipping', place: 2, off: money(5) },
      ],
      goods: money(95),
      shipping: 0n,
      total: money(95),
    });
  });

  test('that are refused have no place and take nothing off', () => {
    const [refused] = stack([fiveOff({ minimum: money(500) })], cart()).verdicts;
    expect(refused).toEqual({ id: 'five', place: 0, off: 0n, refusal: 'below_minimum' });
    const [, again] = stack([freeShipping(), freeShipping({ id: 'again' })], cart()).verdicts;
    expect(again).toEqual({
      id: 'again',
      place: 0,
      off: 0n,
      refusal: 'one_shipping',
      because: 'shipping',
    });
  });

  test('of an order are taken off one after the other, as they were entered', () => {
    const half = tenPercent({ off: { kind: 'percent', percent: 500_000n } });
    const offs = (codes: Stackable[]) => stack(codes, cart()).verdicts.map(({ off }) => off);
    expect(offs([fiveOff(), half])).toEqual([money(5), money(47.5)]);
    expect(offs([half, fiveOff()])).toEqual([money(50), money(5)]);
  });

  test('of the goods that are alike: the first one entered counts', () => {
    const one = fiveOff({ class: 'product' });
    const other = fiveOff({ id: 'other', class: 'product' });
    expect(stack([one, other], cart()).verdicts).toMatchObject([
      { id: 'five', place: 1, off: money(5) },
      { id: 'other', place: 0, off: 0n, refusal: 'another_is_better', because: 'five' },
    ]);
    const better = fiveOff({
      id: 'better',
      class: 'product',
      off: { kind: 'amount', amount: money(6) },
    });
    expect(why([one, better])).toEqual({ five: 'another_is_better', better: 'ok' });
    expect(why([better, one])).toEqual({ better: 'ok', five: 'another_is_better' });
  });

  test('of a free product stand beside those of its collection, and among themselves one counts', () => {
    const codes = [fiveOff({ class: 'product' }), mug(), mug({ id: 'again' })];
    expect(stack(codes, cart()).verdicts).toMatchObject([
      { id: 'five', off: money(5) },
      { id: 'mug', off: money(12) },
      { id: 'again', off: 0n, because: 'mug' },
    ]);
  });

  test('of the goods take no more than the goods cost, and of their collection no more than it does', () => {
    const large = fiveOff({ class: 'product', off: { kind: 'amount', amount: money(80) } });
    expect(stack([large], cart()).verdicts).toMatchObject([{ off: money(40) }]);
    expect(stack([large, mug()], cart({ goods: 45 }))).toMatchObject({
      verdicts: [{ off: money(40) }, { off: money(5) }],
      goods: 0n,
    });
    expect(stack([fiveOff()], cart({ goods: 5 })).goods).toBe(0n);
  });

  test('of the delivery are good whatever is in the cart, and however it is paid for', () => {
    expect(why([freeShipping()], cart({ goods: 0, inCollection: 0 }))).toEqual({ shipping: 'ok' });
    expect(why([freeShipping({ minimum: money(100) })])).toEqual({ shipping: 'ok' });
    expect(why([freeShipping({ minimum: money(100.01) })])).toEqual({ shipping: 'below_minimum' });
    const upTo = freeShipping({ off: { kind: 'shipping', upTo: money(5) } });
    expect(why([upTo])).toEqual({ shipping: 'ok' });
  });

  test('of a collection ask for their least amount in goods of that collection', () => {
    const forForty = fiveOff({ class: 'product', minimum: money(40) });
    expect(why([forForty])).toEqual({ five: 'ok' });
    expect(why([{ ...forForty, minimum: money(40.01) }])).toEqual({ five: 'below_minimum' });
    expect(why([fiveOff()], cart({ goods: 0 }))).toEqual({ five: 'nothing_in_cart' });
  });

  test('of the delivery do not count towards the five of the goods', () => {
    const many = Array.from({ length: 5 }, (_, index) => fiveOff({ id: String(index) }));
    expect(why([freeShipping(), ...many])).toMatchObject({ shipping: 'ok', '4': 'ok' });
  });
});
