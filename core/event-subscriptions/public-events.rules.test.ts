import { describe, expect, test } from 'vitest';
import { publicEventsOf, testEvent, type PublicEventFacts } from './public-events.rules.ts';
import { PUBLIC_EVENTS } from '#vocabulary/public-events.ts';

const customerId = '11111111-1111-4111-8111-111111111111';
const nothing: PublicEventFacts = {
  event_id: '7',
  kind: 'points.changed',
  payload: { customer_id: customerId, transaction_id: 'tx' },
  created_at: new Date('2026-12-01T12:00:00Z'),
  shopify_customer_id: '5001',
  is_erased: false,
  entry_type: null,
  entry_source: null,
  entry_order_id: null,
  entry_points: null,
  entry_balance_after: null,
  entry_occurred_at: null,
  reward_id: null,
  points_spent: null,
  gift: null,
  terms: null,
  from_tier: null,
  to_tier: null,
  advocate_shopify_id: null,
  friend_shopify_id: null,
  advocate_points: null,
  friend_points: null,
};
const shop = { merchantId: 'm', shopDomain: 'a.myshopify.com', language: 'en' } as const;
const told = (facts: Partial<PublicEventFacts>) => publicEventsOf({ ...nothing, ...facts }, shop);

describe('an entry of the ledger', () => {
  const entry = (type: string, points: number, balance: number) =>
    told({
      entry_type: type,
      entry_points: points,
      entry_balance_after: balance,
      entry_source: 'order',
      entry_order_id: '9001',
      entry_occurred_at: new Date('2026-11-30T08:00:00Z'),
    });

  test.each([
    ['earn', 'points.earned'],
    ['referral', 'points.earned'],
    ['campaign', 'points.earned'],
    ['redeem', 'points.redeemed'],
    ['expire', 'points.expired'],
    ['adjust', 'points.adjusted'],
    ['reversal', 'points.adjusted'],
  ])('%s is told as %s', (type, event) => {
    expect(entry(type, 10, 10).map((one) => one.type)).toEqual([event]);
  });

  test('says points, balance, reason and ids, and when it happened', () => {
    const [event] = entry('earn', 120, 620);
    expect(JSON.parse(event?.body ?? '')).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
      type: 'points.earned',
      version: 1,
      timestamp: '2026-11-30T08:00:00.000Z',
      shop: 'a.myshopify.com',
      data: {
        customer: { id: customerId, shopify_id: '5001' },
        points: 120,
        balance: 620,
        reason: 'order',
        transaction_id: 'tx',
        order_id: '9001',
      },
    });
  });

  test('that takes a balance below zero is told as that, too, and only the first', () => {
    expect(entry('adjust', -30, -10).map(({ type }) => type)).toEqual([
      'points.adjusted',
      'balance.negative',
    ]);
    expect(entry('adjust', -30, -40).map(({ type }) => type)).toEqual(['points.adjusted']);
    expect(entry('earn', 5, -40).map(({ type }) => type)).toEqual(['points.earned']);
  });
});

test('The same event has the same id and key again, and another one another', () => {
  const facts = { entry_type: 'earn', entry_points: 1, entry_balance_after: 1 };
  const [first] = told(facts);
  expect(told(facts)).toEqual([first]);
  expect(told({ ...facts, event_id: '8' })[0]?.body).not.toBe(first?.body);
});

test('A redemption and a referral are told when they are completed, and not before', () => {
  const redemption = { kind: 'redemption.changed', terms: { title: { en: '$5 off' } } };
  const referral = { kind: 'referral.changed' };
  for (const facts of [redemption, referral])
    expect(told({ ...facts, payload: { customer_id: customerId, status: 'pending' } })).toEqual([]);
  expect(
    told({ ...redemption, payload: { customer_id: customerId, status: 'completed' } }).map(
      ({ type }) => type,
    ),
  ).toEqual(['reward.redeemed']);
  const [completed] = told({
    ...referral,
    payload: { status: 'completed', advocate_customer_id: 'a', friend_customer_id: 'f' },
  });
  expect(completed).toMatchObject({ customerId: 'a', otherCustomerId: 'f' });
});

test('Nothing is told about a customer who was erased, and their tombstone is no id of Shopify’s', () => {
  const facts = { entry_type: 'earn', entry_points: 1, entry_balance_after: 1 };
  expect(told({ ...facts, is_erased: true })).toEqual([]);
  const [event] = told({ ...facts, shopify_customer_id: 'redacted-1' });
  expect(JSON.parse(event?.body ?? '')).toMatchObject({ data: { customer: { shopify_id: null } } });
});

test('Names as long as they can be leave an event far below its limit', () => {
  const name = { en: '😀'.repeat(5_000) };
  const payload = { customer_id: customerId, from: 'a', to: 'b' };
  const [event] = told({ kind: 'tier.changed', payload, from_tier: name, to_tier: name });
  expect(Buffer.byteLength(event?.body ?? '')).toBeLessThan(20_000);
});

test.each(PUBLIC_EVENTS)('A test of %s is marked as one', (type) => {
  const body = testEvent(type, { id: 'evt_1', at: new Date(0), shopDomain: shop.shopDomain });
  expect(JSON.parse(body)).toMatchObject({
    id: 'evt_1',
    type,
    test: true,
    data: { customer: { shopify_id: '5001' } },
  });
});
