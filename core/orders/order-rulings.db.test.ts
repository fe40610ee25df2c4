import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Order, Refund, type RecordOrderRequest } from '#proto/points/v1/points.ts';
import { startTestCore, type TestCore } from '../testing/core.ts';

/** How an order's facts become points, where the rules were unclear: docs/decisions.md, "Orders and points". */

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;
let ids = 70_000_000;
const nextId = (): string => String(++ids);
const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();
const person = (shopifyCustomerId: string) => ({
  shopifyCustomerId,
  email: '',
  firstName: '',
  lastName: '',
  locale: '',
  state: 'enabled',
});

function order(changes: Partial<Order> = {}): Order {
  const at = ago(30);
  return Order.fromPartial({
    orderId: nextId(),
    name: '#1',
    customer: person('42'),
    currency: 'USD',
    presentmentCurrency: 'USD',
    subtotal: '100.00',
    currentSubtotal: '100.00',
    total: '100.00',
    currentTotal: '100.00',
    financialStatus: 'paid',
    channel: 'online',
    orderedAt: at,
    createdAt: at,
    updatedAt: at,
    observedAt: ago(1),
    source: 'webhook',
    customerVisible: true,
    ...changes,
  });
}

const update = (one: Order, trigger = 'paid'): RecordOrderRequest => ({
  order: one,
  refund: undefined,
  trigger,
  deliveryId: '',
});
const notice = (orderId: string, changes: Partial<Refund>): RecordOrderRequest => ({
  order: undefined,
  refund: {
    orderId,
    currency: 'USD',
    observedAt: ago(0),
    refund: refund(changes),
  },
  trigger: 'refunded',
  deliveryId: '',
});
const refund = (changes: Partial<Refund>): Refund =>
  Refund.fromPartial({
    refundId: nextId(),
    subtotal: '0.00',
    refundedAt: ago(5),
    linesSubtotal: '0.00',
    detailed: true,
    ...changes,
  });
const sent = (amount: string, status = 'success') => ({
  transactionId: nextId(),
  kind: 'refund',
  status,
  amount,
  currency: 'USD',
});
const later = (one: Order, seconds: number, changes: Partial<Order>): Order => ({
  ...one,
  updatedAt: new Date(Date.parse(one.updatedAt) + seconds * 1_000).toISOString(),
  observedAt: new Date(Date.parse(one.observedAt) + seconds * 1_000).toISOString(),
  ...changes,
});

async function install(): Promise<Shop> {
  const shop = await core.installShop();
  await core.outside.query(
    `UPDATE merchants SET created_at = now() - interval '1 day' WHERE merchant_id = $1`,
    [shop.merchantId],
  );
  return shop;
}

async function balanceOf(shop: Shop, shopifyCustomerId = '42'): Promise<number> {
  const { rows } = await core.outside.query<{ balance: string }>(
    `SELECT b.balance FROM points_balances b JOIN customers c USING (merchant_id, customer_id)
     WHERE b.merchant_id = $1 AND c.shopify_customer_id = $2`,
    [shop.merchantId, shopifyCustomerId],
  );
  const broken = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  expect(broken.rows).toEqual([]);
  return Number(rows[0]?.balance ?? 0);
}

async function tell(shop: Shop, ...requests: RecordOrderRequest[]) {
  let last;
  for (const request of requests) last = await shop.points.recordOrder(request);
  return last;
}

async function change(
  shop: Shop,
  changes: Partial<NonNullable<Awaited<ReturnType<Shop['points']['getPointsProgram']>>['program']>>,
): Promise<void> {
  const { program } = await shop.points.getPointsProgram({});
  if (program === undefined) throw new Error('a shop without a program');
  await shop.points.updatePointsProgram({ program: { ...program, ...changes } });
}

async function customerIdOf(shop: Shop, shopifyCustomerId = '42'): Promise<string> {
  const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId });
  return customer?.customerId ?? '';
}

async function expireAll(shop: Shop): Promise<void> {
  await core.outside.query(
    `UPDATE point_lots SET expires_at = now() - interval '2 days' WHERE merchant_id = $1 AND remaining > 0`,
    [shop.merchantId],
  );
  await shop.points.expirePoints({});
}

describe('a source that sees only part of an order', () => {
  it('completes an order and overwrites nothing: the first sync after a refund deducts no points', async () => {
    const shop = await install();
    const one = order({ subtotal: '48.00', currentSubtotal: '48.00', total: '48.00' });
    const back = refund({ linesSubtotal: '24.00', transactions: [sent('24.00')] });
    await tell(
      shop,
      update(one),
      update(later(one, 5, { currentSubtotal: '24.00', refunds: [back] }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(240);
    const synced = later(one, 5, { currentSubtotal: '24.00', refunds: [], source: 'partial' });
    expect(await tell(shop, update(synced, 'synced'))).toMatchObject({ readAnew: false });
    expect(await balanceOf(shop)).toBe(240);
    const ahead = later(one, 9, { currentSubtotal: '10.00', refunds: [], source: 'partial' });
    expect(await tell(shop, update(ahead, 'synced'))).toMatchObject({ readAnew: true });
    expect(await balanceOf(shop)).toBe(240);
  });
});

describe('two states of one second', () => {
  it('are ordered by when they were observed, whichever arrives first', async () => {
    for (const isReversed of [false, true]) {
      const shop = await install();
      const one = order();
      const edits = [
        update(later(one, 2, { currentSubtotal: '130.00' }), 'updated'),
        update(
          later(one, 2, {
            currentSubtotal: '150.00',
            observedAt: new Date(Date.parse(one.observedAt) + 2_400).toISOString(),
          }),
          'updated',
        ),
      ];
      await tell(shop, update(one), ...(isReversed ? edits.reverse() : edits));
      expect(await balanceOf(shop)).toBe(1_500);
    }
  });

  it('that cannot be ordered are read from Shopify, and the reading decides', async () => {
    for (const observedAt of ['', ago(0)]) {
      const shop = await install();
      const one = order();
      const states = ['130.00', '150.00'].map((currentSubtotal) =>
        update(later(one, 2, { currentSubtotal, observedAt }), 'updated'),
      );
      expect(await tell(shop, update(one), ...states)).toMatchObject({ readAnew: true });
      const reading = later(one, 2, {
        currentSubtotal: '150.00',
        source: 'reading',
        observedAt: new Date(Date.now() + 1_000).toISOString(),
      });
      expect(await tell(shop, update(reading, 'edited'))).toMatchObject({ readAnew: false });
      expect(await balanceOf(shop)).toBe(1_500);
      await tell(shop, ...states);
      expect(await balanceOf(shop)).toBe(1_500);
    }
  });
});

describe('an order whose points are refused', () => {
  it.each([
    ['too large for one entry', { subtotal: '900000000000', currentSubtotal: '' }, 'too_large'],
    ['in a currency that the shop no longer has', { currency: 'EUR' }, 'foreign_currency'],
    ['a test', { test: true }, 'test_order'],
  ])('because it is %s is kept, with the reason', async (_why, changes, reason) => {
    const shop = await install();
    const one = order(changes);
    expect(await tell(shop, update(one))).toMatchObject({ status: 'ignored', reason });
    const { rows } = await core.outside.query(
      'SELECT 1 FROM orders WHERE merchant_id = $1 AND shopify_order_id = $2',
      [shop.merchantId, one.orderId],
    );
    expect(rows).toHaveLength(1);
  });

  it('is never one for what no rule reads: 501 lines, a long name, digital money, ids that are none', async () => {
    const shop = await install();
    const lines = Array.from({ length: 501 }, (_, nth) => ({
      lineId: `line ${nth}`,
      productId: '1',
      title: 'Pin',
      quantity: 1,
      price: '0.10',
      subtotal: '0.10',
      giftCard: false,
      tip: false,
    }));
    const one = order({
      name: 'x'.repeat(300),
      presentmentCurrency: 'USDC',
      lines,
      refunds: [
        refund({
          transactions: [{ ...sent('many'), currency: '?' }],
          linesTax: '0.1000000000001',
        }),
      ],
    });
    expect(await tell(shop, update(one))).toMatchObject({ status: 'settled' });
    // An entry has up to 10^12 points.
    const large = order({ subtotal: '90000000000', currentSubtotal: '90000000000', total: '' });
    expect(await tell(shop, update(large))).toMatchObject({ status: 'settled' });
    expect(await balanceOf(shop)).toBe(1_000 + 900_000_000_000);
  });

  it('settles in a former currency when it was awarded in it', async () => {
    const shop = await install();
    const one = order();
    await tell(shop, update(one));
    await core.outside.query(`UPDATE merchants SET currency = 'EUR' WHERE merchant_id = $1`, [
      shop.merchantId,
    ]);
    await tell(
      shop,
      notice(one.orderId, { linesSubtotal: '40.00', transactions: [sent('40.00')] }),
    );
    expect(await balanceOf(shop)).toBe(600);
  });
});

describe('money in a former currency of the shop', () => {
  it('is not added to later spending, neither in sums nor in scores', async () => {
    const shop = await install();
    await tell(shop, update(order()));
    await core.outside.query(`UPDATE merchants SET currency = 'EUR' WHERE merchant_id = $1`, [
      shop.merchantId,
    ]);
    const spent = async () =>
      (
        await core.outside.query<{ orders: number; spend: string }>(
          `SELECT order_count AS orders, trim_scale(total_spend)::text AS spend FROM customers WHERE merchant_id = $1`,
          [shop.merchantId],
        )
      ).rows;
    await tell(shop, update(order({ currency: 'EUR', subtotal: '30', currentSubtotal: '30' })));
    expect(await spent()).toEqual([{ orders: 2, spend: '30' }]);
    // Scoring sums for itself, and keeps what it finds.
    await core.outside.query(
      'UPDATE customers SET total_spend = 5, review_due_at = now() WHERE merchant_id = $1',
      [shop.merchantId],
    );
    await core.clients().admin.reviewMembers({ limit: 10_000 });
    expect(await spent()).toEqual([{ orders: 2, spend: '30' }]);
  });
});

describe('an order whose customer changes', () => {
  it('moves its points to the new customer, with their expiration date; points already spent are owed', async () => {
    const shop = await install();
    await change(shop, { expiryDays: 100 });
    const one = order();
    await tell(shop, update(one));
    await shop.points.adjustPoints({
      customerId: await customerIdOf(shop),
      points: -300,
      reason: 'spent',
      idempotencyKey: 'spent',
    });
    const { rows: before } = await core.outside.query<{ expires_at: Date }>(
      'SELECT expires_at FROM point_lots WHERE merchant_id = $1',
      [shop.merchantId],
    );
    await tell(shop, update(later(one, 3, { customer: person('43') }), 'updated'));
    expect([await balanceOf(shop), await balanceOf(shop, '43')]).toEqual([-300, 1_000]);
    const { rows: after } = await core.outside.query<{ expires_at: Date }>(
      'SELECT expires_at FROM point_lots WHERE merchant_id = $1 AND remaining > 0',
      [shop.merchantId],
    );
    expect(after).toEqual(before);
    // And back, and its refund with it.
    await tell(
      shop,
      update(later(one, 4, { customer: person('42') }), 'updated'),
      notice(one.orderId, { linesSubtotal: '50.00', transactions: [sent('50.00')] }),
    );
    expect([await balanceOf(shop), await balanceOf(shop, '43')]).toEqual([200, 0]);
  });

  it('loses its customer only by a source that may see customers, and then moves its points to the next', async () => {
    const shop = await install();
    const one = order();
    await tell(
      shop,
      update(one),
      update(later(one, 2, { customer: undefined, customerVisible: false }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(1_000);
    await tell(shop, update(later(one, 3, { customer: undefined }), 'updated'));
    expect(await balanceOf(shop)).toBe(0);
    await tell(shop, update(later(one, 4, { customer: person('44') }), 'updated'));
    expect([await balanceOf(shop), await balanceOf(shop, '44')]).toEqual([0, 1_000]);
  });

  it('returns its points to its former customer after it had no customer for a while', async () => {
    const shop = await install();
    await change(shop, { expiryDays: 100 });
    const one = order();
    await tell(shop, update(one));
    const expiries = async () => {
      const { rows } = await core.outside.query<{ expires_at: Date }>(
        'SELECT DISTINCT expires_at FROM point_lots WHERE merchant_id = $1',
        [shop.merchantId],
      );
      return rows;
    };
    await core.outside.query(
      `UPDATE point_lots SET expires_at = expires_at - interval '20 days' WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    const before = await expiries();
    await tell(shop, update(later(one, 3, { customer: undefined }), 'updated'));
    expect(await balanceOf(shop)).toBe(0);
    await tell(shop, update(later(one, 4, {}), 'updated'));
    expect(await balanceOf(shop)).toBe(1_000);
    expect(await expiries()).toEqual(before);
    const end = later(one, 5, { cancelledAt: ago(0) });
    await tell(shop, update(end, 'cancelled'), update(end, 'cancelled'));
    expect(await balanceOf(shop)).toBe(0);
  });
});

describe('a refund', () => {
  it.each([
    ['of an amount alone takes its part', { adjustments: ['-50.00'], sent: [sent('50.00')] }, 500],
    [
      'that failed takes nothing',
      { adjustments: ['-50.00'], sent: [sent('50.00', 'failure')] },
      1_000,
    ],
    [
      'that is pending takes nothing yet',
      { lines: '50.00', sent: [sent('50.00', 'pending')] },
      1_000,
    ],
    ['of lines without any transaction counts', { lines: '50.00', sent: [] }, 500],
    [
      'of which a part succeeded takes that part',
      { lines: '50.00', sent: [sent('20.00'), sent('30.00', 'failure')] },
      800,
    ],
    [
      'that failed first and then succeeded counts once, in full',
      { lines: '50.00', sent: [sent('50.00', 'failure'), sent('50.00')] },
      500,
    ],
    [
      'of which the shop kept a fee takes no points for the fee',
      { lines: '50.00', adjustments: ['10.00'], sent: [sent('40.00')] },
      600,
    ],
    ['of a tip takes nothing', { tip: '10.00', sent: [sent('10.00')] }, 1_000],
    [
      'that balances the books is no second one',
      {
        adjustments: ['-50.00'],
        reason: 'full_return_balancing_adjustment',
        sent: [sent('50.00')],
      },
      1_000,
    ],
  ] as const)('%s', async (_what, parts, left) => {
    const shop = await install();
    const one = order();
    const p: {
      lines?: string;
      tip?: string;
      reason?: string;
      adjustments?: readonly string[];
      sent: readonly ReturnType<typeof sent>[];
    } = parts;
    const changes = {
      refundId: nextId(),
      linesSubtotal: p.lines ?? '0.00',
      lines: p.tip === undefined ? [] : [{ lineId: '9', subtotal: p.tip, tip: true }],
      adjustments: (p.adjustments ?? []).map((amount) => ({
        reason: p.reason ?? 'refund_discrepancy',
        amount,
      })),
      transactions: [...p.sent],
    };
    await tell(shop, update(one), notice(one.orderId, changes));
    expect(await balanceOf(shop)).toBe(left);
    // The order's own update says the same again, with what its goods are worth now.
    const now = (100 - Number(p.lines ?? 0)).toFixed(2);
    await tell(
      shop,
      update(later(one, 8, { currentSubtotal: now, refunds: [refund(changes)] }), 'updated'),
      notice(one.orderId, changes),
    );
    expect(await balanceOf(shop)).toBe(left);
  });

  it('of an amount counts in proportion of the goods to the order total', async () => {
    const shop = await install();
    const one = order({ total: '125.00', currentTotal: '125.00' });
    await tell(
      shop,
      notice(one.orderId, {
        adjustments: [{ reason: 'refund_discrepancy', amount: '-25.00' }],
        transactions: [sent('25.00')],
      }),
      update(one),
    );
    expect(await balanceOf(shop)).toBe(800);
  });

  it('that was pending deducts its points when its money is paid out, even if its old row stays', async () => {
    const shop = await install();
    const one = order({ total: '110.00', currentTotal: '110.00', tax: '10.00' });
    const pending = sent('110.00', 'pending');
    const changes = {
      refundId: nextId(),
      linesSubtotal: '100.00',
      linesTax: '10.00',
      adjustments: [{ reason: 'refund_discrepancy', amount: '110.00' }],
    };
    await tell(shop, update(one), notice(one.orderId, { ...changes, transactions: [pending] }));
    expect(await balanceOf(shop)).toBe(1_000);
    const done = refund({ ...changes, transactions: [{ ...pending, status: 'success' }] });
    await tell(
      shop,
      update(later(one, 4, { currentSubtotal: '0.00', refunds: [done] }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(0);
    // The old update comes once more.
    await tell(shop, notice(one.orderId, { ...changes, transactions: [pending] }));
    expect(await balanceOf(shop)).toBe(0);
  });

  it('in exchange for goods of the same value deducts nothing in the end', async () => {
    for (const kept of [[], [{ reason: 'refund_discrepancy', amount: '50.00' }]]) {
      const shop = await install();
      const one = order();
      const even = { refundId: nextId(), linesSubtotal: '50.00', adjustments: kept };
      await tell(
        shop,
        update(one),
        notice(one.orderId, even),
        update(later(one, 4, { refunds: [refund(even)] }), 'updated'),
      );
      expect(await balanceOf(shop)).toBe(1_000);
    }
  });

  it('of everything, as Shopify calls the order, leaves nothing; so does a voided payment', async () => {
    for (const financialStatus of ['refunded', 'voided']) {
      const shop = await install();
      const one = order();
      await tell(shop, update(one), update(later(one, 4, { financialStatus }), 'updated'));
      expect(await balanceOf(shop)).toBe(0);
    }
  });

  it('deducts nothing that has already expired', async () => {
    const shop = await install();
    await change(shop, { expiryDays: 100 });
    const one = order();
    await tell(shop, update(one));
    await shop.points.adjustPoints({
      customerId: await customerIdOf(shop),
      points: -400,
      reason: 'spent',
      idempotencyKey: 'spent',
    });
    await expireAll(shop);
    expect(await balanceOf(shop)).toBe(0);
    await tell(
      shop,
      notice(one.orderId, { linesSubtotal: '50.00', transactions: [sent('50.00')] }),
    );
    // 600 expired: the half that was refunded is among them.
    expect(await balanceOf(shop)).toBe(0);
    await tell(
      shop,
      notice(one.orderId, { linesSubtotal: '50.00', transactions: [sent('50.00')] }),
    );
    expect(await balanceOf(shop)).toBe(-400);
  });

  it.each([
    ['as they were made', [0, 1, 2]],
    ['the last one first', [2, 0, 1]],
    ['the highest one never seen in force', [1, 0, 2]],
  ])(
    'deducts first, and in full, what was added after points expired: edits arriving %s',
    async (_how, places) => {
      const shop = await install();
      await change(shop, { expiryDays: 100 });
      const one = order({ subtotal: '6.00', currentSubtotal: '6.00' });
      await tell(shop, update(one));
      await expireAll(shop);
      const edits = ['45.00', '37.00', '33.00'].map((currentSubtotal, nth) =>
        update(later(one, nth + 2, { currentSubtotal }), 'updated'),
      );
      for (const place of places) await tell(shop, edits[place] as RecordOrderRequest);
      // 60 have expired; of the 390 that were added, 120 were deducted.
      expect(await balanceOf(shop)).toBe(270);
      // Less than what it was when they expired: those 60 were deducted already.
      await tell(shop, update(later(one, 9, { currentSubtotal: '3.00' }), 'updated'));
      expect(await balanceOf(shop)).toBe(0);
      await tell(shop, update(later(one, 12, { currentSubtotal: '9.00' }), 'updated'));
      expect(await balanceOf(shop)).toBe(30);
    },
  );

  it.each([
    ['the older order', [0, 1]],
    ['the newer order', [1, 0]],
  ])('finds the same points spent, whichever order is told first: %s', async (_which, places) => {
    const shop = await install();
    await change(shop, { expiryDays: 100 });
    const orders = [order(), order()];
    for (const place of places) await tell(shop, update(orders[place] as Order));
    await shop.points.adjustPoints({
      customerId: await customerIdOf(shop),
      points: -1_000,
      reason: 'spent',
      idempotencyKey: 'spent',
    });
    await expireAll(shop);
    // The points of the older one were spent and are owed back; those of the newer one expired.
    await tell(
      shop,
      notice(orders[1]?.orderId ?? '', { linesSubtotal: '100.00', transactions: [sent('100.00')] }),
    );
    expect(await balanceOf(shop)).toBe(0);
    await tell(
      shop,
      notice(orders[0]?.orderId ?? '', { linesSubtotal: '100.00', transactions: [sent('100.00')] }),
    );
    expect(await balanceOf(shop)).toBe(-1_000);
  });

  it('counts as expired only the order’s own points, not those that a campaign gave for it', async () => {
    const shop = await install();
    await change(shop, { expiryDays: 100 });
    const one = order();
    await tell(shop, update(one));
    const customerId = await customerIdOf(shop);
    await shop.points.earnPoints({
      award: {
        customerId,
        points: 500,
        idempotencyKey: 'campaign',
        type: 'campaign',
        source: 'campaign',
        orderId: one.orderId,
      },
    });
    await core.outside.query(
      `UPDATE point_lots SET expires_at = now() - interval '2 days' WHERE merchant_id = $1 AND points = 500`,
      [shop.merchantId],
    );
    await shop.points.expirePoints({});
    await tell(
      shop,
      notice(one.orderId, { linesSubtotal: '50.00', transactions: [sent('50.00')] }),
    );
    expect(await balanceOf(shop)).toBe(500);
  });

  it('that deducted nothing because the balance stops at zero deducts nothing later either', async () => {
    const shop = await install();
    await change(shop, { refundPolicy: 'clip' });
    const one = order();
    await tell(shop, update(one));
    const spend = async (points: number, idempotencyKey: string) =>
      shop.points.adjustPoints({
        customerId: await customerIdOf(shop),
        points,
        reason: 'by hand',
        idempotencyKey,
      });
    await spend(-1_000, 'all');
    const half = { refundId: nextId(), linesSubtotal: '50.00', transactions: [sent('50.00')] };
    await tell(shop, notice(one.orderId, half));
    expect(await balanceOf(shop)).toBe(0);
    await spend(700, 'gift');
    await tell(
      shop,
      notice(one.orderId, half),
      update(later(one, 3, { currentSubtotal: '50.00', refunds: [refund(half)] }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(700);
  });
});

describe('the first purchase', () => {
  const multipliers = async (shop: Shop): Promise<void> => {
    const { program } = await shop.points.getPointsProgram({});
    const { earning } = program ?? {};
    if (earning === undefined) throw new Error('a program without earning rules');
    await change(shop, {
      earning: {
        ...earning,
        multipliers: {
          stacking: 'highest',
          champions: undefined,
          firstPurchase: { enabled: true, multiplier: '2' },
        },
      },
    });
  };

  it('is the earliest paid one, in whatever order and batch orders arrive', async () => {
    for (const how of ['in order', 'in reverse', 'in one batch'] as const) {
      const shop = await install();
      await multipliers(shop);
      const first = order({ orderedAt: ago(500) });
      const second = order({ orderedAt: ago(400) });
      if (how === 'in one batch')
        await shop.points.recordOrders({ orders: [update(second), update(first)] });
      else
        await tell(
          shop,
          ...(how === 'in order'
            ? [update(first), update(second)]
            : [update(second), update(first)]),
        );
      expect(await balanceOf(shop), how).toBe(3_000);
    }
  });

  it('is not taken by an order that was cancelled before payment', async () => {
    const shop = await install();
    await multipliers(shop);
    const never = order({ orderedAt: ago(500), financialStatus: 'pending' });
    await tell(
      shop,
      update(never, 'created'),
      update(order({ orderedAt: ago(400) })),
      update(later(never, 3, { cancelledAt: ago(1) }), 'cancelled'),
    );
    expect(await balanceOf(shop)).toBe(2_000);
  });
});

describe('what earns nothing', () => {
  it('are test orders, unless the merchant enables them or it is a development store', async () => {
    const shop = await install();
    await change(shop, { testOrders: 'on' });
    await tell(shop, update(order({ test: true })));
    expect(await balanceOf(shop)).toBe(1_000);
    const trial = await install();
    await core.outside.query('UPDATE merchants SET is_development = true WHERE merchant_id = $1', [
      trial.merchantId,
    ]);
    await tell(trial, update(order({ test: true })));
    expect(await balanceOf(trial)).toBe(1_000);
    await change(trial, { testOrders: 'off' });
    await tell(trial, update(order({ test: true })));
    expect(await balanceOf(trial)).toBe(1_000);
  });

  it('are purchased gift cards, unless the merchant enables them', async () => {
    const line = (lineId: string, subtotal: string, giftCard: boolean) => ({
      lineId,
      productId: lineId,
      title: '',
      quantity: 1,
      price: subtotal,
      subtotal,
      giftCard,
      tip: false,
    });
    const lines = [line('1', '70.00', false), line('2', '30.00', true)];
    const shop = await install();
    const one = order({ lines });
    await tell(
      shop,
      update(one),
      notice(one.orderId, {
        linesSubtotal: '30.00',
        lines: [{ lineId: '2', subtotal: '30.00', tip: false }],
        transactions: [sent('30.00')],
      }),
    );
    expect(await balanceOf(shop)).toBe(700);
    await change(shop, { giftCards: 'earn' });
    await tell(shop, update(order({ lines })));
    expect(await balanceOf(shop)).toBe(1_700);
  });

  it('is what was placed and paid before the shop joined, whenever it arrives', async () => {
    const shop = await install();
    const old = '2021-03-04T10:00:00.000Z';
    const one = order({ orderedAt: old });
    expect(await tell(shop, update(one, 'created'), update(one))).toMatchObject({
      reason: 'historical',
    });
    // Placed before, seen unpaid since, and paid now.
    const open = order({ orderedAt: old, createdAt: old, financialStatus: 'pending' });
    await tell(
      shop,
      update(open, 'updated'),
      update(later(open, 3, { financialStatus: 'paid' }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(1_000);
  });

  it('is what was paid while the program was off; edits meanwhile deduct and never add', async () => {
    const shop = await install();
    const before = order({ observedAt: ago(0) });
    await tell(shop, update(before));
    await change(shop, { active: false });
    const meanwhile = order({ observedAt: new Date().toISOString() });
    const now = () => ({ observedAt: new Date().toISOString() });
    await tell(
      shop,
      update(meanwhile),
      update(later(before, 2, { currentSubtotal: '150.00', ...now() }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(1_000);
    await tell(shop, update(later(before, 3, { currentSubtotal: '80.00', ...now() }), 'updated'));
    expect(await balanceOf(shop)).toBe(800);
    await change(shop, { active: true });
    await tell(
      shop,
      update(later(meanwhile, 5, now()), 'updated'),
      update(later(before, 6, { currentSubtotal: '90.00', ...now() }), 'updated'),
    );
    expect(await balanceOf(shop)).toBe(900);
  });

  it('is what was added while the program was off, also when that arrives after the payment', async () => {
    const shop = await install();
    const open = order({ financialStatus: 'pending', observedAt: ago(0) });
    await change(shop, { active: false });
    const raised = later(open, 2, {
      currentSubtotal: '150.00',
      observedAt: new Date().toISOString(),
    });
    await change(shop, { active: true });
    const paid = later(raised, 2, {
      financialStatus: 'paid',
      observedAt: new Date().toISOString(),
    });
    await tell(shop, update(paid), update(open, 'created'), update(raised, 'updated'));
    expect(await balanceOf(shop)).toBe(1_000);
  });
});

it('an order counts for tiers and scores when it was paid, and for nothing once it is refunded', async () => {
  const shop = await install();
  const standing = async () => {
    const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
    return [customer?.orderCount, Number(customer?.totalSpend?.amount)];
  };
  const open = order({ financialStatus: 'pending' });
  await tell(shop, update(open, 'created'));
  expect(await standing()).toEqual([0, 0]);
  await tell(shop, update(later(open, 2, { financialStatus: 'paid' })));
  expect(await standing()).toEqual([1, 100]);
  await tell(shop, notice(open.orderId, { linesSubtotal: '40.00', transactions: [sent('40.00')] }));
  expect(await standing()).toEqual([1, 60]);
  await tell(shop, update(later(open, 4, { financialStatus: 'refunded' }), 'updated'));
  expect(await standing()).toEqual([0, 0]);
});

it('a refund of an order whose buyer was erased writes no entry for them', async () => {
  const shop = await install();
  const one = order();
  await tell(shop, update(one));
  const customerId = await customerIdOf(shop);
  const { request } = await shop.admin.submitGdprRequest({
    requestType: 'redact',
    source: 'admin',
    shopifyCustomerId: '42',
    idempotencyKey: 'redact/42',
  });
  await shop.admin.processGdprRequest({ requestId: request?.requestId ?? '' });
  const entries = async () => {
    const { rows } = await core.outside.query<{ n: string }>(
      'SELECT count(*) AS n FROM points_transactions WHERE merchant_id = $1 AND customer_id = $2',
      [shop.merchantId, customerId],
    );
    return Number(rows[0]?.n);
  };
  const before = await entries();
  expect(
    await tell(
      shop,
      notice(one.orderId, { linesSubtotal: '100.00', transactions: [sent('100.00')] }),
    ),
  ).toMatchObject({ reason: 'redacted_customer' });
  expect(await entries()).toBe(before);
});
