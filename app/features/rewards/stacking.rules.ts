/**
 * What Shopify accepts of several codes in one cart, in which order and why, by its rules of combination:
 * https://help.shopify.com/manual/discounts/combining-discounts/discount-combinations
 * Amounts are ten-thousandths of the shop's currency.
 */

/** Goods of a collection, the whole order, or the delivery: what a discount is taken off decides what it combines with. */
export type DiscountClass = 'product' | 'order' | 'shipping';

export interface Stackable {
  readonly id: string;
  readonly class: DiscountClass;
  readonly combinesWith: {
    readonly order: boolean;
    readonly product: boolean;
    readonly shipping: boolean;
  };
  readonly off:
    | { readonly kind: 'amount'; readonly amount: bigint }
    /** Ten-thousandths of a per cent. */
    | { readonly kind: 'percent'; readonly percent: bigint }
    | { readonly kind: 'shipping'; readonly upTo: bigint | null }
    | { readonly kind: 'product' };
  /** Of goods that it is for. */
  readonly minimum: bigint | null;
}

export interface Cart {
  /** All goods; those of the collection, and the product that is free, are among them. */
  readonly goods: bigint;
  readonly inCollection: bigint;
  readonly freeProduct: bigint;
  readonly shipping: bigint;
}

export type Refusal =
  | 'does_not_combine'
  | 'one_shipping'
  | 'five_at_most'
  | 'below_minimum'
  | 'nothing_in_cart'
  | 'shipping_too_dear'
  | 'another_is_better';

export interface Verdict {
  readonly id: string;
  /** The place in which it is taken off, from 1; 0 when it is not. */
  readonly place: number;
  readonly off: bigint;
  readonly refusal?: Refusal;
  /** The code that blocks it. */
  readonly because?: string;
}

export interface Stack {
  readonly verdicts: readonly Verdict[];
  readonly goods: bigint;
  readonly shipping: bigint;
  readonly total: bigint;
}

/** Shopify's limit of product codes in one order; shipping codes are limited to one. */
export const MAX_CODES = 5;
const order: Readonly<Record<DiscountClass, number>> = { product: 0, order: 1, shipping: 2 };

/** Codes as a shopper enters them, one after the other: each is judged against those already accepted. */
export function stack(codes: readonly Stackable[], cart: Cart): Stack {
  const accepted: Stackable[] = [];
  const refusals = new Map<string, { refusal: Refusal; because?: string }>();
  for (const code of codes) {
    const why = whyRefused(code, accepted, cart);
    if (why) refusals.set(code.id, why);
    else accepted.push(code);
  }
  const taken = takeOff(accepted, cart);
  for (const [id, because] of taken.outdone)
    refusals.set(id, { refusal: 'another_is_better', because });
  const places = [...accepted]
    .filter(({ id }) => !taken.outdone.has(id))
    .sort((a, b) => order[a.class] - order[b.class]);
  return {
    verdicts: codes.map(({ id }) => ({
      id,
      place: places.findIndex((code) => code.id === id) + 1,
      off: taken.off.get(id) ?? 0n,
      ...refusals.get(id),
    })),
    goods: taken.goods,
    shipping: taken.shipping,
    total: taken.goods + taken.shipping,
  };
}

function whyRefused(
  code: Stackable,
  accepted: readonly Stackable[],
  cart: Cart,
): { refusal: Refusal; because?: string } | undefined {
  const eligible = eligibleOf(code, cart);
  if (eligible <= 0n && code.class !== 'shipping') return { refusal: 'nothing_in_cart' };
  if (code.minimum !== null && eligible < code.minimum) return { refusal: 'below_minimum' };
  if (code.off.kind === 'shipping' && code.off.upTo !== null && cart.shipping > code.off.upTo)
    return { refusal: 'shipping_too_dear' };
  const shipping = accepted.find((other) => other.class === 'shipping');
  if (code.class === 'shipping' && shipping)
    return { refusal: 'one_shipping', because: shipping.id };
  if (
    code.class !== 'shipping' &&
    accepted.filter((other) => other.class !== 'shipping').length >= MAX_CODES
  )
    return { refusal: 'five_at_most' };
  // Both must allow it.
  const foe = accepted.find(
    (other) => !code.combinesWith[other.class] || !other.combinesWith[code.class],
  );
  return foe && { refusal: 'does_not_combine', because: foe.id };
}

function eligibleOf(code: Stackable, cart: Cart): bigint {
  if (code.off.kind === 'product') return cart.freeProduct;
  return code.class === 'product' ? cart.inCollection : cart.goods;
}

/** First off the goods themselves, then off what the order still costs, then off the delivery. */
function takeOff(accepted: readonly Stackable[], cart: Cart) {
  const off = new Map<string, bigint>();
  const outdone = new Map<string, string>();
  let goods = cart.goods;
  // On the same goods only the best one counts; a free product is a line of its own.
  for (const isFree of [false, true]) {
    const rivals = accepted
      .filter((code) => code.class === 'product' && (code.off.kind === 'product') === isFree)
      .map((code) => ({ code, amount: amountOf(code, eligibleOf(code, cart)) }))
      .sort((a, b) => (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0));
    const [best, ...others] = rivals;
    if (best === undefined) continue;
    const amount = best.amount < goods ? best.amount : goods;
    off.set(best.code.id, amount);
    goods -= amount;
    for (const { code } of others) outdone.set(code.id, best.code.id);
  }
  for (const code of accepted.filter((one) => one.class === 'order')) {
    const amount = amountOf(code, goods);
    off.set(code.id, amount);
    goods -= amount;
  }
  let { shipping } = cart;
  for (const code of accepted.filter((one) => one.class === 'shipping')) {
    off.set(code.id, shipping);
    shipping = 0n;
  }
  return { off, outdone, goods, shipping };
}

function amountOf(code: Stackable, from: bigint): bigint {
  if (code.off.kind === 'product') return from;
  if (code.off.kind === 'shipping') return 0n;
  const wanted =
    code.off.kind === 'amount' ? code.off.amount : (from * code.off.percent) / 1_000_000n;
  return wanted < from ? wanted : from;
}
