import { coreClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import {
  TokenRefusal,
  readSessionToken,
  shopperIn,
  staffIn,
} from '../../shopify/session-token.server.ts';
import type { TokenClaims } from '../../shopify/session-token.server.ts';
import { authenticate } from '../../shopify.server.ts';
import { admitCall } from '../../shoppers/call-limits.server.ts';
import type { CallKind } from '../../shoppers/call-limits.server.ts';
import { failed } from '../../shoppers/proxy-request.server.ts';
import type { StorefrontRequest } from '../../shoppers/proxy-request.server.ts';
import { merchantIdOf } from '../../shoppers/tenant-of-shop.server.ts';

/** A request by staff at the POS, for the customer in the cart. */
export interface PosRequest {
  readonly request: Request;
  readonly url: URL;
  readonly shop: string;
  readonly merchantId: string;
  /** Acts as this staff member, for this merchant only. */
  readonly core: CoreClients;
}

/**
 * Answers an extension at the checkout or in a customer's account. The token identifies the customer; a guest's has
 * no customer. A staff token is refused.
 */
export function answerShopper(
  request: Request,
  answer: (verified: StorefrontRequest) => Promise<Response>,
): Promise<Response> {
  return answerExtension(request, async (claims) => {
    const { shop, shopifyCustomerId } = shopperIn(claims);
    const merchantId = await merchantIdOf(shop);
    const caller = shopifyCustomerId || `guest/${request.headers.get('x-client-address') ?? ''}`;
    await admitCall(request.method === 'GET' ? 'read' : kindOf(request), merchantId, caller);
    const core = coreClients({
      merchantId,
      actor: shopifyCustomerId === '' ? 'guest' : `customer:${shopifyCustomerId}`,
      scopes: ['customer:frontend', 'customer:points'],
    });
    return answer({
      request,
      url: new URL(request.url),
      shop,
      merchantId,
      shopifyCustomerId,
      core,
    });
  });
}

/** Answers the extension of Shopify POS, whose token is that of the member of staff who signed in there. */
export function answerPos(
  request: Request,
  answer: (verified: PosRequest) => Promise<Response>,
): Promise<Response> {
  return answerExtension(request, async (claims) => {
    const { shop, staffId } = staffIn(claims);
    const merchantId = await merchantIdOf(shop);
    await admitCall('pos', merchantId, staffId);
    const core = coreClients({
      merchantId,
      actor: `staff:${staffId}`,
      // The token looks like the admin's, so requests here get only the POS scope.
      scopes: ['pos:points'],
    });
    return answer({ request, url: new URL(request.url), shop, merchantId, core });
  });
}

/** Checks the token, then answers to any origin. */
async function answerExtension(
  request: Request,
  answer: (claims: TokenClaims) => Promise<Response>,
): Promise<Response> {
  try {
    // The library answers preflights, as its own extensions need them.
    if (request.method === 'OPTIONS') await authenticate.public.customerAccount(request);
    const token = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
    return readable(await answer(readSessionToken(token)));
  } catch (error) {
    if (error instanceof Response) return error;
    return readable(
      failed(error instanceof TokenRefusal ? refused(error.field, error.message) : error),
    );
  }
}

/** Extensions run in workers on a Shopify origin; access depends on the token, not on cookies. */
function readable(response: Response): Response {
  response.headers.set('access-control-allow-origin', '*');
  response.headers.set('access-control-expose-headers', 'etag, retry-after');
  return response;
}

const refused = (field: string, message: string) =>
  new CoreError('unauthenticated', { field, message });

/** The checkout asks what a cart earns with a body of its own, and changes nothing. */
function kindOf(request: Request): CallKind {
  return new URL(request.url).pathname === '/extension/checkout' ? 'read' : 'redeem';
}
