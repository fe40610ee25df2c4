import type { Order, RecordOrderRequest, Refund } from '#proto/points/v1/points.ts';

/**
 * What happens at Shopify in a random history, second by second, what is reported of it, and what balances the facts alone
 * give, by a computation of its own.
 */

/** Small, quick and the same everywhere (mulberry32). */
export function randomOf(seed: number) {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    chance: (part: number): boolean => next() < part,
    shuffle<Item>(items: readonly Item[]): Item[] {
      const mixed = [...items];
      for (let at = mixed.length - 1; at > 0; at--) {
        const other = below(at + 1);
        [mixed[at], mixed[other]] = [mixed[other] as Item, mixed[at] as Item];
      }
      return mixed;
    },
  };
}
export type Random = ReturnType<typeof randomOf>;

type Status = 'success' | 'pending' | 'failure';
interface RefundTruth {
  readonly id: string;
  /** Cents. */
  readonly goods: number;
  /** Cents beside any line. */
  readonly beside: number;
  readonly at: number;
  status: Status;
}

/** An order at a moment; money in cents. */
export interface State {
  readonly goods: number;
  readonly placed: number;
  readonly shipping: number;
  readonly customer: string | null;
  readonly isPaid: boolean;
  readonly isCancelled: boolean;
  readonly refunds: readonly Readonly<RefundTruth>[];
  /** Shopify's whole second, and the moment in milliseconds. */
  readonly second: number;
  readonly moment: number;
}

export interface Delivery {
  readonly request: RecordOrderRequest;
  /** When Shopify sent it. */
  readonly at: number;
  readonly text: string;
}

export interface OrderTruth {
  readonly orderId: string;
  readonly isTest: boolean;
  readonly orderedAt: number;
  readonly states: readonly State[];
  readonly deliveries: readonly Delivery[];
}

/** Shopify made one customer of two, or tries to. */
export interface MergeTruth {
  readonly removed: string;
  readonly kept: string;
  readonly at: number;
  readonly status: 'completed' | 'failed' | 'in_progress';
}

/** What a shopper or the law does with us: it happens when it happens. */
export interface Act {
  readonly kind: 'spend' | 'hold' | 'release' | 'erase';
  readonly customer: string;
  /** Of what can be spent. */
  readonly part: number;
}

/** What a shop has set up, for all its histories. */
export interface Setting {
  readonly name: string;
  /** Minutes after the shop joined. */
  readonly pause: readonly [number, number] | null;
  readonly policy: 'debt' | 'clip';
  readonly expiryDays: number;
  /** A tier doubles points. */
  readonly hasTier: boolean;
  /** Everything before an act of ours is reported before it: what it finds decides what it does. */
  readonly isCut: boolean;
  /** Days after which points count; by the end they do. */
  readonly pendingDays: number;
}

export interface History {
  readonly seed: number;
  readonly orders: readonly OrderTruth[];
  readonly customers: readonly string[];
  readonly merges: readonly MergeTruth[];
  readonly acts: readonly Act[];
  /** When the acts happen, and when points expire. */
  readonly cuts: readonly [number, number];
}

export const JOINED = Date.parse('2026-10-01T00:00:00Z');
const FROM = JOINED + 60_000;
const MINUTE = 60_000;

export const pauseOf = ({ pause }: Setting): readonly [number, number] | null =>
  pause === null ? null : [JOINED + pause[0] * MINUTE, JOINED + pause[1] * MINUTE];

const money = (cents: number): string => (cents / 100).toFixed(2);
const iso = (moment: number): string => new Date(moment).toISOString();
const returned = (state: State): number => state.refunds.reduce((sum, { goods }) => sum + goods, 0);

/** Who has now what a customer had, after the merges of up to then. */
export function heirOf(merges: readonly MergeTruth[], customer: string, at = Infinity): string {
  let heir = customer;
  for (const { removed, kept, status, ...merge } of merges)
    if (status === 'completed' && merge.at <= at && removed === heir) heir = kept;
  return heir;
}

const refundText = ({ id, goods, beside, status }: RefundTruth): string =>
  `${id} (${money(goods)} of goods, ${money(beside)} beside, ${status})`;

export const stateText = (state: State): string =>
  [
    `as of ${iso(state.moment).slice(11)}: goods ${money(state.goods)}`,
    `shipping ${money(state.shipping)}`,
    state.customer === null ? 'no customer' : `customer ${state.customer}`,
    state.isPaid ? 'paid' : 'unpaid',
    ...(state.isCancelled ? ['cancelled'] : []),
    ...state.refunds.map((refund) => `refund ${refundText(refund)}`),
  ].join(', ');

function refundMessage(refund: RefundTruth): Refund {
  const sent = refund.goods + refund.beside;
  return {
    refundId: refund.id,
    subtotal: money(sent),
    refundedAt: iso(refund.at),
    linesSubtotal: money(refund.goods),
    lines: refund.goods === 0 ? [] : [{ lineId: '1', subtotal: money(refund.goods), tip: false }],
    detailed: true,
    adjustments:
      refund.beside === 0
        ? []
        : [{ reason: 'refund_discrepancy', amount: `-${money(refund.beside)}` }],
    transactions: [
      {
        transactionId: `${refund.id}1`,
        kind: 'refund',
        status: refund.status,
        amount: money(sent),
        currency: 'USD',
      },
    ],
    linesTax: '',
    otherSubtotal: '',
  };
}

export function orderMessage(
  order: Pick<OrderTruth, 'orderId' | 'isTest' | 'orderedAt'>,
  state: State,
  source: 'webhook' | 'reading' | 'partial',
  observed: number,
): Order {
  const isPartial = source === 'partial';
  const now = state.goods - returned(state);
  return {
    company: false,
    orderId: order.orderId,
    name: `#${order.orderId}`,
    customer:
      state.customer === null
        ? undefined
        : {
            shopifyCustomerId: state.customer,
            email: '',
            firstName: '',
            lastName: '',
            locale: '',
            state: '',
          },
    currency: 'USD',
    presentmentCurrency: 'USD',
    subtotal: money(state.placed),
    currentSubtotal: money(now),
    total: money(state.placed + state.shipping),
    financialStatus: state.isPaid ? 'paid' : 'pending',
    channel: 'online',
    orderedAt: iso(order.orderedAt),
    updatedAt: iso(state.second),
    cancelledAt: state.isCancelled ? iso(state.second) : '',
    refunds: isPartial ? [] : state.refunds.map(refundMessage),
    lines: [],
    discountCodes: [],
    test: order.isTest,
    country: '',
    observedAt: iso(observed),
    source,
    customerVisible: true,
    currentTotal: money(now + state.shipping),
    totalRefunded: '',
    taxesIncluded: false,
    tax: '0.00',
    createdAt: iso(order.orderedAt),
  };
}

function orderOf(
  random: Random,
  nextId: () => string,
  customers: readonly string[],
  merges: readonly MergeTruth[],
): OrderTruth {
  const orderId = nextId();
  const isTest = random.chance(0.08);
  const orderedAt = FROM + random.below(20) * MINUTE;
  const base = { orderId, isTest, orderedAt };
  const goods = 500 + random.below(20_000);
  let moment = orderedAt + 250;
  const someCustomer = (): string =>
    heirOf(merges, customers[random.below(customers.length)] ?? '', moment);
  let state: State = {
    goods,
    placed: goods,
    shipping: random.chance(0.4) ? 700 : 0,
    customer: random.chance(0.9) ? someCustomer() : null,
    isPaid: random.chance(0.6),
    isCancelled: false,
    refunds: [],
    second: Math.floor(moment / 1_000) * 1_000,
    moment,
  };
  const states = [state];
  const told: Delivery[] = [];
  const tell = (trigger: string): void => {
    told.push({
      request: {
        order: orderMessage(base, state, 'webhook', moment),
        refund: undefined,
        trigger,
        deliveryId: '',
      },
      at: moment,
      text: `${trigger} ${stateText(state)}`,
    });
  };
  const change = (changes: Partial<State>, trigger: string): void => {
    // Now and then within the second of the state before.
    moment += random.chance(0.3) ? 1 + random.below(200) : 1_000 + random.below(900_000);
    state = { ...state, ...changes, moment, second: Math.floor(moment / 1_000) * 1_000 };
    states.push(state);
    tell(trigger);
  };
  tell('created');
  if (state.isPaid) tell('paid');
  for (let step = random.below(6); step > 0; step--) {
    const left = state.goods - returned(state);
    switch (random.below(7)) {
      case 0:
        if (!state.isPaid) change({ isPaid: true }, 'paid');
        break;
      case 1:
        change({ goods: state.goods + random.below(6_000) }, 'updated');
        break;
      case 2:
        change({ goods: returned(state) + random.below(left + 1) }, 'updated');
        break;
      case 3: {
        change({ customer: random.chance(0.2) ? null : someCustomer() }, 'updated');
        break;
      }
      case 4: {
        if (!state.isPaid || left === 0) break;
        const isBeside = random.chance(0.4);
        const amount = 1 + random.below(left);
        const refund: RefundTruth = {
          id: nextId(),
          goods: isBeside ? 0 : amount,
          beside: isBeside ? amount : 0,
          at: moment + 1,
          status:
            (['success', 'success', 'pending', 'failure'] as const)[random.below(4)] ?? 'success',
        };
        change({ refunds: [...state.refunds, refund] }, 'updated');
        told.push({
          request: {
            order: undefined,
            refund: {
              orderId,
              refund: refundMessage(refund),
              currency: 'USD',
              observedAt: iso(moment),
            },
            trigger: 'refunded',
            deliveryId: '',
          },
          at: moment,
          text: `refund of ${refundText(refund)}`,
        });
        break;
      }
      case 5:
        if (state.refunds.some(({ status }) => status === 'pending'))
          change(
            {
              refunds: state.refunds.map((refund) =>
                refund.status === 'pending' ? { ...refund, status: 'success' } : refund,
              ),
            },
            'updated',
          );
        break;
      default:
        if (random.chance(0.3)) change({ isCancelled: true }, 'cancelled');
    }
  }
  return { ...base, states, deliveries: told };
}

/** The history of a seed, in a shop set up so. */
export function historyOf(random: Random, seed: number, setting: Setting): History {
  let ids = 0;
  const nextId = (): string => String((seed + 1) * 1_000 + ids++);
  const customers = Array.from({ length: 1 + random.below(4) }, nextId);
  const merges: MergeTruth[] = [];
  let mergedAt = FROM;
  if (random.chance(0.5))
    for (let left = random.below(customers.length + 1); left > 0; left--) {
      mergedAt += 1 + random.below(15) * MINUTE;
      const removed = heirOf(merges, customers[random.below(customers.length)] ?? '');
      const kept = heirOf(merges, customers[random.below(customers.length)] ?? '');
      const status =
        (['completed', 'completed', 'completed', 'failed', 'in_progress'] as const)[
          random.below(5)
        ] ?? 'completed';
      if (removed !== kept) merges.push({ removed, kept, at: mergedAt, status });
    }
  const orders = Array.from({ length: 1 + random.below(4) }, () =>
    orderOf(random, nextId, customers, merges),
  );
  const kinds: readonly Act['kind'][] =
    setting.isCut && setting.expiryDays === 0
      ? ['spend', 'hold', 'release', 'erase', 'erase']
      : setting.isCut
        ? ['spend', 'spend', 'release', 'erase']
        : ['spend', 'hold', 'release'];
  const acts = Array.from({ length: random.below(3) }, () => ({
    kind: kinds[random.below(kinds.length)] ?? 'spend',
    customer: customers[random.below(customers.length)] ?? '',
    part: (1 + random.below(4)) / 4,
  }));
  const first = FROM + random.below(35) * MINUTE;
  return {
    seed,
    customers,
    orders,
    merges,
    acts,
    cuts: [first, first + random.below(30) * MINUTE],
  };
}

/** What the facts alone give each customer: by other means than the product's. */
export function expected(
  { orders, customers, merges }: Pick<History, 'orders' | 'customers' | 'merges'>,
  setting: Setting,
  until = Infinity,
): Record<string, number> {
  const pause = pauseOf(setting);
  const balances = Object.fromEntries(customers.map((customer) => [customer, 0]));
  const isOff = (at: number): boolean => pause !== null && at >= pause[0] && at < pause[1];
  for (const { states: all, isTest } of orders) {
    const states = all.filter(({ moment }) => moment <= until);
    const last = states.at(-1);
    const paidAt = states.find(({ isPaid }) => isPaid)?.moment;
    if (!last || last.customer === null || isTest || last.isCancelled) continue;
    if (paidAt === undefined || isOff(paidAt)) continue;
    let earning = states[0]?.goods ?? 0;
    for (const [nth, state] of states.slice(1).entries()) {
      const before = states[nth]?.goods ?? 0;
      if (state.goods > before && !isOff(state.moment)) earning += state.goods - before;
      earning = Math.min(earning, state.goods);
    }
    const isEdited = last.goods !== last.placed;
    const cost = isEdited ? last.goods + last.shipping : last.placed + last.shipping;
    let refunded = 0n;
    for (const { goods, beside, status } of last.refunds) {
      if (status !== 'success') continue;
      const share = cost === 0 ? 0n : (BigInt(beside) * 100n * BigInt(last.goods)) / BigInt(cost);
      refunded += BigInt(goods) * 100n + share;
    }
    const full = BigInt(earning) / 10n;
    const whole = BigInt(last.goods) * 100n;
    const back = whole === 0n || refunded >= whole ? full : (full * refunded) / whole;
    const owner = heirOf(merges, last.customer, until);
    balances[owner] = (balances[owner] ?? 0) + Number(full - back);
  }
  return balances;
}
