import { createHash, createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { flatRoutes } from '@remix-run/dev/dist/config/flat-routes.js';
import type { ServerBuild } from '@remix-run/node';
import { Session } from '@shopify/shopify-app-remix/server';
import { startTestCore } from '#core/testing/core.ts';
import remixConfig from '../../remix.config.js';
import { closeAll } from '../lifecycle.server.ts';

export const secret = 'test-client-secret-of-length';
export const clientId = 'test-client-id';
export const shop = 'demo-store.myshopify.com';

/** The routes as Remix itself finds them, of the files it looks at. */
export function routeManifest() {
  return flatRoutes('app', remixConfig.ignoredRouteFiles);
}

type RouteModule = ServerBuild['routes'][string]['module'];

/** The routes as the build would mount them, without building; the shell around documents only where asked for. */
async function routesUnderTest(wanted: RegExp, documents: boolean): Promise<ServerBuild['routes']> {
  const modules = import.meta.glob('../routes/*.tsx');
  const module = documents
    ? ((await import('../root.tsx')) as unknown as RouteModule)
    : { default: () => null };
  const routes: ServerBuild['routes'] = { root: { id: 'root', path: '', module } };
  for (const { file, ...route } of Object.values(routeManifest())) {
    if (!wanted.test(file)) continue;
    const module = (await modules[`../${file}`]?.()) as RouteModule;
    routes[route.id] = { ...route, module };
  }
  return routes;
}

/** Those that need no page, and so load in no time. */
const machineRoutes = /\/(webhooks|proxy|extension|health)/;

/** What a document names of each route: nothing of it is there to be fetched. */
const assetsOf = (routes: ServerBuild['routes']): ServerBuild['assets']['routes'] =>
  Object.fromEntries(
    Object.entries(routes).map(([id, { parentId, path, index }]) => [
      id,
      {
        id,
        ...(parentId !== undefined && { parentId }),
        ...(path !== undefined && { path }),
        ...(index !== undefined && { index }),
        module: `/assets/${id}.js`,
        hasAction: false,
        hasLoader: true,
        hasClientAction: false,
        hasClientLoader: false,
        hasErrorBoundary: false,
      },
    ]),
  );

export interface TestWebOptions {
  readonly routes?: RegExp;
  /** Renders documents as in production, instead of answering them empty with 500. */
  readonly documents?: boolean;
  /** Puts something between the application and a port of what it needs. @returns the port to use instead */
  readonly between?: (what: 'core' | 'database', port: number) => Promise<number>;
  /** What time core takes it to be. */
  readonly clock?: () => Date;
}

/** The web application over a real core, on free ports. */
export async function startTestWeb({
  routes = machineRoutes,
  documents = false,
  between = (_, port) => Promise.resolve(port),
  clock,
}: TestWebOptions = {}) {
  let databaseUrl = '';
  const core = await startTestCore(async ({ appUrl }) => {
    const url = new URL(appUrl);
    url.port = String(await between('database', Number(url.port)));
    databaseUrl = url.toString();
    return { DATABASE_URL: databaseUrl };
  }, clock && { clock });
  Object.assign(process.env, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: databaseUrl,
    QUEUE_DATABASE_URL: core.database.queueUrl,
    CORE_URL: `127.0.0.1:${await between('core', core.core.port)}`,
    CORE_SIGNING_KEY: core.env.CORE_SIGNING_KEY,
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    SHOPIFY_API_KEY: clientId,
    SHOPIFY_API_SECRET: secret,
    SHOPIFY_APP_URL: 'http://localhost:3000',
    FILES_DIR: mkdtempSync(path.join(os.tmpdir(), 'loyalnest-files-')),
  });
  const web = await serveRoutes(routes, documents);
  let coreIsUp = true;
  return {
    core,
    url: web.url,
    async stopCore() {
      coreIsUp = false;
      core.channel.close();
      await core.core.stop();
    },
    async stop() {
      await web.stop();
      if (coreIsUp) await core.stop();
      else {
        await Promise.all([core.pool.end(), core.outside.end()]);
        await core.database.drop();
      }
    },
  };
}

/** The web application over the core that the environment names. */
export async function serveRoutes(wanted = machineRoutes, documents = false) {
  const { createApp } = await import('../server.ts');
  const { env } = await import('../env.server.ts');
  const routes = await routesUnderTest(wanted, documents);
  const build: ServerBuild = {
    entry: {
      module: documents
        ? await import('../entry.server.tsx')
        : {
            default: () => new Response(null, { status: 500 }),
            handleError: () => undefined,
          },
    },
    routes,
    assets: {
      entry: { imports: [], module: '/assets/entry.js' },
      routes: documents ? assetsOf(routes) : {},
      url: '/assets/manifest.js',
      version: '1',
    },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: {
      v3_fetcherPersist: true,
      v3_relativeSplatPath: true,
      v3_throwAbortReason: true,
      v3_singleFetch: true,
      v3_lazyRouteDiscovery: true,
    },
    isSpaMode: false,
    mode: 'test',
  };
  const app = createApp(build, documents ? 'production' : env().NODE_ENV);
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      // In this order: a connection that came between the two would be waited for.
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await closeAll();
    },
  };
}

export interface DeliveryOptions {
  readonly topic?: string;
  readonly path?: string;
  readonly body?: string;
  readonly method?: string;
  readonly signature?: 'good' | 'bad' | 'missing';
  readonly headers?: Record<string, string>;
}

/** Posts as Shopify does. */
export function deliver(url: string, options: DeliveryOptions = {}): Promise<Response> {
  const { topic = 'orders/paid', body = '{"id":1}', method = 'POST', signature = 'good' } = options;
  const good = createHmac('sha256', secret).update(body).digest('base64');
  const bad = createHmac('sha256', 'another secret').update(body).digest('base64');
  return fetch(`${url}/webhooks/${options.path ?? topic}`, {
    method,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': shop,
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-api-version': '2026-10',
      'x-shopify-triggered-at': new Date().toISOString(),
      ...(signature === 'missing'
        ? {}
        : { 'x-shopify-hmac-sha256': signature === 'good' ? good : bad }),
      ...options.headers,
    },
    ...(method === 'GET' ? {} : { body }),
  });
}

/** A storefront request as Shopify's app proxy forwards it. */
export function proxyPath(
  path: string,
  parameters: Record<string, string> = {},
  key = secret,
): string {
  const query = new URLSearchParams({
    shop,
    path_prefix: '/apps/loyalnest',
    timestamp: String(Math.floor(Date.now() / 1000)),
    logged_in_customer_id: '',
    ...parameters,
  });
  const text = [...query.keys()]
    .map((name) => `${name}=${query.get(name) ?? ''}`)
    .sort()
    .join('');
  query.set('signature', createHmac('sha256', key).update(text).digest('hex'));
  return `/proxy/${path}?${query.toString()}`;
}

/** What the query of a proxied POST says of its body. */
export function bodyHash(body: string): { body_sha256: string } {
  return { body_sha256: createHash('sha256').update(body).digest('base64') };
}

/** A token as Shopify's admin and POS give to the app for a member of the shop's staff. */
export function sessionToken(shopDomain: string, changes: TokenChanges = {}): string {
  return signedToken(
    {
      iss: `https://${shopDomain}/admin`,
      dest: `https://${shopDomain}`,
      sub: '42',
      sid: randomUUID(),
    },
    changes,
  );
}

/** A token as Shopify gives it to an extension at the checkout or in a customer's account; a guest's has no customer. */
export function shopperToken(
  shopDomain: string,
  shopifyCustomerId: string,
  changes: TokenChanges = {},
): string {
  return signedToken(
    {
      dest: shopDomain,
      ...(shopifyCustomerId !== '' && { sub: `gid://shopify/Customer/${shopifyCustomerId}` }),
    },
    changes,
  );
}

export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly key?: string;
}

function signedToken(own: object, { claims = {}, key = secret }: TokenChanges): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
    aud: clientId,
    exp: now + 60,
    nbf: now - 1,
    iat: now - 1,
    jti: randomUUID(),
    ...own,
    ...claims,
  })}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

/** The shop's own token to Shopify, as the first visit of its staff leaves it. */
export async function storeOfflineSession(
  shopDomain: string,
  accessToken = 'shpat_test',
  optionalScopes: readonly string[] = [],
): Promise<void> {
  const { sessionStorage } = await import('../sessions/session-storage.server.ts');
  const inAnHour = new Date(Date.now() + 3_600_000);
  await sessionStorage().storeSession(
    new Session({
      id: `offline_${shopDomain}`,
      shop: shopDomain,
      state: '',
      isOnline: false,
      scope: [
        'read_customers',
        'write_customers',
        'read_orders',
        'write_discounts',
        'write_app_proxy',
        ...optionalScopes,
      ].join(),
      accessToken,
      expires: inAnHour,
      refreshToken: 'shprt_test',
      refreshTokenExpires: inAnHour,
    }),
  );
}
