import { expect, test } from 'vitest';
import { posStateOf } from './src/pos.rules.ts';

test('POS without a connection knows no one’s points', () => {
  expect(posStateOf('Disconnected', { id: 7 })).toEqual({ kind: 'offline' });
  expect(posStateOf('Disconnected', undefined)).toEqual({ kind: 'offline' });
});

test('POS asks for a customer, and then for their points', () => {
  expect(posStateOf('Connected', undefined)).toEqual({ kind: 'no_customer' });
  expect(posStateOf('Connected', { id: 7 })).toEqual({ kind: 'customer', id: '7' });
});
