// The shop's pages: a plain theme of its own. Every value from outside is escaped here.
import { escapeHtml as e } from './http.ts';
import { toDecimal } from './money.ts';
import type { Language } from './shell-words.ts';
import type { Customer, Product } from './state.ts';
import { layout, type View } from './storefront-layout.ts';

/** A code with what it takes off, or with why it does not. */
export interface CodeView {
  code: string;
  amount: number;
  problem: string | undefined;
}
export interface CartView {
  lines: { product: Product; quantity: number; discount: number }[];
  subtotal: number;
  shipping: number;
  discount: number;
  shippingDiscount: number;
  total: number;
  codes: CodeView[];
  /** Gift cards, shown by the end of their code. */
  cards: (CodeView & { end: string })[];
  credit: { available: number; used: number; wanted: boolean };
  attributes: Record<string, string>;
  /** What is left for the credit card. */
  due: number;
}

export const moneyText = (minor: number, currency: string, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency }).format(
    Number(toDecimal(minor, currency)),
  );
export const titleOf = (product: Product, language: Language): string =>
  product.titles[language] ?? product.title;
const field = (name: string, value: string, label: string): string =>
  `<input type="hidden" name="${name}" value="${e(value)}">${label}`;

export const price = (view: View, minor: number): string =>
  moneyText(minor, view.currency, view.language);
const goods = (view: View, products: Product[]): string =>
  `<h2>${view.words.goods}</h2><ul class="goods">${products.map((product) => `<li><a href="${view.root}/products/${product.handle}">${product.picture}<h3>${e(titleOf(product, view.language))}</h3><p>${price(view, product.price)}</p></a></li>`).join('')}</ul>`;

export const searchPage = (view: View, products: Product[], query: string): string =>
  layout(
    view,
    view.words.search,
    `<h1>${view.words.search}</h1>${products.length > 0 ? goods(view, products) : `<p>${view.words.nothingFound} “${e(query)}”</p>`}`,
  );

export const homePage = (view: View, products: Product[], block: string): string =>
  layout(
    view,
    view.words.home,
    `<section class="hero"><h1>${view.words.heading}</h1><p>${view.words.lead}</p></section><section class="block">${block}</section><section>${goods(view, products)}</section>`,
  );

export const productPage = (view: View, product: Product, block: string): string =>
  layout(
    view,
    titleOf(product, view.language),
    `<div class="two"><div class="big">${product.picture}</div><div><h1>${e(titleOf(product, view.language))}</h1><p class="muted">${price(view, product.price)}</p><p>${e(product.description[view.language] ?? '')}</p><form method="post" action="${view.root}/cart/add"><input type="hidden" name="id" value="${product.variantId}"><label for="quantity">${view.words.quantity}</label><div class="row"><input id="quantity" name="quantity" type="number" min="1" max="99" value="1"><button name="then" value="cart">${view.words.add}</button><button class="quiet" name="then" value="checkout">${view.words.buy}</button></div></form><div class="block">${block}</div></div></div>`,
  );

export const sums = (view: View, cart: CartView): string => {
  const { words } = view;
  const line = (label: string, value: string, big = false): string =>
    `<div class="sum${big ? ' big' : ''}"><span>${label}</span><span>${value}</span></div>`;
  const off = cart.codes
    .filter(({ amount }) => amount > 0)
    .map(({ code, amount }) => line(`${words.discount} (${e(code)})`, `−${price(view, amount)}`));
  const paid = [
    ...cart.cards
      .filter(({ amount }) => amount > 0)
      .map(({ end, amount }) =>
        line(`${words.giftCard} •••• ${e(end)}`, `−${price(view, amount)}`),
      ),
    ...(cart.credit.used > 0 ? [line(words.storeCredit, `−${price(view, cart.credit.used)}`)] : []),
  ];
  return `${line(words.subtotal, price(view, cart.subtotal))}${off.join('')}${line(words.shipping, cart.shipping === 0 ? words.free : price(view, cart.shipping))}${line(words.total, price(view, cart.total), true)}${paid.join('')}${paid.length > 0 ? line(words.due, price(view, cart.due), true) : ''}`;
};
/** The field for codes, and those that were entered: each can be taken off again, and says why when it does not count. */
export function codeForm(view: View, cart: CartView, then: 'cart' | 'checkout'): string {
  const { words, root } = view;
  const entered = [
    ...cart.codes.map((one) => ({ ...one, label: one.code })),
    ...(then === 'checkout'
      ? cart.cards.map((one) => ({ ...one, label: `${words.giftCard} •••• ${one.end}` }))
      : []),
  ];
  const list = entered
    .map(
      ({ code, label, problem }) =>
        `<li><form method="post" action="${root}/discount" class="row"><input type="hidden" name="then" value="${then}"><input type="hidden" name="remove" value="${e(code)}"><span>${e(label)}</span><button class="quiet small" aria-label="${words.remove} ${e(label)}">${words.remove}</button></form>${problem ? `<p class="problem" role="alert">${e(problem)}</p>` : ''}</li>`,
    )
    .join('');
  return `<form method="post" action="${root}/discount"><input type="hidden" name="then" value="${then}"><label for="code">${then === 'checkout' ? words.codeOrCard : words.code}</label><div class="row"><input id="code" name="code" autocapitalize="characters" autocomplete="off" style="max-width:220px"><button class="quiet">${words.apply}</button></div></form>${list ? `<ul class="codes" aria-label="${words.codes}">${list}</ul>` : ''}`;
}
export const creditForm = (view: View, { credit }: CartView): string =>
  credit.available === 0
    ? ''
    : `<form method="post" action="${view.root}/checkout/credit" class="row"><input type="hidden" name="use" value="${credit.wanted ? 'no' : 'yes'}"><span>${view.words.storeCredit}: ${price(view, credit.available)}</span><button class="quiet small">${credit.wanted ? view.words.dontUseCredit : view.words.useCredit}</button></form>`;

export const contentPage = (view: View, title: string, block: string): string =>
  layout(view, title, `<section class="block">${block}</section>`);

/** The cart beside the page, as a section of its own: the theme's script puts it in place of the old one. */
export function cartDrawer(view: View, cart: CartView): string {
  const { words, root } = view;
  const lines = cart.lines
    .map(
      ({ product, quantity }) =>
        `<div class="line">${product.picture}<span>${e(titleOf(product, view.language))}<br><span class="muted">${quantity} × ${price(view, product.price)}</span></span><form method="post" action="${root}/cart/change"><input type="hidden" name="id" value="${product.variantId}"><input type="hidden" name="quantity" value="0"><button class="quiet small" aria-label="${words.remove} ${e(titleOf(product, view.language))}">${words.remove}</button></form></div>`,
    )
    .join('');
  const foot =
    cart.lines.length === 0
      ? ''
      : `<div class="sum big"><span>${words.subtotal}</span><span>${price(view, cart.subtotal - cart.discount)}</span></div><form method="post" action="${root}/cart" id="drawer-form"></form><div class="cart__ctas"><a class="button quiet" href="${root}/cart">${words.viewCart}</a><button name="checkout" form="drawer-form">${words.checkout}</button></div>`;
  return `<cart-drawer class="drawer" data-cart="${root}/cart" data-count="${cart.lines.reduce((sum, line) => sum + line.quantity, 0)}"><div class="drawer__shade" data-close></div><div class="drawer__inner" role="dialog" aria-modal="true" aria-label="${words.cart}" tabindex="-1"><div class="drawer__top"><h2>${words.cart}</h2><button class="quiet small" data-close>${words.close}</button></div><div class="drawer__items">${lines || `<p>${words.empty}</p>`}</div>${foot}</div></cart-drawer>`;
}

export function cartPage(view: View, cart: CartView, block: string): string {
  const { words, root } = view;
  if (cart.lines.length === 0)
    return layout(
      view,
      words.cart,
      `<h1>${words.cart}</h1><p>${words.empty}</p><a class="button" href="${root || '/'}">${words.keep}</a>`,
    );
  const lines = cart.lines
    .map(
      ({ product, quantity }) =>
        `<div class="line">${product.picture}<span>${e(titleOf(product, view.language))}<br><span class="muted">${price(view, product.price)}</span></span><form method="post" action="${root}/cart/change" class="row"><input type="hidden" name="id" value="${product.variantId}"><input name="quantity" type="number" min="0" max="99" value="${quantity}" aria-label="${words.quantity}"><button class="quiet small">${words.update}</button></form></div>`,
    )
    .join('');
  return layout(
    view,
    words.cart,
    `<h1>${words.cart}</h1>${lines}<div class="card">${codeForm(view, cart, 'cart')}${sums(view, cart)}<div class="block">${block}</div><p><a class="button" href="${root}/checkout">${words.checkout}</a></p></div>`,
  );
}

export const loginPage = (view: View, people: Customer[], then: string): string =>
  layout(
    view,
    view.words.signIn,
    `<h1>${view.words.choose}</h1><p class="muted">${view.words.chooseText}</p><div class="people">${people.map((person) => `<form method="post" action="${view.root}/account/login">${field('customer', String(person.id), '')}${field('then', then, '')}<button class="quiet">${e(`${person.firstName ?? ''} ${person.lastName ?? ''}`)}<br><span class="muted">${e(person.email ?? '')}</span></button></form>`).join('')}</div><p><a href="${view.root}/account/register">${view.words.register}</a></p>`,
  );

export const registerPage = (view: View, problem?: string): string =>
  layout(
    view,
    view.words.register,
    `<h1>${view.words.register}</h1>${problem ? `<p class="problem" role="alert">${e(problem)}</p>` : ''}<form method="post" action="${view.root}/account/register" class="card" style="max-width:420px"><label for="first">${view.words.firstName}</label><input id="first" name="first_name" required autocomplete="given-name"><label for="last">${view.words.lastName}</label><input id="last" name="last_name" autocomplete="family-name"><label for="email">${view.words.email}</label><input id="email" name="email" type="email" required autocomplete="email"><p><button>${view.words.register}</button></p></form>`,
  );

export const missingPage = (view: View): string =>
  layout(
    view,
    view.words.notFound,
    `<h1>${view.words.notFound}</h1><a class="button" href="${view.root || '/'}">${view.words.back}</a>`,
  );

/** A product as Liquid has it. */
export const productDrop = (product: Product, language: Language): Record<string, unknown> => ({
  id: product.id,
  title: titleOf(product, language),
  handle: product.handle,
  price: product.price,
  available: true,
  type: product.type,
  selected_or_first_available_variant: { id: product.variantId, price: product.price },
  variants: [{ id: product.variantId, price: product.price }],
});
