import { createHash } from 'node:crypto';
import { coreClients } from '../core-client/clients.server.ts';
import type { CoreClients } from '../core-client/clients.server.ts';
import { CoreError, errorBody, httpStatusOf } from '../core-client/errors.server.ts';
import { appSecrets } from '../env.server.ts';
import { log } from '../log.server.ts';
import { admitCall } from './call-limits.server.ts';
import type { CallKind } from './call-limits.server.ts';
import { readProxyRequest } from '../shopify/signatures.server.ts';
import type { ProxyRefusal } from '../shopify/signatures.server.ts';
import { merchantIdOf } from './tenant-of-shop.server.ts';

/** A request of a shopper, through the storefront or an extension, signed by Shopify. */
export interface StorefrontRequest {
  readonly request: Request;
  readonly url: URL;
  readonly shop: string;
  readonly merchantId: string;
  /** Shopify's id of the signed-in shopper; empty for a guest. */
  readonly shopifyCustomerId: string;
  /** Acts as this shopper, or as a guest, for this merchant alone. */
  readonly core: CoreClients;
}

const refusals: Record<ProxyRefusal, CoreError> = {
  unsigned: new CoreError('unauthenticated', {
    field: 'signature',
    message: 'the request is not signed',
  }),
  wrong_signature: new CoreError('unauthenticated', {
    field: 'signature',
    message: 'the signature is wrong',
  }),
  stale: new CoreError('unauthenticated', {
    field: 'timestamp',
    message: 'the signature is too old',
  }),
};

/** Private responses: stored by the shopper's browser for revalidation at most, by no proxy. */
const privateHeaders = { 'cache-control': 'private, no-store' };

/**
 * Verifies a storefront request, then answers it. Who the shopper is comes from Shopify's signed parameters and from
 * nowhere else. Failures are `{error:{code,message,field}}`, or a page of `whenFailed` once Shopify has signed.
 */
export async function answerStorefront(
  request: Request,
  answer: (verified: StorefrontRequest) => Promise<Response>,
  whenFailed?: (request: Request, error: unknown) => Response | undefined,
): Promise<Response> {
  let isSigned = false;
  try {
    const url = new URL(request.url);
    const signed = readProxyRequest(url.searchParams, appSecrets(), Date.now());
    if (typeof signed === 'string') throw refusals[signed];
    isSigned = true;
    const { shop, shopifyCustomerId } = signed;
    const merchantId = await merchantIdOf(shop);
    // Guests have no id, and all arrive from Shopify's addresses, so they cannot be counted.
    if (shopifyCustomerId !== '')
      await admitCall(kindOf(request, url), merchantId, shopifyCustomerId);
    return await answer({
      request: await withSignedBody(request, url),
      url,
      shop,
      merchantId,
      shopifyCustomerId,
      get core() {
        return coreOf(merchantId, shopifyCustomerId);
      },
    });
  } catch (error) {
    return (isSigned ? whenFailed?.(request, error) : undefined) ?? failed(error);
  }
}

const coreOf = (merchantId: string, shopifyCustomerId: string): CoreClients =>
  coreClients({
    merchantId,
    actor: shopifyCustomerId === '' ? 'guest' : `customer:${shopifyCustomerId}`,
    scopes: ['customer:frontend', 'customer:points', 'customer:referrals'],
  });

/**
 * Shopify signs the query and not the body, so the query carries the body's hash; otherwise anyone who sees one
 * signed address could send other bodies with it while it is valid. Widget events have no effect, and
 * are sent while the page closes, when nothing can be hashed any more.
 * @throws CoreError
 */
async function withSignedBody(request: Request, url: URL): Promise<Request> {
  if (request.method === 'GET' || request.method === 'HEAD' || url.pathname === '/proxy/events')
    return request;
  const body = new Uint8Array(await request.arrayBuffer());
  const named = url.searchParams.getAll('body_sha256');
  const hash = createHash('sha256').update(body).digest();
  // In hex or base64; the theme's script, where each byte counts, lists the hash's own as numbers.
  const spellings = [hash.toString('hex'), hash.toString('base64'), [...hash].join(',')];
  const isNamed =
    body.length === 0
      ? named.length === 0
      : named.length === 1 && spellings.includes(named[0] ?? '');
  if (!isNamed)
    throw new CoreError('unauthenticated', {
      field: 'body_sha256',
      message: 'the signed address names another body',
    });
  return new Request(request, { body });
}

function kindOf(request: Request, url: URL): CallKind {
  if (request.method === 'GET') return 'read';
  return url.pathname === '/proxy/events' ? 'observe' : 'redeem';
}

export function failed(error: unknown): Response {
  if (error instanceof CoreError) {
    const status = httpStatusOf(error.code);
    if (status >= 500)
      log().warn({ code: error.code, requestId: error.requestId }, 'Core refused the storefront');
    return Response.json(errorBody(error), {
      status,
      headers: { ...privateHeaders, ...(status === 429 && { 'retry-after': '60' }) },
    });
  }
  log().error({ err: error }, 'The storefront failed');
  return Response.json(errorBody(new CoreError('internal')), {
    status: 500,
    headers: privateHeaders,
  });
}

export function privateJson(body: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(body, { headers: { ...privateHeaders, ...headers } });
}
