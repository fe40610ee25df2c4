// The admin that frames the app: the page, and what its script asks the emulator for.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { collectionsOf } from './collections.ts';
import { escapeHtml as e, html, json, type Reply, text } from './http.ts';
import { adminPage } from './shell-pages.ts';
import { languageOf, SHELL_WORDS, type ShellWords } from './shell-words.ts';
import { adminLinkSignature, idToken } from './signatures.ts';
import { gid } from './state.ts';
import { themeActivations } from './theme.ts';
import { STAFF_ID } from './tokens.ts';
import type { ShellPlace, World } from './world.ts';
import { toDecimal } from './money.ts';

const browserFile = (name: string): string =>
  readFileSync(new URL(`browser/${name}`, import.meta.url), 'utf8');
/** One admin session for the life of the process. */
const SESSION = randomUUID();

export function mintIdToken(world: World): string {
  const { settings, data } = world;
  return idToken({
    secret: settings.apiSecret,
    apiKey: settings.apiKey,
    shop: data.shop.domain,
    staffId: STAFF_ID,
    sessionId: SESSION,
    nowMs: Date.now(),
  });
}

/** The link with which the admin opens the app: signed, with a fresh session token. */
export function launchUrl(
  world: World,
  appOrigin: string,
  path: string,
  locale: string,
  withToken = true,
): string {
  const { settings, data } = world,
    store = data.shop.domain.split('.')[0] ?? '';
  const url = new URL(path, appOrigin);
  if (url.origin !== new URL(appOrigin).origin)
    throw new RangeError('the path leads away from the app');
  const host = Buffer.from(`admin.shopify.com/store/${store}`)
    .toString('base64')
    .replace(/=+$/, '');
  const values: Record<string, string> = {
    embedded: '1',
    host,
    ...(withToken ? { id_token: mintIdToken(world) } : {}),
    locale,
    session: SESSION.replaceAll('-', ''),
    shop: data.shop.domain,
    timestamp: String(Math.floor(Date.now() / 1000)),
  };
  for (const [key, value] of Object.entries(values)) url.searchParams.set(key, value);
  url.searchParams.set('hmac', adminLinkSignature(settings.apiSecret, url.searchParams));
  return url.href;
}

/** Which page of the admin a path means: the app at some path, or one of the shop's own. */
export function shellTarget(
  world: World,
  pathname: string,
  base: string,
): { kind: 'app'; path: string } | { kind: 'page'; name: string } {
  const rest = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const app = /^\/apps\/([^/]+)(\/.*)?$/.exec(rest);
  if (app && (app[1] === world.config.handle || app[1] === world.settings.apiKey))
    return { kind: 'app', path: app[2] ?? world.config.launchPath };
  if (rest === '' || rest === '/') return { kind: 'app', path: world.config.launchPath };
  return { kind: 'page', name: rest.split('/')[1] ?? '' };
}

export function shellPage(world: World, url: URL, place: ShellPlace): Reply {
  const target = shellTarget(world, url.pathname, place.adminBase),
    locale = url.searchParams.get('locale') ?? 'en',
    language = languageOf(locale),
    words = SHELL_WORDS[language];
  const { shop, installation } = world.data,
    appBase = `${place.adminBase}/apps/${world.config.handle}`,
    suffix = language === 'en' ? '' : `?locale=${language}`;
  const passed = new URLSearchParams(url.search);
  passed.delete('locale');
  passed.delete('no_token');
  const config = {
    appOrigin: place.appOrigin,
    adminBase: place.adminBase,
    base: appBase,
    locale,
    shopName: shop.name,
    local: place.local,
    path:
      target.kind === 'app'
        ? `${target.path}${passed.size > 0 ? `?${passed.toString()}` : ''}`
        : '',
    noToken: url.searchParams.has('no_token'),
    words,
  };
  const link = (path: string, label: string, name: string): string =>
    `<a href="${place.adminBase}${path}${suffix}"${target.kind === 'page' && target.name === name ? ' aria-current="page"' : ''}>${label}</a>`;
  const options = (['en', 'es', 'fr'] as const)
    .map(
      (one) =>
        `<option value="${one}"${one === language ? ' selected' : ''}>${one.toUpperCase()}</option>`,
    )
    .join('');
  const body =
    target.kind === 'page'
      ? adminPage(world, target.name, words, place)
      : installation.installed
        ? `<div id="progress" hidden></div><div id="bar"><span id="crumb"></span><h1 id="title">${e(world.config.name)}</h1><span id="buttons"></span></div><iframe name="app-iframe" title="${e(world.config.name)}" allow="clipboard-write"></iframe>`
        : installPage(world, words);
  return html(`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${e(world.config.name)} · ${e(shop.name)}</title><link rel="icon" href="data:,"><style>${browserFile('shell.css')}</style></head><body>
<header><button id="menu" type="button" aria-label="${words.menu}" aria-expanded="false">☰</button><span class="badge" aria-hidden="true">DS</span><strong>${e(shop.name)}</strong><small>${words.note}</small><select id="language" aria-label="${words.language}">${options}</select></header>
<nav aria-label="${words.menu}">${link('/home', words.home, 'home')}${link('/orders', words.orders, 'orders')}${link('/products', words.products, 'products')}${link('/customers', words.customers, 'customers')}${link('/discounts', words.discounts, 'discounts')}
<div class="group">${words.channels}</div>${link('/themes', words.store, 'themes')}<div class="group">${words.apps}</div><a id="app-home" href="${appBase}${suffix}"${target.kind === 'app' ? ' aria-current="true"' : ''}><span class="badge" aria-hidden="true">L</span>${e(world.config.name)}</a><div id="app-links"></div>
<div class="foot"><a href="${place.local ? '/store' : `https://${shop.domain}/`}" target="_blank" rel="noopener">${words.view}</a><a href="/_control">${words.control}</a>${place.local ? '<a href="/_messages">Messages</a>' : ''}</div></nav>
<main>${body}</main><div id="save-bar" role="region" aria-label="${words.unsaved}" hidden><span>${words.unsaved}</span><button id="discard" type="button"></button><button id="save" class="primary" type="button"></button></div><div id="toasts" role="status" aria-live="polite"></div><dialog id="dialog"></dialog>
<script type="application/json" id="config">${JSON.stringify(config).replaceAll('<', '\\u003c')}</script><script src="/_shell/shell.js"></script></body></html>`);
}

const installPage = (world: World, words: ShellWords): string =>
  `<div class="page"><div class="card"><h1>${words.install}: ${e(world.config.name)}</h1><p>${words.installText}</p><ul>${world.config.scopes.map((scope) => `<li><code>${e(scope)}</code></li>`).join('')}</ul><button type="button" class="primary" data-verb="install" data-body="{}">${words.install}</button></div></div>`;

/** `/_shell/…`: what the admin's script asks for. */
export function shellApi(world: World, url: URL, place: ShellPlace): Reply {
  const { data, config } = world;
  switch (url.pathname) {
    case '/_shell/shell.js':
      return {
        status: 200,
        type: 'text/javascript; charset=utf-8',
        body: browserFile('shell.js'),
        headers: { 'cache-control': 'no-store' },
      };
    case '/_shell/id_token':
      return text(mintIdToken(world));
    case '/_shell/launch':
      return json({
        url: launchUrl(
          world,
          place.appOrigin,
          url.searchParams.get('path') ?? config.launchPath,
          url.searchParams.get('locale') ?? 'en',
          !url.searchParams.has('no_token'),
        ),
      });
    case '/_shell/scopes':
      return json({ granted: data.installation.scopes, required: config.scopes, optional: [] });
    case '/_shell/extensions':
      return json(themeActivations(world));
    case '/_shell/collections':
      return json(
        collectionsOf(world).map((one) => ({
          id: gid('Collection', one.id),
          title: one.title,
          handle: one.handle,
          picture: '',
        })),
      );
    case '/_shell/products':
      return json(
        data.products.map((product) => ({
          id: gid('Product', product.id),
          title: product.title,
          handle: product.handle,
          status: 'ACTIVE',
          vendor: data.shop.name,
          productType: product.type,
          tags: [],
          totalInventory: 100,
          picture: product.picture,
          images: [],
          options: [],
          variants: [
            {
              id: gid('ProductVariant', product.variantId),
              title: 'Default Title',
              displayName: `${product.title} - Default Title`,
              sku: product.sku,
              price: toDecimal(product.price, data.shop.currency),
            },
          ],
        })),
      );
    default:
      return text('not found', 404);
  }
}
export const appBridgeScript = (): Reply => ({
  status: 200,
  type: 'text/javascript; charset=utf-8',
  body: browserFile('app-bridge.js'),
  headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-store' },
});
