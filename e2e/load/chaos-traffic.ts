import { setTimeout as pause } from 'node:timers/promises';
import { anotherOrder, refundOf, signed } from './deliveries.ts';
import { createInsistentSender } from './insistent-sender.ts';
import type { InsistentSender } from './insistent-sender.ts';
import { askForData, leave } from './leaving-shoppers.ts';
import type { Leaver } from './leaving-shoppers.ts';
import type { Product } from './product.ts';
import { redeem } from './redeem.ts';
import type { RedemptionScene } from './redemption-audit.ts';

/** What the product acknowledged, as recorded by those who asked for it. */
export interface Acknowledged {
  /** Shopify's ids of orders. */
  readonly orders: ReadonlySet<string>;
  /** Refund to order. */
  readonly refunds: ReadonlyMap<string, string>;
  /** Our ids of redemptions. */
  readonly redemptions: ReadonlySet<string>;
  /** Shopify's numbers of requests for the data of those who stay. */
  readonly dataRequests: ReadonlySet<string>;
  readonly leavers: readonly Leaver[];
}

export interface Traffic {
  readonly acknowledged: Acknowledged;
  /** Requests in flight. */
  inFlight(): number;
  /** Deliveries and redemptions not acknowledged yet. */
  waiting(): number;
  sent(): number;
  /** What a storefront was refused that it may not be. */
  readonly refusals: readonly string[];
  /** Starts nothing new, and resolves when all is acknowledged or the time is over. */
  finish(withinMs: number): Promise<void>;
}

const ordersPerSecond = 20;
/** Every fourth order is refunded in part. */
const ordersToARefund = 4;
const firstOrderId = 6_100_000_000_000;
const firstRefundId = 9_100_000_000_000;
const customers = 200;
const shoppersAtOnce = 8;
const betweenRedemptionsMs = 1_200;
const betweenLeaversMs = 2_000;
const betweenDataRequestsMs = 3_000;
/** Orders and refunds are sent within this, so that a refund comes before its order as often as after it. */
const spreadMs = 1_500;

/**
 * A shop that sells: orders, refunds, rewards from the storefront, people who ask for their data and people who ask to
 * be erased. No one gives up before they are answered.
 */
export function startTraffic(
  product: Pick<Product, 'webUrl' | 'orderBody' | 'refundBody'>,
  scene: RedemptionScene,
): Traffic {
  const sender = createInsistentSender(product.webUrl);
  const state = {
    orders: new Set<string>(),
    refunds: new Map<string, string>(),
    redemptions: new Set<string>(),
    dataRequests: new Set<string>(),
    leavers: [] as Leaver[],
    refusals: [] as string[],
    redeeming: 0,
    isOver: false,
  };
  const under: Promise<unknown>[] = [];
  const every = (ms: number, start: (n: number) => Promise<unknown>) => {
    let n = 0;
    return setInterval(() => under.push(start(n++)), ms);
  };
  const timers = [
    every(1_000 / ordersPerSecond, (n) => sell(sender, product, state, n)),
    every(betweenLeaversMs, (n) => leave(sender, product, n, state.leavers)),
    every(betweenDataRequestsMs, (n) => askForData(sender, n, n % customers, state.dataRequests)),
  ];
  for (let nth = 0; nth < shoppersAtOnce; nth++) under.push(shop(product, scene, state, nth));
  return {
    acknowledged: state,
    inFlight: () => sender.inFlight() + state.redeeming,
    waiting: () => sender.waiting() + state.redeeming,
    sent: () => sender.sent(),
    refusals: state.refusals,
    async finish(withinMs) {
      for (const timer of timers) clearInterval(timer);
      state.isOver = true;
      let isDone = false;
      const done = Promise.all(under).then(() => {
        isDone = true;
      });
      const deadline = Date.now() + withinMs;
      while ((!isDone || sender.inFlight() > 0) && Date.now() < deadline) await pause(100);
      sender.giveUp();
      if (isDone) await done;
    },
  };
}

async function sell(
  sender: InsistentSender,
  { orderBody, refundBody }: Pick<Product, 'orderBody' | 'refundBody'>,
  state: { readonly orders: Set<string>; readonly refunds: Map<string, string> },
  n: number,
): Promise<void> {
  const orderId = firstOrderId + n;
  const order = signed(
    'orders/paid',
    anotherOrder(orderBody, orderId, Math.floor(Math.random() * customers)),
  );
  const pay = async () => {
    await pause(Math.random() * spreadMs);
    if (await sender.deliver(order)) state.orders.add(String(orderId));
  };
  const refundId = firstRefundId + n;
  const refund = async () => {
    if (n % ordersToARefund !== 0) return;
    const delivery = signed('refunds/create', refundOf(refundBody, orderId, refundId));
    await pause(Math.random() * spreadMs);
    if (await sender.deliver(delivery)) state.refunds.set(String(refundId), String(orderId));
  };
  await Promise.all([pay(), refund()]);
}

/** One reward after the other. */
async function shop(
  product: Pick<Product, 'webUrl'>,
  { rewardIds, shoppers }: RedemptionScene,
  state: {
    readonly redemptions: Set<string>;
    readonly refusals: string[];
    redeeming: number;
    readonly isOver: boolean;
  },
  nth: number,
): Promise<void> {
  for (let n = nth; !state.isOver; n += shoppersAtOnce) {
    await pause(betweenRedemptionsMs * (0.5 + Math.random()));
    state.redeeming += 1;
    try {
      const rewardId = rewardIds[n % rewardIds.length] ?? '';
      state.redemptions.add(await redeem(product, rewardId, shoppers[n % shoppers.length] ?? ''));
    } catch (error) {
      state.refusals.push(error instanceof Error ? error.message : String(error));
    } finally {
      state.redeeming -= 1;
    }
  }
}
