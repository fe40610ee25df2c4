// Where Shopify shows an app's extensions: each in a frame of its own here, on plain elements of the same names, with the
// part of Shopify's API that these pages have. At Shopify they run in workers, and the elements are the host's.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, type Reply, text } from './http.ts';
import { toDecimal } from './money.ts';
import type { Language } from './shell-words.ts';
import { posPage, posWords } from './pos-page.ts';
import { mintIdToken } from './shell.ts';
import { shopperToken } from './signatures.ts';
import type { Customer, Order } from './state.ts';
import type { CartView } from './storefront-pages.ts';
import { STORE_WORDS } from './storefront-words.ts';
import { netOfLine } from './order-totals.ts';
import type { World } from './world.ts';

const PLACE = '/_surface/';

const shown = {
  'purchase.checkout.block.render': 'points at the checkout',
  'purchase.thank-you.block.render': 'points after the purchase',
  'customer-account.order-index.block.render': 'points in the account',
  'customer-account.order-status.block.render': 'points of an order',
  'customer-account.page.render': 'points and rewards',
  'pos.home.tile.render': 'tile of the POS',
  'pos.home.modal.render': 'points at the POS',
} as const;
export type SurfaceTarget = keyof typeof shown;

const isShown = (target: string): target is SurfaceTarget => Object.hasOwn(shown, target);
const fileOf = (world: World, name: string): string => join(world.settings.surfacesDir, name);

/** The frame of an extension in a page of the shop; nothing where the app is not installed or was not built. */
export function surfaceFrame(
  world: World,
  root: string,
  target: SurfaceTarget,
  query = '',
): string {
  const isThere = world.data.installation.installed && existsSync(fileOf(world, `${target}.js`));
  return isThere
    ? `<iframe class="surface" title="LoyalNest: ${shown[target]}" src="${root}${PLACE}${target}${query && `?${query}`}" style="width:100%;border:0;display:block;height:0"></iframe><script>addEventListener("message",(event)=>{if(event.origin===location.origin)for(const frame of document.querySelectorAll(".surface"))if(frame.contentWindow===event.source&&event.data>0)frame.style.height=event.data+"px"})</script>`
    : '';
}

export interface SurfaceRequest {
  path: string;
  root: string;
  language: Language;
  customer: Customer | null;
  cart: CartView;
  order: Order | undefined;
  /** The app as this browser sees it. */
  appOrigin: string;
}

/** `/pos`, `/_surface/…` with tokens, scripts and pages of extensions; undefined for any other page. */
export function answerSurface(world: World, request: SurfaceRequest): Reply | undefined {
  const { path, customer, appOrigin } = request;
  if (path === '/pos') {
    const frame = (target: SurfaceTarget) => surfaceFrame(world, request.root, target);
    return html(posPage(world, request, frame));
  }
  if (!path.startsWith(PLACE)) return undefined;
  const name = path.slice(PLACE.length);
  if (name === 'token') {
    const { apiKey, apiSecret, shop } = world.settings;
    const claims = { apiKey, shop, customerId: customer?.id ?? null, nowMs: Date.now() };
    return text(shopperToken(apiSecret, claims));
  }
  if (name === 'staff-token') return text(mintIdToken(world));
  if (isShown(name)) return html(page(world, name, request));
  const target = name.replace(/\.js$/, '');
  const script =
    name === 'host.js'
      ? readFileSync(new URL('browser/surface-host.js', import.meta.url), 'utf8')
      : isShown(target)
        ? bundle(world, target, appOrigin)
        : undefined;
  return script === undefined
    ? text('not found', 404)
    : { status: 200, type: 'text/javascript; charset=utf-8', body: script };
}

/** Bundles are made for the name that the app has in tests. */
const bundle = (world: World, target: SurfaceTarget, appOrigin: string): string | undefined => {
  const file = fileOf(world, `${target}.js`);
  return existsSync(file)
    ? readFileSync(file, 'utf8').replaceAll('https://app.example.test', appOrigin)
    : undefined;
};

function page(world: World, target: SurfaceTarget, request: SurfaceRequest): string {
  const { language, root, cart, order } = request;
  const words = JSON.parse(
    readFileSync(fileOf(world, `${target}.${language}.json`), 'utf8'),
  ) as unknown;
  const { currency } = world.data.shop;
  const amount = (minor: number) => ({
    amount: Number(toDecimal(minor, currency)),
    currencyCode: currency,
  });
  const goods = order
    ? order.lines.map((line) => ({
        productId: line.productId,
        net: netOfLine(line, line.quantity),
      }))
    : cart.lines.map(({ product, quantity }) => ({
        productId: product.id,
        net: product.price * quantity,
      }));
  const data = {
    target,
    language,
    root,
    words,
    shop: world.data.shop.domain,
    total: amount(order ? 0 : cart.total),
    lines: goods.map(({ productId, net }) => ({
      merchandise: { product: { id: `gid://shopify/Product/${productId}` } },
      cost: { totalAmount: amount(net) },
    })),
    // An order's lines have their share of it already.
    discounts: !order && cart.discount > 0 ? [{ discountedAmount: amount(cart.discount) }] : [],
    customer: request.customer && { id: request.customer.id },
    // What was entered and does not count is not on the checkout.
    codes: cart.codes.filter(({ problem }) => problem === undefined).map(({ code }) => code),
    close: posWords[language].close,
    order: order ? { id: `gid://shopify/Order/${order.id}`, name: `#${order.number}` } : null,
  };
  const css = readFileSync(new URL('browser/surface.css', import.meta.url), 'utf8');
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${STORE_WORDS[language].rewards}</title><style>${css}</style><script type="application/json" id="surface">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script><script type="module" src="${root}${PLACE}host.js"></script></head><body></body></html>`;
}
