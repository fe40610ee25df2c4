// A visitor's cart and what it costs.
import { checkCode } from './discounts.ts';
import type { Language } from './shell-words.ts';
import type { Customer, OrderLine } from './state.ts';
import { type CartView, titleOf } from './storefront-pages.ts';
import { Refusal, type World } from './world.ts';

export interface Visitor {
  customer?: number | undefined;
  cart: Record<string, number>;
  code: string;
}

const SHIPPING = 500;
/** From this subtotal on the shop ships for nothing. */
const FREE_FROM = 5_000;

export function cartOf(world: World, visitor: Visitor, customer: Customer | null): CartView {
  const { products } = world.data;
  const lines = Object.entries(visitor.cart).flatMap(([variant, quantity]) => {
    const product = products.find((one) => String(one.variantId) === variant);
    return product && quantity > 0 ? [{ product, quantity }] : [];
  });
  const subtotal = lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0),
    shipping = subtotal === 0 || subtotal >= FREE_FROM ? 0 : SHIPPING;
  let discount = 0,
    shippingDiscount = 0,
    problem: string | undefined;
  if (visitor.code && lines.length > 0) {
    try {
      const asLines: OrderLine[] = lines.map(({ product, quantity }, i) => ({
        id: i,
        productId: product.id,
        variantId: product.variantId,
        title: product.title,
        sku: product.sku,
        quantity,
        currentQuantity: quantity,
        unitPrice: product.price,
        discount: 0,
      }));
      const applied = checkCode(world, visitor.code, {
        customer,
        lines: asLines,
        shipping,
      });
      ({ linesDiscount: discount, shippingDiscount } = applied);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problem = error.message;
    }
  }
  return {
    lines,
    subtotal,
    shipping,
    discount,
    shippingDiscount,
    total: subtotal - discount + shipping - shippingDiscount,
    code: visitor.code,
    problem,
  };
}

/** The cart as `/cart.js` and Liquid see it. */
export function cartJson(
  world: World,
  cart: CartView,
  language: Language,
): Record<string, unknown> {
  return {
    token: 'standin',
    note: null,
    attributes: {},
    currency: world.data.shop.currency,
    item_count: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
    original_total_price: cart.subtotal,
    total_price: cart.subtotal - cart.discount,
    total_discount: cart.discount,
    items_subtotal_price: cart.subtotal - cart.discount,
    requires_shipping: cart.lines.length > 0,
    discount_codes: cart.code ? [{ code: cart.code, applicable: cart.problem === undefined }] : [],
    items: cart.lines.map(({ product, quantity }) => ({
      id: product.variantId,
      variant_id: product.variantId,
      product_id: product.id,
      title: titleOf(product, language),
      quantity,
      price: product.price,
      line_price: product.price * quantity,
      final_line_price: product.price * quantity,
      sku: product.sku,
      handle: product.handle,
      url: `/products/${product.handle}`,
    })),
  };
}
