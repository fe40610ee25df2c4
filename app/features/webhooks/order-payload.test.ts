import { describe, expect, test } from 'vitest';
import { parseEditedOrderId, parseOrder, parseRefund } from './order-payload.ts';
import { PayloadRefusal } from './payload-fields.ts';

const at = '2026-11-23T10:00:00.000Z';
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));
const shopMoney = (amount: string, currency_code = 'USD') => ({
  shop_money: { amount, currency_code },
});
const fieldRefused = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof PayloadRefusal) return error.field;
    throw error;
  }
  return 'accepted';
};

const plain = { id: 1, currency: 'USD', subtotal_price: '20.00' };
const order = (more: object = {}, trigger: Parameters<typeof parseOrder>[1] = 'paid') =>
  parseOrder(bytes({ ...plain, ...more }), trigger, at);
const refundOf = (more: object = {}) => {
  const { refund } = parseRefund(bytes({ id: 9, order_id: 1, ...more }), at);
  if (refund === undefined) throw new Error('no refund');
  return refund;
};

describe('what an order is worth', () => {
  test.each([
    [{ current_subtotal_price: '5.00', total_line_items_price: '7.00' }, '20.00'],
    [{ subtotal_price: null, current_subtotal_price: '5', total_line_items_price: '7.00' }, '5.00'],
    [{ subtotal_price: null, total_line_items_price: '7.00' }, '7.00'],
    [{ subtotal_price: '0.00', total_line_items_price: '7.00' }, '0.00'],
  ])('of %o is %s', (body, subtotal) => {
    expect(order(body).subtotal).toBe(subtotal);
  });

  test('is never guessed', () => {
    expect(fieldRefused(() => order({ subtotal_price: null }))).toBe('subtotal_price');
    const broken = { subtotal_price: null, total_line_items_price: 'lots' };
    expect(fieldRefused(() => order(broken))).toBe('subtotal_price');
  });

  test('in all, with its taxes, is told as far as it is known', () => {
    const totals = {
      total_price: '30',
      current_total_price: '25.5',
      total_tax: '3.00',
      taxes_included: true,
    };
    expect(order(totals)).toMatchObject({
      total: '30.00',
      currentTotal: '25.50',
      tax: '3.00',
      taxesIncluded: true,
    });
    const broken = {
      total_price: '-1',
      current_total_price: '-1',
      total_tax: '-1',
      taxes_included: 'yes',
    };
    expect(order(broken)).toMatchObject({
      total: '20.00',
      currentTotal: '',
      tax: '',
      taxesIncluded: false,
      totalRefunded: '',
    });
  });
});

describe('an order', () => {
  test('was placed when it was processed, else when it was made, else when it was told', () => {
    const times = {
      processed_at: '2026-11-21T00:00:00Z',
      created_at: '2026-11-22T00:00:00Z',
      updated_at: '2026-11-23T00:00:00Z',
    };
    expect(order(times)).toMatchObject({
      orderedAt: '2026-11-21T00:00:00.000Z',
      createdAt: '2026-11-22T00:00:00.000Z',
      updatedAt: '2026-11-23T00:00:00.000Z',
    });
    expect(order({ ...times, processed_at: null }).orderedAt).toBe('2026-11-22T00:00:00.000Z');
    const { updated_at } = times;
    expect(order({ updated_at })).toMatchObject({
      orderedAt: '2026-11-23T00:00:00.000Z',
      createdAt: '',
      observedAt: at,
    });
  });

  test('is cancelled from the time that it says, or from now on', () => {
    const cancelled_at = '2026-11-22T00:00:00Z';
    expect(order({ cancelled_at }, 'cancelled').cancelledAt).toBe('2026-11-22T00:00:00.000Z');
    expect(order({ cancelled_at }, 'updated').cancelledAt).toBe('2026-11-22T00:00:00.000Z');
    expect(order({}, 'cancelled').cancelledAt).toBe(at);
    expect(order({}, 'updated').cancelledAt).toBe('');
  });

  test('is a test only when it says so', () => {
    expect(order({ test: true }).test).toBe(true);
    expect(order({ test: 'true' }).test).toBe(false);
  });

  test('is paid in the currency of the shop unless another one is named', () => {
    expect(order({ presentment_currency: 'eur' }).presentmentCurrency).toBe('EUR');
    expect(order({ presentment_currency: '?' }).presentmentCurrency).toBe('USD');
  });

  test.each([
    [{ shipping_address: { country_code: 'fr' }, billing_address: { country_code: 'DE' } }, 'FR'],
    [{ shipping_address: { country_code: null }, billing_address: { country_code: 'de' } }, 'DE'],
    [{ shipping_address: null, billing_address: { country_code: 'DE' } }, 'DE'],
    [{ billing_address: { country_code: 'D' } }, ''],
    [{ billing_address: { country_code: 'D1' } }, ''],
    [{ billing_address: null }, ''],
    [{}, ''],
  ])('with %o goes to "%s"', (addresses, country) => {
    expect(order(addresses).country).toBe(country);
  });

  test('names its customer, else where it was mailed to, and speaks their language or the order’s', () => {
    const known = { id: 7, email: 'ada@shopper.example', locale: 'es' };
    expect(
      order({ customer: known, email: 'x@y.z', customer_locale: 'fr' }).customer,
    ).toMatchObject({
      email: 'ada@shopper.example',
      locale: 'es',
    });
    const unknown = { id: 7, email: null, locale: '' };
    expect(
      order({ customer: unknown, email: 'x@y.z', customer_locale: 'fr' }).customer,
    ).toMatchObject({
      email: 'x@y.z',
      locale: 'fr',
    });
  });

  test('without a customer says that there is none, or that none was shown', () => {
    expect(order({ customer: null })).toMatchObject({ customer: undefined, customerVisible: true });
    expect(order({})).toMatchObject({ customer: undefined, customerVisible: false });
  });

  test('keeps the codes that were typed in', () => {
    const discount_codes = [{ code: 'LN-1' }, { code: '' }, { code: null }, { code: 'LN-2' }];
    expect(order({ discount_codes }).discountCodes).toEqual(['LN-1', 'LN-2']);
    expect(order({ discount_codes: null }).discountCodes).toEqual([]);
    expect(order({ source_name: 'web' }).channel).toBe('online');
  });
});

test('nothing of an order is longer than it may be', () => {
  const long = 'x'.repeat(400);
  const told = order({
    name: long,
    email: long,
    customer: { id: 7 },
    customer_locale: long,
    financial_status: long,
    line_items: [{ id: 1, title: long, quantity: 1 }],
    discount_codes: [{ code: long }],
    refunds: [
      {
        id: 9,
        order_adjustments: [{ reason: long }, { kind: long }],
        transactions: [{ kind: long, status: long }],
      },
    ],
  });
  const [refund] = told.refunds;
  expect([
    told.name.length,
    told.customer?.email.length,
    told.customer?.locale.length,
    told.financialStatus.length,
    told.lines[0]?.title.length,
    told.discountCodes[0]?.length,
    ...(refund?.adjustments.map(({ reason }) => reason.length) ?? []),
    refund?.transactions[0]?.kind.length,
    refund?.transactions[0]?.status.length,
  ]).toEqual([255, 320, 35, 50, 255, 255, 60, 60, 40, 40]);
});

test('what is refused says why', () => {
  const messageOf = (body: object) => {
    try {
      order(body);
    } catch (error) {
      return error instanceof PayloadRefusal ? error.message : undefined;
    }
    return 'accepted';
  };
  expect(messageOf({ subtotal_price: null })).toBe('An order without a subtotal.');
  expect(messageOf({ line_items: [{ quantity: -1 }] })).toBe(
    'Not a whole quantity from zero upwards.',
  );
});

test('an order that says nothing of what is left of it, or of refunds, has its goods', () => {
  const line_items = [{ id: 21, quantity: 2, price: '10.00', current_quantity: 1 }];
  expect(order({ line_items, refunds: null })).toMatchObject({
    currentSubtotal: '',
    refunds: [],
    lines: [{ subtotal: '10.00' }],
  });
  const item = { line_item_id: 21, quantity: 'broken', subtotal_set: shopMoney('1.00') };
  const refunds = [
    { id: 9, refund_line_items: null },
    { id: 10, refund_line_items: [item] },
  ];
  expect(order({ line_items, refunds }).lines[0]?.subtotal).toBe('10.00');
});

describe('a line of an order', () => {
  const line = (more: object, refunds: object[] = []) =>
    order({
      line_items: [{ id: 21, product_id: 41, title: 'Cup', quantity: 4, price: '10.00', ...more }],
      refunds,
    }).lines[0];
  const refunded = (quantity: number, line_item_id: number) => ({
    id: line_item_id * 10 + quantity,
    refund_line_items: [{ line_item_id, quantity, subtotal: '1.00' }],
  });

  test('is told with its product, its price and what it is', () => {
    expect(line({ gift_card: true })).toEqual({
      lineId: '21',
      productId: '41',
      title: 'Cup',
      quantity: 4,
      price: '10.00',
      subtotal: '40.00',
      giftCard: true,
      tip: false,
    });
    expect(line({ gift_card: 'yes', price: null })).toMatchObject({
      giftCard: false,
      price: '',
      subtotal: '',
    });
  });

  test('is worth its price less its discounts, and never less than nothing', () => {
    const off = (...amounts: (string | null)[]) => ({
      discount_allocations: amounts.map((amount) => ({ amount })),
    });
    expect(line(off('1.50', '2', null))?.subtotal).toBe('36.50');
    expect(line(off('40'))?.subtotal).toBe('0.00');
    expect(line(off('41'))?.subtotal).toBe('0.00');
    expect(line({ discount_allocations: null })?.subtotal).toBe('40.00');
  });

  test('is worth nothing that can be said without a quantity, and a tip is no goods', () => {
    expect(line({ quantity: 0 })?.subtotal).toBe('');
    expect(line({ tip: { payment_gateway: 'card' } })).toMatchObject({ tip: true, subtotal: '' });
    expect(line({ tip: null })).toMatchObject({ tip: false, subtotal: '40.00' });
    expect(line({ tip: true })).toMatchObject({ tip: false });
  });

  test('is worth what was not removed by an edit; what was returned was bought', () => {
    expect(line({ current_quantity: 1 })?.subtotal).toBe('10.00');
    expect(line({ current_quantity: 0 })?.subtotal).toBe('0.00');
    expect(line({ current_quantity: 1 }, [refunded(2, 21)])?.subtotal).toBe('30.00');
    expect(line({ current_quantity: 1 }, [refunded(1, 21), refunded(2, 21)])?.subtotal).toBe(
      '40.00',
    );
    expect(line({ current_quantity: 1 }, [refunded(2, 22)])?.subtotal).toBe('10.00');
    // Of more than there were, no more than there were.
    expect(line({}, [refunded(2, 21)])?.subtotal).toBe('40.00');
  });

  test.each([2_147_483_647, 0])('may be of %i pieces', (quantity) => {
    expect(line({ quantity })?.quantity).toBe(quantity);
  });

  test('is not of more pieces than anybody counts', () => {
    expect(fieldRefused(() => line({ quantity: 2_147_483_648 }))).toBe('line_items[0].quantity');
    expect(fieldRefused(() => line({ current_quantity: -1 }))).toBe(
      'line_items[0].current_quantity',
    );
  });
});

describe('what a refund took back', () => {
  const lines = (...refund_line_items: object[]) => refundOf({ refund_line_items });

  test.each([
    [{ subtotal: '4.00', subtotal_set: shopMoney('5.00') }, '5.00'],
    [{ subtotal: '4.00', subtotal_set: shopMoney('-5.00') }, '4.00'],
    [{ subtotal: '4.00', subtotal_set: shopMoney('') }, '4.00'],
    [{ subtotal: '4.00', subtotal_set: null }, '4.00'],
    [{ subtotal: '4.00', subtotal_set: { shop_money: null } }, '4.00'],
    [{ quantity: 3, line_item: { price: '2.50' } }, '7.50'],
    [{ line_item: { price: '2.50' } }, '0.00'],
    [{ quantity: 3 }, '0.00'],
    [{ subtotal: 'broken', quantity: -1, subtotal_set: shopMoney('5.00') }, '5.00'],
  ])('of goods told as %o is %s', (item, subtotal) => {
    expect(lines(item)).toMatchObject({ subtotal, linesSubtotal: subtotal });
  });

  test.each([
    [{ subtotal: 'broken' }, 'refund_line_items[0].subtotal'],
    [{ subtotal: '1.00', quantity: -1 }, 'refund_line_items[0].quantity'],
    [
      { subtotal: '1.00', subtotal_set: shopMoney('-5.00'), quantity: 0.5 },
      'refund_line_items[0].quantity',
    ],
    [{ quantity: 1, line_item: { price: '-1' } }, 'refund_line_items[0].line_item.price'],
  ])('of goods told as %o cannot be said: %s', (item, field) => {
    expect(fieldRefused(() => lines(item))).toBe(field);
  });

  test('is told line by line, those of one line together, and tips apart from goods', () => {
    const tip = { payment_gateway: 'card' };
    const refund = lines(
      { line_item_id: 21, subtotal: '10.00', total_tax: '1.00' },
      { line_item_id: 21, subtotal: '5.00', total_tax: '1.00', total_tax_set: shopMoney('0.50') },
      { line_item_id: 22, subtotal: '3.00', total_tax: '0.30', line_item: { tip } },
      { subtotal: '2.00', total_tax: 'broken' },
    );
    expect(refund).toMatchObject({
      subtotal: '17.00',
      linesSubtotal: '17.00',
      linesTax: '1.50',
      lines: [
        { lineId: '21', subtotal: '15.00', tip: false },
        { lineId: '22', subtotal: '3.00', tip: true },
      ],
    });
  });

  test('is lowered or raised by a discrepancy, in shop money, with its tax', () => {
    const by = (...order_adjustments: object[]) =>
      refundOf({ refund_line_items: [{ subtotal: '20.00' }], order_adjustments });
    const reason = 'Refund discrepancy';
    expect(by({ reason, amount: '5.00' })).toMatchObject({
      subtotal: '15.00',
      linesSubtotal: '20.00',
    });
    expect(by({ reason, amount: '-5.00', tax_amount: '-0.50' }).subtotal).toBe('25.50');
    expect(by({ reason, amount: '9', amount_set: shopMoney('5.00') }).subtotal).toBe('15.00');
    expect(
      by({ reason, amount: '5', tax_amount: '9', tax_amount_set: shopMoney('1.00') }).subtotal,
    ).toBe('14.00');
    expect(by({ reason, amount: '1.00' }, { reason, amount: '2.00' }).subtotal).toBe('17.00');
    expect(by({ reason: 'Restock fee', amount: '5.00' }).subtotal).toBe('20.00');
    expect(by({ reason, amount: '20.00' }).subtotal).toBe('0.00');
    expect(by({ reason, amount: '20.01' }).subtotal).toBe('0.00');
  });

  test.each([
    [{ reason: ' Refund discrepancy ' }, 'refund_discrepancy'],
    [{ reason: 'RESTOCK--Fee' }, 'restock_fee'],
    [{ reason: '', kind: 'Refund discrepancy' }, 'refund_discrepancy'],
    [{ reason: 'anything', kind: 'shipping_refund' }, 'shipping_refund'],
    [{}, ''],
  ])('says of an adjustment %o that it is "%s"', (names, reason) => {
    const order_adjustments = [{ ...names, amount: '1.00', tax_amount: '0.10' }];
    expect(refundOf({ order_adjustments }).adjustments).toEqual([{ reason, amount: '1.10' }]);
  });

  test('says of an adjustment of no amount that it is of none', () => {
    const { refund, currency } = parseRefund(
      bytes({ id: 9, order_id: 1, order_adjustments: [{ reason: 'x' }] }),
      at,
    );
    expect(refund?.adjustments).toEqual([{ reason: 'x', amount: '0.00' }]);
    expect(currency).toBe('');
  });

  test('beside goods is shipping with its tax, and duties', () => {
    const shipping = {
      subtotal_amount_set: shopMoney('5.00'),
      tax_amount_set: shopMoney('0.50'),
    };
    const ofOld = [
      { kind: 'shipping_refund', amount: '-7.00', tax_amount: '-0.70' },
      { reason: 'Restock fee', amount: '-1.00' },
    ];
    const other = (more: object) => refundOf(more).otherSubtotal;
    expect(other({})).toBe('0.00');
    expect(other({ refund_shipping_lines: [shipping, shipping] })).toBe('11.00');
    expect(other({ refund_shipping_lines: [{}] })).toBe('0.00');
    expect(other({ order_adjustments: ofOld })).toBe('7.70');
    // Reported in both ways, it was refunded once.
    expect(other({ refund_shipping_lines: [shipping], order_adjustments: ofOld })).toBe('5.50');
    expect(other({ refund_shipping_lines: [shipping], total_duties_set: shopMoney('0.70') })).toBe(
      '6.20',
    );
    expect(other({ refund_shipping_lines: 'broken', total_duties_set: 'broken' })).toBe('0.00');
  });

  test('happened when it was processed, else when it was created, else when it was reported', () => {
    const created_at = '2026-11-21T00:00:00Z';
    const processed_at = '2026-11-22T00:00:00Z';
    expect(refundOf({ created_at, processed_at }).refundedAt).toBe('2026-11-22T00:00:00.000Z');
    expect(refundOf({ created_at }).refundedAt).toBe('2026-11-21T00:00:00.000Z');
    expect(refundOf().refundedAt).toBe(at);
    expect(order({ refunds: [{ id: 9 }], updated_at: created_at }).refunds[0]?.refundedAt).toBe(
      '2026-11-21T00:00:00.000Z',
    );
  });

  test('was paid back by transactions, where they are listed', () => {
    const transaction = {
      id: 31,
      kind: 'REFUND',
      status: 'Success',
      amount: '-14.00',
      currency: 'usd',
    };
    expect(refundOf({ transactions: [transaction, {}] })).toMatchObject({
      detailed: true,
      transactions: [
        {
          transactionId: '31',
          kind: 'refund',
          status: 'success',
          amount: '14.00',
          currency: 'USD',
        },
        { transactionId: '', kind: '', status: '', amount: '', currency: '' },
      ],
    });
    expect(refundOf({ transactions: [] }).detailed).toBe(true);
    expect(refundOf({ transactions: 'broken' })).toMatchObject({
      detailed: false,
      transactions: [],
    });
    expect(refundOf({}).detailed).toBe(false);
  });

  test('is in the currency that one of its rows names', () => {
    const currency = (more: object) =>
      parseRefund(bytes({ id: 9, order_id: 1, ...more }), at).currency;
    expect(currency({})).toBe('');
    expect(currency({ refund_line_items: [{ subtotal: '1.00' }] })).toBe('');
    const named = { subtotal_set: shopMoney('1.00', 'eur') };
    expect(currency({ refund_line_items: [{ subtotal: '1.00' }, named] })).toBe('EUR');
    expect(currency({ order_adjustments: [{ amount_set: shopMoney('1.00', 'CAD') }] })).toBe('CAD');
    expect(
      currency({
        refund_line_items: [named],
        order_adjustments: [{ amount_set: shopMoney('1', 'CAD') }],
      }),
    ).toBe('EUR');
  });
});

test('an edit that names an order that is none is refused, and what is no edit is not', () => {
  expect(fieldRefused(() => parseEditedOrderId(bytes({ order_edit: { order_id: 0 } })))).toBe(
    'order_edit.order_id',
  );
  expect(fieldRefused(() => parseEditedOrderId(Buffer.from('{')))).toBe('');
  expect(parseEditedOrderId(bytes({}))).toBeUndefined();
});
