import { expect, test } from 'vitest';
import { groupSetAside } from './set-aside.ts';

const item = (kind: string, shopifyId: string, code: string) => ({
  kind,
  shopifyId,
  code,
  field: '',
});

test('what the first sync left out is listed by kind and reason, with a few ids', () => {
  const orders = ['1', '2', '3', '4', '5', '6', ''].map((id) => item('order', id, 'unreadable'));
  expect(
    groupSetAside({
      setAside: [
        item('customer', '9', 'shopify_refused'),
        ...orders,
        item('order', '7', 'invalid_input'),
        item('order', '8', 'internal'),
      ],
    }),
  ).toEqual([
    { kind: 'order', reason: 'unreadable', count: 7, ids: ['1', '2', '3', '4', '5'] },
    { kind: 'order', reason: 'not_accepted', count: 2, ids: ['7', '8'] },
    { kind: 'customer', reason: 'shopify_refused', count: 1, ids: ['9'] },
  ]);
  expect(groupSetAside({ setAside: [] })).toEqual([]);
});
