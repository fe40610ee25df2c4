// Discount codes one by one: whether a buyer may use one, and on which lines. How several go together: discount-stack.ts.
import { CodeRefusal } from './discount-words.ts';
import { toDecimal } from './money.ts';
import type { AppliedCode, Customer, Discount, DiscountCode, OrderLine } from './state.ts';
import type { World } from './world.ts';

/** A shop has thousands: most are told apart by their last character. */
const isSameCode = (known: string, wanted: string): boolean =>
  known.length === wanted.length &&
  known.slice(-1).toLowerCase() === wanted.slice(-1) &&
  known.toLowerCase() === wanted;

export function findByCode(
  world: World,
  code: string,
): { discount: Discount; code: DiscountCode } | undefined {
  const wanted = code.trim().toLowerCase();
  for (const discount of world.data.discounts.values()) {
    const match = discount.codes.find(({ code: known }) => isSameCode(known, wanted));
    if (match) return { discount, code: match };
  }
  return undefined;
}

export function statusOf(discount: Discount, nowMs: number): 'ACTIVE' | 'EXPIRED' | 'SCHEDULED' {
  if (Date.parse(discount.startsAt) > nowMs) return 'SCHEDULED';
  return discount.endsAt !== null && Date.parse(discount.endsAt) <= nowMs ? 'EXPIRED' : 'ACTIVE';
}

/** What a discount is taken off decides what it goes together with. */
export type DiscountClass = 'product' | 'order' | 'shipping';
export function classOf(discount: Discount): DiscountClass {
  if (discount.kind === 'DiscountCodeFreeShipping') return 'shipping';
  return discount.kind === 'DiscountCodeBxgy' || discount.productIds !== null ? 'product' : 'order';
}

export interface Basket {
  customer: Customer | null;
  lines: readonly OrderLine[];
  shipping: number;
}

/** A code that its buyer may use in this basket, by itself. */
export interface UsableCode {
  readonly discount: Discount;
  readonly code: string;
  readonly class: DiscountClass;
  /** The lines it is taken off; all of them for a discount on the order. */
  readonly lines: readonly OrderLine[];
}

/** Looks a code up and checks it alone, or refuses it with the checkout's message. */
export function usableCode(world: World, text: string, basket: Basket): UsableCode {
  const found = findByCode(world, text);
  if (!found) throw new CodeRefusal('unknown', text.trim());
  const { discount } = found,
    { code, used } = found.code,
    { currency } = world.data.shop;
  const money = (minor: number): string => `${toDecimal(minor, currency)} ${currency}`;
  if (statusOf(discount, world.clock.now()) !== 'ACTIVE') throw new CodeRefusal('inactive', code);
  // Every code of a discount made in bulk has the limit for itself; one code of its own shares nothing.
  if (discount.usageLimit !== null && used >= discount.usageLimit)
    throw new CodeRefusal('used_up', code);
  const { customer } = basket;
  if (discount.customerIds !== null && !(customer && discount.customerIds.includes(customer.id)))
    throw new CodeRefusal('not_theirs', code);
  if (discount.appliesOncePerCustomer && customer && discount.usedBy.includes(customer.id))
    throw new CodeRefusal('used_by_them', code);
  const kind = classOf(discount);
  if (discount.buys !== null)
    return { discount, code, class: kind, lines: [giftOf(discount, code, basket, money)] };
  const { productIds } = discount;
  const lines =
    productIds === null
      ? basket.lines
      : basket.lines.filter(
          ({ productId }) => productId !== null && productIds.includes(productId),
        );
  if (lines.length === 0) throw new CodeRefusal('nothing_for_it', code);
  const worth = lines.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0),
    pieces = lines.reduce((sum, line) => sum + line.quantity, 0);
  if (discount.minimumSubtotal !== null && worth < discount.minimumSubtotal)
    throw new CodeRefusal('minimum', code, money(discount.minimumSubtotal));
  if (discount.minimumQuantity !== null && pieces < discount.minimumQuantity)
    throw new CodeRefusal('quantity', code, String(discount.minimumQuantity));
  if (discount.maximumShippingPrice !== null && basket.shipping > discount.maximumShippingPrice)
    throw new CodeRefusal('shipping_too_dear', code);
  return { discount, code, class: kind, lines };
}

/** The line of which one piece is given for nothing, once enough of something else is bought. */
function giftOf(
  { buys, productIds }: Discount,
  code: string,
  basket: Basket,
  money: (minor: number) => string,
): OrderLine {
  const gift = basket.lines
    .filter(({ productId }) => productId !== null && productIds?.includes(productId) === true)
    .sort((a, b) => a.unitPrice - b.unitPrice)[0];
  if (!gift) throw new CodeRefusal('nothing_for_it', code);
  let pieces = 0,
    worth = 0;
  for (const line of basket.lines) {
    if (line.productId === null || buys?.productIds.includes(line.productId) !== true) continue;
    // The piece that is given is not among those that are bought.
    const quantity = line.quantity - (line === gift ? 1 : 0);
    pieces += quantity;
    worth += quantity * line.unitPrice;
  }
  if (pieces < (buys?.quantity ?? 0) || worth < (buys?.amount ?? 0) || pieces === 0)
    throw buys?.amount
      ? new CodeRefusal('goes_with_amount', code, money(buys.amount))
      : new CodeRefusal('goes_with', code);
  return gift;
}

/** Counts a use, once an order is placed with the code. */
export function redeemCode(world: World, applied: AppliedCode, customer: Customer | null): void {
  const found = findByCode(world, applied.code);
  if (!found) return;
  found.code.used += 1;
  if (customer) found.discount.usedBy.push(customer.id);
  found.discount.updatedAt = world.clock.iso();
}
