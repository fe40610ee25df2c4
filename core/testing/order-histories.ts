import type { Order, RecordOrderRequest, Refund } from '#proto/points/v1/points.ts';
import type { startTestCore } from './core.ts';

/**
 * Random histories of orders and what must come out of them. A history is what happened at Shopify, second by second; its
 * deliveries are then told to two shops, to one in order and once, to the other permuted, repeated and late, with
 * readings of the first sync and of the night in between. Both must end with the balances that the facts alone give, by
 * a computation of its own. Where the merchant stops at zero only this is promised: nothing is lost or made, and telling
 * everything once more changes nothing.
 *
 * Merges, erasures and expiry are played by the histories of their own rules; a step for one goes into `act`.
 */

type Core = Awaited<ReturnType<typeof startTestCore>>;
type Shop = Awaited<ReturnType<Core['installShop']>>;

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
type Random = ReturnType<typeof randomOf>;

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

/** An order as it stands at a moment; money in cents. */
interface State {
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

interface OrderTruth {
  readonly orderId: string;
  readonly isTest: boolean;
  readonly orderedAt: number;
  readonly states: readonly State[];
  readonly deliveries: readonly ((known: State) => RecordOrderRequest)[];
}

interface History {
  readonly orders: readonly OrderTruth[];
  readonly customers: readonly string[];
  readonly pause: readonly [number, number] | null;
  readonly policy: 'debt' | 'clip';
}

const money = (cents: number): string => (cents / 100).toFixed(2);
const iso = (moment: number): string => new Date(moment).toISOString();
const returned = (state: State): number => state.refunds.reduce((sum, { goods }) => sum + goods, 0);

let ids = 500_000_000;

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

function orderMessage(
  order: Pick<OrderTruth, 'orderId' | 'isTest' | 'orderedAt'>,
  state: State,
  source: 'webhook' | 'reading' | 'partial',
  observed: number,
): Order {
  const isPartial = source === 'partial';
  const now = state.goods - returned(state);
  return {
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

function orderOf(random: Random, customers: readonly string[], from: number): OrderTruth {
  const orderId = String(++ids);
  const isTest = random.chance(0.08);
  const orderedAt = from + random.below(20) * 60_000;
  const base = { orderId, isTest, orderedAt };
  const goods = 500 + random.below(20_000);
  let moment = orderedAt + 250;
  let state: State = {
    goods,
    placed: goods,
    shipping: random.chance(0.4) ? 700 : 0,
    customer: random.chance(0.9) ? (customers[random.below(customers.length)] ?? null) : null,
    isPaid: random.chance(0.6),
    isCancelled: false,
    refunds: [],
    second: Math.floor(moment / 1_000) * 1_000,
    moment,
  };
  const states = [state];
  const told: ((known: State) => RecordOrderRequest)[] = [];
  const tell = (trigger: string): void => {
    const [seen, at] = [state, moment];
    told.push(() => ({
      order: orderMessage(base, seen, 'webhook', at),
      refund: undefined,
      trigger,
      deliveryId: '',
    }));
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
        const other = random.chance(0.2)
          ? null
          : (customers[random.below(customers.length)] ?? null);
        change({ customer: other }, 'updated');
        break;
      }
      case 4: {
        if (!state.isPaid || left === 0) break;
        const isBeside = random.chance(0.4);
        const amount = 1 + random.below(left);
        const refund: RefundTruth = {
          id: String(++ids),
          goods: isBeside ? 0 : amount,
          beside: isBeside ? amount : 0,
          at: moment + 1,
          status:
            (['success', 'success', 'pending', 'failure'] as const)[random.below(4)] ?? 'success',
        };
        change({ refunds: [...state.refunds, refund] }, 'updated');
        const at = moment;
        told.push(() => ({
          order: undefined,
          refund: { orderId, refund: refundMessage(refund), currency: 'USD', observedAt: iso(at) },
          trigger: 'refunded',
          deliveryId: '',
        }));
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

function historyOf(random: Random, joined: number): History {
  const customers = Array.from({ length: 1 + random.below(3) }, () => String(++ids));
  const from = joined + 60_000;
  const pausedAt = from + random.below(30) * 60_000;
  return {
    customers,
    orders: Array.from({ length: 1 + random.below(4) }, () => orderOf(random, customers, from)),
    pause: random.chance(0.3) ? [pausedAt, pausedAt + random.below(30) * 60_000] : null,
    policy: random.chance(0.2) ? 'clip' : 'debt',
  };
}

/** What the facts alone give each customer: by other means than the product's. */
export function expected({ orders, customers, pause }: History): Record<string, number> {
  const balances = Object.fromEntries(customers.map((customer) => [customer, 0]));
  const isOff = (at: number): boolean => pause !== null && at >= pause[0] && at < pause[1];
  for (const { states, isTest } of orders) {
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
    balances[last.customer] = (balances[last.customer] ?? 0) + Number(full - back);
  }
  return balances;
}

async function prepare(core: Core, { policy, pause }: History, joined: number): Promise<Shop> {
  const shop = await core.installShop();
  await core.outside.query('UPDATE merchants SET created_at = $2 WHERE merchant_id = $1', [
    shop.merchantId,
    new Date(joined),
  ]);
  const { program } = await shop.points.getPointsProgram({});
  if (program === undefined) throw new Error('a shop without a program');
  await shop.points.updatePointsProgram({
    program: { ...program, refundPolicy: policy, signup: { enabled: false, points: 0 } },
  });
  if (pause !== null) {
    // As if the merchant had switched it off and on at these moments.
    await core.outside.query(
      `INSERT INTO program_versions (merchant_id, version, config, dynamic_multipliers, actor, created_at)
       SELECT p.merchant_id, v.version, p.config || jsonb_build_object('status', v.status), p.dynamic_multipliers, 'system', v.at
       FROM program_versions p, (VALUES (101, 'disabled', $2::timestamptz), (102, 'active', $3::timestamptz)) v(version, status, at)
       WHERE p.merchant_id = $1 AND p.version = (SELECT max(version) FROM program_versions WHERE merchant_id = $1)`,
      [shop.merchantId, new Date(pause[0]), new Date(pause[1])],
    );
    await core.outside.query(
      `UPDATE program_versions SET created_at = $2 WHERE merchant_id = $1 AND version < 101`,
      [shop.merchantId, new Date(joined)],
    );
  }
  return shop;
}

async function balancesOf(
  core: Core,
  shop: Shop,
  customers: readonly string[],
): Promise<Record<string, number>> {
  const { rows } = await core.outside.query<{ id: string; balance: string }>(
    `SELECT c.shopify_customer_id AS id, coalesce(b.balance, 0)::text AS balance FROM customers c
     LEFT JOIN points_balances b ON b.merchant_id = c.merchant_id AND b.customer_id = c.customer_id
     WHERE c.merchant_id = $1`,
    [shop.merchantId],
  );
  const known = new Map(rows.map(({ id, balance }) => [id, Number(balance)]));
  return Object.fromEntries(customers.map((customer) => [customer, known.get(customer) ?? 0]));
}

/** Tells it all; what core could not decide is read from Shopify in the end, as the worker does. */
async function tellAll(
  shop: Shop,
  history: History,
  news: readonly RecordOrderRequest[],
): Promise<void> {
  const doubtful = new Set<string>();
  for (const request of news) {
    const { readAnew } = await shop.points.recordOrder(request);
    if (readAnew) doubtful.add(request.order?.orderId ?? request.refund?.orderId ?? '');
  }
  for (const order of history.orders)
    if (doubtful.has(order.orderId)) await shop.points.recordOrder(readingOf(order));
}

function readingOf(order: OrderTruth, nth = order.states.length - 1): RecordOrderRequest {
  const state = order.states[nth] as State;
  const next = order.states[nth + 1];
  // Asked for after this state and before the next.
  const asked = next === undefined ? state.moment + 5_000 : state.moment;
  return {
    order: orderMessage(order, state, 'reading', asked),
    refund: undefined,
    trigger: 'reconciled',
    deliveryId: '',
  };
}

export interface Played {
  readonly seed: number;
  readonly problem: string | null;
}

/** Plays the history of a seed. */
export async function playHistory(core: Core, seed: number): Promise<Played> {
  const random = randomOf(seed);
  const joined = Date.parse('2026-10-01T00:00:00Z');
  const history = historyOf(random, joined);
  const inOrder = history.orders.flatMap(({ deliveries, states }) =>
    deliveries.map((make) => make(states.at(-1) as State)),
  );
  const extra = history.orders.flatMap((order) => {
    const nth = random.below(order.states.length);
    const state = order.states[nth] as State;
    return [
      ...(random.chance(0.4) ? [readingOf(order, nth)] : []),
      ...(random.chance(0.4)
        ? [
            {
              order: orderMessage(order, state, 'partial', state.moment),
              refund: undefined,
              trigger: 'synced',
              deliveryId: '',
            },
          ]
        : []),
      ...(random.chance(0.5) ? order.deliveries.map((make) => make(state)) : []),
    ];
  });
  const mixed = random.shuffle([...inOrder, ...extra]);
  const problems: string[] = [];
  const ends: Record<string, number>[] = [];
  for (const news of [inOrder, mixed]) {
    const shop = await prepare(core, history, joined);
    await tellAll(shop, history, news);
    const end = await balancesOf(core, shop, history.customers);
    // What was settled is settled: telling it all once more, in another order, changes nothing.
    await tellAll(shop, history, random.shuffle(news));
    const again = await balancesOf(core, shop, history.customers);
    if (JSON.stringify(again) !== JSON.stringify(end))
      problems.push(`told again: ${JSON.stringify(end)} became ${JSON.stringify(again)}`);
    const { rows } = await core.outside.query('SELECT * FROM ledger_broken_invariants($1)', [
      shop.merchantId,
    ]);
    if (rows.length > 0) problems.push(`broken invariants: ${JSON.stringify(rows)}`);
    ends.push(end);
  }
  if (history.policy === 'debt') {
    const right = JSON.stringify(expected(history));
    for (const [nth, end] of ends.entries())
      if (JSON.stringify(end) !== right)
        problems.push(`${nth === 0 ? 'in order' : 'mixed'}: ${JSON.stringify(end)}, not ${right}`);
  }
  return { seed, problem: problems.length === 0 ? null : problems.join('; ') };
}
