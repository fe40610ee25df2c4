import { createHmac, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerBuild } from '@remix-run/node';
import { startTestCore } from '#core/testing/core.ts';
import { closeAll } from '../lifecycle.server.ts';

export const secret = 'test-client-secret-of-length';
export const shop = 'demo-store.myshopify.com';

/** The routes that need no document: as the build would mount them, without building. */
async function routesUnderTest(): Promise<ServerBuild['routes']> {
  const modules = import.meta.glob([
    '../routes/webhooks.*.tsx',
    '../routes/proxy.*.tsx',
    '../routes/health*.tsx',
  ]);
  const routes: ServerBuild['routes'] = {
    root: { id: 'root', path: '', module: { default: () => null } },
  };
  for (const [file, load] of Object.entries(modules)) {
    const name = file.replace('../routes/', '').replace('.tsx', '');
    const id = `routes/${name}`;
    const path = name.replaceAll('.', '/').replace('$', '*');
    routes[id] = {
      id,
      parentId: 'root',
      path,
      module: (await load()) as ServerBuild['routes'][string]['module'],
    };
  }
  return routes;
}

/** The web application over a real core, on free ports. */
export async function startTestWeb() {
  const core = await startTestCore();
  Object.assign(process.env, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_URL: core.database.appUrl,
    CORE_URL: `127.0.0.1:${core.core.port}`,
    CORE_SIGNING_KEY: core.env.CORE_SIGNING_KEY,
    ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
    SHOPIFY_API_KEY: 'test-client-id',
    SHOPIFY_API_SECRET: secret,
    SHOPIFY_APP_URL: 'http://localhost:3000',
  });
  const { createApp } = await import('../server.ts');
  const build: ServerBuild = {
    entry: { module: { default: () => new Response(null, { status: 500 }) } },
    routes: await routesUnderTest(),
    assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '1' },
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
  const server = createServer(createApp(build)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let coreIsUp = true;
  return {
    core,
    url,
    async stopCore() {
      coreIsUp = false;
      core.channel.close();
      await core.core.stop();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await closeAll();
      if (coreIsUp) await core.stop();
      else {
        await Promise.all([core.pool.end(), core.outside.end()]);
        await core.database.drop();
      }
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
  const bad = createHmac('sha256', 'somebody else').update(body).digest('base64');
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
