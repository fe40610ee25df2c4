import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { anotherOrder, refundOf, signed } from './deliveries.ts';
import type { OrderBody, SignedDelivery } from './deliveries.ts';

/** Orders and refunds that the product acknowledged, as recorded by the sender. */
export interface Acknowledged {
  readonly orders: ReadonlySet<string>;
  /** Refund to order. */
  readonly refunds: ReadonlyMap<string, string>;
}

export interface Traffic {
  readonly acknowledged: Acknowledged;
  /** Requests in flight. */
  inFlight(): number;
  /** Deliveries not acknowledged yet. */
  waiting(): number;
  readonly sent: () => number;
  /** Stops creating orders, and resolves when all are acknowledged or the time is over. */
  finish(withinMs: number): Promise<void>;
}

const firstOrderId = 6_100_000_000_000;
const firstRefundId = 9_100_000_000_000;
const customers = 200;
/** Shopify gives an endpoint five seconds, then delivers again. */
const answerWithinMs = 5_000;
const againAfterMs = 700;

const chance = (share: number) => Math.random() < share;

/**
 * A shop that sells `perSecond` orders. Every fourth is refunded in part, and refunds as often come before their order
 * as after it; every fifth delivery is sent twice; whatever is not acknowledged is sent again, under its own id.
 */
export function startTraffic(
  url: string,
  templates: { readonly order: OrderBody; readonly refund: OrderBody },
  perSecond: number,
): Traffic {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const orders = new Set<string>();
  const refunds = new Map<string, string>();
  let inFlight = 0;
  let waiting = 0;
  let sent = 0;
  let isOver = false;
  let next = 0;

  const post = ({ path, headers, body }: SignedDelivery): Promise<number> => {
    inFlight += 1;
    sent += 1;
    return new Promise<number>((resolve) => {
      const call = request(`${url}${path}`, { agent, method: 'POST', headers }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      });
      call.setTimeout(answerWithinMs, () => call.destroy());
      call.once('error', () => resolve(0));
      call.end(body);
    }).finally(() => {
      inFlight -= 1;
    });
  };

  const deliver = async (delivery: SignedDelivery, acknowledge: () => void): Promise<void> => {
    waiting += 1;
    while ((await post(delivery)) !== 200) {
      if (isOver) return;
      await pause(againAfterMs * (0.5 + Math.random()));
    }
    acknowledge();
    waiting -= 1;
    if (chance(0.2)) await post(delivery);
  };

  const sell = async (n: number): Promise<void> => {
    const orderId = firstOrderId + n;
    const order = signed(
      'orders/paid',
      anotherOrder(templates.order, orderId, Math.floor(Math.random() * customers)),
    );
    const sending = [
      pause(Math.random() * 1_500).then(() => deliver(order, () => orders.add(String(orderId)))),
    ];
    if (n % 4 === 0) {
      const refundId = firstRefundId + n;
      const refund = signed('refunds/create', refundOf(templates.refund, orderId, refundId));
      sending.push(
        pause(Math.random() * 1_500).then(() =>
          deliver(refund, () => refunds.set(String(refundId), String(orderId))),
        ),
      );
    }
    await Promise.all(sending);
  };

  const timer = setInterval(() => void sell(next++), 1_000 / perSecond);
  return {
    acknowledged: { orders, refunds },
    inFlight: () => inFlight,
    waiting: () => waiting,
    sent: () => sent,
    async finish(withinMs) {
      clearInterval(timer);
      const deadline = Date.now() + withinMs;
      // Orders not sent yet are sent within this time.
      await pause(2_000);
      while ((waiting > 0 || inFlight > 0) && Date.now() < deadline) await pause(100);
      isOver = true;
      agent.destroy();
    },
  };
}
