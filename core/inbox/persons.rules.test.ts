import { describe, expect, it } from 'vitest';
import { personsIn } from './persons.rules.ts';

const found = (topic: string, body: unknown) => {
  const persons = personsIn(topic, JSON.stringify(body));
  return persons && { ids: [...persons.customerIds].sort(), emails: [...persons.emails].sort() };
};

describe('whom a webhook is about', () => {
  it('finds the customer and every address of an order', () => {
    const order = {
      id: 5,
      email: 'Ana@Example.com',
      contact_email: 'ana@example.com',
      customer: { id: 1001, email: 'ana@work.example', default_address: { customer_id: 1001 } },
    };
    expect(found('orders/paid', order)).toEqual({
      ids: ['1001'],
      emails: ['ana@example.com', 'ana@work.example'],
    });
  });

  it('takes the id of a customer topic, of a merge and of a privacy request', () => {
    expect(found('customers/update', { id: 1001 })?.ids).toEqual(['1001']);
    const merge = {
      admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/1',
      admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/2',
    };
    expect(found('customers/merge', merge)?.ids).toEqual(['1', '2']);
    expect(found('customers/redact', { shop_id: 9, customer: { id: 3, email: 'x@y.z' } })).toEqual({
      ids: ['3'],
      emails: ['x@y.z'],
    });
  });

  it('finds telephone numbers, and the order that an order, a refund or an edit is about', () => {
    const persons = (topic: string, body: unknown) => {
      const known = personsIn(topic, JSON.stringify(body));
      return [[...(known?.phones ?? [])], [...(known?.orderIds ?? [])]];
    };
    const order = { id: 5, phone: '+1 (555) 625-1199', shipping_address: { phone: '555-6' } };
    expect(persons('orders/paid', order)).toEqual([['15556251199'], ['5']]);
    expect(persons('refunds/create', { id: 9, order_id: 5 })).toEqual([[], ['5']]);
    expect(persons('orders/edited', { order_edit: { id: 9, order_id: 5 } })).toEqual([[], ['5']]);
    expect(persons('customers/update', { id: 1, last_order_id: 7 })).toEqual([[], []]);
  });

  it('finds no person in an order without a customer, and says when a body cannot be read', () => {
    expect(found('orders/create', { id: 7, customer: null, line_items: [{ id: 1 }] })).toEqual({
      ids: [],
      emails: [],
    });
    expect(personsIn('orders/create', '{"id":')).toBeUndefined();
  });
});

describe('and no other person', () => {
  const all = (topic: string, body: unknown) => {
    const persons = personsIn(topic, JSON.stringify(body));
    if (persons === undefined) throw new Error('the body is not read');
    const { customerIds, emails, phones, orderIds } = persons;
    return [customerIds, emails, phones, orderIds].map((found) => [...found]);
  };
  const nested = (levels: number): object =>
    levels === 0 ? { email: 'deep@shop.example' } : { inner: nested(levels - 1) };

  it('is found by a number that is too short or too long to be a telephone', () => {
    expect(all('customers/update', { phone: '12-34-5' })[2]).toEqual([]);
    expect(all('customers/update', { phone: '12-34-56' })[2]).toEqual(['123456']);
    expect(all('customers/update', { home_phone: '1'.repeat(20) })[2]).toEqual(['1'.repeat(20)]);
    expect(all('customers/update', { phone: '1'.repeat(21) })[2]).toEqual([]);
    expect(all('customers/update', { phones: '123456' })[2]).toEqual([]);
  });

  it('is found by what is no address, or stands where none is expected', () => {
    expect(all('orders/paid', { email: 'nobody', note: 'ada@shop.example' })[1]).toEqual([]);
    expect(all('orders/paid', { email_address: ' ADA@shop.example ' })[1]).toEqual([
      'ada@shop.example',
    ]);
  });

  it('is found by an id that is none', () => {
    expect(all('customers/update', { id: 'x' })[0]).toEqual([]);
    expect(all('customers/update', { id: true, customer: { id: null } })[0]).toEqual([]);
    expect(all('products/update', { id: 7 })).toEqual([[], [], [], []]);
    expect(all('orders/paid', { id: 7 })).toEqual([[], [], [], ['7']]);
    expect(all('products/update', { customer_id: '8' })[0]).toEqual(['8']);
  });

  it('is found deeper than Shopify ever nests', () => {
    expect(all('orders/paid', nested(12))[1]).toEqual(['deep@shop.example']);
    expect(all('orders/paid', nested(13))[1]).toEqual([]);
  });

  it('is named by Shopify’s own addresses of things, wherever they stand', () => {
    const note = 'gid://shopify/Order/5 of gid://shopify/Customer/6, gid://shopify/Product/7';
    expect(all('products/update', { note })).toEqual([['6'], [], [], ['5']]);
    expect(all('products/update', note)).toEqual([['6'], [], [], ['5']]);
    expect(personsIn('orders/paid', 'null')?.orderIds.size).toBe(0);
  });
});
