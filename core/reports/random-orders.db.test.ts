import { afterAll, beforeAll, expect, it } from 'vitest';
import fc from 'fast-check';
import { Order, type RecordOrderRequest } from '#proto/points/v1/points.ts';
import { startTestCore, type TestCore } from '../testing/core.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

/** One order as a merchant would tell of it; amounts in the smallest unit of the currency. */
interface Told {
  readonly minutesAgo: number;
  readonly amount: number;
  readonly refunded: number;
  readonly customer: number;
  readonly state: 'paid' | 'cancelled' | 'test' | 'unpaid';
}
/** The first have an account; the others are guests, and 0 is no customer. */
const members = 4;

const told: fc.Arbitrary<Told> = fc
  .record({
    minutesAgo: fc.integer({ min: 1, max: 66 * 24 * 60 }),
    amount: fc.integer({ min: 0, max: 400_000 }),
    refunds: fc.constantFrom('none', 'none', 'part', 'all'),
    customer: fc.integer({ min: 0, max: 7 }),
    state: fc.constantFrom('paid', 'paid', 'paid', 'cancelled', 'test', 'unpaid'),
  })
  .map(({ refunds, ...order }) => ({
    ...order,
    refunded: { none: 0, part: Math.floor(order.amount / 3), all: order.amount }[refunds],
  }));

const shops = [
  { currency: 'USD', decimals: 2, timezone: 'America/Los_Angeles' },
  { currency: 'JPY', decimals: 0, timezone: 'Asia/Tokyo' },
  { currency: 'KWD', decimals: 3, timezone: 'Pacific/Kiritimati' },
  { currency: 'EUR', decimals: 2, timezone: 'Pacific/Pago_Pago' },
];

let ids = 5_000_000;
function toRequest(one: Told, { currency, decimals }: (typeof shops)[number]): RecordOrderRequest {
  const amountOf = (minor: number) => (minor / 10 ** decimals).toFixed(decimals);
  const at = new Date(Date.now() - one.minutesAgo * 60_000).toISOString();
  const subtotal = amountOf(one.amount);
  const orderId = String(++ids);
  return {
    order: Order.fromPartial({
      orderId,
      name: `#${orderId}`,
      ...(one.customer > 0 && {
        customer: {
          shopifyCustomerId: String(one.customer),
          state: one.customer <= members ? 'enabled' : 'disabled',
        },
      }),
      currency,
      presentmentCurrency: currency,
      subtotal,
      currentSubtotal: amountOf(one.amount - one.refunded),
      total: subtotal,
      financialStatus: one.state === 'unpaid' ? 'pending' : 'paid',
      channel: 'online',
      orderedAt: at,
      updatedAt: new Date().toISOString(),
      cancelledAt: one.state === 'cancelled' ? new Date().toISOString() : '',
      refunds:
        one.refunded === 0
          ? []
          : [
              {
                refundId: String(++ids),
                subtotal: amountOf(one.refunded),
                linesSubtotal: amountOf(one.refunded),
                refundedAt: new Date().toISOString(),
              },
            ],
      lines: [
        { lineId: '1', productId: '2', title: 'A mug', quantity: 1, price: subtotal, subtotal },
      ],
      test: one.state === 'test',
    }),
    refund: undefined,
    trigger: one.state === 'unpaid' ? 'created' : 'paid',
    deliveryId: '',
  };
}

/** The same figures, worked out by hand: what is a day, what counts, and whose it is. */
function byHand(
  orders: readonly Told[],
  { timezone }: (typeof shops)[number],
  days: number,
  now: Date,
) {
  const dayOf = (at: Date) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' }).format(at);
  const today = Date.parse(dayOf(now));
  const sums = [0, 1].map(() => ({ revenue: 0, memberRevenue: 0, orders: 0, memberOrders: 0 }));
  for (const order of orders) {
    const day = Date.parse(dayOf(new Date(now.getTime() - order.minutesAgo * 60_000)));
    const sum = sums[Math.floor((today - day) / 86_400_000 / days)];
    const isRefundedInFull = order.refunded > 0 && order.refunded >= order.amount;
    if (sum === undefined || order.state !== 'paid' || isRefundedInFull) continue;
    sum.revenue += order.amount - order.refunded;
    sum.orders += 1;
    if (order.customer === 0 || order.customer > members) continue;
    sum.memberRevenue += order.amount - order.refunded;
    sum.memberOrders += 1;
  }
  return sums;
}

it.each(shops)(
  'revenue in $currency by days of $timezone is what one adds up by hand, refunds, tests and cancellations included',
  async (terms) => {
    const [orders = []] = fc.sample(fc.array(told, { minLength: 60, maxLength: 60 }), 1);
    const shop = await core.installShop();
    await shop.admin.updateShopProfile({ name: '', ...terms });
    const now = new Date();
    const { results } = await shop.points.recordOrders({
      orders: orders.map((order) => toRequest(order, terms)),
    });
    expect(results.filter(({ problem }) => problem !== undefined)).toEqual([]);

    const minor = (amount: string | undefined) => Math.round(Number(amount) * 10 ** terms.decimals);
    for (const days of [7, 30]) {
      const figures = await shop.analytics.getAnalytics({ days });
      const seen = [figures.current, figures.previous].map((period) => ({
        revenue: minor(period?.revenue?.amount),
        memberRevenue: minor(period?.memberRevenue?.amount),
        orders: period?.orders,
        memberOrders: period?.memberOrders,
      }));
      expect(seen, JSON.stringify(orders)).toEqual(byHand(orders, terms, days, now));
      expect(figures.current?.revenue?.currency).toBe(terms.currency);
      expect(figures.trend).toHaveLength(days);
      const drawn = figures.trend.reduce((sum, point) => sum + minor(point.revenue), 0);
      expect(drawn).toBe(seen[0]?.revenue);
    }
  },
);
