import { describe, expect, test } from 'vitest';
import { GetWidgetResponse } from '#proto/frontend/v1/frontend.ts';
import { toWidget, wholePoints } from './widget.server.ts';

const response = GetWidgetResponse.fromPartial({
  locale: 'en',
  currency: 'USD',
  firstName: 'Ada',
  pointsName: { one: 'Star', other: 'Stars' },
  balance: { balance: 120, available: 100, held: 20, expiringPoints: 0 },
  program: {
    active: true,
    purchase: { enabled: true, pointsPerUnit: '10', awardOn: 'paid' },
    signup: { enabled: true, points: 200 },
  },
  recent: [
    {
      transactionId: 't1',
      type: 'earn',
      points: 120,
      balanceAfter: 120,
      orderName: '#1001',
      occurredAt: '2026-11-23T10:00:00Z',
      reason: 'for staff',
      explanation: {
        reasonCode: 'order_paid',
        base: { amount: '12.00', currency: 'USD' },
        rate: '10',
        multiplier: '1',
      },
    },
  ],
});

describe('the widget of a member', () => {
  test('has balance, ways to earn and the latest entries with their reason', () => {
    expect(toWidget(response)).toEqual({
      version: 1,
      customer: { balance: 120, available: 100, held: 20, debt: 0, name: 'Ada' },
      points_name: { one: 'Star', other: 'Stars' },
      locale: 'en',
      program: { active: true },
      earn: [
        { action: 'purchase', points: 10, per: { amount: '1', currency: 'USD' }, done: false },
        { action: 'signup', points: 200, done: false },
      ],
      recent: [
        {
          id: 't1',
          type: 'earn',
          points: 120,
          balance_after: 120,
          at: '2026-11-23T10:00:00Z',
          reason_code: 'order_paid',
          params: { base: '12.00', currency: 'USD', rate: '10' },
          order_name: '#1001',
          explanation: 'Purchase, order #1001: $12.00 × 10 Stars.',
        },
      ],
      expiring: null,
      sign_in_url: '/account/login',
      register_url: '/account/register',
    });
  });

  test('of a guest has no balance; of a programme that rests, no ways to earn', () => {
    const guest = toWidget({ ...response, balance: undefined, program: undefined });
    expect(guest).toMatchObject({ customer: null, earn: [], program: { active: false } });
  });
});

test.each([
  ['10', 10, '1'],
  ['1', 1, '1'],
  ['1.5', 3, '2'],
  ['0.25', 1, '4'],
  ['0.1', 1, '10'],
  ['0.0125', 125, '10000'],
  ['0', 0, '1'],
])('%s points a unit is %s for every %s', (rate, points, amount) => {
  expect(wholePoints(rate)).toEqual({ points, amount });
});
