// The app proxy: a storefront request to /apps/<subpath>/… goes to the app, signed, with who is signed in and without cookies.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { forward, type Headers } from './http.ts';
import { proxySignature } from './signatures.ts';
import type { World } from './world.ts';

/** Shopify's own parameters; what a buyer sends under these names is dropped. */
const RESERVED = ['shop', 'path_prefix', 'timestamp', 'logged_in_customer_id', 'signature'];

export const proxyPrefix = (world: World): string =>
  `/${world.config.proxy.prefix}/${world.config.proxy.subpath}`;

export function signedQuery(
  world: World,
  given: URLSearchParams,
  customerId: number | null,
): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of given) if (!RESERVED.includes(key)) query.append(key, value);
  query.set('logged_in_customer_id', customerId === null ? '' : String(customerId));
  query.set('path_prefix', proxyPrefix(world));
  query.set('shop', world.data.shop.domain);
  query.set('timestamp', String(Math.floor(Date.now() / 1000)));
  query.set('signature', proxySignature(world.settings.apiSecret, query));
  return query;
}

/** `rest` is the path below the proxy's prefix. */
export function proxyToApp(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  rest: string,
  given: URLSearchParams,
  customerId: number | null,
): void {
  const { appUrl } = world.settings,
    headers: Headers = {};
  for (const [name, value] of Object.entries(request.headers))
    if (
      value !== undefined &&
      name !== 'cookie' &&
      name !== 'host' &&
      name !== 'connection' &&
      name !== 'authorization'
    )
      headers[name] = value;
  forward(request, response, {
    appUrl,
    path: `${world.config.proxy.path}${rest}?${signedQuery(world, given, customerId).toString()}`,
    headers: {
      ...headers,
      host: new URL(appUrl).host,
      'x-forwarded-host': world.data.shop.domain,
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '203.0.113.7',
    },
    rewrites: () => false,
    rewrite: ({ headers: answer, body }) => {
      const kept = { ...answer } as Headers;
      delete kept['set-cookie'];
      return { headers: kept, body };
    },
  });
}
