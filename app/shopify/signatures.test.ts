import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isSignedWebhook, readProxyRequest } from './signatures.server.ts';

const secret = 'demo-client-secret';
const now = 1_790_000_000_000;

function signed(parameters: Record<string, string | string[]>, key = secret): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    for (const one of [value].flat()) query.append(name, one);
  const text = [...new Set(query.keys())]
    .map((name) => `${name}=${query.getAll(name).join(',')}`)
    .sort()
    .join('');
  query.append('signature', createHmac('sha256', key).update(text).digest('hex'));
  return query;
}

const usual = {
  shop: 'demo-store.myshopify.com',
  path_prefix: '/apps/loyalnest',
  timestamp: String(now / 1000),
  logged_in_customer_id: '7001',
};

describe('a delivery', () => {
  const body = Buffer.from('{"id":1,"name":"Ünïcode ✓"}');
  const signature = createHmac('sha256', secret).update(body).digest('base64');

  test('is accepted when Shopify signed exactly these bytes', () => {
    expect(isSignedWebhook(body, signature, secret)).toBe(true);
  });

  test.each([
    ['a body changed by one byte', Buffer.from('{"id":2,"name":"Ünïcode ✓"}'), signature],
    ['no signature', body, null],
    ['an empty signature', body, ''],
    ['a signature in hex', body, createHmac('sha256', secret).update(body).digest('hex')],
    [
      'a signature of another secret',
      body,
      createHmac('sha256', 'another secret').update(body).digest('base64'),
    ],
    ['a signature with something after it', body, `${signature}AAAA`],
  ])('is refused with %s', (_name, bytes, given) => {
    expect(isSignedWebhook(bytes, given, secret)).toBe(false);
  });
});

describe('a storefront request', () => {
  test('is signed as in the example of Shopify’s documentation', () => {
    const query = new URLSearchParams(
      'extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb',
    );
    expect(readProxyRequest(query, ['hush'], 1_317_327_555_000)).toEqual({
      shop: 'shop-name.myshopify.com',
      shopifyCustomerId: '1',
      pathPrefix: '/apps/awesome_reviews',
    });
  });

  test('has the shop and the shopper that Shopify signed', () => {
    expect(readProxyRequest(signed(usual), [secret], now)).toEqual({
      shop: 'demo-store.myshopify.com',
      shopifyCustomerId: '7001',
      pathPrefix: '/apps/loyalnest',
    });
  });

  test('of a guest has no shopper', () => {
    expect(
      readProxyRequest(signed({ ...usual, logged_in_customer_id: '' }), [secret], now),
    ).toMatchObject({ shopifyCustomerId: '' });
  });

  test('may have extra parameters, in any letter case', () => {
    const query = signed({ ...usual, Zebra: '1', alpha: '2', Beta_2: 'x y', locale: 'fr-CA' });
    expect(readProxyRequest(query, [secret], now)).toMatchObject({ shopifyCustomerId: '7001' });
  });

  test('is refused when a parameter was changed, added or dropped', () => {
    const changed = signed(usual);
    changed.set('logged_in_customer_id', '7002');
    const added = signed(usual);
    added.append('logged_in_customer_id', '7002');
    const dropped = signed(usual);
    dropped.delete('path_prefix');
    for (const query of [changed, added, dropped])
      expect(readProxyRequest(query, [secret], now)).toBe('wrong_signature');
  });

  test('is refused when it names the shopper twice, although signed', () => {
    expect(
      readProxyRequest(
        signed({ ...usual, logged_in_customer_id: ['7001', '7002'] }),
        [secret],
        now,
      ),
    ).toBe('wrong_signature');
  });

  test('is refused without a signature, with two, and with one of another secret', () => {
    expect(readProxyRequest(new URLSearchParams(usual), [secret], now)).toBe('unsigned');
    const twice = signed(usual);
    twice.append('signature', twice.get('signature') ?? '');
    expect(readProxyRequest(twice, [secret], now)).toBe('unsigned');
    expect(readProxyRequest(signed(usual, 'another secret'), [secret], now)).toBe(
      'wrong_signature',
    );
  });

  test('is refused when it is older or newer than 90 seconds, or has no time', () => {
    expect(readProxyRequest(signed(usual), [secret], now + 90_000)).toMatchObject({
      shop: 'demo-store.myshopify.com',
    });
    expect(readProxyRequest(signed(usual), [secret], now + 91_000)).toBe('stale');
    expect(readProxyRequest(signed(usual), [secret], now - 91_000)).toBe('stale');
    expect(readProxyRequest(signed({ shop: usual.shop }), [secret], now)).toBe('stale');
  });

  test('is refused for a host that is not a Shopify shop', () => {
    expect(readProxyRequest(signed({ ...usual, shop: 'evil.example' }), [secret], now)).toBe(
      'wrong_signature',
    );
  });
});

test('a proxied request signed with the previous secret is accepted while both are configured, and not after', () => {
  const query = signed(usual);
  expect(readProxyRequest(query, ['a new secret of the app', secret], now)).toMatchObject({
    shopifyCustomerId: '7001',
  });
  expect(readProxyRequest(query, ['a new secret of the app'], now)).toBe('wrong_signature');
});
