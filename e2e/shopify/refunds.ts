// Money and goods that come back. Amounts are shop money in minor units.
import { orderBody, refundBody } from './order-payloads.ts';
import { netOfLine, totalsOf } from './order-totals.ts';
import { CARD, GIFT_CARD, giveBack, STORE_CREDIT } from './payments.ts';
import type { Order, Refund, Transaction } from './state.ts';
import { type Emitted, Refusal, type World } from './world.ts';

/** How a refund is paid: at once, later, not at all; or no transaction, as with store credit outside Shopify. */
export type RefundStatus = 'success' | 'pending' | 'failure' | 'none';
export interface RefundInput {
  amount?: number;
  fraction?: number;
  lines?: { lineId: number; quantity: number }[];
  note?: string;
  times?: number;
  restock?: boolean;
  status?: RefundStatus;
  oldShape?: boolean;
}

/** What was paid for an order and has not come back yet. */
export const refundableOf = (order: Order): number =>
  order.transactions.reduce(
    (sum, t) =>
      sum +
      (t.status !== 'success'
        ? 0
        : t.kind === 'sale'
          ? t.amount
          : t.kind === 'refund'
            ? -t.amount
            : 0),
    0,
  );

/** Refunds whole lines, an amount, a share of the total, or (with none of them) all that is left. */
export function refundOrder(
  world: World,
  order: Order,
  input: RefundInput,
): { refund: Refund; sent: Emitted[] } {
  const before = totalsOf(order),
    now = world.clock.iso();
  const refundable = refundableOf(order);
  const wanted =
    input.lines ??
    (input.amount === undefined && input.fraction === undefined
      ? order.lines
          .map((line) => ({ lineId: line.id, quantity: line.currentQuantity }))
          .filter((line) => line.quantity > 0)
      : []);
  const refund: Refund = {
    id: world.store.nextId('refund'),
    createdAt: now,
    note: input.note ?? null,
    lines: [],
    shipping: 0,
    adjustment: 0,
    transactions: [],
    amount: 0,
    ...(input.oldShape ? { oldShape: true } : {}),
  };
  for (const { lineId, quantity } of wanted) {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    if (!line) throw new Refusal(`order ${order.number} has no line ${lineId}`);
    if (quantity < 1 || quantity > line.currentQuantity)
      throw new Refusal(`line ${lineId} has ${line.currentQuantity} left to refund`);
  }
  for (const { lineId, quantity } of wanted) {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    if (!line) continue;
    const subtotal =
      netOfLine(line, line.currentQuantity) - netOfLine(line, line.currentQuantity - quantity);
    line.currentQuantity -= quantity;
    refund.lines.push({
      id: world.store.nextId('refundLine'),
      lineId,
      quantity,
      subtotal,
      restock: input.restock ?? true,
    });
  }
  const ofLines = refund.lines.reduce((sum, line) => sum + line.subtotal, 0);
  if (input.amount !== undefined) refund.amount = input.amount;
  else if (input.fraction !== undefined) refund.amount = Math.round(before.total * input.fraction);
  else refund.amount = input.lines ? ofLines : Math.min(refundable, before.currentTotal);
  if (refund.amount > refundable) {
    restore(order, refund);
    throw new Refusal(`only ${refundable} minor units are left to refund on order ${order.number}`);
  }
  if (refund.amount === 0 && refund.lines.length === 0) throw new Refusal('nothing to refund');
  if (input.lines || input.amount !== undefined || input.fraction !== undefined)
    refund.adjustment = refund.amount - ofLines;
  else refund.shipping = Math.max(0, refund.amount - ofLines);
  const status = input.status ?? 'success';
  order.refunds.push(refund);
  if (status === 'success') moveMoney(world, order, refund, refund.amount, now);
  else {
    // Of lines whose money has not moved, Shopify balances what it has not paid; of a bare amount the wish stands.
    if (refund.lines.length > 0 && status !== 'none') refund.adjustment = -ofLines;
    if (status !== 'none')
      refund.transactions = [transaction(world, 'refund', refund.amount, status, now)];
    order.transactions.push(...refund.transactions);
    refund.amount = 0;
  }
  saveOrder(world, order, now);
  const times = { times: input.times ?? 1 };
  return {
    refund,
    sent: [
      world.emit('refunds/create', refundBody(world, order, refund), times),
      world.emit('orders/updated', orderBody(world, order), times),
    ],
  };
}
/** Pays a refund out, and brings the order's books and its customer's up to date. */
function moveMoney(world: World, order: Order, refund: Refund, amount: number, at: string): void {
  refund.amount = amount;
  if (amount <= 0) return;
  const { received } = totalsOf(order);
  refund.transactions = returnMoney(world, order, amount, at);
  order.transactions.push(...refund.transactions);
  order.financialStatus = amount >= received ? 'refunded' : 'partially_refunded';
  const customer =
    order.customerId === null ? undefined : world.data.customers.get(order.customerId);
  if (customer) customer.spent -= amount;
}

/** What became of a refund whose money was pending: paid out after all, or refused. Only orders/updated reports it. */
export function settleRefund(
  world: World,
  order: Order,
  refund: Refund,
  input: { status: 'success' | 'failure'; times?: number },
): Emitted[] {
  const now = world.clock.iso(),
    [pending] = refund.transactions.filter(({ status }) => status === 'pending');
  if (!pending) throw new Refusal(`refund ${refund.id} has no pending transaction`);
  if (input.status === 'failure') pending.status = 'failure';
  else {
    order.transactions = order.transactions.filter(({ id }) => id !== pending.id);
    moveMoney(world, order, refund, pending.amount, now);
    const ofLines = refund.lines.reduce((sum, line) => sum + line.subtotal, 0);
    refund.adjustment = refund.amount - ofLines - refund.shipping;
  }
  saveOrder(world, order, now);
  return [world.emit('orders/updated', orderBody(world, order), { times: input.times ?? 1 })];
}

/** Back to the credit card first, then to store credit, then to gift cards; never more than each has paid. */
function returnMoney(world: World, order: Order, amount: number, at: string): Transaction[] {
  const made: Transaction[] = [];
  let left = amount;
  const paid = order.transactions.filter((t) => t.kind === 'sale' && t.status === 'success');
  for (const gateway of [CARD, STORE_CREDIT, GIFT_CARD])
    for (const sale of paid.filter((t) => t.gateway === gateway)) {
      const back = order.transactions
        .filter((t) => t.kind === 'refund' && t.parentId === sale.id)
        .reduce((sum, t) => sum + t.amount, 0);
      const part = Math.min(left, sale.amount - back);
      if (part <= 0) continue;
      left -= part;
      giveBack(world, order, { ...sale, amount: part });
      made.push({
        ...transaction(world, 'refund', part, 'success', at, sale.id),
        gateway,
        giftCardId: sale.giftCardId,
      });
    }
  return made;
}
function restore(order: Order, refund: Refund): void {
  for (const part of refund.lines) {
    const line = order.lines.find((l) => l.id === part.lineId);
    if (line) line.currentQuantity += part.quantity;
  }
}

export function transaction(
  world: World,
  kind: Transaction['kind'],
  amount: number,
  status: Transaction['status'],
  at: string,
  parentId: number | null = null,
): Transaction {
  return {
    id: world.store.nextId('transaction'),
    kind,
    status,
    amount,
    gateway: CARD,
    parentId,
    createdAt: at,
  };
}
export function saveOrder(world: World, order: Order, at: string): void {
  order.updatedAt = at;
  world.store.changed();
}
