import { describe, expect, it } from 'vitest';
import { Order, Refund } from '#proto/points/v1/points.ts';
import { parseRequest } from '../call/validation.ts';
import { letters, refusalOf, withField } from '../testing/requests.ts';
import { MAX_ORDERS, orderSchemas, recordOrder } from './requests.ts';

const at = '2026-11-23T10:00:00.000Z';
const refund = Refund.fromPartial({
  refundId: '9',
  subtotal: '5.00',
  refundedAt: at,
  lines: [{ lineId: '21', subtotal: '5.00' }],
  adjustments: [{ reason: 'restock', amount: '-1.00' }],
  transactions: [{ transactionId: '31', kind: 'refund', amount: '5.00', currency: 'USD' }],
});
const request = {
  order: Order.fromPartial({
    orderId: '1',
    name: '#1001',
    customer: { shopifyCustomerId: '7' },
    currency: 'USD',
    subtotal: '20.00',
    orderedAt: at,
    updatedAt: at,
    refunds: [refund],
    lines: [{ lineId: '21', quantity: 1, price: '20.00', subtotal: '20.00' }],
    discountCodes: ['LN-1'],
  }),
  refund: { orderId: '1', refund, currency: 'USD', observedAt: at },
  trigger: 'paid',
  deliveryId: '',
};
const refused = (field: string, value: unknown) =>
  refusalOf(recordOrder, withField(request, field, value));

describe('an order that is recorded', () => {
  it('is taken as it is', () => {
    expect(refusalOf(recordOrder, request)).toBeUndefined();
    expect(refusalOf(recordOrder, { trigger: 'paid', deliveryId: '' })).toBeUndefined();
  });

  it.each([
    ['order.order_id', '1'.repeat(20), '1'.repeat(21)],
    ['order.customer.shopify_customer_id', '7', 'ada'],
    ['order.customer.email', letters(320), letters(321)],
    ['order.customer.first_name', letters(255), letters(256)],
    ['order.customer.last_name', letters(255), letters(256)],
    ['order.customer.locale', letters(35), letters(36)],
    ['order.customer.state', 'enabled', 'frozen'],
    ['order.customer.state', '', 'enabled '],
    ['order.currency', 'USDC', 'US'],
    ['order.currency', 'A1234567', 'A12345678'],
    ['order.currency', 'USD', 'usd'],
    ['order.currency', 'USD', 'xUSD'],
    ['order.currency', 'USD', 'USD?'],
    ['order.subtotal', '0', '-0.01'],
    ['order.subtotal', `1.${'0'.repeat(22)}`, `1.${'0'.repeat(23)}`],
    ['order.subtotal', '0.1234', '0.12345'],
    ['order.current_subtotal', '', 'ten'],
    ['order.current_subtotal', '0.00', '-1'],
    ['order.financial_status', letters(32), letters(33)],
    ['order.channel', 'pos', 'phone'],
    ['order.channel', '', 'POS'],
    ['order.ordered_at', '2026-11-23T10:00:00-05:00', 'yesterday'],
    ['order.updated_at', at, ''],
    ['order.cancelled_at', '', 'never'],
    ['order.created_at', '', 'never'],
    ['order.observed_at', '', 'never'],
    ['order.discount_codes[0]', letters(255), letters(256)],
    ['order.country', 'US', 'us'],
    ['order.country', '', 'USA'],
    ['order.country', 'US', 'U'],
    ['order.source', 'reading', 'hearsay'],
    ['order.source', '', 'web'],
    ['order.lines[0].quantity', 0, -1],
    ['order.lines[0].quantity', 7, 0.5],
    ['order.lines[0].price', '', '-1'],
    ['order.lines[0].subtotal', '0', '-1'],
    ['order.refunds[0].refund_id', '9', 'nine'],
    ['order.refunds[0].subtotal', '0', '-1'],
    ['order.refunds[0].refunded_at', at, 'soon'],
    ['order.refunds[0].lines_subtotal', '', '-1'],
    ['order.refunds[0].lines[0].subtotal', '0', '-1'],
    ['order.refunds[0].adjustments[0].reason', letters(60), letters(61)],
    ['order.refunds[0].adjustments[0].amount', '-1.00', 'ten'],
    ['refund.order_id', '1', 'one'],
    ['refund.observed_at', '', 'never'],
    ['trigger', 'synced', 'dreamt'],
    ['delivery_id', '', 'x'],
  ])('may have in %s "%s", and not "%s"', (field, good, bad) => {
    expect(refused(field, good)).toBeUndefined();
    expect(refused(field, bad)?.field).toBe(field);
  });

  it.each([
    ['order.subtotal', 'ten', 'must be a decimal with at most four places'],
    ['order.subtotal', '-1', 'must not be negative'],
    ['order.current_subtotal', '-1', 'must not be negative'],
    ['order.lines[0].price', '-1', 'must not be negative'],
    ['order.lines[0].subtotal', '-1', 'must not be negative'],
    ['order.lines[0].quantity', -1, 'must not be negative'],
    ['order.refunds[0].lines_subtotal', '-1', 'must not be negative'],
    ['order.currency', '?', 'must be a currency code'],
    ['order.country', '?', 'must be two letters or empty'],
  ])('says what is wrong with %s "%s": it %s', (field, value, message) => {
    expect(refused(field, value)).toEqual({ field, message });
  });

  it.each([
    ['order.lines', 5_000, { ...request.order.lines[0] }],
    ['order.refunds', 5_000, { ...refund, lines: [], adjustments: [], transactions: [] }],
    ['order.refunds[0].lines', 5_000, { ...refund.lines[0] }],
    ['order.refunds[0].adjustments', 5_000, { ...refund.adjustments[0] }],
    ['order.refunds[0].transactions', 5_000, { ...refund.transactions[0] }],
    ['order.discount_codes', 100, 'LN-1'],
  ])('has of %s no more than %i', (field, most, one) => {
    const many = (count: number) => Array.from({ length: count }, () => one);
    expect(refused(field, many(most))).toBeUndefined();
    expect(refused(field, many(most + 1))?.field).toBe(field);
  });

  it('may be without a customer, and a notice without its refund', () => {
    expect(refused('order.customer', undefined)).toBeUndefined();
    expect(refused('refund.refund', undefined)).toBeUndefined();
  });
});

describe('what nothing is decided by', () => {
  const kept = (field: string, value: unknown) => {
    const { order } = parseRequest(recordOrder, withField(request, field, value));
    return order;
  };

  it('is never a reason to refuse an order: names are cut', () => {
    expect(kept('order.name', letters(256))?.name).toBe(letters(255));
    expect(kept('order.lines[0].title', letters(256))?.lines[0]?.title).toBe(letters(255));
  });

  it.each([
    ['presentment_currency', 'eur', ''],
    ['presentment_currency', 'EUR', 'EUR'],
  ])('is empty where %s "%s" is none', (field, value, read) => {
    expect(kept(`order.${field}`, value)?.presentmentCurrency).toBe(read);
  });

  it.each([
    ['12.50', '12.50'],
    ['-1', ''],
    ['lots', ''],
    ['', ''],
  ])('as an amount "%s" is read as "%s"', (value, read) => {
    expect(kept('order.total', value)?.total).toBe(read);
    expect(kept('order.refunds[0].other_subtotal', value)?.refunds[0]?.otherSubtotal).toBe(read);
  });
});

describe('a cart that is asked about', () => {
  const line = { productId: '7', subtotal: '10.00' };
  const asked = { customerId: '', lines: [line], country: '' };
  const schema = orderSchemas.calculateDynamicPoints;
  const fieldRefused = (changes: object) => refusalOf(schema, { ...asked, ...changes })?.field;

  it('has two hundred and fifty lines at most, of nothing less than nothing', () => {
    const lines = (count: number) => ({ lines: Array.from({ length: count }, () => line) });
    expect(fieldRefused(lines(250))).toBeUndefined();
    expect(fieldRefused(lines(251))).toBe('lines');
    expect(refusalOf(schema, { ...asked, lines: [{ ...line, subtotal: '-1' }] })).toEqual({
      field: 'lines[0].subtotal',
      message: 'must not be negative',
    });
    expect(fieldRefused({ lines: [{ ...line, productId: letters(32) }] })).toBeUndefined();
    expect(fieldRefused({ lines: [{ ...line, productId: letters(33) }] })).toBe(
      'lines[0].product_id',
    );
  });

  it('goes to a country, or it is not known where to', () => {
    expect(fieldRefused({ country: 'FR' })).toBeUndefined();
    expect(refusalOf(schema, { ...asked, country: 'FRA' })).toEqual({
      field: 'country',
      message: 'must be two letters or empty',
    });
  });
});

it('a hundred orders are told at once', () => {
  expect(MAX_ORDERS).toBe(100);
});
