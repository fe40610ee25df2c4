import { expect, test } from 'vitest';
import { parseOrderRisk, parseReferral } from './order-referral.ts';

const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
const order = {
  id: 5,
  customer: { id: 7 },
  note_attributes: [{ name: '_loyalnest_ref', value: ' abcd2345 ' }],
};

test('an order names the link in whatever channel is known, and a copied one otherwise', () => {
  const named = (channel: unknown) =>
    parseReferral(
      bytes({
        ...order,
        note_attributes: [
          ...order.note_attributes,
          { name: '_loyalnest_ref_channel', value: channel },
        ],
      }),
    )?.referral;
  expect(named('whatsapp')).toEqual({ code: 'abcd2345', channel: 'whatsapp' });
  expect(named('carrier pigeon')).toEqual({ code: 'abcd2345', channel: 'copy' });
  expect(parseReferral(bytes(order))?.referral).toEqual({ code: 'abcd2345', channel: 'copy' });
});

test.each([
  ['nobody', { ...order, customer: null }],
  ['a test', { ...order, test: true }],
])('the order of %s is no friend’s', (_, body) => {
  expect(parseReferral(bytes(body))).toBeUndefined();
});

test('whatever else is odd, the order is understood without it', () => {
  const odd = { ...order, note_attributes: 'none', shipping_address: 7, phone: { number: 1 } };
  expect(parseReferral(bytes(odd))).toEqual({
    shopifyCustomerId: '7',
    referral: undefined,
    traces: { phone: '' },
  });
});

test('only a verdict of Shopify’s own is a rating', () => {
  const risk = {
    order_id: '820982911946154508',
    admin_graphql_api_order_id: 'gid://shopify/Order/820982911946154508',
    provider_id: null,
    risk_level: 'HIGH',
    created_at: '2026-11-05T10:00:00-05:00',
  };
  const at = '2026-11-05T16:00:00.000Z';
  expect(parseOrderRisk(bytes(risk), at)).toEqual({
    orderId: '820982911946154508',
    risk: 'high',
    ratedAt: '2026-11-05T15:00:00.000Z',
  });
  expect(parseOrderRisk(bytes({ ...risk, created_at: null }), at)?.ratedAt).toBe(at);
  for (const changes of [
    { risk_level: 'none' },
    { provider_id: 12 },
    { order_id: null, admin_graphql_api_order_id: null },
  ])
    expect(parseOrderRisk(bytes({ ...risk, ...changes }), at)).toBeUndefined();
});
