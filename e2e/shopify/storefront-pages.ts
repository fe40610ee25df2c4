// The shop's pages: a plain theme of its own. Every value from outside is escaped here.
import { escapeHtml as e } from './http.ts';
import { toDecimal } from './money.ts';
import type { Language } from './shell-words.ts';
import type { Customer, Product } from './state.ts';
import type { StoreWords } from './storefront-words.ts';
import type { SurfaceTarget } from './surfaces.ts';

export interface View {
  words: StoreWords;
  language: Language;
  root: string;
  base: string;
  path: string;
  shopName: string;
  currency: string;
  customer: Customer | null;
  cartCount: number;
  head: string;
  foot: string;
  frame: (target: SurfaceTarget, query?: string) => string;
}
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
  /** What is left for the credit card. */
  due: number;
}

const CSS = `:root{--ink:#2a2420;--soft:#6d625a;--paper:#fffaf4;--line:#e8dccf;--deep:#5a3a26}*{box-sizing:border-box}body{margin:0;font:16px/1.55 Georgia,"Times New Roman",serif;color:var(--ink);background:var(--paper)}a{color:inherit}.wrap{max-width:1080px;margin:auto;padding:0 18px}
header{border-bottom:1px solid var(--line)}header .wrap{display:flex;flex-wrap:wrap;align-items:center;gap:6px 18px;padding-block:14px}header .name{font-size:22px;font-weight:700;text-decoration:none;margin-right:auto}header nav{display:flex;gap:16px;align-items:center;flex-wrap:wrap}header a,.lang a{text-decoration:none}header a:hover{text-decoration:underline}
.lang a{padding:2px 6px;border-radius:6px;font-size:13px}.lang a[aria-current]{background:var(--deep);color:#fff}.hero{padding:44px 0 26px}.hero h1{font-size:clamp(28px,6vw,46px);line-height:1.1;margin:0 0 10px}.hero p{color:var(--soft);margin:0;font-size:18px}
.goods{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:20px;padding:0;list-style:none}.goods a{text-decoration:none;display:block}.goods svg,.big svg{width:100%;height:auto;display:block;border-radius:14px}.goods h3{margin:10px 0 0;font-size:16px}.goods p,.muted{color:var(--soft);margin:2px 0}
button,.button{font:inherit;font-weight:600;font-size:15px;line-height:1.2;border:0;border-radius:10px;background:var(--deep);color:#fff;padding:12px 18px;cursor:pointer;text-decoration:none;display:inline-block}.quiet{background:#efe4d8;color:var(--ink)}.small{padding:7px 11px;font-size:13px}input{font:inherit;padding:10px;border:1px solid #b9a999;border-radius:10px;background:#fff;width:100%}input[type=number]{width:84px}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:34px;padding:30px 0}.card{border:1px solid var(--line);border-radius:14px;padding:18px;background:#fff;margin:14px 0}.sum{display:flex;justify-content:space-between;gap:12px;margin:6px 0}.sum.big{font-weight:700;font-size:18px}label{display:block;margin:10px 0 4px}.row{display:flex;gap:10px;align-items:end;flex-wrap:wrap}.line{display:flex;gap:14px;align-items:center;padding:12px 0;border-bottom:1px solid var(--line);flex-wrap:wrap}.line svg{width:64px;border-radius:10px}.line>span:first-of-type{flex:1;min-width:130px}
.problem{color:#8c1d18;font-weight:600}.block{margin:24px 0}footer{border-top:1px solid var(--line);margin-top:50px;padding:22px 0 110px;color:var(--soft);font-size:14px}:focus-visible{outline:3px solid #9a6b45;outline-offset:2px}.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:#fff;padding:8px}.codes{list-style:none;padding:0;margin:10px 0}.codes li{margin:6px 0}.codes .row{align-items:center}.people{display:grid;gap:10px;grid-template-columns:repeat(auto-fill,minmax(210px,1fr))}.people button{width:100%;text-align:left}`;

export const moneyText = (minor: number, currency: string, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'currency', currency }).format(
    Number(toDecimal(minor, currency)),
  );
export const titleOf = (product: Product, language: Language): string =>
  product.titles[language] ?? product.title;
const field = (name: string, value: string, label: string): string =>
  `<input type="hidden" name="${name}" value="${e(value)}">${label}`;

export function layout(view: View, title: string, body: string): string {
  const { words, root, base, language } = view,
    rest = view.path === '/' ? '' : view.path;
  const lang = (['en', 'es', 'fr'] as const)
    .map(
      (one) =>
        `<a href="${base}${one === 'en' ? '' : `/${one}`}${rest || (base + (one === 'en' ? '' : `/${one}`) === '' ? '/' : '')}" lang="${one}" hreflang="${one}"${one === language ? ' aria-current="true"' : ''}>${one.toUpperCase()}</a>`,
    )
    .join('');
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${e(title)} · ${e(view.shopName)}</title><link rel="icon" href="data:,"><script>window.Shopify={shop:"demo-store.myshopify.com",locale:${JSON.stringify(language)},currency:{active:${JSON.stringify(view.currency)},rate:"1.0"},routes:{root:${JSON.stringify(`${root}/`)}}};</script><style>${CSS}</style>${view.head}</head><body>
<a class="skip" href="#main">${words.skip}</a><header><div class="wrap"><a class="name" href="${root || '/'}">${e(view.shopName)}</a><nav aria-label="${words.home}"><a href="${root}/account${view.customer ? '' : '/login'}">${view.customer ? e(`${words.welcome}, ${view.customer.firstName ?? ''}`) : words.signIn}</a><a href="${root}/pages/rewards">${words.rewards}</a><a href="${root}/cart">${words.cart} (${view.cartCount})</a><span class="lang" role="group" aria-label="${words.language}">${lang}</span></nav></div></header>
<main id="main" class="wrap">${body}</main><footer><div class="wrap">${e(view.shopName)}. ${words.tagline}.</div></footer>${view.foot}</body></html>`;
}

export const price = (view: View, minor: number): string =>
  moneyText(minor, view.currency, view.language);
const goods = (view: View, products: Product[]): string =>
  `<h2>${view.words.goods}</h2><ul class="goods">${products.map((product) => `<li><a href="${view.root}/products/${product.handle}">${product.picture}<h3>${e(titleOf(product, view.language))}</h3><p>${price(view, product.price)}</p></a></li>`).join('')}</ul>`;

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
