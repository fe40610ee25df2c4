// Shopify's token endpoint: token exchange for session tokens, and expiring offline tokens whose refresh token works once.
// Expiry follows the machine's clock, like in the app; the control API can end tokens early.
import { randomBytes } from 'node:crypto';
import { verifyIdToken } from './signatures.ts';
import type { World } from './world.ts';

const ACCESS_LIFE_S = 3_600;
const REFRESH_LIFE_S = 7_776_000;
const GRANT_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TYPE_ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const TYPE_OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token';
const TYPE_ONLINE = 'urn:shopify:params:oauth:token-type:online-access-token';

export interface TokenAnswer {
  status: number;
  body: Record<string, unknown>;
}
const refuse = (status: number, error: string, description: string): TokenAnswer => ({
  status,
  body: { error, error_description: description },
});

/** `POST https://{shop}/admin/oauth/access_token`. */
export function tokenEndpoint(
  world: World,
  shop: string,
  request: Record<string, unknown>,
): TokenAnswer {
  const { settings, data } = world;
  if (shop !== data.shop.domain) return refuse(404, 'not_found', `there is no shop ${shop}`);
  if (request['client_id'] !== settings.apiKey || request['client_secret'] !== settings.apiSecret)
    return refuse(400, 'invalid_client', 'Client authentication failed');
  const answer =
    request['grant_type'] === GRANT_EXCHANGE
      ? exchange(world, request)
      : request['grant_type'] === 'refresh_token'
        ? refresh(world, request)
        : refuse(
            400,
            'unsupported_grant_type',
            `grant type ${String(request['grant_type'])} is not modeled`,
          );
  world.log('token', {
    grant: request['grant_type'],
    status: answer.status,
    error: answer.body['error'],
  });
  world.store.changed();
  return answer;
}

function exchange(world: World, request: Record<string, unknown>): TokenAnswer {
  const { settings, data } = world,
    token = request['subject_token'],
    wanted = request['requested_token_type'];
  if (request['subject_token_type'] !== TYPE_ID_TOKEN || typeof token !== 'string')
    return refuse(400, 'invalid_request', 'subject_token_type must be an id token');
  if (
    !verifyIdToken(token, {
      secret: settings.apiSecret,
      apiKey: settings.apiKey,
      shop: data.shop.domain,
      nowMs: Date.now(),
    })
  )
    return refuse(400, 'invalid_subject_token', 'The subject token is invalid');
  if (!data.installation.installed)
    return refuse(400, 'invalid_request', 'The app is not installed on this shop');
  if (wanted === TYPE_ONLINE) {
    const access = issueAccess(world, true);
    const { shop } = data,
      [first = '', ...rest] = shop.owner.split(' ');
    return {
      status: 200,
      body: {
        access_token: access,
        scope: data.installation.scopes.join(','),
        expires_in: ACCESS_LIFE_S,
        associated_user_scope: data.installation.scopes.join(','),
        associated_user: {
          id: STAFF_ID,
          first_name: first,
          last_name: rest.join(' '),
          email: shop.email,
          email_verified: true,
          account_owner: true,
          locale: shop.primaryLocale,
          collaborator: false,
        },
      },
    };
  }
  if (wanted !== TYPE_OFFLINE)
    return refuse(400, 'invalid_request', 'requested_token_type is unknown');
  if (String(request['expiring']) !== '1')
    return refuse(
      400,
      'invalid_request',
      'Non-expiring offline access tokens are not allowed for this app; ask for an expiring one',
    );
  return { status: 200, body: offline(world) };
}

function refresh(world: World, request: Record<string, unknown>): TokenAnswer {
  const { installation } = world.data;
  const held = installation.refreshTokens.find(
    (candidate) => candidate.token === request['refresh_token'],
  );
  if (!held || held.spent || held.expiresAt <= Date.now() || !installation.installed)
    return refuse(
      400,
      'invalid_grant',
      'The refresh token is invalid, expired or was used already',
    );
  held.spent = true;
  return { status: 200, body: offline(world) };
}

function offline(world: World): Record<string, unknown> {
  const { installation } = world.data,
    token = `shprt_${randomBytes(16).toString('hex')}`;
  installation.refreshTokens = installation.refreshTokens.filter(
    (held) => held.expiresAt > Date.now(),
  );
  installation.refreshTokens.push({
    token,
    expiresAt: Date.now() + REFRESH_LIFE_S * 1000,
    spent: false,
  });
  return {
    access_token: issueAccess(world, false),
    scope: installation.scopes.join(','),
    expires_in: ACCESS_LIFE_S,
    refresh_token: token,
    refresh_token_expires_in: REFRESH_LIFE_S,
  };
}

function issueAccess(world: World, online: boolean): string {
  const { installation } = world.data,
    token = `${online ? 'shpua' : 'shpat'}_${randomBytes(16).toString('hex')}`;
  installation.accessTokens = installation.accessTokens.filter(
    (held) => held.expiresAt > Date.now(),
  );
  installation.accessTokens.push({ token, expiresAt: Date.now() + ACCESS_LIFE_S * 1000, online });
  return token;
}

/** Whether the Admin API knows the token: issued to this installation, not expired, not revoked. */
export function isLiveToken(world: World, token: string | undefined): boolean {
  const { installation } = world.data;
  return (
    installation.installed &&
    installation.accessTokens.some((held) => held.token === token && held.expiresAt > Date.now())
  );
}

/** The staff member who is signed in to the admin. */
export const STAFF_ID = 90_210_001;
