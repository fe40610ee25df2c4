import type { CheckoutGoods } from '../../shared/contract.ts';

/** As Shopify's checkout has them: amounts are numbers there. */
interface Amount {
  readonly amount: number;
  readonly currencyCode?: string;
}
export interface CartLine {
  readonly merchandise: { readonly product: { readonly id: string } };
  readonly cost: { readonly totalAmount: Amount };
}
export interface OrderDiscount {
  readonly discountedAmount: Amount;
}

/** Ten-thousandths, whole: sums of them are exact. */
const scale = 4;
/** Shopify's CLI builds for ES6, which has no literals of it. */
const none = BigInt(0);
export const wholeOf = ({ amount }: Amount): bigint =>
  BigInt(amount.toFixed(scale).replace('.', ''));
const decimalOf = (whole: bigint): string => {
  const digits = whole.toString().padStart(scale + 1, '0');
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};

/**
 * What a cart is worth, line by line, after discounts. Those on the whole order are spread over the lines by their
 * worth, as Shopify spreads them in the order. What has been spread is rounded as a whole, so that nothing is left over
 * and no line bears more than it is worth.
 */
export function linesOf(
  lines: readonly CartLine[],
  discounts: readonly OrderDiscount[],
): CheckoutGoods['lines'] {
  const worths = lines.map(({ cost }) => wholeOf(cost.totalAmount));
  const total = worths.reduce((sum, worth) => sum + worth, none);
  const wanted = discounts.reduce(
    (sum, { discountedAmount }) => sum + wholeOf(discountedAmount),
    none,
  );
  const discount = wanted > total ? total : wanted;
  let before = none;
  let spread = none;
  return lines.flatMap(({ merchandise }, index) => {
    const worth = worths[index] ?? none;
    before += worth;
    const due = total === none ? none : (discount * before) / total;
    const left = worth - (due - spread);
    spread = due;
    const productId = /(\d+)$/.exec(merchandise.product.id)?.[1];
    return productId === undefined ? [] : [{ product_id: productId, subtotal: decimalOf(left) }];
  });
}
