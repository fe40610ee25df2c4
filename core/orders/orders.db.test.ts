import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Order, Refund, type RecordOrderRequest } from '#proto/points/v1/points.ts';
import { failureOf, startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

let ids = 1_000_000;
const nextId = (): string => String(++ids);

function order(changes: Partial<Order> = {}): Order {
  const orderId = changes.orderId ?? nextId();
  return Order.fromPartial({
    orderId,
    name: `#${orderId}`,
    customer: {
      shopifyCustomerId: '42',
      email: 'ada@example.com',
      firstName: 'Ada',
      lastName: 'Lovelace',
      locale: 'en',
      state: 'enabled',
    },
    currency: 'USD',
    presentmentCurrency: 'USD',
    subtotal: '50.00',
    currentSubtotal: '50.00',
    total: '58.00',
    financialStatus: 'paid',
    channel: 'online',
    orderedAt: new Date().toISOString(),
    updatedAt: new Date().toISOString(),
    cancelledAt: '',
    refunds: [],
    lines: [
      {
        lineId: '1',
        productId: '2',
        title: 'A mug',
        quantity: 2,
        price: '25.00',
        subtotal: '50.00',
      },
    ],
    discountCodes: [],
    test: false,
    country: '',
    ...changes,
  });
}

const paid = (one: Order): RecordOrderRequest => ({
  order: one,
  refund: undefined,
  trigger: 'paid',
  deliveryId: '',
});
const refunded = (orderId: string, refundId: string, subtotal: string): RecordOrderRequest => ({
  order: undefined,
  refund: {
    orderId,
    currency: 'USD',
    observedAt: '',
    refund: Refund.fromPartial({
      refundId,
      subtotal,
      refundedAt: new Date().toISOString(),
      linesSubtotal: subtotal,
    }),
  },
  trigger: 'refunded',
  deliveryId: '',
});

const later = (instant: string): string => new Date(Date.parse(instant) + 1_000).toISOString();

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
async function balanceOf(shop: Shop, shopifyCustomerId = '42'): Promise<number> {
  const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId });
  return customer?.balance?.balance ?? 0;
}
async function expectSound(shop: Shop): Promise<void> {
  const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  expect(rows).toEqual([]);
}

describe('orders that are recorded by one call', () => {
  it('each have their own result: a refusal of one affects no other', async () => {
    const shop = await core.installShop();
    const orders = [
      paid(order()),
      paid(order({ subtotal: '-1.00' })),
      { ...paid(order()), deliveryId: '00000000-0000-4000-8000-000000000000' },
      { ...paid(order()), trigger: 'nonsense' },
      paid(order()),
    ];
    const { results } = await shop.points.recordOrders({ orders });
    expect(results).toMatchObject([
      { recorded: { status: 'settled', entries: [{ points: 500 }] } },
      { problem: { code: 'invalid_input', field: 'order.subtotal' } },
      { problem: { code: 'not_found', field: 'delivery_id' } },
      { problem: { code: 'invalid_input', field: 'trigger' } },
      { recorded: { status: 'settled', entries: [{ points: 500 }] } },
    ]);
    expect(await balanceOf(shop)).toBe(1_000);
    await expectSound(shop);
  });
});

describe('a paid order', () => {
  it('makes its customer a member with 10 points per dollar, explained line by line', async () => {
    const shop = await core.installShop();
    const recorded = await shop.points.recordOrder(paid(order()));
    expect(recorded).toMatchObject({
      status: 'settled',
      entries: [{ points: 500, balanceAfter: 500 }],
    });
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    expect(customer).toMatchObject({
      email: 'ada@example.com',
      firstName: 'Ada',
      orderCount: 1,
      balance: { balance: 500 },
    });
    const explained = await shop.points.explainBalance({ customerId: customer?.customerId ?? '' });
    expect(explained).toMatchObject({
      consistent: true,
      lines: [{ type: 'earn', source: 'order', entries: 1, points: 500 }],
      lots: [{ points: 500, remaining: 500 }],
    });
    const { entries } = await shop.points.listEntries({
      customerId: customer?.customerId ?? '',
      page: undefined,
      types: [],
    });
    expect(entries[0]?.explanation).toMatchObject({
      reasonCode: 'order_paid',
      base: { amount: '50.00', currency: 'USD' },
      rate: '10',
      rounding: 'floor',
      ruleVersion: 1,
    });
  });

  it('marks its member for review and keeps the lines and country that a later snapshot does not report', async () => {
    const shop = await core.installShop();
    const placed = order({ country: 'FR' });
    await shop.points.recordOrder(paid(placed));
    await shop.points.recordOrder({
      ...paid({ ...placed, country: '', lines: [], updatedAt: later(placed.updatedAt) }),
      trigger: 'reconciled',
    });
    const { rows } = await core.outside.query(
      `SELECT o.country, jsonb_array_length(o.line_items) AS lines, c.review_due_at IS NOT NULL AS is_due
       FROM orders o JOIN customers c USING (merchant_id, customer_id) WHERE o.merchant_id = $1`,
      [shop.merchantId],
    );
    expect(rows).toEqual([{ country: 'FR', lines: 1, is_due: true }]);
  });

  it('delivered ten times at once changes the balance once', async () => {
    const shop = await core.installShop();
    const one = order();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => shop.points.recordOrder(paid(one))),
    );
    expect(answers.flatMap((answer) => answer.entries)).toHaveLength(1);
    expect(await balanceOf(shop)).toBe(500);
    await expectSound(shop);
  });

  it('gives each member their own points, with many shops and members at once', async () => {
    const shops = await Promise.all(Array.from({ length: 3 }, () => core.installShop()));
    await Promise.all(
      Array.from({ length: 150 }, (_, index) => {
        const shop = shops[index % 3] as Shop;
        const customer = {
          shopifyCustomerId: String(100 + (index % 7)),
          email: '',
          firstName: '',
          lastName: '',
          locale: '',
          state: '',
        };
        return shop.points.recordOrder(paid(order({ customer })));
      }),
    );
    for (const shop of shops) await expectSound(shop);
    const { rows } = await core.outside.query<{ n: string }>(
      'SELECT count(*) AS n FROM points_transactions WHERE merchant_id = ANY($1)',
      [shops.map((shop) => shop.merchantId)],
    );
    expect(Number(rows[0]?.n)).toBe(150);
  });
});

describe('a refund', () => {
  it('deducts half of the points for half of the money, and says for which refund', async () => {
    const shop = await core.installShop();
    const one = order();
    await shop.points.recordOrder(paid(one));
    const answer = await shop.points.recordOrder(refunded(one.orderId, nextId(), '25.00'));
    expect(answer.entries).toMatchObject([
      {
        points: -250,
        balanceAfter: 250,
        explanation: {
          reasonCode: 'order_refunded',
          refunded: { amount: '25.00' },
          awardPoints: 500,
        },
      },
    ]);
    await expectSound(shop);
  });

  it('that arrives before its order counts when the order arrives', async () => {
    const shop = await core.installShop();
    const one = order();
    await shop.points.recordOrder(refunded(one.orderId, nextId(), '10.00'));
    await shop.points.recordOrder(paid(one));
    expect(await balanceOf(shop)).toBe(400);
    await expectSound(shop);
  });

  it('of points that were spent leaves a debt, which the next order pays back', async () => {
    const shop = await core.installShop();
    const one = order();
    await shop.points.recordOrder(paid(one));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    await shop.points.adjustPoints({
      customerId: customer?.customerId ?? '',
      points: -450,
      reason: 'spent',
      idempotencyKey: 'a',
    });
    await shop.points.recordOrder(refunded(one.orderId, nextId(), '50.00'));
    const inDebt = await shop.points.getPointsBalance({ customerId: customer?.customerId ?? '' });
    expect(inDebt.balance).toMatchObject({ balance: -450, available: 0, debt: 450 });
    await shop.points.recordOrder(paid(order()));
    const after = await shop.points.getPointsBalance({ customerId: customer?.customerId ?? '' });
    expect(after.balance).toMatchObject({ balance: 50, debt: 0 });
    await expectSound(shop);
  });

  it('stops at zero when the merchant chose to clip', async () => {
    const shop = await core.installShop();
    const { program } = await shop.points.getPointsProgram({});
    if (!program) throw new Error('no program');
    await shop.points.updatePointsProgram({ program: { ...program, refundPolicy: 'clip' } });
    const one = order();
    await shop.points.recordOrder(paid(one));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    await shop.points.adjustPoints({
      customerId: customer?.customerId ?? '',
      points: -450,
      reason: 'spent',
      idempotencyKey: 'a',
    });
    await shop.points.recordOrder(refunded(one.orderId, nextId(), '50.00'));
    expect(await balanceOf(shop)).toBe(0);
    await expectSound(shop);
  });
});

describe('the order in which updates arrive', () => {
  it('changes nothing: paid, refunded, refunded again and cancelled end at zero in every order', async () => {
    const shop = await core.installShop();
    const makeUpdates = (orderId: string, customer: string): RecordOrderRequest[] => {
      const identity = {
        shopifyCustomerId: customer,
        email: '',
        firstName: '',
        lastName: '',
        locale: '',
        state: '',
      };
      const first = Refund.fromPartial({
        refundId: nextId(),
        subtotal: '10.00',
        refundedAt: '2026-11-01T10:00:00Z',
        linesSubtotal: '10.00',
      });
      return [
        paid(order({ orderId, customer: identity, updatedAt: '2026-11-01T09:00:00Z' })),
        {
          order: undefined,
          refund: { orderId, currency: 'USD', refund: first, observedAt: '' },
          trigger: 'refunded',
          deliveryId: '',
        },
        {
          order: order({
            orderId,
            customer: identity,
            currentSubtotal: '40.00',
            refunds: [first],
            financialStatus: 'partially_refunded',
            updatedAt: '2026-11-01T10:00:01Z',
          }),
          refund: undefined,
          trigger: 'updated',
          deliveryId: '',
        },
      ];
    };
    const orders: number[][] = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    for (const [nth, sequence] of orders.entries()) {
      const customer = String(500 + nth);
      const updates = makeUpdates(nextId(), customer);
      for (const index of sequence)
        await shop.points.recordOrder(updates[index] as RecordOrderRequest);
      expect(await balanceOf(shop, customer)).toBe(400);
    }
    await expectSound(shop);
  });

  it('an order from before the shop joined earns nothing, and still earns when it is paid afterward', async () => {
    const shop = await core.installShop();
    const old = order({
      orderedAt: '2020-01-01T00:00:00Z',
      updatedAt: '2020-01-01T00:00:00Z',
      financialStatus: 'pending',
    });
    const synced = await shop.points.recordOrder({ ...paid(old), trigger: 'synced' });
    expect(synced).toMatchObject({ status: 'ignored', reason: 'historical' });
    const later = await shop.points.recordOrder(
      paid({ ...old, financialStatus: 'paid', updatedAt: new Date().toISOString() }),
    );
    expect(later.entries).toHaveLength(1);
  });
});

describe('an order that earns nothing', () => {
  it.each([
    [
      'with a negative quantity',
      order({
        lines: [
          {
            lineId: '1',
            productId: '2',
            title: '',
            quantity: -1,
            price: '1.00',
            subtotal: '',
            giftCard: false,
            tip: false,
          },
        ],
      }),
      'order.lines[0].quantity',
    ],
    ['with a negative subtotal', order({ subtotal: '-5.00' }), 'order.subtotal'],
    ['with a subtotal that is no amount', order({ subtotal: 'many' }), 'order.subtotal'],
  ])(
    'is refused when it is %s, naming the field, and leaves nothing behind',
    async (_what, one, field) => {
      const shop = await core.installShop();
      const failure = await failureOf(shop.points.recordOrder(paid(one)));
      expect(failure).toMatchObject({ code: 'invalid_input', field });
      const { rows } = await core.outside.query(
        'SELECT 1 FROM orders WHERE merchant_id = $1 UNION ALL SELECT 1 FROM customers WHERE merchant_id = $1',
        [shop.merchantId],
      );
      expect(rows).toEqual([]);
    },
  );

  it('is recorded without points when it has no customer', async () => {
    const shop = await core.installShop();
    expect(await shop.points.recordOrder(paid(order({ customer: undefined })))).toMatchObject({
      status: 'ignored',
      reason: 'no_customer',
    });
  });

  it('one bad order does not fail the good ones that were recorded with it', async () => {
    const shop = await core.installShop();
    const settled = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => shop.points.recordOrder(paid(order()))),
      shop.points.recordOrder(paid(order({ subtotal: '-1.00' }))),
    ]);
    expect(settled.map((one) => one.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(await balanceOf(shop)).toBe(2_500);
  });
});

describe('an adjustment', () => {
  it('is undone by its opposite, once', async () => {
    const shop = await core.installShop();
    await shop.points.recordOrder(paid(order()));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    const customerId = customer?.customerId ?? '';
    const { entry } = await shop.points.adjustPoints({
      customerId,
      points: -200,
      reason: 'goodwill, the other way',
      idempotencyKey: 'k',
    });
    const again = await shop.points.adjustPoints({
      customerId,
      points: -200,
      reason: 'goodwill, the other way',
      idempotencyKey: 'k',
    });
    expect(again.entry?.transactionId).toBe(entry?.transactionId);
    const undone = await shop.points.reverseEntry({
      transactionId: entry?.transactionId ?? '',
      reason: 'a mistake',
    });
    expect(undone).toMatchObject({
      entry: { points: 200, type: 'reversal' },
      balance: { balance: 500 },
    });
    await shop.points.reverseEntry({
      transactionId: entry?.transactionId ?? '',
      reason: 'a mistake',
    });
    expect(await balanceOf(shop)).toBe(500);
    await expectSound(shop);
  });

  it('of more than the balance is refused', async () => {
    const shop = await core.installShop();
    await shop.points.recordOrder(paid(order()));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    const failure = await failureOf(
      shop.points.adjustPoints({
        customerId: customer?.customerId ?? '',
        points: -501,
        reason: 'x',
        idempotencyKey: 'k',
      }),
    );
    expect(failure).toMatchObject({ code: 'insufficient_points', field: 'points' });
  });
});

describe('holds', () => {
  it('reserve points, and become a debit or are released', async () => {
    const shop = await core.installShop();
    await shop.points.recordOrder(paid(order()));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    const customerId = customer?.customerId ?? '';
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const held = await shop.points.holdPoints({
      customerId,
      points: 300,
      idempotencyKey: 'h1',
      purpose: 'test',
      expiresAt,
    });
    expect(held.balance).toMatchObject({ balance: 500, held: 300, available: 200 });
    const failure = await failureOf(
      shop.points.holdPoints({
        customerId,
        points: 201,
        idempotencyKey: 'h2',
        purpose: 'test',
        expiresAt,
      }),
    );
    expect(failure.code).toBe('insufficient_points');
    const confirmed = await shop.points.confirmHold({ holdId: held.hold?.holdId ?? '' });
    expect(confirmed).toMatchObject({
      entry: { points: -300, type: 'redeem' },
      balance: { balance: 200, held: 0 },
    });
    expect(
      (await failureOf(shop.points.releaseHold({ holdId: held.hold?.holdId ?? '' }))).code,
    ).toBe('idempotency_conflict');
    await expectSound(shop);
  });
});

describe('the stream of awards', () => {
  it('answers each award, the refused ones too', async () => {
    const shop = await core.installShop();
    await shop.points.recordOrder(paid(order()));
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    const award = {
      points: 1,
      type: '',
      source: '',
      reason: '',
      orderId: '',
      expiresAt: '',
      occurredAt: '',
    };
    async function* requests() {
      for (let reference = 1; reference <= 1_000; reference++) {
        const customerId = reference === 7 ? 'nobody' : (customer?.customerId ?? '');
        yield { reference, award: { ...award, customerId, idempotencyKey: `stream/${reference}` } };
      }
    }
    const statuses = new Map<number, string>();
    for await (const { reference, result } of shop.points.awardStream(requests()))
      statuses.set(reference, result?.status ?? '');
    expect(statuses.size).toBe(1_000);
    expect(statuses.get(7)).toBe('refused');
    expect(await balanceOf(shop)).toBe(1_499);
  });
});
