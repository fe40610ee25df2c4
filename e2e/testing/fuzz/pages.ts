import { createHash, createHmac, randomUUID } from 'node:crypto';
import { actionRequests } from '#app/testing/route-probes.ts';
import type { ActionRequest } from '#app/testing/route-probes.ts';
import { proxySignature } from '#e2e/shopify/signatures.ts';
import { mutatedSome, nastyTexts } from '../../load/random.ts';
import type { Random } from '../../load/random.ts';
import { strayHeaders } from './headers.ts';
import { http } from './target.ts';
import type { FuzzTarget, Shot, Surface } from './target.ts';

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

/** The routes of the app that only load, beside those that take forms. */
const loaderRoutes: readonly string[] = [
  'routes/app.activity',
  'routes/app.campaigns._index',
  'routes/app.campaigns.preview',
  'routes/app.customers._index',
  'routes/app.setup',
  'routes/proxy.history',
  'routes/proxy.redemptions.$id',
  'routes/proxy.widget',
  'routes/extension.history',
  'routes/extension.pos.member',
  'routes/extension.pos.redemptions.$id',
  'routes/extension.redemptions.$id',
  'routes/extension.widget',
];

const queryNames: readonly string[] = [
  'copy',
  'cursor',
  'customer',
  'embedded',
  'from',
  'host',
  'kind',
  'locale',
  'month',
  'order_id',
  'page',
  'q',
  'query',
  'segment',
  'shop',
  'sort',
  'status',
  'template',
  'tier',
  'to',
  'type',
];

const someText = (random: Random, target: FuzzTarget): string => {
  const ids = Object.values(target.shop.belongings);
  return random.chance(0.3)
    ? random.pick([...ids, '5001', '5002', '0', '700020', randomUUID()])
    : random.pick(nastyTexts);
};

function someQuery(random: Random, target: FuzzTarget): Record<string, string> {
  const query: Record<string, string> = {};
  for (let left = random.below(4); left > 0; left--)
    query[random.pick(queryNames)] = someText(random, target);
  return query;
}

/** `routes/app.program_.try` is reached at /app/program/try. */
function pathOf(route: string, id: string): { path: string; isIndex: boolean } {
  const parts = route.replace('routes/', '').split('.');
  const isIndex = parts.at(-1) === '_index';
  const path = parts
    .filter((part) => !part.startsWith('_'))
    .map((part) =>
      part.replace(/_$/, '') === '$id' ? encodeURIComponent(id.toWellFormed()) : part,
    )
    .map((part) => part.replace(/_$/, ''))
    .join('/');
  return { path, isIndex };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function sessionToken(target: FuzzTarget, own: object): string {
  const seconds = Math.floor(Date.now() / 1000);
  // Long enough for the message to wait its turn.
  const claims = {
    aud: target.clientId,
    exp: seconds + 600,
    nbf: seconds - 1,
    iat: seconds - 1,
    jti: randomUUID(),
    ...own,
  };
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', target.secret).update(content).digest('base64url')}`;
}

const staffToken = (random: Random, target: FuzzTarget) =>
  sessionToken(target, {
    iss: `https://${target.shop.shopDomain}/admin`,
    dest: `https://${target.shop.shopDomain}`,
    sub: random.chance(0.95) ? '42' : random.pick(nastyTexts),
    sid: randomUUID(),
  });

const shopperToken = (random: Random, target: FuzzTarget, shopper: string) =>
  sessionToken(target, {
    dest: random.chance(0.95) ? target.shop.shopDomain : random.pick(nastyTexts),
    ...(shopper !== '' && { sub: `gid://shopify/Customer/${shopper}` }),
  });

/** Many shoppers, so that one's rate limit stops few; sometimes a guest, or no id at all. */
const someShopper = (random: Random) =>
  random.chance(0.4)
    ? '5001'
    : random.chance(0.8)
      ? String(5001 + random.below(400))
      : random.pick(['', ...nastyTexts]);

interface SentBody {
  readonly body: string;
  readonly type: string;
}

/** Data that an earlier message broke may no longer parse. */
function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** Text as it is, in a form or in JSON, spoiled now and then. */
function bodyOf(random: Random, request: ActionRequest, extra: Record<string, string>): SentBody {
  if (request.json !== undefined) {
    const text = JSON.stringify(mutatedSome(random, request.json)) ?? '';
    const body = random.chance(0.1) ? text.slice(0, random.below(text.length + 1)) : text;
    return { body, type: 'application/json' };
  }
  const fields = new URLSearchParams({ ...request.form });
  for (let turns = random.pick([0, 1, 1, 2, 4]); turns > 0; turns--) {
    const names = [...fields.keys()];
    const name = names.length === 0 ? 'intent' : random.pick(names);
    const kind = random.below(6);
    if (kind === 0) fields.delete(name);
    else if (kind === 1) fields.append(name, random.pick(nastyTexts));
    else if (kind === 2 && isJson(fields.get(name) ?? ''))
      fields.set(
        name,
        JSON.stringify(mutatedSome(random, JSON.parse(fields.get(name) ?? 'null'))) ?? '',
      );
    else fields.set(name, random.pick(nastyTexts));
  }
  for (const [name, value] of Object.entries(extra)) fields.set(name, value);
  const text = fields.toString();
  if (random.chance(0.03))
    return { body: `${text}&x=%00%ff&=&%`, type: 'application/x-www-form-urlencoded' };
  if (random.chance(0.03))
    return {
      body: text,
      type: random.pick([
        'text/plain',
        'application/json',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
      ]),
    };
  return { body: text, type: 'application/x-www-form-urlencoded' };
}

/** Of the storefront, extensions and dashboard: routes that there are, with what they take and what they do not. */
export function pageShot(random: Random, target: FuzzTarget): Shot {
  const routes = [...Object.keys(actionRequests), ...loaderRoutes];
  const route = random.pick(routes);
  const requests = actionRequests[route]?.(target.shop.belongings) ?? [];
  const request = requests.length > 0 && random.chance(0.8) ? random.pick(requests) : undefined;
  const ids = Object.values(target.shop.belongings);
  const { path, isIndex } = pathOf(
    route,
    random.chance(0.7) ? random.pick(ids) : someText(random, target),
  );
  const sent = request === undefined ? undefined : bodyOf(random, request, {});
  const query = new URLSearchParams(someQuery(random, target));
  const headers: Record<string, string> = {
    'user-agent': browser,
    ...strayHeaders(random),
    // A caller each, because rate limits are not what is tested.
    'x-forwarded-for': `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
    ...(sent !== undefined && { 'content-type': sent.type }),
  };
  const shopper = someShopper(random);
  let surface: Surface = 'dashboard';
  let address: string;
  if (route.startsWith('routes/proxy.')) {
    surface = 'proxy';
    query.set('shop', target.shop.shopDomain);
    query.set('path_prefix', '/apps/loyalnest');
    query.set('timestamp', String(Math.floor(Date.now() / 1000)));
    query.set('logged_in_customer_id', shopper);
    if (sent !== undefined && random.chance(0.95))
      query.set('body_sha256', createHash('sha256').update(sent.body).digest('base64'));
    if (random.chance(0.1)) query.append(random.pick(queryNames), random.pick(nastyTexts));
    query.set(
      'signature',
      random.chance(0.97) ? proxySignature(target.secret, query) : random.pick(nastyTexts),
    );
    address = `/${path}?${query.toString()}`;
  } else if (route.startsWith('routes/extension.')) {
    surface = 'extension';
    const isPos = route.startsWith('routes/extension.pos.');
    headers['authorization'] =
      `Bearer ${isPos ? staffToken(random, target) : shopperToken(random, target, shopper)}`;
    address = `/${path}?${query.toString()}`;
  } else {
    if (random.chance(0.95)) headers['authorization'] = `Bearer ${staffToken(random, target)}`;
    const isPage = target.hasPages && random.chance(0.3);
    if (!isPage) query.set('_routes', route);
    if (isIndex) query.set('index', '');
    address = `/${path}${isPage ? '' : '.data'}?${query.toString()}`;
  }
  return {
    surface,
    what: `${sent === undefined ? 'GET' : 'POST'} ${address} ${sent?.body.slice(0, 4_000) ?? ''}`,
    send: () =>
      http(target.webUrl + address, {
        headers,
        ...(sent !== undefined && { method: 'POST', body: sent.body }),
      }),
  };
}

/** The console's forms, by what they hold. */
const consoleForms: readonly { readonly path: string; readonly form: Record<string, string> }[] = [
  { path: '/console/sign-in', form: { login: 'somebody', password: 'correct horse battery' } },
  { path: '/console/code', form: { code: '123456' } },
  { path: '/console/enrol', form: { newPassword: 'correct horse battery staple', code: '123456' } },
  {
    path: '/console/account',
    form: { intent: 'password', currentPassword: 'wrong', newPassword: 'correct horse' },
  },
  {
    path: '/console/account',
    form: { intent: 'authenticator', currentPassword: 'wrong', code: '123456' },
  },
  {
    path: '/console/admins',
    form: { intent: 'invite', username: 'new', email: 'n@example.com', role: 'analyst' },
  },
  {
    path: '/console/admins',
    form: { intent: 'update', adminId: '', role: 'support', status: 'active' },
  },
  { path: '/console/admins', form: { intent: 'reset', adminId: '', username: 'new' } },
  { path: '/console/deliveries', form: { id: '' } },
  { path: '/console/erasures', form: { intent: 'stop', id: '', reason: 'a reason' } },
  { path: '/console/erasures', form: { intent: 'resume', id: '' } },
  { path: '/console/queues', form: { queue: 'webhook', act: 'retry', job: '1' } },
  { path: '/console', form: {} },
];

export function consoleShot(random: Random, target: FuzzTarget): Shot {
  const { path, form } = random.pick(consoleForms);
  const filled = Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      value === '' ? someText(random, target) : value,
    ]),
  );
  const isForm = random.chance(0.75);
  const isSignedIn = random.chance(0.8);
  const { body, type } = bodyOf(
    random,
    { form: filled },
    random.chance(0.9) ? { csrf: target.console.csrf } : {},
  );
  // Any other form there signs out, which would end the run.
  const endsSession =
    path === '/console/account' && !/^intent=(?:password|authenticator)&/.test(body);
  const headers: Record<string, string> = {
    'user-agent': browser,
    ...strayHeaders(random),
    'x-forwarded-for': `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
    ...(isSignedIn && !endsSession && { cookie: target.console.cookie }),
    ...(random.chance(0.95) && { origin: target.webUrl }),
    ...(isForm && { 'content-type': type }),
  };
  const isPage = target.hasPages && random.chance(0.3);
  const address = `${path}${isPage ? '' : '.data'}?${new URLSearchParams(someQuery(random, target)).toString()}`;
  return {
    surface: 'console',
    what: `${isForm ? 'POST' : 'GET'} ${address} ${isForm ? body.slice(0, 4_000) : ''}`,
    send: () => http(target.webUrl + address, { headers, ...(isForm && { method: 'POST', body }) }),
  };
}
