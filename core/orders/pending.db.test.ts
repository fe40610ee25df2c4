import { afterAll, beforeAll, expect, it } from 'vitest';
import { Order, Refund, type RecordOrderRequest } from '#proto/points/v1/points.ts';
import { startTestCore, type TestCore } from '../testing/core.ts';

/** Points that count only after a return window, over the whole of core. */

const DAY_MS = 86_400_000;
const startedAt = Date.now();
let passed = 0;
let core: TestCore;
beforeAll(async () => {
  core = await startTestCore({}, { clock: () => new Date(startedAt + passed) });
});
afterAll(() => core.stop());

type Shop = Awaited<ReturnType<TestCore['installShop']>>;

async function shopWithDays(pendingDays: number): Promise<Shop> {
  const shop = await core.installShop();
  await setDays(shop, pendingDays);
  return shop;
}
async function setDays(shop: Shop, pendingDays: number): Promise<void> {
  const { program } = await shop.points.getPointsProgram({});
  if (program === undefined) throw new Error('no program');
  await shop.points.updatePointsProgram({
    program: { ...program, pendingDays, signup: { enabled: false, points: 0 } },
  });
}

let ids = 5_000_000;
function order(changes: Partial<Order> = {}): Order {
  const orderId = String(++ids);
  const now = new Date(startedAt + passed).toISOString();
  return Order.fromPartial({
    orderId,
    name: `#${orderId}`,
    customer: { shopifyCustomerId: '42', email: 'ada@example.com', state: 'enabled' },
    currency: 'USD',
    presentmentCurrency: 'USD',
    subtotal: '100.00',
    currentSubtotal: '100.00',
    total: '100.00',
    financialStatus: 'paid',
    orderedAt: now,
    updatedAt: now,
    lines: [{ lineId: '1', productId: '2', quantity: 1, price: '100.00', subtotal: '100.00' }],
    ...changes,
  });
}
const told = (one: Order, trigger = 'paid'): RecordOrderRequest => ({
  order: one,
  refund: undefined,
  trigger,
  deliveryId: '',
});
const refundOf = (orderId: string, refundId: string, subtotal: string): RecordOrderRequest => ({
  order: undefined,
  refund: {
    orderId,
    currency: 'USD',
    observedAt: '',
    refund: Refund.fromPartial({
      refundId,
      subtotal,
      linesSubtotal: subtotal,
      refundedAt: new Date(startedAt + passed).toISOString(),
    }),
  },
  trigger: 'refunded',
  deliveryId: '',
});

async function standing(shop: Shop, shopifyCustomerId = '42') {
  const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId });
  const customerId = customer?.customerId ?? '';
  const { balance } = await shop.points.getPointsBalance({ customerId });
  const { entries } = await shop.points.listEntries({
    customerId,
    types: [],
    page: { pageSize: 50, cursor: '' },
  });
  return {
    balance: balance?.balance,
    pending: balance?.pendingPoints,
    entries: entries.map(({ points }) => points).reverse(),
  };
}
const settle = () => core.clients().points.settlePendingOrders({ limit: 1_000 });
const after = (days: number) => {
  passed += days * DAY_MS;
};
async function expectSound(shop: Shop): Promise<void> {
  const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
    shop.merchantId,
  ]);
  expect(rows).toEqual([]);
}

it('points wait for their days, refunds reduce what waits without an entry, and then they count once', async () => {
  const shop = await shopWithDays(14);
  const one = order();
  expect(await shop.points.recordOrder(told(one))).toMatchObject({
    status: 'settled',
    reason: 'points_pending',
    entries: [],
  });
  expect(await standing(shop)).toEqual({ balance: 0, pending: 1_000, entries: [] });
  await shop.points.recordOrder(refundOf(one.orderId, '71', '30.00'));
  expect(await standing(shop)).toEqual({ balance: 0, pending: 700, entries: [] });
  expect(await shop.points.recordOrder(refundOf(one.orderId, '71', '30.00'))).toMatchObject({
    status: 'unchanged',
  });

  after(13.9);
  await settle();
  expect(await standing(shop)).toEqual({ balance: 0, pending: 700, entries: [] });
  after(0.2);
  // Two workers at once, and once more later.
  await Promise.all([settle(), settle()]);
  await settle();
  expect(await standing(shop)).toEqual({ balance: 700, pending: 0, entries: [700] });

  await shop.points.recordOrder(refundOf(one.orderId, '72', '20.00'));
  await shop.points.recordOrder(refundOf(one.orderId, '71', '30.00'));
  await shop.points.recordOrder(told(one, 'updated'));
  expect(await standing(shop)).toEqual({ balance: 500, pending: 0, entries: [700, -200] });
  await expectSound(shop);
});

it('an order that is canceled or refunded in full meanwhile leaves no entry', async () => {
  const shop = await shopWithDays(7);
  const canceled = order();
  const refunded = order();
  await shop.points.recordOrders({ orders: [told(canceled), told(refunded)] });
  await shop.points.recordOrder(
    told({ ...canceled, cancelledAt: canceled.updatedAt }, 'cancelled'),
  );
  await shop.points.recordOrder(refundOf(refunded.orderId, '73', '100.00'));
  expect(await standing(shop)).toEqual({ balance: 0, pending: 0, entries: [] });
  after(8);
  await settle();
  await shop.points.recordOrder(told(refunded, 'updated'));
  expect(await standing(shop)).toEqual({ balance: 0, pending: 0, entries: [] });
});

it('keeps the days that were set when it was first settled, and the terms it was earned by', async () => {
  const shop = await shopWithDays(14);
  await shop.points.recordOrder(told(order()));
  await setDays(shop, 0);
  const { program } = await shop.points.getPointsProgram({});
  await shop.points.updatePointsProgram({
    program: {
      ...program,
      active: true,
      purchase: { enabled: true, points: 1, per: 1, pointsPerUnit: '', awardOn: 'paid' },
    },
  });
  await shop.points.recordOrder(told(order()));
  expect(await standing(shop)).toEqual({ balance: 100, pending: 1_000, entries: [100] });
  await setDays(shop, 30);
  after(15);
  await settle();
  expect(await standing(shop)).toEqual({ balance: 1_100, pending: 0, entries: [100, 1_000] });
});

it('an order that is reported after its days counts at once, with its refunds deducted', async () => {
  const shop = await shopWithDays(3);
  const one = order();
  await shop.points.recordOrder(refundOf(one.orderId, '74', '40.00'));
  after(4);
  const paidAt = new Date(startedAt + passed - 4 * DAY_MS).toISOString();
  const reported = await shop.points.recordOrder(
    told({ ...one, updatedAt: paidAt, observedAt: paidAt }),
  );
  expect(reported.entries.map(({ points }) => points)).toEqual([600]);
  expect(await standing(shop)).toEqual({ balance: 600, pending: 0, entries: [600] });
});

it('what waits follows the order to another customer, and into a merge', async () => {
  const shop = await shopWithDays(5);
  const one = order();
  await shop.points.recordOrder(told(one));
  const moved = new Date(startedAt + passed + 1_000).toISOString();
  await shop.points.recordOrder(
    told(
      {
        ...one,
        updatedAt: moved,
        customer: { ...(one.customer as NonNullable<Order['customer']>), shopifyCustomerId: '43' },
      },
      'updated',
    ),
  );
  expect(await standing(shop, '42')).toMatchObject({ pending: 0 });
  expect(await standing(shop, '43')).toMatchObject({ pending: 1_000 });
  after(6);
  await settle();
  expect(await standing(shop, '42')).toEqual({ balance: 0, pending: 0, entries: [] });
  expect(await standing(shop, '43')).toEqual({ balance: 1_000, pending: 0, entries: [1_000] });
});

it('one order that cannot be settled stops no other', async () => {
  const shop = await shopWithDays(1);
  const orders = Array.from({ length: 8 }, () => order());
  await shop.points.recordOrders({ orders: orders.map((one) => told(one)) });
  const { customer } = await shop.admin.getCustomer({ customerId: '', shopifyCustomerId: '42' });
  // Something else has taken the key of its entry.
  await shop.points.earnPoints({
    award: {
      customerId: customer?.customerId ?? '',
      points: 5,
      idempotencyKey: `order/${orders[3]?.orderId}/paid`,
    },
  });
  after(2);
  await settle();
  await settle();
  expect(await standing(shop)).toMatchObject({ balance: 7_005, pending: 1_000 });
  await expectSound(shop);
});
