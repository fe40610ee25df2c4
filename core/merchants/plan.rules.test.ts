import { expect, it } from 'vitest';
import { allowanceOf, warningOf } from './plan.rules.ts';

it.each([
  [0, 300, 'fine'],
  [239, 300, 'fine'],
  [240, 300, 'near'],
  [299, 300, 'near'],
  [300, 300, 'reached'],
  [4_000, 300, 'reached'],
  [3, 4, 'fine'],
  [0, 0, 'reached'],
])('%d of %d is %s', (used, limit, standing) => {
  expect(allowanceOf(used, limit)).toEqual({ used, limit, standing });
});

it('without a limit nothing is ever near it', () => {
  expect(allowanceOf(1_000_000, null)).toEqual({ used: 1_000_000, limit: -1, standing: 'fine' });
});

it('a warning names what is near its limit', () => {
  const fine = allowanceOf(1, 300);
  const near = allowanceOf(290, 300);
  expect(warningOf({ orders: fine, smsReferrals: fine })).toBe('');
  expect(warningOf({ orders: near, smsReferrals: fine })).toBe('orders');
  expect(warningOf({ orders: near, smsReferrals: near })).toBe('orders+sms_referrals');
});
