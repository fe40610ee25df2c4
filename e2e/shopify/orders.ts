// An order's life: placed, paid, edited, refunded, cancelled. Amounts are shop money in minor units.
import { randomBytes } from 'node:crypto';
import { applyCodes } from './discount-stack.ts';
import { redeemCode } from './discounts.ts';
import { orderBody, orderEditBody } from './order-payloads.ts';
import { totalsOf } from './order-totals.ts';
import { customerBody } from './payloads.ts';
import { spend, tender } from './payments.ts';
import { refundOrder, saveOrder, transaction } from './refunds.ts';
import type { Customer, Order, OrderLine } from './state.ts';
import { type Emitted, Refusal, type World } from './world.ts';

export interface LineInput {
  productId: number | null;
  variantId: number | null;
  title: string;
  sku: string | null;
  quantity: number;
  unitPrice: number;
}
export interface OrderInput {
  customer: Customer | null;
  email?: string | null;
  lines: LineInput[];
  codes?: readonly string[];
  /** Paid with before the credit card is: gift cards by code, and store credit. */
  giftCards?: readonly string[];
  storeCredit?: boolean;
  /** Of the cart; the order's note attributes. */
  attributes?: Readonly<Record<string, string>>;
  shipping?: number;
  tax?: number;
  paid: boolean;
  presentmentCurrency?: string;
  rate?: number;
  note?: string | null;
  sourceName?: string;
  tags?: string[];
  locale?: string;
  times?: number;
  at?: string;
  silent?: boolean;
  /** Paid with a test gateway. */
  test?: boolean;
  /** Placed for a company (B2B). */
  company?: boolean;
}

export function placeOrder(world: World, input: OrderInput): { order: Order; sent: Emitted[] } {
  if (input.lines.length === 0) throw new Refusal('an order needs at least one line');
  const { shop } = world.data,
    now = input.at ?? world.clock.iso(),
    number = world.store.nextId('orderNumber');
  const lines: OrderLine[] = input.lines.map((line) => ({
    ...line,
    id: world.store.nextId('line'),
    currentQuantity: line.quantity,
    discount: 0,
  }));
  const stack = applyCodes(world, input.codes ?? [], {
    customer: input.customer,
    lines,
    shipping: input.shipping ?? 0,
  });
  const [refusal] = stack.refusals;
  if (refusal) throw refusal;
  lines.forEach((line, i) => {
    const allocations = stack.allocations[i] ?? [];
    line.discount = allocations.reduce((sum, one) => sum + one.amount, 0);
    if (allocations.length > 0) line.allocations = allocations;
  });
  const order: Order = {
    id: world.store.nextId('order'),
    number,
    customerId: input.customer?.id ?? null,
    email: input.email ?? input.customer?.email ?? null,
    locale: input.locale ?? input.customer?.locale ?? shop.primaryLocale,
    createdAt: now,
    processedAt: now,
    updatedAt: now,
    closedAt: null,
    cancelledAt: null,
    cancelReason: null,
    currency: shop.currency,
    presentmentCurrency: input.presentmentCurrency ?? shop.currency,
    rate: input.rate ?? 1,
    financialStatus: 'pending',
    lines,
    codes: [...stack.codes],
    shipping: input.shipping ?? 0,
    shippingDiscount: stack.shippingDiscount,
    tax: input.tax ?? 0,
    note: input.note ?? null,
    attributes: { ...input.attributes },
    sourceName: input.sourceName ?? 'web',
    tags: input.tags ?? [],
    test: input.test ?? false,
    ...(input.company === true && { company: true as const }),
    token: randomBytes(16).toString('hex'),
    edited: false,
    address: input.customer?.address ?? null,
    transactions: [],
    refunds: [],
  };
  const total = totalsOf(order).total;
  const paidWith = tender(world, input.customer, total, {
    cards: input.giftCards ?? [],
    credit: input.storeCredit ?? false,
  });
  if (paidWith.refusals[0]) throw paidWith.refusals[0];
  world.data.orders.set(order.id, order);
  for (const code of stack.codes) redeemCode(world, code, input.customer);
  const parts = spend(world, order, input.customer, paidWith);
  for (const part of parts)
    order.transactions.push({
      ...transaction(world, 'sale', part.amount, 'success', now),
      ...part,
    });
  if (parts.length > 0) order.financialStatus = paidWith.rest > 0 ? 'partially_paid' : 'paid';
  const isPaid = input.paid || (parts.length > 0 && paidWith.rest === 0);
  if (input.paid && (paidWith.rest > 0 || parts.length === 0)) capture(world, order, now);
  else if (!isPaid)
    order.transactions.push(transaction(world, 'sale', paidWith.rest, 'pending', now));
  if (input.customer)
    Object.assign(input.customer, {
      orders: input.customer.orders + 1,
      spent: input.customer.spent + total,
      lastOrderId: order.id,
      updatedAt: now,
    });
  world.store.changed();
  if (input.silent) return { order, sent: [] };
  const times = { times: input.times ?? 1 },
    body = orderBody(world, order);
  const sent = [world.emit('orders/create', body, times)];
  if (isPaid) sent.push(world.emit('orders/paid', body, times));
  sent.push(world.emit('orders/updated', body, times));
  if (input.customer)
    sent.push(world.emit('customers/update', customerBody(world, input.customer)));
  return { order, sent };
}

function capture(world: World, order: Order, at: string): void {
  const { outstanding } = totalsOf(order);
  order.transactions = order.transactions.filter((t) => t.status !== 'pending');
  order.transactions.push(transaction(world, 'sale', outstanding, 'success', at));
  order.financialStatus = 'paid';
}
export function payOrder(world: World, order: Order, times = 1): Emitted[] {
  if (order.cancelledAt) throw new Refusal(`order ${order.number} is cancelled`);
  if (order.financialStatus !== 'pending' && order.financialStatus !== 'partially_paid')
    throw new Refusal(`order ${order.number} is ${order.financialStatus} already`);
  const now = world.clock.iso();
  capture(world, order, now);
  saveOrder(world, order, now);
  const body = orderBody(world, order);
  return [
    world.emit('orders/paid', body, { times }),
    world.emit('orders/updated', body, { times }),
  ];
}

export function cancelOrder(
  world: World,
  order: Order,
  input: { reason?: string; refund?: boolean; times?: number },
): Emitted[] {
  if (order.cancelledAt) throw new Refusal(`order ${order.number} is cancelled already`);
  const sent: Emitted[] = [],
    now = world.clock.iso();
  const paid = order.financialStatus === 'paid' || order.financialStatus === 'partially_refunded';
  order.cancelledAt = now;
  order.closedAt = now;
  order.cancelReason = input.reason ?? 'customer';
  if (paid && input.refund !== false)
    sent.push(...refundOrder(world, order, { times: input.times ?? 1 }).sent);
  else if (!paid) {
    order.financialStatus = 'voided';
    for (const line of order.lines) line.currentQuantity = 0;
  }
  saveOrder(world, order, now);
  const body = orderBody(world, order),
    times = { times: input.times ?? 1 };
  sent.push(world.emit('orders/cancelled', body, times), world.emit('orders/updated', body, times));
  return sent;
}

export interface EditInput {
  add?: LineInput[];
  set?: { lineId: number; quantity: number }[];
  note?: string;
  times?: number;
}

/** Adds lines or sets a line's quantity after the order was placed. */
export function editOrder(world: World, order: Order, input: EditInput): Emitted[] {
  if (order.cancelledAt) throw new Refusal(`order ${order.number} is cancelled`);
  const additions: { id: number; delta: number }[] = [],
    removals: { id: number; delta: number }[] = [],
    now = world.clock.iso();
  for (const { lineId, quantity } of input.set ?? []) {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    if (!line || quantity < 0)
      throw new Refusal(`order ${order.number} has no line ${lineId}, or the quantity is negative`);
    const delta = quantity - line.currentQuantity;
    if (delta > 0) {
      line.quantity += delta;
      additions.push({ id: lineId, delta });
    } else if (delta < 0) removals.push({ id: lineId, delta: -delta });
    line.currentQuantity = quantity;
  }
  for (const line of input.add ?? []) {
    const added: OrderLine = {
      ...line,
      id: world.store.nextId('line'),
      currentQuantity: line.quantity,
      discount: 0,
    };
    order.lines.push(added);
    additions.push({ id: added.id, delta: added.quantity });
  }
  if (additions.length + removals.length === 0) throw new Refusal('the edit changes nothing');
  order.edited = true;
  const { outstanding } = totalsOf(order);
  if (outstanding > 0 && order.financialStatus === 'paid') order.financialStatus = 'partially_paid';
  saveOrder(world, order, now);
  const times = { times: input.times ?? 1 };
  return [
    world.emit(
      'orders/edited',
      orderEditBody(world, order, { additions, removals, note: input.note ?? null }),
      times,
    ),
    world.emit('orders/updated', orderBody(world, order), times),
  ];
}

export function findOrder(world: World, reference: string | number): Order {
  const text = String(reference),
    id = /^(?:gid:\/\/shopify\/Order\/)?(\d+)$/.exec(text)?.[1];
  const byId = id ? world.data.orders.get(Number(id)) : undefined;
  if (byId) return byId;
  for (const order of world.data.orders.values())
    if (text === `#${order.number}` || text === String(order.number)) return order;
  throw new Refusal(`no order ${text}`, 404);
}
