import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { everythingOf, createFixtureShop } from '#core/testing/fixture-shop.ts';
import type { FixtureShop } from '#core/testing/fixture-shop.ts';
import pMap from 'p-map';
import { webhookTopics } from '../shopify/webhook-topics.ts';
import { actionRequests, exchanged, namesAskedFor, wordParams } from '../testing/route-probes.ts';
import type { ActionRequest } from '../testing/route-probes.ts';
import {
  bodyHash,
  deliver,
  proxyPath,
  routeManifest,
  sessionToken,
  shopperToken,
  startTestWeb,
  storeOfflineSession,
} from '../testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
/** The calling tenant, the other tenant, and one that shows the answer to a valid request. */
let own: FixtureShop;
let foreign: FixtureShop;
let control: FixtureShop;
/** A shopper and an order of the other shop only. */
const strangerId = '7777';
const strangersOrder = '8801';

interface Route {
  readonly id: string;
  /** As in the manifest, from the root: proxy/history, app/customers/:id. */
  readonly path: string;
  readonly isIndex: boolean;
  readonly isStorefront: boolean;
  readonly isExtension: boolean;
  readonly hasLoader: boolean;
  readonly hasAction: boolean;
}
let routes: Route[];

beforeAll(async () => {
  web = await startTestWeb({ routes: /./ });
  own = await createFixtureShop(web.core, 'a');
  foreign = await createFixtureShop(web.core, 'b');
  control = await createFixtureShop(web.core, 'c');
  for (const { shopDomain } of [own, foreign, control]) await storeOfflineSession(shopDomain);
  const theirs = web.core.clients({ merchant: foreign.merchantId });
  await theirs.points.recordOrder({
    trigger: 'paid',
    order: {
      orderId: strangersOrder,
      name: foreign.marker,
      currency: 'USD',
      presentmentCurrency: 'USD',
      subtotal: '50.00',
      currentSubtotal: '50.00',
      total: '50.00',
      financialStatus: 'paid',
      channel: 'online',
      orderedAt: new Date().toISOString(),
      updatedAt: new Date().toISOString(),
      customer: {
        shopifyCustomerId: strangerId,
        email: `stranger-${foreign.marker}@example.com`,
        firstName: foreign.marker,
        lastName: 'Stranger',
        locale: 'en',
        state: 'enabled',
      },
    },
  });
  routes = await readRoutes();
}, 120_000);
afterAll(() => web.stop());

/** Every route with a loader or action, from the manifest. */
async function readRoutes(): Promise<Route[]> {
  const manifest = routeManifest();
  const modules = import.meta.glob<Record<string, unknown>>('./*.tsx');
  const pathOf = (id: string | undefined): string => {
    const route = id === undefined ? undefined : manifest[id];
    return route === undefined
      ? ''
      : [pathOf(route.parentId), route.path ?? ''].filter(Boolean).join('/');
  };
  const found = await Promise.all(
    Object.values(manifest).map(async ({ id, index, file }) => {
      const module = await modules[`./${file.replace('routes/', '')}`]?.();
      if (module === undefined) throw new Error(`${file} is a route and cannot be loaded`);
      return {
        id,
        path: pathOf(id),
        isIndex: index === true,
        isStorefront: id.startsWith('routes/proxy.'),
        isExtension: id.startsWith('routes/extension.'),
        hasLoader: 'loader' in module,
        hasAction: 'action' in module,
      };
    }),
  );
  // The console has no tenant and does not identify callers by shop: features/console/console.web.test.ts.
  // Links of messages and reports of providers are signed whole: features/messages/unsubscribe.web.test.ts.
  // Shoppers first: what staff save here could remove what a shopper's request needs.
  return found
    .filter(
      ({ id, hasLoader, hasAction }) =>
        (hasLoader || hasAction) && !/^routes\/(console|unsubscribe|reports)/.test(id),
    )
    .sort((one, other) => Number(isShoppers(other)) - Number(isShoppers(one)));
}

const isPos = ({ id }: Route) => id.startsWith('routes/extension.pos.');
const isShoppers = (route: Route) => route.isStorefront || (route.isExtension && !isPos(route));
const isWebhook = ({ id }: Route) => id.startsWith('routes/webhooks.');
const paramsOf = ({ path }: Route) =>
  path
    .split('/')
    .filter((part) => part.startsWith(':') || part === '*')
    .map((part) => (part === '*' ? part : part.slice(1).replace('?', '')))
    .filter((name) => !(name in wordParams));

interface Asked {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: ActionRequest;
  readonly shopper?: string;
}

/** As a member of the shop's staff, or as a shopper of its storefront; the other tenant is named in every header. */
async function ask(
  route: Route,
  shop: FixtureShop,
  { params = {}, query = {}, body, shopper = '5001' }: Asked,
): Promise<{ status: number; text: string }> {
  const path = route.path
    .split('/')
    .map((part) =>
      part === '*'
        ? (params['*'] ?? 'x')
        : part.startsWith(':')
          ? (wordParams[part.slice(1)] ?? params[part.slice(1)] ?? 'x')
          : part,
    )
    .join('/');
  const sent =
    body === undefined
      ? undefined
      : body.json === undefined
        ? formBody(body)
        : JSON.stringify(body.json);
  const address = route.isStorefront
    ? proxyPath(path.replace('proxy/', ''), {
        ...(sent === undefined || sent instanceof FormData ? {} : bodyHash(sent.toString())),
        shop: shop.shopDomain,
        logged_in_customer_id: shopper,
        ...query,
      })
    : route.isExtension
      ? `/${path}?${new URLSearchParams(query).toString()}`
      : `/${path}.data?${new URLSearchParams({ _routes: route.id, ...(route.isIndex ? { index: '' } : {}), ...query }).toString()}`;
  const response = await fetch(web.url + address, {
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${isShoppers(route) ? shopperToken(shop.shopDomain, shopper) : sessionToken(shop.shopDomain)}`,
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
      'x-shopify-shop-domain': foreign.shopDomain,
      'x-merchant-id': foreign.merchantId,
      merchant: foreign.merchantId,
      'x-request-id': foreign.belongings['customer_id'] ?? '',
    },
    ...(sent === undefined ? {} : { method: 'POST', body: sent }),
  });
  return { status: response.status, text: await response.text() };
}

function formBody({ form, file }: ActionRequest): URLSearchParams | FormData {
  if (file === undefined) return new URLSearchParams(form);
  const body = new FormData();
  body.set(file.field, new File([Buffer.from(file.content, 'base64')], 'picture.png'));
  return body;
}

/** The answer to another tenant's id: a clear refusal without the other's data. */
const isRefusal = ({ status, text }: { status: number; text: string }) =>
  status >= 400 && status < 500 && !text.includes(foreign.marker);

/** Without fields that Shopify signs or its library reads: changing those would only test the signature. */
const isOurs = (name: string) =>
  !/^(shop|host|embedded|session|id_token|hmac|signature|timestamp|path_prefix|logged_in_customer_id)$/.test(
    name,
  );

const kinds = () => Object.keys(foreign.belongings);
const paramsOfKind = (route: Route, shop: FixtureShop, kind: string) =>
  Object.fromEntries(paramsOf(route).map((name) => [name, shop.belongings[kind] ?? '']));

/** The kind of id in the route's path, found by trying each of our own; '' if it has none. */
async function kindOf(route: Route): Promise<string> {
  const names = paramsOf(route);
  if (names.length === 0 || names.includes('*')) return '';
  for (const kind of kinds()) {
    const params = paramsOfKind(route, control, kind);
    const answer = route.hasLoader
      ? await ask(route, control, { params })
      : await ask(route, control, {
          params,
          body: actionRequests[route.id]?.(control.belongings)[0] ?? {},
        });
    if (answer.status === 200) return kind;
  }
  throw new Error(
    `${route.id} takes an id that no fixture has: add one in core/testing/fixture-shop.ts`,
  );
}

describe('one tenant using the ids of another', () => {
  test('every route of the manifest is covered here', () => {
    const unknown = routes
      .filter((route) => route.hasAction && !isWebhook(route) && !(route.id in actionRequests))
      .map(({ id }) => id);
    expect(unknown, 'actions without a request in app/testing/route-probes.ts').toEqual([]);
    // One route takes the deliveries of all topics.
    expect(routes.filter(isWebhook).map(({ path }) => path)).toEqual(['webhooks/*']);
    expect(routes.length).toBeGreaterThan(15);
  });

  test('every loader answers 404 to foreign ids in its path, and shows nothing for foreign ids in its query', async () => {
    const before = {
      own: await everythingOf(web.core, own.merchantId),
      foreign: await everythingOf(web.core, foreign.merchantId),
    };
    const wrong: string[] = [];
    let probes = 0;
    for (const route of routes.filter((each) => each.hasLoader && !isWebhook(each))) {
      const kind = await kindOf(route);
      const params = paramsOfKind(route, own, kind);
      const { query } = await namesAskedFor(async () => {
        const answer = await ask(route, own, { params });
        if (answer.status >= 500 || answer.text.includes(foreign.marker))
          wrong.push(`${route.id}: ${answer.status} ${answer.text.slice(0, 300)}`);
      });
      const names = [...query].filter((name) => name !== '_routes' && name !== 'index');
      await pMap(
        [...kinds().entries()],
        async ([turn, theirs]) => {
          const id = foreign.belongings[theirs] ?? '';
          for (const name of paramsOf(route)) {
            const answer = await ask(route, own, { params: { ...params, [name]: id } });
            probes += 1;
            // A splat is not an id; Shopify's library handles it.
            const isRight =
              name === '*'
                ? answer.status < 500 && !answer.text.includes(foreign.marker)
                : isRefusal(answer);
            if (!isRight) wrong.push(`${route.id} /${name}=${theirs}: ${answer.status}`);
          }
          // Each kind of id in all names at once, then in each name alone.
          const alone = names.filter((_, place) => place % kinds().length === turn);
          for (const given of [names.filter(isOurs), ...alone.map((name) => [name])]) {
            const answer = await ask(route, own, {
              params,
              query: Object.fromEntries(given.map((name) => [name, id])),
            });
            probes += 1;
            if (answer.status >= 500 || answer.text.includes(foreign.marker))
              wrong.push(
                `${route.id} ?${given.join()}=${theirs}: ${answer.status} ${answer.text.slice(0, 300)}`,
              );
          }
        },
        { concurrency: 4 },
      );
      if (!isShoppers(route)) continue;
      const answer = await ask(route, own, { params, shopper: strangerId });
      if (answer.status >= 500 || answer.text.includes(foreign.marker))
        wrong.push(`${route.id} as a shopper of the other: ${answer.status}`);
    }
    expect(wrong).toEqual([]);
    expect(probes).toBeGreaterThan(100);
    expect(await everythingOf(web.core, own.merchantId)).toBe(before.own);
    expect(await everythingOf(web.core, foreign.merchantId)).toBe(before.foreign);
  }, 120_000);

  test('every action refuses foreign ids in its path and in any field, and changes neither tenant', async () => {
    const before = {
      own: await everythingOf(web.core, own.merchantId),
      foreign: await everythingOf(web.core, foreign.merchantId),
    };
    const wrong: string[] = [];
    for (const route of routes.filter((each) => each.hasAction && !isWebhook(each))) {
      const kind = await kindOf(route);
      const params = paramsOfKind(route, own, kind);
      const right = actionRequests[route.id] ?? (() => []);
      const declared = new Set(right(own.belongings).flatMap(({ form = {} }) => Object.keys(form)));
      const { form } = await namesAskedFor(async () => {
        for (const body of right(control.belongings)) {
          const answer = await ask(route, control, {
            params: paramsOfKind(route, control, kind),
            body,
          });
          // A refusal for another reason would prove nothing.
          if (answer.status >= 300)
            wrong.push(`${route.id} refuses its own: ${answer.status} ${answer.text}`);
        }
      });
      for (const name of form)
        if (!declared.has(name) && declared.size > 0)
          wrong.push(`${route.id} reads "${name}", which no request in route-probes.ts has`);
      const ids = new Set(Object.values(own.belongings));
      for (const body of right(own.belongings)) {
        for (const name of paramsOf(route)) {
          const answer = await ask(route, own, {
            params: { ...params, [name]: foreign.belongings[kind] ?? '' },
            body,
          });
          if (!isRefusal(answer))
            wrong.push(`${route.id} /${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
        }
        for (const theirs of kinds()) {
          for (const { field, was, request } of exchanged(body, foreign.belongings[theirs] ?? '')) {
            if (typeof was !== 'string' || !ids.has(was)) continue;
            const answer = await ask(route, own, { params, body: request });
            if (!isRefusal(answer))
              wrong.push(
                `${route.id} ${field}=${theirs}: ${answer.status} ${answer.text.slice(0, 300)}`,
              );
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf(web.core, own.merchantId)).toBe(before.own);
    expect(await everythingOf(web.core, foreign.merchantId)).toBe(before.foreign);
  }, 120_000);

  test('no action changes or shows the other tenant’s data, whatever field has its ids', async () => {
    const before = await everythingOf(web.core, foreign.merchantId);
    const wrong: string[] = [];
    for (const route of routes.filter((each) => each.hasAction && !isWebhook(each))) {
      const params = paramsOfKind(route, own, await kindOf(route));
      for (const body of actionRequests[route.id]?.(own.belongings) ?? []) {
        const ids = [foreign.merchantId, ...Object.values(foreign.belongings)];
        for (const [turn, id] of ids.entries()) {
          // One foreign id in each field; the test above tries them all in id fields.
          const ofTurn = exchanged(body, id).filter((_, place) => place % ids.length === turn);
          for (const { field, request } of ofTurn) {
            const answer = await ask(route, own, { params, body: request });
            if (answer.status >= 500 || answer.text.includes(foreign.marker))
              wrong.push(`${route.id} ${field}: ${answer.status}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await everythingOf(web.core, foreign.merchantId)).toBe(before);
  }, 120_000);

  test('no webhook of a shop changes another shop, whatever its body names', async () => {
    const { handlers } = await import('../worker/handlers.ts');
    const { createJobServices } = await import('../worker/services.server.ts');
    const services = createJobServices();
    const before = await everythingOf(web.core, foreign.merchantId);
    const body = theirThings();
    // Last, because it ends the sending tenant.
    for (const topic of webhookTopics) {
      const answer = await deliver(web.url, {
        topic,
        body: JSON.stringify(body),
        headers: { 'x-shopify-shop-domain': own.shopDomain },
      });
      expect(answer.status, topic).toBe(200);
      const { rows } = await web.core.outside.query<{ delivery_id: string }>(
        `SELECT delivery_id FROM webhook_inbox WHERE topic = $1 AND shop_domain = $2 AND webhook_id NOT LIKE 'fixture%'`,
        [topic, own.shopDomain],
      );
      expect(rows, topic).toHaveLength(1);
      await handlers['process-deliveries'](
        {
          deliveryIds: rows.map((row) => row.delivery_id),
          backoff: { waits: 0, since: Date.now() },
        },
        services,
        true,
      );
    }
    const asked = await web.core.outside.query<{ request_id: string }>(
      `SELECT request_id FROM gdpr_requests WHERE merchant_id = $1 AND status = 'pending'`,
      [own.merchantId],
    );
    for (const { request_id: requestId } of asked.rows)
      await handlers['process-privacy-request'](
        { merchantId: own.merchantId, requestId },
        services,
        true,
      );
    expect(await everythingOf(web.core, foreign.merchantId)).toBe(before);
  }, 120_000);
});

/** A body valid for any topic in which everything belongs to the other shop. */
function theirThings() {
  const person = {
    id: Number(strangerId),
    email: `stranger-${foreign.marker}@example.com`,
    first_name: 'Taken',
    last_name: 'Over',
    state: 'enabled',
  };
  return {
    ...person,
    ...foreign.belongings,
    merchant_id: foreign.merchantId,
    shop_domain: foreign.shopDomain,
    myshopify_domain: foreign.shopDomain,
    domain: foreign.shopDomain,
    order_id: Number(strangersOrder),
    name: 'Taken over',
    currency: 'USD',
    iana_timezone: 'Europe/Paris',
    subtotal_price: '99.00',
    current_subtotal_price: '99.00',
    total_price: '99.00',
    financial_status: 'paid',
    updated_at: new Date().toISOString(),
    customer: person,
    line_items: [],
    refund_line_items: [{ quantity: 1, subtotal: '50.00' }],
    order_edit: { order_id: Number(strangersOrder) },
    admin_graphql_api_id: `gid://shopify/Customer/${strangerId}`,
    admin_graphql_api_customer_kept_id: 'gid://shopify/Customer/5001',
    admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${strangerId}`,
    orders_to_redact: [Number(strangersOrder)],
    data_request: { id: 1 },
    current: ['read_orders'],
  };
}
