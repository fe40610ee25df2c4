import { coreClients } from '../../core-client/clients.server.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { CoreError } from '../../core-client/errors.server.ts';
import { env } from '../../env.server.ts';
import { isShopDomain } from '../../shopify/signatures.server.ts';
import { authenticate } from '../../shopify.server.ts';
import { createCallLimiter } from './call-limiter.ts';
import { failed, merchantIdOf } from './proxy-request.server.ts';
import type { StorefrontRequest } from './proxy-request.server.ts';

/** A request of staff at a till, for whichever customer is in the cart. */
export interface TillRequest {
  readonly request: Request;
  readonly url: URL;
  readonly shop: string;
  readonly merchantId: string;
  /** Acts as this member of staff, for this merchant alone. */
  readonly core: CoreClients;
}

/** More than anybody does by hand; a till serves many customers. */
const shoppers = createCallLimiter({ perMinute: 120 });
const tills = createCallLimiter({ perMinute: 600 });

type Claims = Awaited<ReturnType<typeof authenticate.public.pos>>['sessionToken'];

interface Signed {
  readonly shop: string;
  readonly subject: string;
}

/**
 * Answers an extension at the checkout or in a customer's account. Its token says who is signed in; a guest's names
 * nobody. A token of the shop's staff is none of a shopper's.
 */
export function answerShopper(
  request: Request,
  surface: 'checkout' | 'customerAccount',
  answer: (verified: StorefrontRequest) => Promise<Response>,
): Promise<Response> {
  return answerExtension(request, authenticate.public[surface], async ({ shop, subject }) => {
    const shopifyCustomerId = customerIn(subject);
    const merchantId = await merchantIdOf(shop);
    const caller = shopifyCustomerId || `guest/${request.headers.get('x-client-address') ?? ''}`;
    if (!shoppers.admit(`${merchantId}/${caller}`)) throw tooMany();
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

/** Answers the extension of Shopify's till, whose token is that of the member of staff who signed in there. */
export function answerTill(
  request: Request,
  answer: (verified: TillRequest) => Promise<Response>,
): Promise<Response> {
  return answerExtension(request, authenticate.public.pos, async ({ shop, subject }) => {
    if (!/^\d{1,20}$/.test(subject)) throw refused('sub', 'the token is not of staff');
    const merchantId = await merchantIdOf(shop);
    if (!tills.admit(`${merchantId}/${subject}`)) throw tooMany();
    const core = coreClients({
      merchantId,
      actor: `staff:${subject}`,
      scopes: ['admin:points', 'admin:users'],
    });
    return answer({ request, url: new URL(request.url), shop, merchantId, core });
  });
}

/** Checks the token as Shopify's library does and what that leaves out, then answers to any origin. */
async function answerExtension(
  request: Request,
  authenticated: typeof authenticate.public.pos,
  answer: (signed: Signed) => Promise<Response>,
): Promise<Response> {
  let claims: Claims;
  try {
    ({ sessionToken: claims } = await authenticated(request));
  } catch (refusal) {
    // The library answers preflights and robots itself.
    if (!(refusal instanceof Response)) return readable(failed(refusal));
    return refusal.status === 401
      ? readable(failed(refused('authorization', 'the session token is missing or not good')))
      : refusal;
  }
  try {
    return readable(await answer(signedIn(claims)));
  } catch (error) {
    return readable(failed(error));
  }
}

/** Extensions run in workers of an origin of Shopify's; what they may read hangs on the token, and no cookie counts. */
function readable(response: Response): Response {
  response.headers.set('access-control-allow-origin', '*');
  response.headers.set('access-control-expose-headers', 'etag, retry-after');
  return response;
}

function signedIn(claims: Claims): Signed {
  const { aud, exp, dest, sub } = claims as Partial<Claims>;
  // The library checks signature and times as far as they are there, and not for whom the token is.
  if (aud !== env().SHOPIFY_API_KEY) throw refused('aud', 'the token is for another app');
  if (typeof exp !== 'number') throw refused('exp', 'the token does not end');
  // The admin and the till write an address here, checkout and accounts a name.
  const shop = String(dest ?? '').replace(/^https:\/\//, '');
  if (!isShopDomain(shop)) throw refused('dest', 'the token names no shop');
  return { shop, subject: String(sub ?? '') };
}

function customerIn(subject: string): string {
  if (subject === '') return '';
  const id = /^gid:\/\/shopify\/Customer\/(\d{1,20})$/.exec(subject)?.[1];
  if (id === undefined) throw refused('sub', 'the token is not of a customer');
  return id;
}

const refused = (field: string, message: string) =>
  new CoreError('unauthenticated', { field, message });
const tooMany = () => new CoreError('rate_limited', { message: 'too many calls within a minute' });
