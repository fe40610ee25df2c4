// The shop that buyers see: pages, cart, checkout, account, and the cart's small JSON API.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { proxyPrefix, proxyToApp } from './app-proxy.ts';
import { attributeFields, withAttributes } from './cart-attributes.ts';
import { accountPage, checkoutPage, orderPage, rewardsPage, thanksPage } from './buyer-pages.ts';
import { createCustomer, findCustomer } from './customers.ts';
import {
  cookieOf,
  type Headers,
  html,
  json,
  readBody,
  redirect,
  type Reply,
  send,
  text,
} from './http.ts';
import { findOrder } from './orders.ts';
import { refundOrder } from './refunds.ts';
import type { Language } from './shell-words.ts';
import { readSignedValue, signValue } from './signatures.ts';
import type { Customer, Order, Product } from './state.ts';
import {
  cartDrawer,
  cartPage,
  contentPage,
  homePage,
  loginPage,
  missingPage,
  productPage,
  registerPage,
  searchPage,
  titleOf,
  productDrop,
} from './storefront-pages.ts';
import type { View } from './storefront-layout.ts';
import {
  cartJson,
  cartOf,
  EMPTY_CART,
  entered,
  type Visitor,
  withCode,
} from './storefront-cart.ts';
import { checkOut } from './storefront-checkout.ts';
import { returnPath, safePath, templateOf } from './storefront-paths.ts';
import { STORE_WORDS } from './storefront-words.ts';
import { answerSurface, surfaceFrame } from './surfaces.ts';
import { Theme, type RenderInput } from './theme.ts';
import { Refusal, type World } from './world.ts';

const COOKIE = 'emulator_visitor';
const SHOWN_PEOPLE = 12;

export interface StorePlace {
  /** "/store" on localhost, "" on the shop's own domain. */ base: string;
  secure: boolean;
  /** The app as this browser sees it. */ appOrigin: string;
  assetUrl: (file: string) => string;
}

export class Storefront {
  readonly #world: World;
  readonly #theme: Theme;
  constructor(world: World) {
    this.#world = world;
    this.#theme = new Theme(world);
  }
  asset(file: string): Reply {
    const body = this.#theme.asset(file),
      type = {
        js: 'text/javascript; charset=utf-8',
        css: 'text/css; charset=utf-8',
        json: 'application/json',
        svg: 'image/svg+xml',
        png: 'image/png',
      }[file.split('.').pop() ?? ''];
    return body && type
      ? {
          status: 200,
          type,
          body,
          headers: { 'access-control-allow-origin': '*', 'cache-control': 'no-cache' },
        }
      : text('not found', 404);
  }

  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    place: StorePlace,
  ): Promise<void> {
    const inside = url.pathname.slice(place.base.length) || '/';
    const match = /^\/(es|fr)(\/.*)?$/.exec(inside),
      language: Language = match ? (match[1] as Language) : 'en',
      path = match ? (match[2] ?? '/') : inside;
    const visitor = this.#visitor(request),
      { customers, mergedInto } = this.#world.data;
    const id =
        visitor.customer === undefined
          ? undefined
          : (mergedInto[String(visitor.customer)] ?? visitor.customer),
      customer = id === undefined ? null : (customers.get(id) ?? null);
    const prefix = proxyPrefix(this.#world);
    if (path === prefix || path.startsWith(`${prefix}/`)) {
      if (!this.#world.data.installation.installed) return send(response, text('Not found', 404));
      return proxyToApp(
        this.#world,
        request,
        response,
        path.slice(prefix.length),
        url.searchParams,
        customer?.id ?? null,
      );
    }
    try {
      const form = request.method === 'POST' ? await this.#form(request) : url.searchParams;
      send(
        response,
        this.#route(request.method ?? 'GET', path, form, { visitor, customer, language, place }),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, text(error.message, error.status));
    }
  }

  #visitor(request: IncomingMessage): Visitor {
    const kept = readSignedValue(this.#world.settings.apiSecret, cookieOf(request, COOKIE)) as
      Partial<Visitor> | undefined;
    return {
      customer: kept?.customer,
      cart: kept?.cart ?? {},
      codes: kept?.codes ?? [],
      attributes: kept?.attributes ?? {},
      cards: kept?.cards ?? [],
      credit: kept?.credit ?? false,
      dark: kept?.dark ?? false,
    };
  }
  async #form(request: IncomingMessage): Promise<URLSearchParams> {
    const raw = (await readBody(request)).toString('utf8');
    if (!(request.headers['content-type'] ?? '').includes('json')) return new URLSearchParams(raw);
    const body = JSON.parse(raw) as Record<string, unknown>;
    const flat = Array.isArray(body['items'])
      ? (body['items'][0] as Record<string, unknown>)
      : body;
    return new URLSearchParams([
      ...attributeFields(body),
      ...Object.entries(flat).flatMap(([key, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[key, String(value)]] : [],
      ),
    ]);
  }

  #route(
    method: string,
    path: string,
    form: URLSearchParams,
    at: { visitor: Visitor; customer: Customer | null; language: Language; place: StorePlace },
  ): Reply {
    const world = this.#world,
      { visitor, language, place } = at,
      { customer } = at,
      root = `${place.base}${language === 'en' ? '' : `/${language}`}`;
    const cart = cartOf(world, visitor, customer, language),
      product = world.data.products.find((one) => `/products/${one.handle}` === path);
    const type = templateOf(path, product !== undefined);
    const input: RenderInput = {
      customer,
      locale: language,
      root,
      assetUrl: place.assetUrl,
      page: { type, path: `${root}${path}` },
      cart: cartJson(world, cart, language),
      product: product ? productDrop(product, language) : null,
    };
    const view = (): View => {
      const shop = frame();
      // Themes leave the drawer out of the cart's own page.
      return {
        ...shop,
        drawer: type === 'cart' || path === '/checkout' ? '' : cartDrawer(shop, cart),
      };
    };
    const frame = (): View => ({
      words: STORE_WORDS[language],
      language,
      root,
      base: place.base,
      path,
      shopName: world.data.shop.name,
      currency: world.data.shop.currency,
      customer,
      cartCount: cart.lines.reduce((sum, line) => sum + line.quantity, 0),
      dark: visitor.dark,
      drawer: '',
      header: installed() ? this.#theme.render('header', input) : '',
      frame: (target, query) => surfaceFrame(world, root, target, query),
      head: installed() ? this.#theme.render('head', input) : '',
      foot: installed() && path !== '/checkout' ? this.#theme.render('body', input) : '',
    });
    const installed = (): boolean => world.data.installation.installed;
    const block = (): string => (installed() ? this.#theme.render('section', input) : '');
    const remember = (change: Partial<Visitor>): Headers => ({
      'set-cookie': `${COOKIE}=${encodeURIComponent(signValue(world.settings.apiSecret, { ...visitor, ...change }))}; Path=/; HttpOnly; SameSite=Lax${place.secure ? '; Secure' : ''}`,
    });
    const go = (to: string, change?: Partial<Visitor>): Reply =>
      redirect(to === '/' ? root || '/' : `${root}${to}`, change ? remember(change) : {});
    const quantityOf = (): number =>
      Math.min(99, Math.max(0, Math.floor(Number(form.get('quantity') ?? '1')) || 0));
    const then =
      (form.get('then') ?? '') === 'checkout'
        ? '/checkout'
        : (form.get('then') ?? '') === 'cart'
          ? '/cart'
          : '/';

    if (method === 'GET' || method === 'HEAD') {
      const order = this.#orderByToken(form.get('order') ?? ''),
        asked = { ...place, path, root, language, customer, cart, order };
      const surface = answerSurface(world, asked);
      if (surface) return surface;
      if (path === '/account/rewards') return html(rewardsPage(view()));
      if (path === '/') return html(homePage(view(), world.data.products, block()));
      if (product) return html(productPage(view(), product, block()));
      if (path === '/collections' || path === '/collections/all')
        return html(homePage(view(), world.data.products, block()));
      if (path === '/cart')
        return form.get('section_id') === 'cart-drawer'
          ? html(cartDrawer(frame(), cart))
          : html(cartPage(view(), cart, block()));
      if (path === '/search') {
        const query = (form.get('q') ?? '').trim();
        const found = world.data.products.filter((one) =>
          titleOf(one, language).toLowerCase().includes(query.toLowerCase()),
        );
        return html(searchPage(view(), found, query));
      }
      if (path === '/cart.js') return json(input.cart);
      if (path === '/checkout')
        return cart.lines.length === 0 ? go('/cart') : html(checkoutPage(view(), cart));
      if (path === '/pages/rewards')
        return html(contentPage(view(), STORE_WORDS[language].rewards, block()));
      if (path.startsWith('/discount/'))
        return go(safePath(form.get('redirect')), {
          codes: withCode(visitor.codes, ...decodeURIComponent(path.slice(10)).split(',')),
        });
      const ordered = /^\/checkouts\/cn\/(\w+)\/thank-you$/.exec(path)?.[1];
      if (ordered !== undefined) {
        const order = this.#orderByToken(ordered);
        const pictureOf = (id: number | null): string =>
          world.data.products.find((one) => one.id === id)?.picture ?? '';
        return order
          ? html(thanksPage(view(), order, block(), pictureOf))
          : html(missingPage(view()), 404);
      }
      if (path === '/account/login')
        return html(
          loginPage(
            view(),
            [...world.data.customers.values()].slice(0, SHOWN_PEOPLE),
            form.get('return_url') ?? form.get('then') ?? '',
          ),
        );
      if (path === '/account/register') return html(registerPage(view()));
      if (path === '/account')
        return customer
          ? html(
              accountPage(
                view(),
                [...world.data.orders.values()]
                  .filter((order) => order.customerId === customer.id)
                  .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
                  .slice(0, 20),
              ),
            )
          : go('/account/login');
      const followed = /^\/account\/orders\/(\w+)$/.exec(path)?.[1];
      if (followed !== undefined) {
        if (!customer) return go('/account/login');
        const order = this.#orderByToken(followed);
        return order?.customerId === customer.id
          ? html(orderPage(view(), order))
          : html(missingPage(view()), 404);
      }
      return html(missingPage(view()), 404);
    }
    const changed = (id: string, quantity: number): Record<string, number> => {
      const next = { ...visitor.cart };
      if (quantity > 0) next[id] = quantity;
      else delete next[id];
      return next;
    };
    const id = form.get('id') ?? '',
      known = (): Product => {
        const found = world.data.products.find((one) => String(one.variantId) === id);
        if (!found) throw new Refusal('no such variant', 404);
        return found;
      };
    switch (path) {
      case '/cart/add':
      case '/cart/add.js': {
        known();
        const next = changed(id, Math.min(99, (visitor.cart[id] ?? 0) + Math.max(1, quantityOf())));
        return path.endsWith('.js')
          ? json(
              cartJson(
                world,
                cartOf(world, { ...visitor, cart: next }, customer, language),
                language,
              ),
              200,
              remember({ cart: next }),
            )
          : go(then === '/' ? '/cart' : then, { cart: next });
      }
      case '/cart/change':
      case '/cart/change.js': {
        known();
        const next = changed(id, quantityOf());
        return path.endsWith('.js')
          ? json(
              cartJson(
                world,
                cartOf(world, { ...visitor, cart: next }, customer, language),
                language,
              ),
              200,
              remember({ cart: next }),
            )
          : go('/cart', { cart: next });
      }
      case '/cart/update.js': {
        // A list of codes takes the place of those that were there.
        const codes = withCode((form.get('discount') ?? visitor.codes.join(',')).split(','));
        const attributes = withAttributes(visitor.attributes, form);
        const next = { ...visitor, codes, attributes };
        return json(
          cartJson(world, cartOf(world, next, customer, language), language),
          200,
          remember({ codes, attributes }),
        );
      }
      case '/discount':
        return go(then === '/' ? '/cart' : then, entered(world, visitor, form, then));
      case '/cart':
        return go('/checkout');
      case '/scheme':
        return go(safePath(form.get('back')), { dark: form.get('dark') === 'yes' });
      case '/checkout/credit':
        return go('/checkout', { credit: form.get('use') === 'yes' });
      case '/account/login': {
        const found = findCustomer(world, form.get('customer') ?? '');
        return found
          ? go(returnPath(form.get('then'), then), { customer: found.id })
          : html(missingPage(view()), 404);
      }
      case '/account/logout':
        return go('/', { customer: undefined, ...EMPTY_CART });
      case '/account/register':
        return this.#register(form, language, view, (made) =>
          go('/account', { customer: made.id }),
        );
      case '/account/refund': {
        const order = findOrder(world, form.get('order') ?? '');
        if (!customer || order.customerId !== customer.id) throw new Refusal('not your order', 404);
        refundOrder(world, order, form.get('part') === 'half' ? { fraction: 0.5 } : {});
        return go('/account');
      }
      case '/checkout':
        return checkOut(world, { form, cart, customer, language, view }, (order, buyer) =>
          go(`/checkouts/cn/${order.token}/thank-you`, {
            ...EMPTY_CART,
            ...(customer ? { customer: buyer?.id } : {}),
          }),
        );
      default:
        return html(missingPage(view()), 404);
    }
  }

  #register(
    form: URLSearchParams,
    language: Language,
    view: () => View,
    done: (customer: Customer) => Reply,
  ): Reply {
    try {
      return done(
        createCustomer(this.#world, {
          email: (form.get('email') ?? '').trim().toLowerCase(),
          first_name: form.get('first_name'),
          last_name: form.get('last_name'),
          locale: language,
        }).customer,
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return html(registerPage(view(), error.message), 422);
    }
  }
  #orderByToken(token: string): Order | undefined {
    for (const order of this.#world.data.orders.values()) if (order.token === token) return order;
    return undefined;
  }
}
