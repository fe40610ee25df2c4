import { isShopDomain } from './signatures.server.ts';
import { TokenRefusal, readSessionToken, signedAnew, staffIn } from './session-token.server.ts';
import { authenticate } from './shopify.server.ts';

const bearer = /^Bearer /;

/**
 * Identifies the staff member. Shopify's library checks a token's signature, times and app, and answers an invalid one
 * (sign-in, bounce page). The subject is checked here first, because guests' and customers' tokens are signed
 * with the same secret.
 * @throws Response
 */
export async function authenticateStaff(
  request: Request,
): Promise<Awaited<ReturnType<typeof authenticate.admin>>> {
  const url = new URL(request.url);
  // The library writes this one into `frame-ancestors` as it comes.
  if (url.searchParams.getAll('shop').some((shop) => !isShopDomain(shop)))
    throw refusal(400, 'shop');
  const header = request.headers.get('authorization');
  const headers = new Headers(request.headers);
  if (header !== null)
    headers.set('authorization', `Bearer ${checked(header.replace(bearer, ''))}`);
  const inAddress = url.searchParams.getAll('id_token');
  if (inAddress.length > 0) {
    if (inAddress.length > 1) throw refusal(400, 'id_token');
    url.searchParams.set('id_token', checked(inAddress[0] ?? ''));
  }
  // Without its body, which is read later, and with nothing else that the library looks at changed.
  return authenticate.admin(
    new Request(url, {
      method: request.method === 'OPTIONS' ? 'OPTIONS' : 'GET',
      headers,
      signal: request.signal,
    }),
  );
}

/**
 * The token, signed with the secret that the library knows. The library itself answers when a new token would help.
 * @throws Response for a token that is not a staff token
 */
function checked(token: string): string {
  try {
    staffIn(readSessionToken(token));
    return signedAnew(token);
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    if (error.isRenewable) return token;
    throw refusal(401, error.field);
  }
}

function refusal(status: number, field: string): Response {
  const code = status === 401 ? 'unauthenticated' : 'invalid_input';
  return Response.json({ error: { code, message: code.replace('_', ' '), field } }, { status });
}
