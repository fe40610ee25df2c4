import { expect, test } from 'vitest';
import { fileURLToPath } from 'node:url';
import { readAppConfig } from '#e2e/shopify/app-config.ts';
import { onlyFields } from '#e2e/shopify/webhooks.ts';
import { parseCustomer } from './customer-payload.ts';
import { misfitOf } from './delivered-body.rules.ts';
import { parseOrder, parseRefund } from './order-payload.ts';
import { parseReferral } from './order-referral.ts';

const config = readAppConfig(fileURLToPath(new URL('../../../shopify.app.toml', import.meta.url)));
const at = '2026-11-05T10:00:00.000Z';
const money = (amount: string) => ({
  shop_money: { amount, currency_code: 'USD' },
  presentment_money: { amount, currency_code: 'USD' },
});
const address = {
  first_name: 'Ada',
  address1: '151 Private Street',
  phone: '+15550001',
  city: 'Ottawa',
  zip: 'K2P 2L8',
  country_code: 'CA',
  latitude: 45.4,
};
const customer = {
  id: 7,
  admin_graphql_api_id: 'gid://shopify/Customer/7',
  email: 'ada@shopper.example',
  first_name: 'Ada',
  last_name: 'Lovelace',
  state: 'enabled',
  locale: 'fr',
  phone: '+15550002',
  note: 'a private note',
  updated_at: at,
  default_address: address,
  addresses: [address],
};
const tipLine = {
  price: '3.00',
  tip: { payment_gateway: 'card' },
  properties: [{ name: 'engraving', value: 'private words' }],
};
const refund = {
  id: 9,
  order_id: 5,
  admin_graphql_api_id: 'gid://shopify/Refund/9',
  created_at: at,
  processed_at: at,
  note: 'a private note',
  refund_line_items: [
    {
      id: 1,
      line_item_id: 21,
      quantity: 1,
      subtotal: '10.00',
      subtotal_set: money('10.00'),
      total_tax: '1.00',
      total_tax_set: money('1.00'),
      line_item: { price: '10.00' },
    },
    {
      id: 2,
      line_item_id: 22,
      quantity: 1,
      subtotal: '3.00',
      subtotal_set: money('3.00'),
      line_item: tipLine,
    },
  ],
  order_adjustments: [
    {
      id: 3,
      amount: '-1.00',
      amount_set: money('-1.00'),
      tax_amount: '0.00',
      reason: 'Refund discrepancy',
    },
  ],
  refund_shipping_lines: [
    {
      id: 4,
      subtotal_amount_set: money('5.00'),
      tax_amount_set: money('0.50'),
      shipping_line: { phone: '+15550003' },
    },
  ],
  total_duties_set: money('0.70'),
  transactions: [
    {
      id: 31,
      kind: 'refund',
      status: 'pending',
      amount: '14.00',
      currency: 'USD',
      receipt: { card: '4242 private' },
      payment_details: { credit_card_name: 'Ada private' },
    },
  ],
};
const order = {
  id: 5,
  admin_graphql_api_id: 'gid://shopify/Order/5',
  name: '#1001',
  email: 'ada@shopper.example',
  contact_email: 'ada@shopper.example',
  phone: '+15550004',
  browser_ip: '203.0.113.7',
  client_details: { user_agent: 'Mozilla private', browser_ip: '203.0.113.7' },
  landing_site: '/private',
  note: 'a private note',
  note_attributes: [
    { name: '_loyalnest_ref', value: 'ABCD2345' },
    { name: '_loyalnest_ref_channel', value: 'whatsapp' },
  ],
  customer_locale: 'fr',
  currency: 'USD',
  presentment_currency: 'CAD',
  taxes_included: true,
  subtotal_price: '30.00',
  current_subtotal_price: '20.00',
  total_line_items_price: '31.00',
  total_price: '40.00',
  current_total_price: '26.00',
  total_tax: '3.00',
  total_tip_received: '3.00',
  financial_status: 'partially_refunded',
  source_name: 'pos',
  test: true,
  created_at: '2026-11-05T09:00:00Z',
  processed_at: '2026-11-04T09:00:00Z',
  updated_at: at,
  cancelled_at: at,
  customer,
  discount_codes: [{ code: 'LOYAL', amount: '1.00', type: 'fixed_amount' }],
  line_items: [
    {
      id: 21,
      product_id: 41,
      title: 'Cup',
      quantity: 2,
      current_quantity: 1,
      price: '10.00',
      gift_card: true,
      discount_allocations: [{ amount: '0.50' }],
      properties: [{ name: 'engraving', value: 'private words' }],
    },
    { id: 22, product_id: null, title: 'Tip', quantity: 1, current_quantity: 0, ...tipLine },
  ],
  refunds: [refund],
  shipping_address: address,
  billing_address: { ...address, country_code: 'US' },
};

/** A body as Shopify sends it for the subscription in shopify.app.toml. */
function sent(
  topic: string,
  body: object,
): { readonly json: Record<string, unknown>; readonly bytes: Buffer } {
  const subscription = config.subscriptions.find((one) => one.topic === topic);
  const json = onlyFields(body, subscription?.includeFields ?? []) as Record<string, unknown>;
  return { json, bytes: Buffer.from(JSON.stringify(json)) };
}
const whole = (body: object) => Buffer.from(JSON.stringify(body));
const private_ = /private|\+1555|203\.0\.113|K2P|Ottawa|45\.4/i;

test.each(['create', 'paid', 'updated', 'cancelled'] as const)(
  'orders/%s has everything that points and referrals depend on, and neither notes, places nor browsers',
  (kind) => {
    const { json, bytes } = sent(`orders/${kind}`, order);
    const trigger = kind === 'create' ? 'created' : kind;
    expect(parseOrder(bytes, trigger, at)).toEqual(parseOrder(whole(order), trigger, at));
    expect(misfitOf(`orders/${kind}`, 'a.myshopify.com', json)).toBeUndefined();
    expect(parseReferral(bytes)).toEqual(parseReferral(whole(order)));
    expect(JSON.stringify({ ...json, phone: null, shipping_address: null })).not.toMatch(private_);
    expect(Object.keys(json['shipping_address'] as object).sort()).toEqual([
      'address1',
      'country_code',
      'phone',
      'zip',
    ]);
    // An order without a country for campaigns, or without a known customer, is still an order.
    const bare = { ...order, customer: null, shipping_address: null, billing_address: null };
    expect(parseOrder(sent(`orders/${kind}`, bare).bytes, trigger, at)).toEqual(
      parseOrder(whole(bare), trigger, at),
    );
  },
);

test('refunds/create has the whole refund, and neither cards nor notes', () => {
  const { json, bytes } = sent('refunds/create', refund);
  expect(parseRefund(bytes, at)).toEqual(parseRefund(whole(refund), at));
  expect(misfitOf('refunds/create', 'a.myshopify.com', json)).toBeUndefined();
  expect(bytes.toString()).not.toMatch(private_);
});

test.each(['create', 'update', 'enable'] as const)(
  'customers/%s has the person, and neither addresses nor notes',
  (kind) => {
    const { json, bytes } = sent(`customers/${kind}`, customer);
    expect(parseCustomer(bytes, 'updated', at)).toEqual(
      parseCustomer(whole(customer), 'updated', at),
    );
    expect(misfitOf(`customers/${kind}`, 'a.myshopify.com', json)).toBeUndefined();
    expect(bytes.toString()).not.toMatch(private_);
  },
);
