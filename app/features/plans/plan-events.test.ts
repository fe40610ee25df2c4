import { expect, test } from 'vitest';
import { planAnalytics } from './plan-events.ts';

const event = (kind: string, payload: unknown) => ({
  eventId: 'e1',
  merchantId: 'm1',
  shopDomain: 'demo-store.myshopify.com',
  kind,
  payload: JSON.stringify(payload),
  createdAt: '2026-12-01T00:00:00.000Z',
  attempts: 1,
  traceparent: '',
});
const near = {
  what: 'orders',
  plan_id: 'free',
  orders_used: 250,
  orders_limit: 300,
  sms_referrals_used: 0,
  sms_referrals_limit: 50,
};

test('analytics receive that a plan’s limit is near, as numbers', () => {
  expect(planAnalytics(event('plan.limit_near', near))).toEqual({
    merchantId: 'm1',
    id: 'e1',
    name: 'plan_limit_warning',
    properties: near,
  });
  expect(planAnalytics(event('points.changed', near))).toBeUndefined();
  expect(planAnalytics(event('plan.limit_near', {}))).toBeUndefined();
});
