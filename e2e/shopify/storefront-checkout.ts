// A visitor places what is in the cart as an order.
import { checkoutPage } from './buyer-pages.ts';
import { createCustomer, findCustomer } from './customers.ts';
import { html, type Reply } from './http.ts';
import { placeOrder } from './orders.ts';
import type { Language } from './shell-words.ts';
import type { Customer, Order } from './state.ts';
import type { View } from './storefront-layout.ts';
import type { CartView } from './storefront-pages.ts';
import { Refusal, type World } from './world.ts';

interface Checkout {
  form: URLSearchParams;
  cart: CartView;
  customer: Customer | null;
  language: Language;
  view: () => View;
}

export function checkOut(
  world: World,
  { form, cart, customer, language, view }: Checkout,
  done: (order: Order, buyer: Customer) => Reply,
): Reply {
  const email = (form.get('email') ?? '').trim().toLowerCase();
  try {
    if (cart.lines.length === 0) throw new Refusal(view().words.empty);
    if (!customer && !email) throw new Refusal('An email address is needed');
    // A guest becomes a customer without an account, as at Shopify.
    const buyer =
      customer ??
      findCustomer(world, email) ??
      createCustomer(world, {
        email,
        first_name: form.get('first_name'),
        last_name: form.get('last_name'),
        locale: language,
        state: 'disabled',
      }).customer;
    const { order } = placeOrder(world, {
      customer: buyer,
      locale: language,
      shipping: cart.shipping,
      paid: form.get('paid') !== 'no',
      lines: cart.lines.map(({ product, quantity }) => ({
        productId: product.id,
        variantId: product.variantId,
        title: product.title,
        sku: product.sku,
        quantity,
        unitPrice: product.price,
      })),
      codes: cart.codes.filter(({ problem }) => problem === undefined).map(({ code }) => code),
      giftCards: cart.cards.filter(({ amount }) => amount > 0).map(({ code }) => code),
      storeCredit: cart.credit.wanted,
      attributes: cart.attributes,
    });
    return done(order, buyer);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return html(checkoutPage(view(), cart, error.message), 422);
  }
}
