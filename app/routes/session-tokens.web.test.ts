import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  deliver,
  proxyPath,
  secret,
  sessionToken,
  shop,
  shopperToken,
  startTestWeb,
  storeOfflineSession,
} from '../testing/web.ts';
import type { TokenChanges } from '../testing/web.ts';

const previous = 'the-secret-before-the-present-one';
let web: Awaited<ReturnType<typeof startTestWeb>>;
let customerId: string;
const memberId = '5001';

beforeAll(async () => {
  process.env['SHOPIFY_API_SECRET_PREVIOUS'] = previous;
  web = await startTestWeb({ routes: /\/(app|auth|extension|proxy|webhooks)/ });
  const store = await web.core.installShop(shop);
  await storeOfflineSession(shop);
  ({ customerId } = await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: memberId, firstName: 'Ada Lovelace', state: 'enabled' },
    trigger: 'created',
  }));
}, 60_000);
afterAll(async () => {
  delete process.env['SHOPIFY_API_SECRET_PREVIOUS'];
  await web.stop();
});

const browser = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

const ask = (path: string, token: string, init: RequestInit = {}) =>
  fetch(`${web.url}/${path}`, {
    redirect: 'manual',
    ...init,
    headers: { 'user-agent': browser, authorization: `Bearer ${token}` },
  });
const adjust = (token: string) =>
  ask(`app/customers/${customerId}.data`, token, {
    method: 'POST',
    body: new URLSearchParams({ intent: 'adjust', points: '500', reason: 'x', key: 'k-1' }),
  });
async function balance(): Promise<number> {
  const { rows } = await web.core.outside.query<{ balance: string }>(
    'SELECT coalesce(sum(balance), 0) AS balance FROM points_balances WHERE customer_id = $1',
    [customerId],
  );
  return Number(rows[0]?.balance);
}

const staff = (claims: Record<string, unknown>, changes: TokenChanges = {}) =>
  sessionToken(shop, { ...changes, claims });
/** Tokens that Shopify signs for others, and ones it would never sign. */
const notOfStaff: readonly [string, () => string][] = [
  ['a guest’s of the checkout', () => shopperToken(shop, '')],
  ['a customer’s', () => shopperToken(shop, memberId)],
  [
    'a guest’s with an address',
    () => shopperToken(shop, '', { claims: { dest: `https://${shop}` } }),
  ],
  ['one without sub', () => staff({ sub: undefined })],
  ['one whose sub is no number', () => staff({ sub: 'gid://shopify/Customer/1' })],
  ['one whose sub is negative', () => staff({ sub: '-1' })],
  ['one without iss', () => staff({ iss: undefined })],
  ['one of another shop’s iss', () => staff({ iss: 'https://other.myshopify.com/admin' })],
  ['one whose iss is not the admin', () => staff({ iss: `https://${shop}` })],
  ['one whose dest has no scheme', () => staff({ dest: shop, iss: `${shop}/admin` })],
  [
    'one whose dest has a path',
    () => staff({ dest: `https://${shop}/x`, iss: `https://${shop}/x/admin` }),
  ],
  [
    'one whose dest is not a shop',
    () => staff({ dest: 'https://evil.example', iss: 'https://evil.example/admin' }),
  ],
  ['one that never ends', () => staff({ exp: undefined })],
  ['one for another app', () => staff({ aud: 'another-app' })],
  ['one that has ended', () => staff({ exp: 1_700_000_000 })],
  ['one of another secret', () => staff({}, { key: 'another secret entirely' })],
];

describe('staff pages', () => {
  test.each(notOfStaff)('refuse any other token: %s', async (_, token) => {
    const before = await balance();
    expect((await adjust(token())).status).toBe(401);
    const page = await ask('app/customers.data', token());
    expect([401, 302, 410]).toContain(page.status);
    expect(await page.text()).not.toContain('Lovelace');
    const inAddress = await fetch(
      `${web.url}/app/customers?shop=${shop}&host=YWRtaW4&embedded=1&id_token=${token()}`,
      { headers: { 'user-agent': browser }, redirect: 'manual' },
    );
    expect(inAddress.status).not.toBe(200);
    expect(await balance()).toBe(before);
  });

  test('accept a staff token, also signed with the previous secret', async () => {
    expect((await ask('app/customers.data', sessionToken(shop))).status).toBe(200);
    expect((await ask('app/customers.data', sessionToken(shop, { key: previous }))).status).toBe(
      200,
    );
  });
});

describe('customer surfaces', () => {
  test('refuse a staff token, whatever subject it has', async () => {
    for (const claims of [{}, { sub: `gid://shopify/Customer/${memberId}` }, { dest: shop }])
      for (const path of ['extension/widget', 'extension/history'])
        expect((await ask(path, staff(claims))).status, path).toBe(401);
  });

  test('accept a customer’s token under either secret', async () => {
    for (const key of [secret, previous])
      expect((await ask('extension/widget', shopperToken(shop, memberId, { key }))).status).toBe(
        200,
      );
  });
});

describe('the POS', () => {
  const member = `extension/pos/member?customer=${memberId}`;
  test.each(notOfStaff)('refuses any other token: %s', async (_, token) => {
    expect((await ask(member, token())).status).toBe(401);
  });

  test('may read members and redeem points, and nothing else, although its token looks like the admin’s', async () => {
    expect((await ask(member, sessionToken(shop))).status).toBe(200);
    const { rows } = await web.core.outside.query<{ merchant_id: string }>(
      'SELECT merchant_id FROM merchants WHERE shopify_domain = $1',
      [shop],
    );
    const merchant = rows[0]?.merchant_id ?? '';
    const pos = web.core.clients({ merchant, actor: 'staff:42', scopes: ['pos:points'] });
    const refused = { code: 'forbidden' };
    await expect(
      pos.points.adjustPoints({ customerId, points: 5, reason: 'x', idempotencyKey: 'pos' }),
    ).rejects.toMatchObject(refused);
    await expect(pos.points.earnPoints({})).rejects.toMatchObject(refused);
    await expect(pos.admin.getCustomers({})).rejects.toMatchObject(refused);
    await expect(pos.admin.submitGdprRequest({})).rejects.toMatchObject(refused);
  });
});

describe('while the app’s secret is changed', () => {
  test('deliveries and proxied requests are accepted under both, and under no third', async () => {
    const { createHmac } = await import('node:crypto');
    const body = '{"id":1}';
    const signed = (key: string) =>
      deliver(web.url, {
        body,
        headers: {
          'x-shopify-hmac-sha256': createHmac('sha256', key).update(body).digest('base64'),
        },
      });
    const proxied = (key: string) => fetch(web.url + proxyPath('widget', {}, key));
    for (const key of [secret, previous]) {
      expect((await signed(key)).status).toBe(200);
      expect((await proxied(key)).status).toBe(200);
    }
    expect((await signed('a third')).status).toBe(401);
    expect((await proxied('a third')).status).toBe(401);
  });
});

describe('the bounce page', () => {
  test.each(['evil.example', '*', `${shop} https://evil.example`, 'x; script-src *', ''])(
    'names no other site in frame-ancestors: %s',
    async (named) => {
      for (const path of ['auth/session-token', 'auth/exit-iframe', 'app', 'app/customers']) {
        const response = await fetch(
          `${web.url}/${path}?${new URLSearchParams({ shop: named, host: 'x' }).toString()}`,
          { headers: { 'user-agent': browser }, redirect: 'manual' },
        );
        const policy = response.headers.get('content-security-policy') ?? '';
        expect(policy).not.toMatch(/evil|\*;|script-src \*/);
        expect(response.status).not.toBe(200);
      }
    },
  );

  test('is served for a shop', async () => {
    const response = await fetch(`${web.url}/auth/session-token?shop=${shop}`, {
      headers: { 'user-agent': browser },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain(`https://${shop}`);
  });
});
