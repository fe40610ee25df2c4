import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from './admin-graphql/execute.ts';
import { type Emulator, startEmulator } from './emulator.ts';
import { type ListeningApp, startListeningApp } from './testing-app.ts';
import { tokenEndpoint } from './tokens.ts';
import { AdminGraphql } from './admin-graphql/execute.ts';

const SECRET = 'demo-client-secret';
const SHOP = 'demo-store.myshopify.com';
let app: ListeningApp;
let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'emulator-test-'));
  for (const name of ['blocks', 'snippets', 'locales', 'assets'])
    mkdirSync(join(folder, 'theme', name), { recursive: true });
  const write = (path: string, content: string): void => {
    writeFileSync(join(folder, 'theme', path), content);
  };
  write(
    'blocks/points.liquid',
    `{% if customer %}<b>{{ 'points' | t: count: customer.metafields['$app:loyalnest'].balance.value, name: customer.first_name }}</b>{% else %}{{ 'guest' | t }}{% endif %}{% render 'mark' %}
{% schema %}{"name":"Points","target":"section","settings":[]}{% endschema %}`,
  );
  write(
    'blocks/embed.liquid',
    `<i id="embed">{{ block.settings.side }}</i>{% schema %}{"name":"Embed","target":"body","javascript":"x.js","settings":[{"type":"text","id":"side","default":"end"}]}{% endschema %}`,
  );
  write('snippets/mark.liquid', '<u>mark</u>');
  write('assets/x.js', '1');
  write(
    'locales/en.default.json',
    JSON.stringify({
      points: { one: '{{ name }}: 1 point', other: '{{ name }}: {{ count }} points' },
      guest: 'Join in',
    }),
  );
  write('locales/fr.json', JSON.stringify({ guest: 'Participez' }));
  app = await startListeningApp();
  emulator = await startEmulator({
    appUrl: app.url,
    themeDir: join(folder, 'theme'),
    retryScale: 0,
    bulkDelayMs: 1,
  });
});
afterAll(async () => {
  await emulator.stop();
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await emulator.control('reset');
  app.received.length = 0;
  app.answers.clear();
});

interface OrderAnswer {
  order: Record<string, unknown> & { id: number; line_items: { id: number }[] };
}
const order = async (body: Record<string, unknown>): Promise<OrderAnswer> =>
  (await emulator.control('order', { wait: true, ...body })) as unknown as OrderAnswer;
const graphql = async (
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphqlAnswer> => new AdminGraphql(emulator.world).answer({ query, variables });
const codes = (answer: GraphqlAnswer): unknown[] =>
  (answer.errors ?? []).map(
    (error) => (error as { extensions?: { code?: string } }).extensions?.code,
  );
const exchange = (
  body: Record<string, unknown>,
): { status: number; body: Record<string, unknown> } =>
  tokenEndpoint(emulator.world, SHOP, {
    client_id: 'demo-client-id',
    client_secret: SECRET,
    ...body,
  });
const exchangeIdToken = (token: string): ReturnType<typeof exchange> =>
  exchange({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    expiring: '1',
  });

describe('the Admin API', () => {
  test('refuses a field that the published schema does not have', async () => {
    const answer = await graphql('{ shop { primaryLocale } }');
    expect(codes(answer)).toEqual(['undefinedField']);
    expect(answer.data).toBeUndefined();
  });
  test('answers a field it does not model with an error, never with null alone', async () => {
    expect(codes(await graphql('{ shop { accountOwner { id } } }'))).toEqual(['NOT_MODELED']);
    expect(codes(await graphql('{ draftOrders(first: 1) { nodes { id } } }'))).toEqual([
      'NOT_MODELED',
    ]);
  });
  test('refuses what the granted scopes do not cover', async () => {
    expect(codes(await graphql('{ products(first: 1) { nodes { id } } }'))).toEqual([
      'ACCESS_DENIED',
    ]);
    await emulator.control('install', { scopes: ['read_customers'] });
    const answer = await graphql(
      'mutation { tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { userErrors { message } } }',
    );
    expect(codes(answer)).toEqual(['ACCESS_DENIED']);
  });
  test('refuses values of the wrong type', async () => {
    const answer = await graphql('query ($n: Int) { customers(first: $n) { nodes { id } } }', {
      n: 'two',
    });
    expect(codes(answer)).toEqual(['INVALID_VARIABLE']);
  });
  test('throttles by cost once the bucket is empty, and says what is left', async () => {
    const api = new AdminGraphql(emulator.world);
    const query =
      '{ customers(first: 250) { nodes { id displayName orders(first: 5) { nodes { id } } } } }';
    let throttled: GraphqlAnswer | undefined;
    for (let i = 0; i < 30 && !throttled; i++) {
      api.bucket.take('basic', 100);
      const answer = await api.answer({ query });
      if (codes(answer).includes('THROTTLED')) throttled = answer;
    }
    expect(throttled?.extensions?.cost.actualQueryCost).toBeNull();
    expect(throttled?.extensions?.cost.throttleStatus).toMatchObject({
      maximumAvailable: 2000,
      restoreRate: 100,
    });
    expect(codes(await graphql(query.replace('first: 5', 'first: 250')))).toEqual([
      'MAX_COST_EXCEEDED',
    ]);
  });
  test('pages through customers with cursors', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const answer: GraphqlAnswer = await graphql(
        'query ($after: String) { customers(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      const page = answer.data?.['customers'] as {
        nodes: { id: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      seen.push(...page.nodes.map((node) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen).size).toBe(emulator.world.data.customers.size);
  });
  test('finds orders updated since a moment', async () => {
    const since = emulator.world.clock.iso(emulator.world.clock.now() - 60_000);
    const made = await order({ total: '12.00' });
    const answer = await graphql(
      `{ orders(first: 10, query: "updated_at:>'${since}'") { nodes { legacyResourceId subtotalPriceSet { shopMoney { amount } } } } }`,
    );
    expect(answer.data?.['orders']).toEqual({
      nodes: [
        {
          legacyResourceId: String(made.order.id),
          subtotalPriceSet: { shopMoney: { amount: '12.0' } },
        },
      ],
    });
  });
  test('runs a bulk query with nested orders and says when it is finished', async () => {
    const answer = await graphql(
      'mutation { bulkOperationRunQuery(groupObjects: false, query: "{ customers { edges { node { id orders { edges { node { id } } } } } } }") { bulkOperation { id } userErrors { message } } }',
    );
    expect(answer.data?.['bulkOperationRunQuery']).toMatchObject({ userErrors: [] });
    await expect
      .poll(() => app.received.find((one) => one.path === '/webhooks/bulk_operations/finish'))
      .toBeDefined();
    const [operation] = emulator.world.data.bulk;
    expect(operation).toMatchObject({
      status: 'COMPLETED',
      rootObjectCount: emulator.world.data.customers.size,
      objectCount: emulator.world.data.customers.size + emulator.world.data.orders.size,
    });
  });
  test('refuses a bulk query with a connection inside a list', async () => {
    const answer = await graphql(
      'mutation { bulkOperationRunQuery(groupObjects: false, query: "{ orders { edges { node { id refunds { id refundLineItems(first: 5) { edges { node { id } } } } } } } }") { bulkOperation { id } userErrors { code } } }',
    );
    expect(answer.data?.['bulkOperationRunQuery']).toEqual({
      bulkOperation: null,
      userErrors: [{ code: 'INVALID' }],
    });
  });
});

describe('tokens', () => {
  test('a session token is exchanged for an expiring offline token', () => {
    const answer = exchangeIdToken(emulator.idToken());
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7_776_000 });
  });
  test('a forged session token is refused', () => {
    const [header = '', payload = ''] = emulator.idToken().split('.');
    const forged = createHmac('sha256', 'another secret')
      .update(`${header}.${payload}`)
      .digest('base64url');
    expect(exchangeIdToken(`${header}.${payload}.${forged}`)).toMatchObject({
      status: 400,
      body: { error: 'invalid_subject_token' },
    });
  });
  test('a refresh token works once', () => {
    const first = exchangeIdToken(emulator.idToken());
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: first.body['refresh_token'],
    };
    expect(exchange(refresh).status).toBe(200);
    expect(exchange(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
  test('nothing is exchanged once the app is uninstalled', async () => {
    await emulator.control('uninstall');
    expect(exchangeIdToken(emulator.idToken()).status).toBe(400);
  });
});

describe('webhooks', () => {
  test('are signed over the raw bytes, with all of the headers', async () => {
    await order({ total: '100.00' });
    const paid = app.received.find((one) => one.path === '/webhooks/orders/paid');
    const signature = createHmac('sha256', SECRET)
      .update(paid?.body ?? '')
      .digest('base64');
    expect(paid?.headers).toMatchObject({
      'x-shopify-hmac-sha256': signature,
      'x-shopify-topic': 'orders/paid',
      'x-shopify-shop-domain': SHOP,
      'x-shopify-api-version': '2026-10',
    });
    for (const name of ['webhook-id', 'event-id', 'triggered-at'])
      expect(paid?.headers[`x-shopify-${name}`]).toBeTruthy();
  });
  test('are retried after a refusal, with the same id', async () => {
    app.answers.set('/webhooks/orders/paid', [503, 500]);
    await order({ total: '10.00' });
    const tries = (): string[] =>
      app.received
        .filter((one) => one.path === '/webhooks/orders/paid')
        .map((one) => String(one.headers['x-shopify-webhook-id']));
    await expect.poll(() => tries().length, { timeout: 3000 }).toBe(3);
    expect(new Set(tries()).size).toBe(1);
  });
  test('can be sent many times, late, badly signed or unsigned', async () => {
    const deliver = { topic: 'orders/paid', body: { id: 1 } };
    const many = await emulator.control('deliver', { ...deliver, times: 10 });
    expect(many['statuses']).toEqual(Array.from({ length: 10 }, () => 200));
    await emulator.control('deliver', { ...deliver, signature: 'bad' });
    await emulator.control('deliver', { ...deliver, signature: 'missing' });
    const [bad, missing] = app.received.slice(-2);
    const right = createHmac('sha256', SECRET)
      .update(bad?.body ?? '')
      .digest('base64');
    expect(bad?.headers['x-shopify-hmac-sha256']).not.toBe(right);
    expect(missing?.headers['x-shopify-hmac-sha256']).toBeUndefined();
  });
  test('shop/redact is sent two days after the app was uninstalled', async () => {
    await emulator.control('uninstall', { wait: true });
    expect(await emulator.control('clock', { hours: 47 })).toMatchObject({ fired: [] });
    expect(await emulator.control('clock', { hours: 1 })).toMatchObject({ fired: ['shop/redact'] });
  });
});

describe('orders', () => {
  test('a refund of half is half of the money, and whole lines are refunded as lines', async () => {
    const made = await order({ lines: [{ product: 'stoneware-cup', quantity: 2 }] });
    const half = await emulator.control('refund', { order: made.order.id, fraction: 0.5 });
    expect(half['refund']).toMatchObject({
      transactions: [{ amount: '24.00' }],
      order_adjustments: [{ amount: '-24.00' }],
    });
    const other = await order({ lines: [{ product: 'stoneware-cup', quantity: 2 }] });
    const one = await emulator.control('refund', {
      order: other.order.id,
      lines: [{ index: 0, quantity: 1 }],
    });
    expect(one['refund']).toMatchObject({
      refund_line_items: [{ quantity: 1, subtotal: 24 }],
      order_adjustments: [],
    });
    expect(one['order']).toMatchObject({
      current_subtotal_price: '24.00',
      subtotal_price: '48.00',
      financial_status: 'partially_refunded',
    });
    await expect(
      emulator.control('refund', { order: other.order.id, amount: '30.00' }),
    ).rejects.toThrow(/left to refund/);
  });
  test('an order is paid, edited and cancelled with the topics Shopify sends', async () => {
    const made = await order({ total: '30.00', paid: false, customer: null });
    expect(made.order).toMatchObject({ financial_status: 'pending', customer: null });
    await emulator.control('pay', { order: made.order.id, wait: true });
    await emulator.control('edit', {
      order: made.order.id,
      add: [{ title: 'Extra', price: '5.00' }],
      wait: true,
    });
    await emulator.control('cancel', { order: made.order.id, wait: true });
    const topics = new Set(app.received.map((one) => one.headers['x-shopify-topic']));
    for (const topic of [
      'orders/create',
      'orders/updated',
      'orders/paid',
      'orders/edited',
      'refunds/create',
      'orders/cancelled',
    ])
      expect(topics).toContain(topic);
  });
  test('a foreign currency is stored beside the shop’s amount', async () => {
    const made = await order({ total: '92.00', currency: 'EUR' });
    expect(made.order).toMatchObject({
      currency: 'USD',
      presentment_currency: 'EUR',
      total_price: '100.00',
      total_price_set: { presentment_money: { amount: '92.00', currency_code: 'EUR' } },
    });
  });
  test('a code created by the API works at the checkout, once', async () => {
    const [customer] = emulator.world.data.customers.values();
    const answer = await graphql(
      'mutation ($d: DiscountCodeBasicInput!) { discountCodeBasicCreate(basicCodeDiscount: $d) { userErrors { message } } }',
      {
        d: {
          title: 'Five off',
          code: 'FIVE',
          startsAt: '2026-01-01T00:00:00Z',
          usageLimit: 1,
          context: { customers: { add: [`gid://shopify/Customer/${customer?.id ?? 0}`] } },
          customerGets: {
            value: { discountAmount: { amount: '5.00', appliesOnEachItem: false } },
            items: { all: true },
          },
        },
      },
    );
    expect(answer).toMatchObject({ data: { discountCodeBasicCreate: { userErrors: [] } } });
    const made = await order({ subtotal: '50.00', discount_code: 'five', customer: customer?.id });
    expect(made.order).toMatchObject({
      subtotal_price: '45.00',
      discount_codes: [{ code: 'FIVE', amount: '5.00' }],
    });
    await expect(order({ subtotal: '50.00', discount_code: 'FIVE' })).rejects.toThrow(/limit/);
    await expect(
      order({ subtotal: '50.00', discount_code: 'FIVE', customer: null }),
    ).rejects.toThrow();
  });
});

describe('the shop', () => {
  const visit = async (path: string, cookie = ''): Promise<string> =>
    (await fetch(`${emulator.shellUrl}${path}`, { headers: { cookie } })).text();
  const signIn = async (email: string): Promise<string> => {
    const response = await fetch(`${emulator.storeUrl}/account/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ customer: email }),
    });
    return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  };

  test("renders the extension's Liquid for guests and in their language", async () => {
    const english = await visit('/store');
    expect(english).toContain('Join in<u>mark</u>');
    expect(english).toContain('<i id="embed">end</i>');
    expect(english).toContain('<script src="/_assets/x.js" defer></script>');
    expect(await visit('/store/fr')).toContain('Participez');
  });
  test('renders a balance from a metafield that storefronts may read', async () => {
    const [customer] = emulator.world.data.customers.values();
    const set = {
      ownerId: `gid://shopify/Customer/${customer?.id ?? 0}`,
      namespace: '$app:loyalnest',
      key: 'balance',
      type: 'number_integer',
      value: '120',
    };
    const write =
      'mutation ($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { userErrors { message } } }';
    await graphql(write, { m: [set] });
    const cookie = await signIn('ada@shopper.example');
    expect(await visit('/store', cookie)).not.toContain('120 points');
    await graphql(
      'mutation ($d: MetafieldDefinitionInput!) { metafieldDefinitionCreate(definition: $d) { userErrors { message } } }',
      {
        d: {
          name: 'Balance',
          namespace: '$app:loyalnest',
          key: 'balance',
          type: 'number_integer',
          ownerType: 'CUSTOMER',
          access: { storefront: 'PUBLIC_READ' },
        },
      },
    );
    expect(await visit('/store', cookie)).toContain('Ada: 120 points');
  });
  test('signs what it forwards to the app, with the signed-in customer and without cookies', async () => {
    const cookie = await signIn('ada@shopper.example');
    const [customer] = emulator.world.data.customers.values();
    const response = await fetch(
      `${emulator.shellUrl}/apps/loyalnest/widget?b=2&a=1&a=3&logged_in_customer_id=999`,
      { headers: { cookie } },
    );
    expect(response.headers.get('set-cookie')).toBeNull();
    const seen = app.received.at(-1);
    expect(seen?.path).toBe('/proxy/widget');
    expect(seen?.headers.cookie).toBeUndefined();
    const query = seen?.query ?? new URLSearchParams();
    expect(query.get('logged_in_customer_id')).toBe(String(customer?.id));
    const message = ['a=1,3', 'b=2', `logged_in_customer_id=${customer?.id ?? ''}`]
      .concat(['path_prefix=/apps/loyalnest', `shop=${SHOP}`])
      .concat([`timestamp=${query.get('timestamp') ?? ''}`])
      .join('');
    expect(query.get('signature')).toBe(createHmac('sha256', SECRET).update(message).digest('hex'));
  });
  test('takes a guest from the cart to a paid order', async () => {
    const variant = String(emulator.world.data.products[0]?.variantId);
    const post = (path: string, form: Record<string, string>, cookie = ''): Promise<Response> =>
      fetch(`${emulator.storeUrl}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { cookie },
        body: new URLSearchParams(form),
      });
    const added = await post('/cart/add', { id: variant, quantity: '2' });
    const cookie = (added.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const paid = await post('/checkout', { email: 'new@shopper.example', paid: 'yes' }, cookie);
    expect(paid.headers.get('location')).toMatch(/^\/store\/checkouts\/cn\/\w+\/thank-you$/);
    const last = [...emulator.world.data.orders.values()].at(-1);
    expect(last).toMatchObject({ financialStatus: 'paid', email: 'new@shopper.example' });
  });
});

describe('the endpoints', () => {
  test('the admin frames the app and opens it by a signed link', async () => {
    const page = await (await fetch(`${emulator.shellUrl}/?locale=fr`)).text();
    expect(page).toContain('name="app-iframe"');
    expect(page).toContain('lang="fr"');
    const launch = (await (
      await fetch(`${emulator.shellUrl}/_shell/launch?path=/app/customers`)
    ).json()) as { url: string };
    const url = new URL(launch.url);
    expect(url.origin).toBe(emulator.tunnelUrl);
    expect(url.searchParams.get('id_token')?.split('.')).toHaveLength(3);
    expect(url.searchParams.get('embedded')).toBe('1');
  });
  test('the tunnel lets the admin frame the app and brings its own App Bridge', async () => {
    const response = await fetch(`${emulator.tunnelUrl}/app`);
    expect(response.headers.get('content-security-policy')).toContain(emulator.shellUrl);
    expect(await response.text()).toContain(`${emulator.shellUrl}/shopifycloud/app-bridge.js`);
  });
  test('an invalid call of the control API gets a 4xx with a reason', async () => {
    const call = async (verb: string, body: unknown): Promise<[number, unknown]> => {
      const response = await fetch(`${emulator.shellUrl}/_control/${verb}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return [response.status, await response.json()];
    };
    expect((await call('dance', {}))[0]).toBe(404);
    expect((await call('order', { total: 'much' }))[0]).toBe(400);
    expect((await call('refund', { order: 1 }))[0]).toBe(404);
    expect(await call('state', {})).toMatchObject([200, { ok: true, shop: { domain: SHOP } }]);
  });
});
