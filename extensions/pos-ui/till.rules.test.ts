import { expect, test } from 'vitest';
import { tillStateOf } from './src/till.rules.ts';

test('a till without a connection knows nobody’s points', () => {
  expect(tillStateOf('Disconnected', { id: 7 })).toEqual({ kind: 'offline' });
  expect(tillStateOf('Disconnected', undefined)).toEqual({ kind: 'offline' });
});

test('a till asks for a customer, and then for their points', () => {
  expect(tillStateOf('Connected', undefined)).toEqual({ kind: 'no_customer' });
  expect(tillStateOf('Connected', { id: 7 })).toEqual({ kind: 'customer', id: '7' });
});
