// The classes of OWASP ZAP's passive and active rules, over every route of the manifest in one pass.
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFixtureShop } from '#core/testing/fixture-shop.ts';
import type { FixtureShop } from '#core/testing/fixture-shop.ts';
import { signInAtConsole } from '#e2e/testing/fuzz/console-session.ts';
import { makeConsoleAdmin } from '#infra/local/console-admin.ts';
import { familyOf } from '../request-target.rules.ts';
import {
  proxyPath,
  routeManifest,
  sessionToken,
  shopperToken,
  startTestWeb,
  storeOfflineSession,
} from '../testing/web.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shop: FixtureShop;
let consoleCookie: string;
let answers: readonly Answer[];

interface Answer {
  readonly asked: string;
  readonly probe: string;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const evil = 'evil.example';
/** Would run if it came back as it is in a page. */
const markup = `zap"'><svg/onload=zap()>`;
const injection = `' OR 1=1; SELECT pg_sleep(5)--`;
const traversal = '../../../../../../etc/passwd';

beforeAll(async () => {
  web = await startTestWeb({ routes: /./, documents: true });
  shop = await createFixtureShop(web.core, 'zap');
  await storeOfflineSession(shop.shopDomain);
  const password = await makeConsoleAdmin(web.core.database.appUrl, web.core.env, {
    username: 'zap',
    email: 'zap@example.com',
    role: 'superadmin',
  });

  ({ cookie: consoleCookie } = await signInAtConsole(web.url, 'zap', password ?? ''));
  answers = await pMap(probes(), ask, { concurrency: 8 });
}, 120_000);
afterAll(() => web.stop());

interface Probe {
  readonly name: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Not by fetch, which would normalize a path and refuse some methods. */
function ask({ name, path, method = 'GET', headers = {}, body }: Probe): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(web.url, {
      path,
      method,
      agent: false,
      headers: { 'user-agent': browser, accept: 'text/html', ...headers },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('error', reject);
      answer.once('end', () =>
        resolve({
          asked: `${method} ${path}`,
          probe: name,
          path: path.split('?')[0] ?? '',
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
        }),
      );
    });
    sent.end(body);
  });
}

/** Every address of the manifest, with a value in the place of each parameter. */
function pathsOf(value: string): { id: string; path: string }[] {
  const manifest = routeManifest();
  const full = (id: string | undefined): string => {
    const route = id === undefined ? undefined : manifest[id];
    return route === undefined
      ? ''
      : [full(route.parentId), route.path ?? ''].filter(Boolean).join('/');
  };
  return Object.keys(manifest)
    .filter((id) => id !== 'root')
    .map((id) => ({
      id,
      path: `/${full(id)
        .split('/')
        .map((part) => (part === '*' || part.startsWith(':') ? encodeURIComponent(value) : part))
        .join('/')}`,
    }));
}

/** As those who may ask: staff, a shopper, the storefront by Shopify's proxy, one of the team. */
function asCaller(
  path: string,
  query: Readonly<Record<string, string>> = {},
): Pick<Probe, 'path' | 'headers'> {
  const family = familyOf(path);
  if (family === 'proxy')
    return {
      path: proxyPath(path.replace('/proxy/', ''), {
        shop: shop.shopDomain,
        logged_in_customer_id: '5001',
        ...query,
      }),
    };
  const asked = new URLSearchParams(query).toString();
  const target = asked === '' ? path : `${path}?${asked}`;
  if (family === 'console') return { path: target, headers: { cookie: consoleCookie } };
  const isShoppers = family === 'extension' && !path.startsWith('/extension/pos');
  const token = isShoppers ? shopperToken(shop.shopDomain, '5001') : sessionToken(shop.shopDomain);
  return { path: target, headers: { authorization: `Bearer ${token}` } };
}

/** Values that a page could read of its address, each under names of ours and of other programs. */
const hostile: Readonly<Record<string, string>> = {
  ...under(markup, ['q', 'query', 'cursor', 'kind', 'locale', 'x']),
  ...under(injection, ['from', 'month', 'segment', 'sort', 'status']),
  ...under(`https://${evil}/`, ['redirect', 'return_to', 'url']),
  ...under(`//${evil}/`, ['returnTo', 'next']),
  ...under(`/\\${evil}`, ['to']),
};

function under(value: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, value]));
}

const entity =
  '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>';

/** Of a form that another site posts, or of a proxy that does not overwrite what callers say. */
const forgedHeaders = (): readonly Readonly<Record<string, string>>[] => [
  { origin: `https://${evil}` },
  { origin: 'null' },
  { origin: 'no address' },
  { origin: web.url, 'x-forwarded-host': `${evil}, x` },
];

/** What is asked of one address: the document where it matters, otherwise its data, which costs less. */
function probesOf(path: string): Probe[] {
  const called = asCaller(path);
  const byCaller = { ...called.headers };
  const data = asCaller(familyOf(path) === 'proxy' ? path : `${path}.data`, hostile);
  const foreign = { origin: `https://${evil}`, 'x-forwarded-host': evil };
  const away = new URLSearchParams({
    ...under(evil, ['shop', 'host']),
    exitIframe: `https://${evil}/`,
  });
  return [
    { name: 'no one', path: `${path}?${away.toString()}` },
    { name: 'no one', path: `${path}.data` },
    { name: 'caller', ...called, headers: { ...byCaller, ...foreign } },
    { name: 'hostile', ...asCaller(path, hostile) },
    {
      name: 'preflight',
      path,
      method: 'OPTIONS',
      headers: { ...foreign, 'access-control-request-method': 'POST' },
    },
    ...['PUT', 'DELETE', 'TRACE'].map((method) => ({
      name: 'verb',
      ...data,
      method,
      headers: { ...byCaller, 'x-http-method-override': 'POST' },
    })),
    ...forgedHeaders().map((forged) => ({
      name: 'foreign form',
      path: `${path}.data`,
      method: 'POST',
      headers: { ...byCaller, ...forged, 'x-forwarded-proto': markup },
      body: 'intent=x',
    })),
    // A form there signs out the one who sends it.
    ...(path === '/console' || path.startsWith('/console/account')
      ? []
      : ['application/json', 'text/xml'].map((type) => ({
          name: 'content type',
          ...data,
          method: 'POST',
          headers: { ...byCaller, 'content-type': type },
          body: entity,
        }))),
  ];
}

const filesOfTheServer: readonly string[] = [
  '/assets/../../package.json',
  '/assets/..%2f..%2fpackage.json',
  '/assets/%2e%2e/%2e%2e/package.json',
  '/widget-assets/../../.env',
  '/widget-assets/..%2f..%2fpackage.json',
  '/..%5c..%5cpackage.json',
  '/.env',
  '/.git/config',
  '/package.json',
  '/core/main.ts',
  '/build/server/index.js',
];

function probes(): Probe[] {
  const own = [...new Set(pathsOf(shop.belongings['customer_id'] ?? '').map(({ path }) => path))];
  const parameters = [markup, injection, traversal].flatMap((value) =>
    pathsOf(value).filter(({ path }) => !own.includes(path)),
  );
  return [
    ...own.flatMap(probesOf),
    ...parameters.map(({ path }) => ({ name: 'hostile', ...asCaller(path) })),
    ...['PATCH', 'PROPFIND', 'MKCOL'].map((method) => ({ name: 'verb', path: '/app', method })),
    ...filesOfTheServer.map((path) => ({ name: 'file', path })),
  ];
}

const isPage = ({ headers }: Answer) => headers['content-type']?.startsWith('text/html') === true;
const wrong = (isWrong: (answer: Answer) => boolean) =>
  answers.filter(isWrong).map(({ probe, asked, status }) => `${probe}: ${asked} ${status}`);
const header = ({ headers }: Answer, name: string) => String(headers[name] ?? '');

describe('every answer of every route', () => {
  test('comes from a route of the manifest that was asked in each way', () => {
    expect(new Set(answers.map(({ path }) => path)).size).toBeGreaterThan(50);
    expect(answers.length).toBeGreaterThan(500);
    // Pages are rendered as in production, or nothing here would be seen of them.
    const rendered = answers.filter(
      (each) => each.probe === 'caller' && isPage(each) && each.status === 200,
    );
    expect(rendered.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/', '/app/customers', '/console/queues']),
    );
  });

  test('requires HTTPS, is not sniffed, and names no software', () => {
    expect(
      wrong((each) => !/max-age=\d{8}/.test(header(each, 'strict-transport-security'))),
    ).toEqual([]);
    expect(wrong((each) => header(each, 'x-content-type-options') !== 'nosniff')).toEqual([]);
    expect(wrong((each) => header(each, 'referrer-policy') === '')).toEqual([]);
    expect(wrong(({ headers }) => 'x-powered-by' in headers || 'server' in headers)).toEqual([]);
  });

  test('says what it contains', () => {
    expect(wrong((each) => each.text !== '' && header(each, 'content-type') === '')).toEqual([]);
    const looksLikePage = (text: string) => /^\s*<(!doctype|html)/i.test(text);
    expect(wrong((each) => looksLikePage(each.text) && !isPage(each))).toEqual([]);
    expect(
      wrong((each) => isPage(each) && !/charset=utf-8/i.test(header(each, 'content-type'))),
    ).toEqual([]);
  });

  test('is kept by no cache where it may be personal', () => {
    const isPersonal = ({ path }: Answer) =>
      /\.data$/.test(path) ||
      ['app', 'auth', 'console', 'extension', 'proxy', 'webhooks'].includes(familyOf(path) ?? '');
    expect(
      wrong(
        (each) =>
          isPersonal(each) && !/no-store|private|no-cache/.test(header(each, 'cache-control')),
      ),
    ).toEqual([]);
    expect(
      wrong((each) => isPersonal(each) && /public/.test(header(each, 'cache-control'))),
    ).toEqual([]);
  });

  test('shows no error of the program, statement or file of ours', () => {
    const inner =
      /\n\s+at .+:\d+:\d+|node_modules|[\w-]+\.tsx?:\d+|SQLSTATE|syntax error at or near|invalid input syntax|PrismaClient|"stack"|violates \w+ constraint/i;
    expect(wrong(({ text }) => inner.test(text))).toEqual([]);
  });

  test('is no failure of the server, whatever was asked', () => {
    expect(wrong(({ status }) => status >= 500)).toEqual([]);
  });

  test('sets cookies only for HTTPS, hidden from scripts, and says to which sites they go', () => {
    const cookies = answers.flatMap(({ headers }) => headers['set-cookie'] ?? []);
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=(Strict|Lax|None)/i);
      // In development the console is on plain HTTP; the language lives in Shopify's frame.
      if (/SameSite=None/i.test(cookie)) expect(cookie).toMatch(/; Secure/i);
    }
  });
});

describe('a page', () => {
  test('is framed by Shopify’s admin and by this shop’s, or by no one', () => {
    const pages = answers.filter(isPage);
    expect(pages.length).toBeGreaterThan(70);
    for (const each of pages) {
      const frames =
        /frame-ancestors ([^;]*)/.exec(header(each, 'content-security-policy'))?.[1] ?? '';
      expect(frames, each.asked).not.toBe('');
      for (const site of frames.trim().split(/\s+/))
        expect(site, each.asked).toMatch(
          /^('none'|https:\/\/[\w-]+\.myshopify\.com|https:\/\/admin\.shopify\.com|https:\/\/\*\.spin\.dev|https:\/\/admin\.myshopify\.io|https:\/\/admin\.shop\.dev)$/,
        );
      expect(frames, each.asked).not.toContain(evil);
    }
  });

  test('of the console runs its own scripts alone, by a nonce for each answer', () => {
    // What the gate refuses is no page.
    const pages = answers.filter(
      (each) => familyOf(each.path) === 'console' && each.status !== 405,
    );
    expect(pages.length).toBeGreaterThan(40);
    const nonces = pages.map((each) => {
      const policy = header(each, 'content-security-policy');
      expect(policy, each.asked).toMatch(
        /^default-src 'none'; script-src 'self' 'nonce-[\w+/=]{20,}';/,
      );
      expect(policy, each.asked).not.toMatch(/unsafe-|\*/);
      expect(policy, each.asked).toContain("frame-ancestors 'none'");
      expect(header(each, 'x-frame-options'), each.asked).toBe('DENY');
      return policy;
    });
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  test('loads nothing over plain HTTP, and scripts only from here and Shopify', () => {
    const sources = (text: string) =>
      [
        ...text.matchAll(
          /<(?:script|img|link|iframe|form)\b[^>]*\b(?:src|href|action)="([^"]*)"/gi,
        ),
      ].map(([, source = '']) => source);
    const isOurs = (source: string) =>
      /^(\/(?!\/)|#|\?|data:|https:\/\/cdn\.shopify\.com\/)/.test(source) || source === '';
    for (const each of answers.filter(isPage))
      expect(
        sources(each.text).filter((source) => !isOurs(source)),
        each.asked,
      ).toEqual([]);
  });
});

describe('input', () => {
  test('never comes back as markup', () => {
    expect(wrong((each) => isPage(each) && each.text.includes('<svg/onload=zap'))).toEqual([]);
  });

  test('never sends a browser to another site', () => {
    const isElsewhere = (each: Answer) => {
      const to = header(each, 'location');
      return to !== '' && new URL(to, 'https://app.example').host.includes(evil);
    };
    expect(wrong(isElsewhere)).toEqual([]);
    expect(
      wrong(
        (each) =>
          isPage(each) &&
          new RegExp(`(location[^\\n]{0,20}|href=")(https:)?//${evil}`).test(each.text),
      ),
    ).toEqual([]);
  });

  test('opens no file of the server', () => {
    expect(wrong((each) => each.probe === 'file' && ![403, 404].includes(each.status))).toEqual([]);
    expect(
      wrong(({ text }) => text.includes('root:x:0') || text.includes('"devDependencies"')),
    ).toEqual([]);
  });
});

describe('another site', () => {
  test('reads nothing but what extensions ask for, and never with cookies', () => {
    const allowed = (each: Answer) => header(each, 'access-control-allow-origin');
    expect(wrong((each) => allowed(each) !== '' && familyOf(each.path) !== 'extension')).toEqual(
      [],
    );
    expect(wrong((each) => allowed(each).includes(evil))).toEqual([]);
    expect(wrong((each) => header(each, 'access-control-allow-credentials') !== '')).toEqual([]);
  });

  test('posts no form to our pages', () => {
    const forms = answers.filter(({ probe }) => probe === 'foreign form');
    expect(forms.length).toBeGreaterThan(100);
    expect(forms.filter(({ status }) => status !== 403).map(({ asked }) => asked)).toEqual([]);
  });

  test('changes nothing by a method that no route has', () => {
    expect(wrong((each) => each.probe === 'verb' && each.status !== 405)).toEqual([]);
    expect(
      wrong((each) => each.probe === 'verb' && each.text.toLowerCase().includes('authorization:')),
    ).toEqual([]);
  });
});
