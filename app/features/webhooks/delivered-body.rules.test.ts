import { describe, expect, it } from 'vitest';
import { misfitOf, readObject } from './delivered-body.rules.ts';

const shop = 'mugs.myshopify.com';
const gid = (kind: string) => ({ admin_graphql_api_id: `gid://shopify/${kind}/7` });
const missing = 'Is missing; the body is not of this topic.';
const foreign = 'Belongs to a body of another topic.';

const order = { id: 7, ...gid('Order'), customer: { id: 1 }, line_items: [] };
const customer = { id: 7, ...gid('Customer'), email: 'ada@shopper.example' };
const ownShop = { id: 7, ...gid('Shop'), domain: 'mugs.example', myshopify_domain: shop };
const asked = { shop_domain: shop, customer: { id: 7 } };
const merged = {
  admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/1',
  admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/2',
};
const orderForeign = [
  'order_id',
  'refund_line_items',
  'myshopify_domain',
  'shop_domain',
  'orders_count',
];
const customerForeign = [
  'line_items',
  'financial_status',
  'order_id',
  'order_edit',
  'customer',
  'myshopify_domain',
  'shop_domain',
];
const ofShop = ['id', 'myshopify_domain'];

/** Topic, a body of it, what it cannot be without, and what no body of it has. */
const topics: [string, object, string[], string[]][] = [
  ['orders/create', order, ['id'], orderForeign],
  ['orders/paid', order, ['id'], orderForeign],
  ['orders/updated', order, ['id'], orderForeign],
  ['orders/cancelled', order, ['id'], orderForeign],
  [
    'orders/edited',
    { order_edit: { order_id: 7 } },
    [],
    ['order_id', 'myshopify_domain', 'shop_domain'],
  ],
  ['refunds/create', { id: 9, order_id: 7, ...gid('Refund') }, ['id', 'order_id'], ['line_items']],
  ['customers/create', customer, ['id'], customerForeign],
  ['customers/update', customer, ['id'], customerForeign],
  ['customers/enable', customer, ['id'], customerForeign],
  ['customers/delete', { id: 7 }, ['id'], ['line_items', 'order_id', 'shop_domain']],
  ['customers/merge', merged, Object.keys(merged), []],
  ['customers_email_marketing_consent/update', { customer_id: 7 }, [], ['line_items']],
  ['customer.tags_added', { customerId: 7 }, [], ['line_items']],
  ['customer.tags_removed', { customerId: 7 }, [], ['line_items']],
  ['bulk_operations/finish', gid('BulkOperation'), ['admin_graphql_api_id'], []],
  ['app/uninstalled', ownShop, ofShop, ['customer']],
  ['app/scopes_update', { current: ['read_orders'] }, ['current'], []],
  ['shop/update', ownShop, ofShop, ['customer']],
  ['customers/data_request', asked, ['shop_domain', 'customer'], ['orders_to_redact']],
  ['customers/redact', asked, ['shop_domain', 'customer'], ['orders_requested', 'data_request']],
  [
    'shop/redact',
    { shop_domain: shop },
    ['shop_domain'],
    ['customer', 'orders_to_redact', 'orders_requested', 'data_request'],
  ],
];

describe.each(topics)('a delivery of %s', (topic, body, required, others) => {
  it('is believed with a body of its own', () => {
    expect(misfitOf(topic, shop, { ...body })).toBeUndefined();
  });

  it('is not believed without what such a body always has', () => {
    for (const field of required)
      for (const value of [undefined, null])
        expect(misfitOf(topic, shop, { ...body, [field]: value })).toEqual({
          field,
          message: missing,
        });
  });

  it('is not believed with what only bodies of other topics have', () => {
    for (const field of others) {
      // A shop's own address is looked at before all else.
      const value = field.endsWith('_domain') ? shop : null;
      expect(misfitOf(topic, shop, { ...body, [field]: value })).toEqual({
        field,
        message: foreign,
      });
    }
  });
});

describe('what a body says of itself', () => {
  it.each(['myshopify_domain', 'shop_domain'])('is believed of no other shop in %s', (field) => {
    const names = (named: unknown) => misfitOf('of/tomorrow', shop, { [field]: named });
    for (const other of ['other.myshopify.com', '', 7, { a: 1 }])
      expect(names(other)).toEqual({ field, message: 'Names another shop than the header.' });
    for (const own of [shop, 'Mugs.MyShopify.com', null, undefined])
      expect(names(own)).toBeUndefined();
  });

  it.each([
    ['orders/paid', 'Refund'],
    ['refunds/create', 'Order'],
    ['customers/update', 'Order'],
    ['shop/update', 'Customer'],
    ['bulk_operations/finish', 'Order'],
  ])('is not believed as %s of a %s', (topic, kind) => {
    const body = topics.find(([one]) => one === topic)?.[1];
    expect(misfitOf(topic, shop, { ...body, ...gid(kind) })).toEqual({
      field: 'admin_graphql_api_id',
      message: 'Is of another kind than the topic.',
    });
  });

  it('is believed where it does not name its kind', () => {
    for (const admin_graphql_api_id of [
      undefined,
      null,
      7,
      'xgid://shopify/Refund/7',
      'gid://other/Refund/7',
    ])
      expect(misfitOf('orders/paid', shop, { ...order, admin_graphql_api_id })).toBeUndefined();
    expect(misfitOf('customers/delete', shop, { id: 7, ...gid('Order') })).toBeUndefined();
  });

  it('is not believed when it says that the thing has not happened', () => {
    expect(misfitOf('orders/cancelled', shop, { ...order, cancelled_at: null })).toEqual({
      field: 'cancelled_at',
      message: 'The order is not cancelled.',
    });
    for (const financial_status of ['pending', 'authorized'])
      expect(misfitOf('orders/paid', shop, { ...order, financial_status })).toEqual({
        field: 'financial_status',
        message: 'The order is not paid.',
      });
    for (const state of ['disabled', 'invited', 'declined'])
      expect(misfitOf('customers/enable', shop, { ...customer, state })).toEqual({
        field: 'state',
        message: 'The customer has no account.',
      });
  });

  it('is believed of other topics, and when it says that it has', () => {
    const open = { ...order, cancelled_at: null, financial_status: 'pending' };
    expect(misfitOf('orders/updated', shop, open)).toBeUndefined();
    expect(misfitOf('orders/paid', shop, { ...order, cancelled_at: null })).toBeUndefined();
    expect(misfitOf('orders/paid', shop, { ...order, financial_status: 'paid' })).toBeUndefined();
    const at = '2026-11-23T10:00:00Z';
    expect(misfitOf('orders/cancelled', shop, { ...order, cancelled_at: at })).toBeUndefined();
    expect(misfitOf('customers/enable', shop, { ...customer, state: 'enabled' })).toBeUndefined();
    expect(misfitOf('customers/update', shop, { ...customer, state: 'invited' })).toBeUndefined();
  });
});

describe('a body', () => {
  const bytes = (text: string) => Buffer.from(text);
  it('is an object from its first byte on', () => {
    expect(readObject(bytes('{"id":1}'))).toEqual({ id: 1 });
    for (const text of ['', ' {"id":1}', '[{"id":1}]', '"{}"', '1', 'null', '{"id":1', '{'])
      expect(readObject(bytes(text)), text).toBeUndefined();
  });

  it('that is not UTF-8 is none', () => {
    expect(readObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });
});
