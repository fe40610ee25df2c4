// What the shop's pages stand in, as in Shopify's themes: a color scheme, a sticky header with menu and search, and a cart drawer.
import { readFileSync } from 'node:fs';
import { escapeHtml as e } from './http.ts';
import type { Language } from './shell-words.ts';
import type { Customer } from './state.ts';
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
  /** The visitor prefers the theme's dark scheme. */
  dark: boolean;
  head: string;
  /** App blocks of the header. */
  header: string;
  foot: string;
  drawer: string;
  frame: (target: SurfaceTarget, query?: string) => string;
}

const read = (name: string): string =>
  readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');

export function layout(view: View, title: string, body: string): string {
  const { words, root, base, language } = view,
    rest = view.path === '/' ? '' : view.path;
  const lang = (['en', 'es', 'fr'] as const)
    .map(
      (one) =>
        `<a href="${base}${one === 'en' ? '' : `/${one}`}${rest || (base + (one === 'en' ? '' : `/${one}`) === '' ? '/' : '')}" lang="${one}" hreflang="${one}"${one === language ? ' aria-current="true"' : ''}>${one.toUpperCase()}</a>`,
    )
    .join('');
  const account = view.customer
    ? e(`${words.welcome}, ${view.customer.firstName ?? ''}`)
    : words.signIn;
  const links = `<a href="${root}/account${view.customer ? '' : '/login'}">${account}</a><a href="${root}/pages/rewards">${words.rewards}</a>`;
  const script = JSON.stringify({
    shop: 'demo-store.myshopify.com',
    locale: language,
    currency: { active: view.currency, rate: '1.0' },
    routes: { root: `${root}/` },
  });
  return `<!doctype html><html lang="${language}" class="${view.dark ? 'dark' : 'light'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${e(title)} · ${e(view.shopName)}</title><link rel="icon" href="data:,"><script>window.Shopify=${script};${read('privacy.js')}</script><style>${read('storefront.css')}</style>${view.head}</head><body>
<a class="skip" href="#main">${words.skip}</a>${view.drawer}
<header class="section-header"><div class="wrap"><details class="menu"><summary aria-label="${words.menu}"><span aria-hidden="true">☰</span></summary><div class="menu-drawer">${links}<a href="${root}/search">${words.search}</a></div></details><a class="name" href="${root || '/'}">${e(view.shopName)}</a><nav aria-label="${words.home}"><span class="wide">${links}</span>${view.header}<details class="search"><summary>${words.search}</summary><form action="${root}/search" role="search"><input name="q" type="search" aria-label="${words.search}"><button>${words.search}</button></form></details><a class="cart-link" href="${root}/cart">${words.cart} (<span class="cart-count">${view.cartCount}</span>)</a></nav></div></header>
<main id="main" class="wrap">${body}</main><footer><div class="wrap"><span>${e(view.shopName)}. ${words.tagline}.</span><span class="lang" role="group" aria-label="${words.language}">${lang}</span><form method="post" action="${root}/scheme"><input type="hidden" name="back" value="${e(view.path)}"><button class="quiet small" name="dark" value="${view.dark ? 'no' : 'yes'}">${view.dark ? words.light : words.dark}</button></form></div></footer>${view.foot}<script>${read('storefront.js')}</script></body></html>`;
}
