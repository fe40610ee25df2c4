// Discount codes: whether a buyer may use one, and how much it takes off.
import type { AppliedCode, Customer, Discount, DiscountCode, OrderLine } from './state.ts';
import { toDecimal } from './money.ts';
import { Refusal, type World } from './world.ts';

export function findByCode(
  world: World,
  code: string,
): { discount: Discount; code: DiscountCode } | undefined {
  const wanted = code.trim().toLowerCase();
  for (const discount of world.data.discounts.values()) {
    const match = discount.codes.find((candidate) => candidate.code.toLowerCase() === wanted);
    if (match) return { discount, code: match };
  }
  return undefined;
}

export function statusOf(discount: Discount, nowMs: number): 'ACTIVE' | 'EXPIRED' | 'SCHEDULED' {
  if (Date.parse(discount.startsAt) > nowMs) return 'SCHEDULED';
  return discount.endsAt !== null && Date.parse(discount.endsAt) <= nowMs ? 'EXPIRED' : 'ACTIVE';
}

export interface Basket {
  customer: Customer | null;
  lines: OrderLine[];
  shipping: number;
}
export interface Applied {
  code: AppliedCode;
  linesDiscount: number;
  shippingDiscount: number;
  appliesTo: (line: OrderLine) => boolean;
}

/** Applies a code to a basket, or refuses it with the words a checkout would use. */
export function checkCode(world: World, text: string, basket: Basket): Applied {
  const found = findByCode(world, text);
  if (!found) throw new Refusal(`Enter a valid discount code: ${text} is not known`);
  const { discount, code } = found;
  if (statusOf(discount, world.clock.now()) !== 'ACTIVE')
    throw new Refusal(`${code.code} is no longer valid`);
  // Every code of a discount made in bulk has the limit for itself; one code of its own shares nothing.
  if (discount.usageLimit !== null && code.used >= discount.usageLimit)
    throw new Refusal(`${code.code} has reached its usage limit`);
  if (
    discount.customerIds !== null &&
    (!basket.customer || !discount.customerIds.includes(basket.customer.id))
  )
    throw new Refusal(
      `${code.code} is not available to this customer; sign in with the account it was given to`,
    );
  if (
    discount.appliesOncePerCustomer &&
    basket.customer &&
    discount.usedBy.includes(basket.customer.id)
  )
    throw new Refusal(`${code.code} was used by this customer already`);
  const appliesTo = (line: OrderLine): boolean =>
    discount.productIds === null ||
    (line.productId !== null && discount.productIds.includes(line.productId));
  const eligible = basket.lines.filter(appliesTo);
  const worth = eligible.reduce((sum, line) => sum + line.unitPrice * line.quantity, 0),
    pieces = eligible.reduce((sum, line) => sum + line.quantity, 0);
  const { currency } = world.data.shop;
  if (discount.minimumSubtotal !== null && worth < discount.minimumSubtotal)
    throw new Refusal(
      `${code.code} needs at least ${toDecimal(discount.minimumSubtotal, currency)} ${currency} in the cart`,
    );
  if (discount.minimumQuantity !== null && pieces < discount.minimumQuantity)
    throw new Refusal(`${code.code} needs at least ${discount.minimumQuantity} items in the cart`);
  if (discount.kind === 'DiscountCodeFreeShipping') {
    if (discount.maximumShippingPrice !== null && basket.shipping > discount.maximumShippingPrice)
      throw new Refusal(`${code.code} does not cover this shipping rate`);
    return {
      code: {
        code: code.code,
        type: 'shipping',
        value: 100,
        amount: basket.shipping,
        discountId: discount.id,
      },
      linesDiscount: 0,
      shippingDiscount: basket.shipping,
      appliesTo,
    };
  }
  if (discount.buys !== null) return buyAndGet(discount, code.code, basket, currency);
  const { value } = discount;
  if (value === null) throw new Refusal(`${code.code} takes nothing off`);
  const off =
    value.kind === 'percentage'
      ? Math.round(worth * value.percentage)
      : Math.min(worth, value.amount * (value.onEachItem ? pieces : 1));
  const applied: AppliedCode = {
    code: code.code,
    type: value.kind === 'percentage' ? 'percentage' : 'fixed_amount',
    value: value.kind === 'percentage' ? value.percentage * 100 : value.amount,
    amount: off,
    discountId: discount.id,
  };
  return { code: applied, linesDiscount: off, shippingDiscount: 0, appliesTo };
}

/** One piece of what is given, for nothing, once enough of something else is bought. */
function buyAndGet(discount: Discount, code: string, basket: Basket, currency: string): Applied {
  const { buys, productIds } = discount;
  const isGift = (line: OrderLine): boolean =>
    line.productId !== null && productIds?.includes(line.productId) === true;
  const gift = basket.lines.filter(isGift).sort((a, b) => a.unitPrice - b.unitPrice)[0];
  if (!gift) throw new Refusal(`${code} needs the product it is for in the cart`);
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
    throw new Refusal(
      buys?.amount
        ? `${code} needs at least ${toDecimal(buys.amount, currency)} ${currency} of what it goes with`
        : `${code} needs something that it goes with in the cart`,
    );
  return {
    code: {
      code,
      type: 'fixed_amount',
      value: gift.unitPrice,
      amount: gift.unitPrice,
      discountId: discount.id,
    },
    linesDiscount: gift.unitPrice,
    shippingDiscount: 0,
    appliesTo: (line) => line === gift || line.id === gift.id,
  };
}

/** Counts a use, once an order is placed with the code. */
export function redeemCode(world: World, applied: AppliedCode, customer: Customer | null): void {
  const found = findByCode(world, applied.code);
  if (!found) return;
  found.code.used += 1;
  if (customer) found.discount.usedBy.push(customer.id);
  found.discount.updatedAt = world.clock.iso();
}
