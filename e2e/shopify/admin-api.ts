// https://{shop}/admin/…: the token endpoint and the GraphQL Admin API.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AdminGraphql } from './admin-graphql/execute.ts';
import { json, parseObject, readBody, send } from './http.ts';
import { isLiveToken, tokenEndpoint } from './tokens.ts';
import type { World } from './world.ts';

const SUPPORTED = '2026-10';

export async function adminApi(
  world: World,
  graphql: AdminGraphql,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  shop: string,
): Promise<void> {
  if (url.pathname === '/admin/oauth/access_token' && request.method === 'POST') {
    const raw = await readBody(request);
    const form = (request.headers['content-type'] ?? '').startsWith(
      'application/x-www-form-urlencoded',
    )
      ? Object.fromEntries(new URLSearchParams(raw.toString('utf8')))
      : parseObject(raw);
    const answer = form
      ? tokenEndpoint(world, shop, form)
      : { status: 400, body: { error: 'invalid_request' } };
    return send(response, json(answer.body, answer.status, { 'cache-control': 'no-store' }));
  }
  const version = /^\/admin\/api\/([\w-]+)\/graphql\.json$/.exec(url.pathname)?.[1];
  if (!version) {
    world.log('unmodelled', { host: shop, path: url.pathname });
    return send(response, json({ errors: 'Not Found' }, 404));
  }
  if (request.method !== 'POST') return send(response, json({ errors: 'Method Not Allowed' }, 405));
  const token = request.headers['x-shopify-access-token'];
  if (
    shop !== world.data.shop.domain ||
    !isLiveToken(world, typeof token === 'string' ? token : undefined)
  )
    return send(
      response,
      json(
        { errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' },
        401,
      ),
    );
  const closed = world.data.shop.access ?? 'open';
  if (closed !== 'open')
    return send(
      response,
      json(
        { errors: closed === 'frozen' ? 'Payment Required' : 'Locked' },
        closed === 'frozen' ? 402 : 423,
      ),
    );
  if (version !== SUPPORTED)
    return send(
      response,
      json({ errors: `The emulator has the schema of ${SUPPORTED} only, not of ${version}` }, 404),
    );
  const body = parseObject(await readBody(request)),
    query = body?.['query'];
  if (typeof query !== 'string')
    return send(
      response,
      json({ errors: { query: 'Required parameter missing or invalid' } }, 400),
    );
  const variables = body?.['variables'],
    name = body?.['operationName'];
  const answer = await graphql.answer({
    query,
    variables:
      typeof variables === 'object' && variables !== null
        ? (variables as Record<string, unknown>)
        : undefined,
    operationName: typeof name === 'string' ? name : undefined,
  });
  world.log('graphql', {
    query: query.replace(/\s+/g, ' ').slice(0, 90),
    errors: (answer.errors as { message: string }[] | undefined)?.map((error) => error.message),
  });
  send(
    response,
    json(answer, 200, { 'x-request-id': randomUUID(), 'x-shopify-api-version': SUPPORTED }),
  );
}
