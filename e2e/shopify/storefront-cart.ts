// A visitor's cart, what it costs, and what it is paid with.
import { applyCodes, type Stack } from './discount-stack.ts';
import { findByCode } from './discounts.ts';
import { refusalText } from './discount-words.ts';
import { endOf, findGiftCard, storeCreditOf, tender } from './payments.ts';
import type { Language } from './shell-words.ts';
import type { Customer, OrderLine, Product } from './state.ts';
import { type CartView, titleOf } from './storefront-pages.ts';
import type { World } from './world.ts';

export interface Visitor {
  customer?: number | undefined;
  cart: Record<string, number>;
  /** Discount codes as they were entered, the newest last. */
  codes: string[];
  /** What themes and apps wrote beside the goods. */
  attributes: Record<string, string>;
  /** Gift cards by code, and whether store credit is to be used. */
  cards: string[];
  credit: boolean;
  /** The theme's dark scheme. */
  dark: boolean;
}

/** After an order, and after signing out. */
export const EMPTY_CART = { cart: {}, codes: [], attributes: {}, cards: [], credit: false };

const SHIPPING = 500;
/** From this subtotal on the shop ships for nothing. */
const FREE_FROM = 5_000;
/** A cookie holds only so much. */
const KEPT_CODES = 10;

/** A code once, the newest entered last. */
export const withCode = (codes: readonly string[], ...entered: readonly string[]): string[] =>
  [
    ...new Map(
      [...codes, ...entered]
        .map((code) => code.trim())
        .filter((code) => code !== '')
        .map((code) => [code.toLowerCase(), code]),
    ).values(),
  ].slice(-KEPT_CODES);
const withoutCode = (codes: readonly string[], code: string): string[] =>
  codes.filter((one) => one.toLowerCase() !== code.trim().toLowerCase());

/** What was typed into the field for codes: at the checkout, and only there, a gift card's number as well. */
export function entered(
  world: World,
  visitor: Visitor,
  form: URLSearchParams,
  then: string,
): Partial<Visitor> {
  const gone = form.get('remove');
  if (gone !== null)
    return { codes: withoutCode(visitor.codes, gone), cards: withoutCode(visitor.cards, gone) };
  const code = (form.get('code') ?? '').trim();
  const card =
    then === '/checkout' && !findByCode(world, code) ? findGiftCard(world, code) : undefined;
  return card
    ? { cards: withCode(visitor.cards, card.code) }
    : { codes: withCode(visitor.codes, code) };
}

export function cartOf(
  world: World,
  visitor: Visitor,
  customer: Customer | null,
  language: Language,
): CartView {
  const { products } = world.data;
  const lines = Object.entries(visitor.cart).flatMap(([variant, quantity]) => {
    const product = products.find((one) => String(one.variantId) === variant);
    return product && quantity > 0 ? [{ product, quantity }] : [];
  });
  const subtotal = lines.reduce((sum, line) => sum + line.product.price * line.quantity, 0),
    shipping = subtotal === 0 || subtotal >= FREE_FROM ? 0 : SHIPPING;
  const isEmpty = lines.length === 0;
  const stack: Stack = applyCodes(world, isEmpty ? [] : visitor.codes, {
    customer,
    lines: lines.map(asLine),
    shipping,
  });
  const { linesDiscount: discount, shippingDiscount } = stack,
    total = subtotal - discount + shipping - shippingDiscount,
    paid = tender(world, customer, total, {
      cards: isEmpty ? [] : visitor.cards,
      credit: visitor.credit,
    });
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  return {
    lines: lines.map((line, i) => ({
      ...line,
      // Discounts of these goods alone; order discounts are on no line of a cart.
      discount: (stack.allocations[i] ?? [])
        .filter(({ application }) => stack.codes[application]?.selection === 'entitled')
        .reduce((sum, { amount }) => sum + amount, 0),
    })),
    subtotal,
    shipping,
    discount,
    shippingDiscount,
    total,
    codes: visitor.codes.map((text) => {
      const applied = stack.codes.find(({ code }) => same(code, text)),
        refusal = stack.refusals.find(({ code }) => same(code, text));
      return {
        code: applied?.code ?? text,
        amount: applied?.amount ?? 0,
        problem: refusal && refusalText(language, refusal),
      };
    }),
    cards: visitor.cards.map((code) => {
      const end = endOf(code),
        card = findGiftCard(world, code),
        refusal = paid.refusals.find((one) => one.code === end || one.code === code);
      return {
        code,
        end,
        amount: paid.cards.find((one) => one.card === card)?.amount ?? 0,
        problem: refusal && refusalText(language, refusal),
      };
    }),
    credit: {
      available: storeCreditOf(world, customer),
      used: paid.credit,
      wanted: visitor.credit,
    },
    attributes: visitor.attributes,
    due: paid.rest,
  };
}

const asLine = (
  { product, quantity }: { product: Product; quantity: number },
  id: number,
): OrderLine => ({
  id,
  productId: product.id,
  variantId: product.variantId,
  title: product.title,
  sku: product.sku,
  quantity,
  currentQuantity: quantity,
  unitPrice: product.price,
  discount: 0,
});

/** The cart as `/cart.js` and Liquid see it. */
export function cartJson(
  world: World,
  cart: CartView,
  language: Language,
): Record<string, unknown> {
  return {
    token: 'emulator',
    note: null,
    attributes: cart.attributes,
    currency: world.data.shop.currency,
    item_count: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
    original_total_price: cart.subtotal,
    total_price: cart.subtotal - cart.discount,
    total_discount: cart.discount,
    items_subtotal_price: cart.subtotal - cart.discount,
    requires_shipping: cart.lines.length > 0,
    discount_codes: cart.codes.map(({ code, problem }) => ({
      code,
      applicable: problem === undefined && cart.lines.length > 0,
    })),
    items: cart.lines.map(({ product, quantity, discount }) => ({
      id: product.variantId,
      variant_id: product.variantId,
      product_id: product.id,
      title: titleOf(product, language),
      quantity,
      price: product.price,
      line_price: product.price * quantity,
      final_line_price: product.price * quantity - discount,
      sku: product.sku,
      handle: product.handle,
      url: `/products/${product.handle}`,
    })),
  };
}
