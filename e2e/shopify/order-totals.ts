// The sums of an order, always computed from its lines and refunds. Shop money in minor units.
import { convert } from './money.ts';
import type { Order, OrderLine } from './state.ts';

export interface Totals {
  lines: number;
  discounts: number;
  subtotal: number;
  total: number;
  currentSubtotal: number;
  currentTotal: number;
  refunded: number;
  outstanding: number;
  /** What was paid and not refunded. */
  received: number;
}

/** What a line costs after its discount, for `quantity` pieces of it. Remainders stay with the last piece. */
export function netOfLine(line: OrderLine, quantity: number): number {
  const net = line.unitPrice * line.quantity - line.discount;
  return quantity === line.quantity
    ? net
    : Math.floor((net * quantity) / Math.max(1, line.quantity));
}

export function totalsOf(order: Order): Totals {
  const lines = order.lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0);
  const lineDiscounts = order.lines.reduce((sum, line) => sum + line.discount, 0);
  const subtotal = lines - lineDiscounts;
  const total = subtotal + order.shipping - order.shippingDiscount + order.tax;
  const refunded = order.refunds.reduce((sum, refund) => sum + refund.amount, 0);
  const currentSubtotal = order.lines.reduce(
    (sum, line) => sum + netOfLine(line, line.currentQuantity),
    0,
  );
  const received = order.transactions.reduce(
    (sum, t) =>
      sum +
      (t.status === 'success'
        ? t.kind === 'sale'
          ? t.amount
          : t.kind === 'refund'
            ? -t.amount
            : 0
        : 0),
    0,
  );
  const shippingBack = order.refunds.reduce(
    (sum, refund) => sum + refund.shipping + refund.adjustment,
    0,
  );
  const currentTotal = Math.max(
    0,
    currentSubtotal + order.shipping - order.shippingDiscount + order.tax - shippingBack,
  );
  return {
    lines,
    discounts: lineDiscounts + order.shippingDiscount,
    subtotal,
    total,
    currentSubtotal,
    currentTotal,
    refunded,
    received,
    outstanding: order.cancelledAt ? 0 : Math.max(0, currentTotal - received),
  };
}

/** What an order was paid with. */
export const gatewaysOf = (order: Order): string[] => {
  const used = order.transactions
    .filter(({ kind, status }) => kind === 'sale' && status !== 'failure')
    .map(({ gateway }) => gateway);
  return used.length === 0 ? ['bogus'] : [...new Set(used)];
};

/** Shop money in the currency the buyer saw. */
export const presented = (order: Order, minor: number): number =>
  convert(minor, order.currency, order.presentmentCurrency, order.rate);
