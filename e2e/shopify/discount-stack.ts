// Several codes in one order, by Shopify's rules of combination: help.shopify.com/manual/discounts/discount-combinations
// Off the goods they are for, then off what the order still costs, then off the delivery. Shop money in minor units.
import { type Basket, type DiscountClass, type UsableCode, usableCode } from './discounts.ts';
import { CodeRefusal } from './discount-words.ts';
import type { AppliedCode, Discount, OrderLine } from './state.ts';
import type { World } from './world.ts';

/** Codes off goods or the order; beside them one off the delivery. */
const MAX_CODES = 5;

export interface Stack {
  readonly codes: readonly AppliedCode[];
  /** By line, in the basket's order: what each code takes off it, by the code's place in `codes`. */
  readonly allocations: readonly (readonly { application: number; amount: number }[])[];
  readonly linesDiscount: number;
  readonly shippingDiscount: number;
  readonly refusals: readonly CodeRefusal[];
}

/** Codes as a buyer enters them, one after the other: each is judged by itself, then against those already accepted. */
export function applyCodes(world: World, texts: readonly string[], basket: Basket): Stack {
  const accepted: UsableCode[] = [],
    refusals: CodeRefusal[] = [];
  for (const text of texts) {
    try {
      const usable = usableCode(world, text, basket);
      if (accepted.some(({ code }) => code === usable.code)) continue;
      combine(usable, accepted);
      accepted.push(usable);
    } catch (error) {
      if (!(error instanceof CodeRefusal)) throw error;
      refusals.push(error);
    }
  }
  const left = basket.lines.map((line) => line.unitPrice * line.quantity),
    allocations = basket.lines.map((): { application: number; amount: number }[] => []),
    codes: AppliedCode[] = [];
  const take = ({ discount, code }: UsableCode, parts: readonly number[]): void => {
    parts.forEach((amount, i) => {
      if (amount === 0) return;
      left[i] = (left[i] ?? 0) - amount;
      allocations[i]?.push({ application: codes.length, amount });
    });
    codes.push(applied(discount, code, sumOf(parts)));
  };
  const of = (kind: DiscountClass): UsableCode[] => accepted.filter((one) => one.class === kind);
  // Of those for the same goods the best counts alone: at most one for each line.
  const claimed = new Map<OrderLine, string>();
  const rivals = of('product')
    .map((one) => ({ one, off: sumOf(productParts(one, basket.lines, () => true)) }))
    .sort((a, b) => b.off - a.off);
  for (const { one } of rivals) {
    const parts = productParts(one, basket.lines, (line) => !claimed.has(line));
    const better = one.lines.flatMap((line) => claimed.get(line) ?? [])[0];
    if (sumOf(parts) === 0 && better !== undefined) {
      refusals.push(new CodeRefusal('another_is_better', one.code, better));
      continue;
    }
    for (const line of one.lines) if (!claimed.has(line)) claimed.set(line, one.code);
    take(one, parts);
  }
  for (const one of of('order')) {
    const rest = sumOf(left),
      { value } = one.discount;
    const off =
      value?.kind === 'percentage'
        ? Math.round(rest * value.percentage)
        : Math.min(rest, (value?.amount ?? 0) * (value?.onEachItem ? piecesOf(one.lines) : 1));
    take(one, allocate(off, left));
  }
  const linesDiscount = codes.reduce((sum, code) => sum + code.amount, 0);
  let shippingDiscount = 0;
  for (const one of of('shipping')) {
    shippingDiscount = basket.shipping;
    codes.push(applied(one.discount, one.code, shippingDiscount));
  }
  return { codes, allocations, linesDiscount, shippingDiscount, refusals };
}

/** Both must allow it. */
function combine(usable: UsableCode, accepted: readonly UsableCode[]): void {
  const shipping = accepted.find((other) => other.class === 'shipping');
  if (usable.class === 'shipping' && shipping)
    throw new CodeRefusal('one_shipping', usable.code, shipping.code);
  if (usable.class !== 'shipping' && accepted.length - (shipping ? 1 : 0) >= MAX_CODES)
    throw new CodeRefusal('five_at_most', usable.code);
  const foe = accepted.find((other) => !opens(usable, other) || !opens(other, usable));
  if (foe) throw new CodeRefusal('does_not_combine', usable.code, foe.code);
}
function opens({ discount: { combinesWith } }: UsableCode, other: UsableCode): boolean {
  return {
    product: combinesWith.productDiscounts,
    order: combinesWith.orderDiscounts,
    shipping: combinesWith.shippingDiscounts,
  }[other.class];
}

/** What a discount of goods takes off each of the basket's lines. */
function productParts(
  { discount, lines: its }: UsableCode,
  lines: readonly OrderLine[],
  isOpen: (line: OrderLine) => boolean,
): number[] {
  const { value } = discount;
  const worth = lines.map((line) =>
    its.includes(line) && isOpen(line) ? line.unitPrice * line.quantity : 0,
  );
  // One piece for nothing, of the one line that is given.
  if (discount.buys !== null)
    return lines.map((line, i) => Math.min(worth[i] ?? 0, line.unitPrice));
  if (value?.kind === 'percentage') return worth.map((one) => Math.round(one * value.percentage));
  const amount = value?.amount ?? 0;
  return value?.onEachItem
    ? lines.map((line, i) => Math.min(worth[i] ?? 0, amount * line.quantity))
    : allocate(Math.min(sumOf(worth), amount), worth);
}

function applied(discount: Discount, code: string, amount: number): AppliedCode {
  const base = {
      code,
      amount,
      discountId: discount.id,
      selection: discount.productIds === null ? ('all' as const) : ('entitled' as const),
    },
    { value } = discount;
  if (discount.kind === 'DiscountCodeFreeShipping')
    return { ...base, type: 'shipping', value: 100 };
  if (discount.buys !== null) return { ...base, type: 'fixed_amount', value: amount };
  return value?.kind === 'percentage'
    ? { ...base, type: 'percentage', value: value.percentage * 100 }
    : { ...base, type: 'fixed_amount', value: value?.amount ?? 0 };
}

/** Splits `amount` over lines in proportion to their value; the parts add up exactly. */
function allocate(amount: number, weights: readonly number[]): number[] {
  const whole = sumOf(weights);
  let given = 0,
    seen = 0;
  return weights.map((weight) => {
    seen += weight;
    const upTo = whole === 0 ? 0 : Math.round((amount * seen) / whole);
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, one) => sum + one, 0);
const piecesOf = (lines: readonly OrderLine[]): number =>
  lines.reduce((sum, line) => sum + line.quantity, 0);
