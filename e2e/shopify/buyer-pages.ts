// Shopify's own pages for buyers: the checkout, the page after it and customer accounts. They look alike in every theme;
// every value from outside is escaped here.
import { readFileSync } from 'node:fs';
import { escapeHtml as e } from './http.ts';
import { totalsOf } from './order-totals.ts';
import type { Order } from './state.ts';
import { codeForm, creditForm, price, sums, titleOf } from './storefront-pages.ts';
import type { View } from './storefront-layout.ts';
import type { CartView } from './storefront-pages.ts';

const css = (): string => readFileSync(new URL('browser/buyer.css', import.meta.url), 'utf8');

/** Customer accounts are Shopify's own: no theme, and no app embed, is loaded there. */
function frameOf(view: View, title: string, kind: 'checkout' | 'account', body: string): string {
  const { head, foot } = kind === 'account' ? { head: '', foot: '' } : view;
  return `<!doctype html><html lang="${view.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${e(title)} · ${e(view.shopName)}</title><link rel="icon" href="data:,"><script>window.Shopify={shop:"demo-store.myshopify.com",locale:${JSON.stringify(view.language)},currency:{active:${JSON.stringify(view.currency)},rate:"1.0"},routes:{root:${JSON.stringify(`${view.root}/`)}}};</script><style>${css()}</style>${head}</head><body class="${kind === 'account' ? 'account' : ''}">${body}${foot}</body></html>`;
}

const skip = (view: View): string => `<a class="skip" href="#main">${view.words.skip}</a>`;

const checkoutLayout = (view: View, title: string, fill: string, bought: string): string =>
  frameOf(
    view,
    title,
    'checkout',
    `${skip(view)}<header class="top"><div><a class="name" href="${view.root || '/'}">${e(view.shopName)}</a></div></header><main id="main" class="checkout"><div class="fill">${fill}</div><div class="bought">${bought}</div></main>`,
  );

/** An extension that changes the codes changes the sums on the page, too; what was filled in stays. */
const liveSums = `<script>addEventListener("message",async(event)=>{if(event.origin!==location.origin||event.data!=="sums")return;const page=new DOMParser().parseFromString(await(await fetch(location.href)).text(),"text/html");for(const part of document.querySelectorAll("[data-sums]"))part.replaceChildren(...page.querySelector('[data-sums="'+part.dataset.sums+'"]').childNodes)})</script>`;

/** A thing that is bought, with its picture and how many there are of it. */
const item = (picture: string, title: string, quantity: number, cost: string): string =>
  `<div class="item"><span class="thumb">${picture}<b>${quantity}</b></span><span>${e(title)}</span><span>${cost}</span></div>`;

export function checkoutPage(view: View, cart: CartView, problem?: string): string {
  const { words, root, customer } = view;
  const input = (id: string, name: string, label: string, more: string): string =>
    `<div class="field"><label for="${id}">${label}</label><input id="${id}" name="${name}" form="pay" ${more}></div>`;
  const contact = customer
    ? `<p>${e(`${customer.firstName ?? ''} ${customer.lastName ?? ''}`)}<br><span class="muted">${e(customer.email ?? '')}</span></p>`
    : `<p class="muted">${words.asGuest} <a href="${root}/account/login?then=checkout">${words.signIn}</a>.</p>${input('email', 'email', words.email, 'type="email" required autocomplete="email"')}<div class="pair">${input('first', 'first_name', words.firstName, 'autocomplete="given-name"')}${input('last', 'last_name', words.lastName, 'autocomplete="family-name"')}</div>`;
  const fill = `<h1 class="group">${words.checkout}</h1>${problem ? `<p class="problem" role="alert">${e(problem)}</p>` : ''}<section class="group"><h2>${words.contact}</h2>${contact}</section><section class="group"><h2>${words.shipping}</h2><div class="chosen"><span>${words.shipping}</span><span>${cart.shipping === 0 ? words.free : price(view, cart.shipping)}</span></div></section><form id="pay" method="post" action="${root}/checkout"><p class="muted">${words.demoCard}</p><div class="row"><button class="pay" name="paid" value="yes">${words.payNow}</button><button class="quiet" name="paid" value="no">${words.payLater}</button></div></form>`;
  const lines = cart.lines.map(({ product, quantity }) =>
    item(
      product.picture,
      titleOf(product, view.language),
      quantity,
      price(view, product.price * quantity),
    ),
  );
  return checkoutLayout(
    view,
    words.checkout,
    fill,
    `<div>${lines.join('')}</div><div data-sums="codes">${codeForm(view, cart, 'checkout')}${creditForm(view, cart)}</div><div data-sums="total">${sums(view, cart)}</div><div class="app">${view.frame('purchase.checkout.block.render')}</div>${liveSums}`,
  );
}

/** @param pictureOf of a product, by its id */
export function thanksPage(
  view: View,
  order: Order,
  block: string,
  pictureOf: (productId: number | null) => string,
): string {
  const { words } = view;
  const name = view.customer?.firstName ? `, ${e(view.customer.firstName)}` : '';
  const lines = order.lines.map((line) =>
    item(
      pictureOf(line.productId) || '<span></span>',
      line.title,
      line.quantity,
      price(view, line.unitPrice * line.quantity),
    ),
  );
  return checkoutLayout(
    view,
    words.thanks,
    `<div class="done"><svg viewBox="0 0 48 48" fill="none" stroke="#1460a8" stroke-width="2" aria-hidden="true"><circle cx="24" cy="24" r="22"/><path d="m15 24 6.5 6.5L33.5 18"/></svg><div><p class="muted" style="margin:0">${words.orderNo} <strong>#${order.number}</strong></p><h1>${words.thanks}${name}</h1></div></div><p class="group">${words.thanksText} ${price(view, totalsOf(order).total)}.</p><div class="group">${view.frame('purchase.thank-you.block.render', `order=${order.token}`)}</div><div class="group">${block}</div><p><a class="button" href="${view.root || '/'}">${words.back}</a></p>`,
    `<div>${lines.join('')}</div><div class="sum big"><span>${words.total}</span><span>${price(view, totalsOf(order).total)}</span></div>`,
  );
}

function accountLayout(view: View, at: 'orders' | 'rewards', title: string, body: string): string {
  const { words, root } = view;
  const link = (path: string, label: string, isHere: boolean): string =>
    `<a href="${root}${path}"${isHere ? ' aria-current="page"' : ''}>${label}</a>`;
  const signOut = view.customer
    ? `<form method="post" action="${root}/account/logout"><button class="quiet small">${words.signOut}</button></form>`
    : '';
  return frameOf(
    view,
    title,
    'account',
    `${skip(view)}<header class="top"><div><a class="name" href="${root || '/'}">${e(view.shopName)}</a><nav aria-label="${words.account}">${link('/', words.home, false)}${link('/account', words.orders, at === 'orders')}${link('/account/rewards', words.rewards, at === 'rewards')}</nav>${signOut}</div></header><main id="main">${body}</main>`,
  );
}

/** The app's own page in the account. */
export const rewardsPage = (view: View): string =>
  accountLayout(
    view,
    'rewards',
    view.words.rewards,
    view.frame('customer-account.page.render') || `<h1>${view.words.rewards}</h1>`,
  );

/** When it was placed, and what became of it. */
function standing({ words, language }: View, order: Order): string {
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const status = order.cancelledAt
    ? words.cancelled
    : {
        paid: words.paid,
        pending: words.pending,
        refunded: words.refunded,
        partially_refunded: words.partial,
        voided: words.cancelled,
        authorized: words.pending,
        partially_paid: words.pending,
      }[order.financialStatus];
  return `<span class="muted">${day.format(new Date(order.createdAt))} · ${status}</span>`;
}

/** Where a customer follows an order: from the list of them, and from Shopify's mails. */
export function orderPage(view: View, order: Order): string {
  const { words, root } = view;
  const lines = order.lines.map(
    (line) =>
      `<div class="sum"><span>${line.quantity} × ${e(line.title)}</span><span>${price(view, line.unitPrice * line.quantity)}</span></div>`,
  );
  return accountLayout(
    view,
    'orders',
    `${words.orderNo} #${order.number}`,
    `<h1>${words.orderNo} #${order.number}</h1><p>${standing(view, order)}</p><section class="app">${view.frame('customer-account.order-status.block.render', `order=${order.token}`)}</section><section class="app">${lines.join('')}<div class="sum big"><span>${words.total}</span><span>${price(view, totalsOf(order).total)}</span></div></section><p><a href="${root}/account">${words.orders}</a></p>`,
  );
}

export function accountPage(view: View, orders: Order[]): string {
  const { words, root } = view;
  const refund = ({ id, financialStatus }: Order): string =>
    financialStatus === 'paid' || financialStatus === 'partially_refunded'
      ? `<form method="post" action="${root}/account/refund" class="row"><input type="hidden" name="order" value="${id}">${financialStatus === 'paid' ? `<button class="quiet small" name="part" value="half">${words.askRefund}</button>` : ''}<button class="quiet small" name="part" value="all">${words.askRefundAll}</button></form>`
      : '';
  const list = orders
    .map(
      (order) =>
        `<li><div><a href="${root}/account/orders/${order.token}"><strong>#${order.number}</strong></a><br>${standing(view, order)}</div><span>${order.lines.map((line) => `${line.quantity} × ${e(line.title)}`).join('<br>')}</span><strong>${price(view, totalsOf(order).total)}</strong>${refund(order)}</li>`,
    )
    .join('');
  return accountLayout(
    view,
    'orders',
    words.account,
    `<h1>${words.welcome}, ${e(view.customer?.firstName ?? '')}</h1><section class="app">${view.frame('customer-account.order-index.block.render')}</section><h2>${words.orders}</h2>${list ? `<ul class="orders">${list}</ul>` : `<p class="empty">${words.noOrders}</p>`}`,
  );
}
