// Shopify POS on a tablet: the smart grid with the app's tile, and the cart of this browser with its customer.
import { readFileSync } from 'node:fs';
import { escapeHtml as e } from './http.ts';
import type { Language } from './shell-words.ts';
import type { Customer } from './state.ts';
import { moneyText, titleOf } from './storefront-pages.ts';
import type { CartView } from './storefront-pages.ts';
import type { SurfaceTarget } from './surfaces.ts';
import type { World } from './world.ts';

const EN = {
  title: 'Point of Sale',
  close: 'Close',
  cart: 'Cart',
  empty: 'Your cart is empty',
  noCustomer: 'No customer',
  add: 'Add customer',
  change: 'Change customer',
  discount: 'Discount',
  subtotal: 'Subtotal',
  total: 'Total',
  charge: 'Charge',
  tiles: ['All products', 'Apply discount', 'Ship to customer'],
};
const ES: typeof EN = {
  title: 'Punto de venta',
  close: 'Cerrar',
  cart: 'Carrito',
  empty: 'El carrito está vacío',
  noCustomer: 'Sin cliente',
  add: 'Añadir cliente',
  change: 'Cambiar cliente',
  discount: 'Descuento',
  subtotal: 'Subtotal',
  total: 'Total',
  charge: 'Cobrar',
  tiles: ['Todos los productos', 'Aplicar descuento', 'Enviar al cliente'],
};
const FR: typeof EN = {
  title: 'Point de vente',
  close: 'Fermer',
  cart: 'Panier',
  empty: 'Le panier est vide',
  noCustomer: 'Aucun client',
  add: 'Ajouter un client',
  change: 'Changer de client',
  discount: 'Réduction',
  subtotal: 'Sous-total',
  total: 'Total',
  charge: 'Encaisser',
  tiles: ['Tous les produits', 'Appliquer une réduction', 'Expédier au client'],
};
export const posWords: Readonly<Record<Language, typeof EN>> = { en: EN, es: ES, fr: FR };

interface Register {
  root: string;
  language: Language;
  customer: Customer | null;
  cart: CartView;
}

const css = (): string => readFileSync(new URL('browser/pos.css', import.meta.url), 'utf8');
const script = `const modal=document.getElementById("modal");addEventListener("message",(event)=>{if(event.origin!==location.origin)return;if(event.data==="present"){modal.hidden=false;document.body.classList.add("covered")}if(event.data==="dismiss"){modal.hidden=true;document.body.classList.remove("covered")}})`;

export function posPage(
  world: World,
  { root, language, customer, cart }: Register,
  frame: (target: SurfaceTarget) => string,
): string {
  const words = posWords[language];
  const money = (minor: number): string => moneyText(minor, world.data.shop.currency, language);
  const row = (label: string, value: string, kind = ''): string =>
    `<div class="row ${kind}"><span>${label}</span><span>${value}</span></div>`;
  const name = e(`${customer?.firstName ?? ''} ${customer?.lastName ?? ''}`.trim());
  const lines = cart.lines.map(
    ({ product, quantity }) =>
      `<li><span class="thumb">${product.picture}</span><span>${e(titleOf(product, language))}<br><span class="muted">${quantity} × ${money(product.price)}</span></span><span>${money(product.price * quantity)}</span></li>`,
  );
  const discounts = cart.codes
    .filter(({ amount }) => amount > 0)
    .map(({ code, amount }) => row(`${words.discount} (${e(code)})`, `−${money(amount)}`));
  const due = money(cart.subtotal - cart.discount);
  const tiles = words.tiles.map((label) => `<span class="tile">${label}</span>`).join('');
  const whole =
    cart.lines.length === 0 ? `<p class="muted">${words.empty}</p>` : `<ul>${lines.join('')}</ul>`;
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${words.title}</title><link rel="icon" href="data:,"><style>${css()}</style></head><body><header><h1>${words.title}</h1><span>${e(world.data.shop.name)}</span></header><main><section class="grid" aria-label="${words.title}"><div>${frame('pos.home.tile.render')}</div>${tiles}<div id="modal" class="sheet" hidden>${frame('pos.home.modal.render')}</div></section><aside aria-label="${words.cart}"><div class="customer"><span class="face" aria-hidden="true">${name.slice(0, 1) || '+'}</span><span>${name || words.noCustomer}</span><a href="${root}/account${customer ? '' : '/login'}">${customer ? words.change : words.add}</a></div>${whole}<div class="sums">${row(words.subtotal, money(cart.subtotal))}${discounts.join('')}${row(words.total, due, 'big')}</div><span class="charge">${words.charge} ${due}</span></aside></main><script>${script}</script></body></html>`;
}
