import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  clientId,
  deliver,
  proxyPath,
  secret,
  sessionToken,
  shop,
  shopperToken,
  startTestWeb,
} from '../../testing/web.ts';
import { startTestShopify } from '../../testing/shopify.ts';
import type { ShopifyUnderTest } from '../../testing/shopify.ts';
import type { JobServices } from '../../jobs/services.ts';
import { misfitOf, shapes } from './delivered-body.rules.ts';
import { webhookTopics } from '../../shopify/webhook-topics.ts';

const victim = 'victim.myshopify.com';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
const merchants: Record<string, string> = {};

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({ appUrl: web.url });
  services = await shopify.services();
  for (const domain of [shop, victim])
    merchants[domain] = (await web.core.installShop(domain)).merchantId;
});
afterAll(async () => {
  await shopify.stop();
  // Closes the queues with the app, which owns them: closed earlier, its last jobs would wait forever.
  await web.stop();
});

async function stored(): Promise<number> {
  const { rows } = await web.core.outside.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM webhook_inbox',
  );
  return rows[0]?.count ?? 0;
}

async function isInstalled(domain: string): Promise<boolean> {
  const { rows } = await web.core.outside.query<{ gone: boolean }>(
    'SELECT uninstalled_at IS NOT NULL AS gone FROM merchants WHERE shopify_domain = $1',
    [domain],
  );
  return rows[0]?.gone === false;
}

/** Sends a body like Shopify and processes it like the worker. Returns the outcome. */
async function process(topic: string, body: unknown, headers: Record<string, string> = {}) {
  const webhookId = randomUUID();
  const response = await deliver(web.url, {
    topic,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'x-shopify-shop-domain': victim, 'x-shopify-webhook-id': webhookId, ...headers },
  });
  const find = async () => {
    const { rows } = await web.core.outside.query<{
      delivery_id: string;
      status: string;
      reason: string | null;
      problem_field: string | null;
    }>(
      'SELECT delivery_id, status, reason, problem_field FROM webhook_inbox WHERE webhook_id = $1',
      [webhookId],
    );
    return rows[0];
  };
  const before = await find();
  if (before !== undefined) {
    const { handlers } = await import('../../worker/handlers.ts');
    const data = { deliveryIds: [before.delivery_id], backoff: { waits: 0, since: Date.now() } };
    await handlers['process-deliveries'](data, services, false);
  }
  const after = await find();
  return {
    status: response.status,
    end: after?.status,
    reason: after?.reason,
    field: after?.problem_field,
  };
}

interface Signed {
  readonly name: string;
  readonly body: string;
  /** Base64, as in a delivery's header. */
  readonly signature: string;
}

function ofToken(name: string, token: string): Signed {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const body = `${header}.${payload}`;
  return { name, body, signature: Buffer.from(signature, 'base64url').toString('base64') };
}

/** Everything that Shopify or we sign and that others can see. */
function signedThings(): Signed[] {
  const past = { claims: { exp: 1_700_000_000, nbf: 1_699_999_940, iat: 1_699_999_940 } };
  const proxied = (parameters: Record<string, string>) => {
    const query = new URL(proxyPath('widget', parameters), 'http://app').searchParams;
    const signature = Buffer.from(query.get('signature') ?? '', 'hex').toString('base64');
    query.delete('signature');
    const body = [...query].map(([key, value]) => `${key}=${value}`);
    return { body: body.sort().join(''), signature };
  };
  const link = (parameters: Record<string, string>) => {
    const body = new URLSearchParams({
      shop,
      timestamp: '1700000000',
      host: 'YWRtaW4',
      ...parameters,
    });
    body.sort();
    const text = [...body].map(([key, value]) => `${key}=${value}`).join('&');
    return { body: text, signature: createHmac('sha256', secret).update(text).digest('base64') };
  };
  const crafted = ` {"shop_domain":"${victim}","myshopify_domain":"${victim}","id":1,"x":"`;
  return [
    ofToken('a token of the admin', sessionToken(shop)),
    ofToken('an expired token of the admin', sessionToken(shop, past)),
    ofToken('a POS token', sessionToken(shop, { claims: { sub: '77' } })),
    ofToken('a guest’s token of the checkout', shopperToken(shop, '')),
    ofToken('an expired token of a guest', shopperToken(shop, '', past)),
    ofToken('a token of a customer’s account', shopperToken(shop, '7001')),
    ofToken('a token for core', web.core.tokenFor({ merchant: merchants[victim] ?? '' })),
    { name: 'a link of the app proxy', ...proxied({ logged_in_customer_id: '7001' }) },
    { name: 'a proxied link made to look like a body', ...proxied({ [crafted]: '', 'z"}': '1' }) },
    { name: 'the admin’s link to the app', ...link({ embedded: '1', session: 'x' }) },
    { name: 'the admin’s link made to look like a body', ...link({ [crafted]: '', z: '"}' }) },
  ];
}

describe('a text signed for another purpose', () => {
  test.each(webhookTopics)('is not accepted as a body of %s, and is not stored', async (topic) => {
    const before = await stored();
    const wrong: string[] = [];
    for (const { name, body, signature } of signedThings()) {
      const { status } = await deliver(web.url, {
        topic,
        body,
        headers: { 'x-shopify-shop-domain': victim, 'x-shopify-hmac-sha256': signature },
      });
      // A token for core has its own key, so its signature is wrong here.
      const expected = name === 'a token for core' ? 401 : 400;
      if (status !== expected) wrong.push(`${name}: ${status}`);
    }
    expect(wrong).toEqual([]);
    expect(await stored()).toBe(before);
  });

  test.each([
    '[]',
    '[{"id":1}]',
    '"text"',
    '1',
    'null',
    'true',
    '{',
    '{"id":1}}',
    '\uFEFF{"id":1}',
    ' {"id":1}',
  ])('nor is a body that is not a JSON object: %s', async (body) => {
    const before = await stored();
    expect((await deliver(web.url, { body })).status).toBe(400);
    expect(await stored()).toBe(before);
  });

  test('every topic defines what its bodies must have', () => {
    expect(webhookTopics.filter((topic) => !(topic in shapes))).toEqual([]);
  });
});

const bodies: Readonly<Record<string, object>> = {
  order: {
    id: 1,
    admin_graphql_api_id: 'gid://shopify/Order/1',
    currency: 'USD',
    subtotal_price: '10.00',
    financial_status: 'paid',
    cancelled_at: null,
    line_items: [],
    customer: { id: 7 },
  },
  unpaid: {
    id: 2,
    currency: 'USD',
    subtotal_price: '10.00',
    financial_status: 'pending',
    line_items: [],
  },
  refund: {
    id: 3,
    order_id: 1,
    refund_line_items: [],
    admin_graphql_api_id: 'gid://shopify/Refund/3',
  },
  customer: {
    id: 7,
    email: 'a@example.com',
    state: 'disabled',
    admin_graphql_api_id: 'gid://shopify/Customer/7',
  },
  dataRequest: {
    shop_id: 1,
    shop_domain: victim,
    customer: { id: 7 },
    orders_requested: [1],
    data_request: { id: 9 },
  },
  redaction: { shop_id: 1, shop_domain: victim, customer: { id: 7 }, orders_to_redact: [1] },
  shop: {
    id: 1,
    myshopify_domain: victim,
    domain: 'own.example',
    name: 'V',
    currency: 'USD',
    iana_timezone: 'UTC',
  },
  shopRedaction: { shop_id: 1, shop_domain: victim },
};

describe('a captured body', () => {
  test.each([
    ['order', 'customers/update'],
    ['order', 'refunds/create'],
    ['order', 'orders/cancelled'],
    ['order', 'customers/redact'],
    ['order', 'app/uninstalled'],
    ['unpaid', 'orders/paid'],
    ['refund', 'orders/paid'],
    ['customer', 'orders/create'],
    ['customer', 'customers/enable'],
    ['customer', 'customers/redact'],
    ['customer', 'shop/redact'],
    ['dataRequest', 'customers/redact'],
    ['dataRequest', 'shop/redact'],
    ['redaction', 'customers/data_request'],
    ['redaction', 'shop/redact'],
    ['redaction', 'app/uninstalled'],
    ['shopRedaction', 'app/uninstalled'],
    ['shop', 'shop/redact'],
  ] as const)('of %s is refused as %s and has no effect', async (name, topic) => {
    expect(await process(topic, bodies[name] ?? {})).toMatchObject({
      status: 200,
      end: 'refused',
    });
    expect(await isInstalled(victim)).toBe(true);
  });

  test.each([
    ['app/uninstalled', { ...bodies['shop'], myshopify_domain: shop }, 'myshopify_domain'],
    ['shop/redact', { shop_id: 1, shop_domain: shop }, 'shop_domain'],
    ['customers/redact', { ...bodies['redaction'], shop_domain: shop }, 'shop_domain'],
    ['shop/update', { ...bodies['shop'], myshopify_domain: 7 }, 'myshopify_domain'],
  ])('of another shop is refused as %s of this one', async (topic, body, field) => {
    expect(await process(topic, body)).toMatchObject({ status: 200, end: 'refused', field });
  });

  test('is compared only by the shop’s myshopify address, in any letter case, not by its own domain', () => {
    const own = {
      ...bodies['shop'],
      domain: 'elsewhere.example',
      myshopify_domain: 'Victim.MyShopify.com',
    };
    expect(misfitOf('shop/update', victim, own)).toBeUndefined();
    expect(
      misfitOf('orders/paid', victim, { ...bodies['order'], shop_domain: null }),
    ).toMatchObject({
      field: 'shop_domain',
    });
  });
});

describe('an uninstall delivery', () => {
  const uninstall = { ...bodies['shop'], myshopify_domain: shop };
  const own = { 'x-shopify-shop-domain': shop };

  test('is ignored while the shop’s token works', async () => {
    expect(await process('app/uninstalled', uninstall, own)).toMatchObject({
      end: 'ignored',
      reason: 'still_installed',
    });
    expect(await isInstalled(shop)).toBe(true);
  });

  test.each([402, 403, 404, 423, 429, 500, 503, 0])(
    'is checked again later when Shopify answers %s',
    async (status) => {
      const { createShopStanding } = await import('../../shopify/shop-standing.server.ts');
      const { sessionStorage } = await import('../../sessions/session-storage.server.ts');
      const standing = createShopStanding({
        storage: sessionStorage(),
        tokens: { accessToken: () => Promise.resolve('another') },
        fetch: () =>
          status === 0
            ? Promise.reject(new Error('no answer'))
            : Promise.resolve(new Response('{}', { status })),
      });
      expect(await standing(shop)).toBe('unknown');
    },
  );

  test('is checked again later when our own secret is refused, or renewing the token fails', async () => {
    const { createShopStanding } = await import('../../shopify/shop-standing.server.ts');
    const { createOfflineTokens } = await import('../../shopify/offline-token.server.ts');
    const { sessionStorage } = await import('../../sessions/session-storage.server.ts');
    const { sessionPool } = await import('../../sessions/database.server.ts');
    for (const [status, error] of [
      [400, 'invalid_client'],
      [401, 'invalid_client'],
      [503, 'unavailable'],
    ] as const) {
      const fetchRefusal = (input: Parameters<typeof fetch>[0]) =>
        Promise.resolve(
          (typeof input === 'string' ? input : '').endsWith('/access_token')
            ? Response.json({ error }, { status })
            : new Response('{}', { status: 401 }),
        );
      const storage = sessionStorage();
      const options = { storage, clientId, clientSecret: secret, fetch: fetchRefusal };
      const tokens = createOfflineTokens({ ...options, pool: sessionPool() });
      expect(await createShopStanding({ storage, tokens, fetch: fetchRefusal })(shop)).toBe(
        'unknown',
      );
    }
  });

  test('is accepted when the token no longer works, and a redaction then begins after two days and not before', async () => {
    await shopify.emulator.control('uninstall');
    expect(await process('app/uninstalled', uninstall, own)).toMatchObject({
      end: 'processed',
      reason: 'uninstalled',
    });
    expect(await isInstalled(shop)).toBe(false);
    const redaction = { shop_id: 1, shop_domain: shop };
    expect(await process('shop/redact', redaction, own)).toMatchObject({ end: 'processed' });
    const { handlers } = await import('../../worker/handlers.ts');
    const exists = async () =>
      (await web.core.outside.query('SELECT 1 FROM merchants WHERE shopify_domain = $1', [shop]))
        .rowCount === 1;
    await handlers['erase-shops']({}, services, false);
    expect(await exists()).toBe(true);
    await web.core.outside.query(
      `UPDATE shop_erasures SET due_at = now() - interval '1 second' WHERE shop_domain = $1`,
      [shop],
    );
    await handlers['erase-shops']({}, services, false);
    expect(await exists()).toBe(false);
  });

  test('a shop that has the app when its erasure is due is not erased, and the erasure ends', async () => {
    const { storeOfflineSession } = await import('../../testing/web.ts');
    await storeOfflineSession(victim);
    await web.core
      .clients({ merchant: merchants[victim] ?? '' })
      .admin.uninstallMerchant({ uninstalledAt: '' });
    await process('shop/redact', bodies['shopRedaction']);
    await web.core.outside.query(
      `UPDATE shop_erasures SET due_at = now() - interval '1 second' WHERE shop_domain = $1`,
      [victim],
    );
    const { handlers } = await import('../../worker/handlers.ts');
    const erase = (standing: 'connected' | 'unknown') =>
      handlers['erase-shops'](
        {},
        { ...services, shopStanding: () => Promise.resolve(standing) },
        false,
      );
    const status = async () =>
      (
        await web.core.outside.query<{ status: string }>(
          'SELECT status FROM shop_erasures WHERE shop_domain = $1',
          [victim],
        )
      ).rows[0]?.status;
    await erase('unknown');
    expect(await status()).toBe('waiting');
    await erase('connected');
    expect(await status()).toBe('cancelled');
    expect(
      (await web.core.outside.query('SELECT 1 FROM merchants WHERE shopify_domain = $1', [victim]))
        .rowCount,
    ).toBe(1);
  });
});
