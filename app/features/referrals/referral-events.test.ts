import { expect, test } from 'vitest';
import { referralAnalytics } from './referral-events.ts';

const event = (payload: unknown, kind = 'referral.changed') => ({
  eventId: 'e1',
  merchantId: 'm1',
  shopDomain: 'demo-store.myshopify.com',
  kind,
  payload: JSON.stringify(payload),
  createdAt: '2026-12-01T00:00:00.000Z',
  attempts: 1,
  traceparent: '',
});
const payload = {
  referral_id: 'r1',
  advocate_customer_id: 'c1',
  friend_customer_id: 'c2',
  channel: 'sms',
  level: 1,
};

test.each([
  [{ status: 'pending' }, 'referral_created', { channel: 'sms' }],
  [{ status: 'completed' }, 'referral_completed', { channel: 'sms' }],
  [{ status: 'completed', level: 3 }, 'multi_tier_referral_created', { channel: 'sms', level: 3 }],
  [
    { status: 'refused', refusal: 'suspicious' },
    'referral_failed',
    { channel: 'sms', reason: 'suspicious' },
  ],
  [{ status: 'reversed' }, 'referral_failed', { channel: 'sms', reason: 'reversed' }],
])('analytics learn what became of a referral, and of nobody in it: %o', (change, name, told) => {
  expect(referralAnalytics(event({ ...payload, ...change }))).toEqual({
    merchantId: 'm1',
    id: 'e1',
    name,
    properties: told,
  });
});

test('other events, and what is not understood, are none', () => {
  expect(referralAnalytics(event({ ...payload, status: 'completed' }, 'x'))).toBeUndefined();
  expect(referralAnalytics(event({ ...payload, status: 'unheard-of' }))).toBeUndefined();
  expect(referralAnalytics(event('no object'))).toBeUndefined();
});
