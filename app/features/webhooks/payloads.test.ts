import { describe, expect, test } from 'vitest';
import { parseCustomer, parseMerge, parsePrivacyRequest } from './customer-payload.ts';
import { parseEditedOrderId, parseOrder, parseRefund } from './order-payload.ts';
import { PayloadRefusal } from './payload-fields.ts';
import { parseScopes, parseShop } from './shop-payload.ts';

const bytes = (body: unknown) =>
  Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
const at = '2026-11-23T10:00:00.000Z';

const order = {
  shipping_address: { address1: '1 Main Street', country_code: 'us' },
  id: 5_001,
  name: '#1001',
  currency: 'USD',
  presentment_currency: 'EUR',
  subtotal_price: '120.00',
  current_subtotal_price: '90.00',
  total_price: '135.5',
  financial_status: 'partially_refunded',
  source_name: 'web',
  created_at: '2026-11-23T05:00:00-05:00',
  updated_at: '2026-11-23T05:30:00-05:00',
  cancelled_at: null,
  customer_locale: 'fr-CA',
  customer: {
    id: 7_001,
    email: 'ada@example.com',
    first_name: 'Ada',
    last_name: null,
    state: 'enabled',
    tags: 'x',
  },
  discount_codes: [{ code: 'HELLO', amount: '5.00', type: 'fixed_amount' }],
  line_items: [{ id: 1, product_id: null, title: 'Socks', quantity: 2, price: '60.00' }],
  refunds: [
    {
      id: 9_001,
      created_at: '2026-11-23T05:20:00-05:00',
      refund_line_items: [
        {
          quantity: 1,
          subtotal: 30,
          subtotal_set: { shop_money: { amount: '30.00', currency_code: 'USD' } },
        },
      ],
      order_adjustments: [{ kind: 'shipping_refund', amount: '-5.00' }],
    },
  ],
  note: 'dropped',
};

function refusalOf(work: () => unknown): PayloadRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof PayloadRefusal) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('an order', () => {
  test('is parsed into what the ledger needs, in UTC and the shop’s currency', () => {
    expect(parseOrder(bytes(order), 'paid', at)).toEqual({
      orderId: '5001',
      name: '#1001',
      customer: {
        shopifyCustomerId: '7001',
        email: 'ada@example.com',
        firstName: 'Ada',
        lastName: '',
        locale: 'fr-CA',
        state: 'enabled',
      },
      currency: 'USD',
      presentmentCurrency: 'EUR',
      subtotal: '120.00',
      currentSubtotal: '90.00',
      total: '135.50',
      financialStatus: 'partially_refunded',
      channel: 'online',
      orderedAt: '2026-11-23T10:00:00.000Z',
      updatedAt: '2026-11-23T10:30:00.000Z',
      cancelledAt: '',
      refunds: [
        {
          refundId: '9001',
          subtotal: '30.00',
          refundedAt: '2026-11-23T10:20:00.000Z',
          linesSubtotal: '30.00',
          lines: [],
          detailed: false,
          adjustments: [{ reason: 'shipping_refund', amount: '-5.00' }],
          transactions: [],
          linesTax: '0.00',
          otherSubtotal: '5.00',
        },
      ],
      lines: [
        {
          lineId: '1',
          productId: '',
          title: 'Socks',
          quantity: 2,
          price: '60.00',
          subtotal: '120.00',
          giftCard: false,
          tip: false,
        },
      ],
      discountCodes: ['HELLO'],
      test: false,
      country: 'US',
      observedAt: at,
      source: 'webhook',
      customerVisible: true,
      currentTotal: '',
      totalRefunded: '',
      taxesIncluded: false,
      tax: '',
      company: false,
      createdAt: '2026-11-23T10:00:00.000Z',
    });
  });

  test('says whether it was placed for a company', () => {
    const companyOf = (company: unknown) =>
      parseOrder(bytes({ ...order, company }), 'paid', at).company;
    expect(companyOf({ id: 7, location_id: 8 })).toBe(true);
    for (const none of [null, undefined, 'x']) expect(companyOf(none)).toBe(false);
  });

  test('is parsed with only its required fields', () => {
    const parsed = parseOrder(
      bytes({ id: '5002', currency: 'usd', total_line_items_price: '12' }),
      'created',
      at,
    );
    expect(parsed).toMatchObject({
      orderId: '5002',
      currency: 'USD',
      subtotal: '12.00',
      total: '12.00',
      customer: undefined,
      refunds: [],
      updatedAt: at,
      orderedAt: at,
    });
  });

  test('from the POS is recognized', () => {
    expect(parseOrder(bytes({ ...order, source_name: 'pos' }), 'paid', at).channel).toBe('pos');
  });

  test('is cancelled when the topic says so, also without a time', () => {
    expect(parseOrder(bytes(order), 'cancelled', at).cancelledAt).toBe('2026-11-23T10:30:00.000Z');
  });

  test('without a customer has none, and 10^12 is left to core', () => {
    const parsed = parseOrder(
      bytes({ ...order, customer: null, subtotal_price: '1000000000000.00' }),
      'paid',
      at,
    );
    expect(parsed.customer).toBeUndefined();
    expect(parsed.subtotal).toBe('1000000000000.00');
  });

  test.each([
    ['no id', { ...order, id: undefined }, 'id'],
    ['an id that is not one', { ...order, id: -4 }, 'id'],
    [
      'an id too large for a JSON number',
      '{"id":99999999999999999999,"currency":"USD","subtotal_price":"1.00"}',
      'id',
    ],
    [
      'a negative quantity',
      {
        ...order,
        line_items: [
          { id: 1, title: 'x', quantity: 1 },
          { id: 2, title: 'y', quantity: -2 },
        ],
      },
      'line_items[1].quantity',
    ],
    [
      'a broken quantity',
      { ...order, line_items: [{ id: 1, title: 'x', quantity: 1.5 }] },
      'line_items[0].quantity',
    ],
    ['a negative subtotal', { ...order, subtotal_price: '-1.00' }, 'subtotal_price'],
    ['a subtotal that is no number', { ...order, subtotal_price: 'NaN' }, 'subtotal_price'],
    ['a subtotal of too many digits', { ...order, subtotal_price: '1e300' }, 'subtotal_price'],
    ['no subtotal at all', { id: 1, currency: 'USD' }, 'subtotal_price'],
    ['no currency', { ...order, currency: undefined }, 'currency'],
    ['a time that is none', { ...order, updated_at: 'yesterday' }, 'updated_at'],
    [
      'a negative refund',
      { ...order, refunds: [{ id: 1, refund_line_items: [{ subtotal: '-3' }] }] },
      'refunds[0].refund_line_items[0].subtotal',
    ],
    ['lines that are no list', { ...order, line_items: 'many' }, 'line_items'],
  ])('with %s is refused, naming the field', (_name, body, field) => {
    expect(refusalOf(() => parseOrder(bytes(body), 'paid', at)).field).toBe(field);
  });

  test.each([
    ['cut off', '{"id":1'],
    ['not JSON', 'hello'],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x7b])],
    ['a list', '[]'],
    ['null', 'null'],
  ])('whose body is %s is refused without repeating it', (_name, body) => {
    const refusal = refusalOf(() =>
      parseOrder(typeof body === 'string' ? bytes(body) : body, 'paid', at),
    );
    expect(refusal.message).not.toContain('hello');
  });
});

describe('a refund', () => {
  const refund = {
    id: 9_002,
    order_id: 5_001,
    processed_at: '2026-11-23T11:00:00Z',
    refund_line_items: [] as unknown[],
    order_adjustments: [] as unknown[],
  };
  const subtotalOf = (change: Partial<typeof refund>) =>
    parseRefund(bytes({ ...refund, ...change }), at).refund?.subtotal;

  test('names its order, its time and its currency', () => {
    const lines = [
      {
        quantity: 1,
        subtotal: '40.00',
        subtotal_set: { shop_money: { amount: '40.00', currency_code: 'USD' } },
      },
    ];
    expect(parseRefund(bytes({ ...refund, refund_line_items: lines }), at)).toEqual({
      orderId: '5001',
      refund: {
        refundId: '9002',
        subtotal: '40.00',
        refundedAt: '2026-11-23T11:00:00.000Z',
        linesSubtotal: '40.00',
        lines: [],
        detailed: false,
        adjustments: [],
        transactions: [],
        linesTax: '0.00',
        otherSubtotal: '0.00',
      },
      currency: 'USD',
      observedAt: at,
    });
  });

  test('is the sum of its lines, without shipping', () => {
    expect(
      subtotalOf({
        refund_line_items: [{ subtotal: 10.1 }, { subtotal: '0.2' }],
        order_adjustments: [{ kind: 'shipping_refund', amount: '-7.00' }],
      }),
    ).toBe('10.30');
  });

  test('includes what was paid back outside the lines', () => {
    expect(
      subtotalOf({ order_adjustments: [{ kind: 'refund_discrepancy', amount: '-25.00' }] }),
    ).toBe('25.00');
  });

  test('is reduced when less was paid back than the lines are worth, never below zero', () => {
    const lines = [{ subtotal: '20.00' }];
    expect(
      subtotalOf({
        refund_line_items: lines,
        order_adjustments: [{ kind: 'refund_discrepancy', amount: '5.00' }],
      }),
    ).toBe('15.00');
    expect(
      subtotalOf({
        refund_line_items: lines,
        order_adjustments: [{ kind: 'refund_discrepancy', amount: '50.00' }],
      }),
    ).toBe('0.00');
  });

  test('of lines without a subtotal uses price and quantity', () => {
    expect(subtotalOf({ refund_line_items: [{ quantity: 3, line_item: { price: '2.50' } }] })).toBe(
      '7.50',
    );
  });

  test('without an order is refused', () => {
    expect(refusalOf(() => parseRefund(bytes({ ...refund, order_id: undefined }), at)).field).toBe(
      'order_id',
    );
  });
});

test('an edit names the order to read, and a full order in its place is used as is', () => {
  expect(parseEditedOrderId(bytes({ order_edit: { id: 1, order_id: 5_001 } }))).toBe('5001');
  expect(parseEditedOrderId(bytes(order))).toBeUndefined();
  expect(refusalOf(() => parseEditedOrderId(bytes({ order_edit: { id: 1 } }))).field).toBe(
    'order_edit.order_id',
  );
});

describe('a person', () => {
  test('keeps only what a program needs', () => {
    expect(
      parseCustomer(
        bytes({
          id: 7_001,
          email: null,
          first_name: 'Ada',
          state: 'ENABLED?',
          updated_at: at,
          addresses: [],
        }),
        'created',
        at,
      ),
    ).toEqual({
      customer: {
        shopifyCustomerId: '7001',
        email: '',
        firstName: 'Ada',
        lastName: '',
        locale: '',
        state: '',
      },
      trigger: 'created',
      updatedAt: at,
      marketing: '',
      company: '',
      tagsAdded: [],
      tagsRemoved: [],
    });
  });

  test('without an id is refused', () => {
    expect(
      refusalOf(() => parseCustomer(bytes({ email: 'x@example.com' }), 'updated', at)).field,
    ).toBe('id');
  });

  test('merged into another is named with the surviving customer', () => {
    const merge = {
      admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/1',
      admin_graphql_api_customer_deleted_id: 'gid://shopify/Customer/2',
      status: 'completed',
    };
    expect(parseMerge(bytes(merge))).toEqual({
      keptShopifyCustomerId: '1',
      removedShopifyCustomerId: '2',
    });
    for (const status of ['failed', 'in_progress', 'requested', '', null])
      expect(parseMerge(bytes({ ...merge, status })), String(status)).toBeUndefined();
  });

  test('in a data or erasure request has every identifier of the request', () => {
    expect(
      parsePrivacyRequest(bytes({ customer: { id: 7, email: 'a@b.c' }, data_request: { id: 99 } })),
    ).toEqual({ shopifyCustomerId: '7', email: 'a@b.c', phone: '', orderIds: [], requestId: '99' });
    expect(
      parsePrivacyRequest(
        bytes({
          customer: { id: null, email: 'a@b.c', phone: '+1 555' },
          orders_to_redact: [1, 2],
        }),
      ),
    ).toEqual({
      shopifyCustomerId: '',
      email: 'a@b.c',
      phone: '+1 555',
      orderIds: ['1', '2'],
      requestId: '',
    });
    expect(refusalOf(() => parsePrivacyRequest(bytes({ customer: {} }))).field).toBe('customer.id');
  });
});

test('a shop and its scopes are parsed', () => {
  expect(
    parseShop(bytes({ name: 'Demo', currency: 'USD', iana_timezone: 'America/New_York' })),
  ).toEqual({ name: 'Demo', currency: 'USD', timezone: 'America/New_York' });
  const long = parseShop(
    bytes({ name: 'x'.repeat(300), currency: 'USD', iana_timezone: 'x'.repeat(300) }),
  );
  expect([long.name?.length, long.timezone?.length]).toEqual([255, 100]);
  const known = { name: 'Demo', currency: 'USD', iana_timezone: 'UTC' };
  for (const plan_name of ['affiliate', 'partner_test', 'plus_partner_sandbox'])
    expect(parseShop(bytes({ ...known, plan_name })).isDevelopment, plan_name).toBe(true);
  expect(parseShop(bytes({ ...known, plan_name: 'basic' })).isDevelopment).toBe(false);
  expect(parseScopes(bytes({ previous: ['a'], current: ['a', 'b'] }))).toEqual(['a', 'b']);
});
