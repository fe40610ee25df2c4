import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sessionToken, shop, shopperToken, startTestWeb } from '../../testing/web.ts';
import type { CheckoutGoods, CheckoutPoints, PosMember } from './extension-contract.ts';
import type { History, Redemption, Widget } from './widget-contract.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let store: Awaited<ReturnType<typeof web.core.installShop>>;
let customerId: string;
const ada = '5001';
const rewards = { online: '', pos: '' };

beforeAll(async () => {
  web = await startTestWeb();
  store = await web.core.installShop(shop);
  ({ customerId } = await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: ada, firstName: 'Ada', state: 'enabled' },
    trigger: 'created',
  }));
  await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: '5002', firstName: 'Grace' },
    trigger: 'created',
  });
  await store.points.earnPoints({
    award: { customerId, points: 2_000, idempotencyKey: 'start' },
  });
  for (const channel of ['online', 'pos'] as const) {
    const { reward } = await store.points.upsertReward({
      reward: { kind: 'amount_off', channel, title: { en: channel }, pointsCost: 500, value: '5' },
    });
    rewards[channel === 'pos' ? 'pos' : 'online'] = reward?.rewardId ?? '';
  }
}, 60_000);
afterAll(() => web.stop());

interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly method?: string;
  readonly agent?: string;
}

/** A request as an extension's worker sends it, from a Shopify origin. */
function ask(path: string, { token, body, method, agent }: Asked = {}): Promise<Response> {
  return fetch(`${web.url}/extension/${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      origin: 'https://extensions.shopifycdn.com',
      'user-agent': agent ?? 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}
const asShopper = (id = ada) => shopperToken(shop, id);
async function json<Answer>(path: string, asked: Asked): Promise<Answer> {
  const response = await ask(path, asked);
  expect(response.status, path).toBe(200);
  return (await response.json()) as Answer;
}
const hourAgo = () => Math.floor(Date.now() / 1000) - 3_600;

describe('access', () => {
  const stranger = () => shopperToken('elsewhere.myshopify.com', ada);
  test.each([
    ['without a token', () => undefined, 401],
    ['with one that is no token', () => 'nonsense', 401],
    [
      'signed with another key',
      () => shopperToken(shop, ada, { key: 'another secret entirely' }),
      401,
    ],
    ['that has ended', () => shopperToken(shop, ada, { claims: { exp: hourAgo() } }), 401],
    [
      'that begins later',
      () => shopperToken(shop, ada, { claims: { nbf: hourAgo() + 7_200 } }),
      401,
    ],
    ['that never ends', () => shopperToken(shop, ada, { claims: { exp: undefined } }), 401],
    ['for another app', () => shopperToken(shop, ada, { claims: { aud: 'another-app' } }), 401],
    [
      'of no shop',
      () => shopperToken(shop, ada, { claims: { dest: 'https://evil.example' } }),
      401,
    ],
    ["of the shop's staff", () => sessionToken(shop), 401],
    ['of a shop without a program', stranger, 404],
  ])('a token %s is refused with an error that an extension can read', async (_, token, status) => {
    const response = await ask('widget', { token: token() });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const { error } = (await response.json()) as { error: { code: string } };
    expect(error.code).toBe(status === 401 ? 'unauthenticated' : 'not_found');
  });

  test('a token without a signature is refused, whatever algorithm its header names', async () => {
    const [, claims] = asShopper().split('.');
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    expect((await ask('widget', { token: `${header}.${claims}.` })).status).toBe(401);
  });

  test("the POS accepts a staff token with the staff's address of the shop, and no shopper's token", async () => {
    const path = `pos/member?customer=${ada}`;
    expect((await ask(path, { token: sessionToken(shop) })).status).toBe(200);
    for (const token of [asShopper(), asShopper('')])
      expect((await ask(path, { token })).status).toBe(401);
  });

  test('preflights are answered for every route that accepts a body', async () => {
    for (const path of ['checkout', 'redeem', 'pos/redeem', `redemptions/${randomUUID()}/return`]) {
      const response = await ask(path, { method: 'OPTIONS' });
      expect(response.status, path).toBe(204);
      expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    }
  });
});

describe("a customer's account", () => {
  test('shows the member’s data as the storefront does, and is not cached', async () => {
    const response = await ask('widget?locale=fr', { token: asShopper() });
    const widget = (await response.json()) as Widget;
    expect(widget).toMatchObject({ locale: 'fr', customer: { balance: 2_200, name: 'Ada' } });
    expect(widget.rewards.map(({ id }) => id)).toEqual([rewards.online]);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const grace = await json<Widget>('widget', { token: asShopper('5002') });
    expect(grace.customer).toMatchObject({ balance: 0, name: 'Grace' });
  });

  test('redeems points once however often it is retried, and shows a redemption only to its owner', async () => {
    const body = { reward_id: rewards.online, idempotency_key: randomUUID(), wait_ms: 0 };
    const both = await Promise.all(
      [1, 2].map(() => json<{ redemption: Redemption }>('redeem', { token: asShopper(), body })),
    );
    const [first, second] = both.map(({ redemption }) => redemption);
    expect(first?.id).toBe(second?.id);
    expect(first).toMatchObject({ status: 'pending', points_spent: 500 });
    const path = `redemptions/${first?.id}`;
    await json(path, { token: asShopper() });
    expect((await ask(path, { token: asShopper('5002') })).status).toBe(404);
    expect((await ask(path, { token: asShopper('') })).status).toBe(401);
    expect(
      (await ask(`${path}/return`, { token: asShopper('5002'), body: { wait_ms: 0 } })).status,
    ).toBe(404);
  });

  test('guests redeem nothing, and POS rewards cannot be redeemed online', async () => {
    const body = { reward_id: rewards.online, idempotency_key: randomUUID() };
    expect((await ask('redeem', { token: asShopper(''), body })).status).toBe(401);
    const atHome = await ask('redeem', {
      token: asShopper(),
      body: { ...body, reward_id: rewards.pos },
    });
    expect(atHome.status).toBe(409);
    expect(await atHome.json()).toMatchObject({ error: { code: 'reward_unavailable' } });
  });
});

describe('the checkout', () => {
  const goods = (changes: Partial<CheckoutGoods> = {}): CheckoutGoods => ({
    lines: [
      { product_id: '11', subtotal: '19.99' },
      { product_id: '12', subtotal: '5.5' },
    ],
    currency: 'USD',
    country: 'US',
    ...changes,
  });
  const quote = (changes: Partial<CheckoutGoods> = {}, token = asShopper()) =>
    json<CheckoutPoints>('checkout?locale=en', { token, body: goods(changes) });

  test('quotes exactly the points that the order then earns', async () => {
    const { earn, shown, signed_in: isSignedIn } = await quote();
    expect({ shown, isSignedIn }).toEqual({ shown: true, isSignedIn: true });
    const now = new Date().toISOString();
    await store.points.recordOrder({
      trigger: 'paid',
      order: {
        orderId: '9001',
        name: '#1001',
        currency: 'USD',
        presentmentCurrency: 'USD',
        subtotal: '25.49',
        currentSubtotal: '25.49',
        total: '30.00',
        financialStatus: 'paid',
        channel: 'online',
        orderedAt: now,
        updatedAt: now,
        customer: { shopifyCustomerId: ada, firstName: 'Ada', state: 'enabled' },
        lines: goods().lines.map(({ product_id: productId, subtotal }, index) => ({
          lineItemId: String(index),
          productId,
          subtotal,
        })),
      },
    });
    const { entries } = await json<History>('history?order_id=9001', { token: asShopper() });
    expect(entries.map(({ points }) => points)).toEqual([earn?.points]);
    expect(entries[0]?.order_name).toBe('#1001');
    expect(await json<History>('history?order_id=9001', { token: asShopper('5002') })).toEqual({
      entries: [],
      next_cursor: null,
    });
  });

  test('shows a guest what they would earn, and no one’s data', async () => {
    const answer = await quote({}, asShopper(''));
    expect(answer).toMatchObject({ customer: null, signed_in: false, shown: true });
    expect(answer.earn?.points).toBeGreaterThan(0);
    expect(JSON.stringify(answer)).not.toContain('Ada');
  });

  test('shows no number for another currency', async () => {
    expect((await quote({ currency: 'EUR' })).earn).toBeNull();
  });

  test('shows nothing where the shop turned it off', async () => {
    const { rows } = await web.core.outside.query<{ config: object }>(
      'SELECT config FROM program_settings WHERE merchant_id = $1',
      [store.merchantId],
    );
    const set = (config: object) =>
      web.core.outside.query('UPDATE program_settings SET config = $2 WHERE merchant_id = $1', [
        store.merchantId,
        config,
      ]);
    await set({ ...rows[0]?.config, checkout_config: { points_display: false } });
    expect((await quote()).shown).toBe(false);
    await set(rows[0]?.config ?? {});
    expect((await quote()).shown).toBe(true);
  });

  test.each([
    ['an amount that is none', { lines: [{ product_id: '1', subtotal: '-1' }] }],
    ['a product of no number', { lines: [{ product_id: 'gid://x', subtotal: '1' }] }],
    ['a currency that is none', { currency: 'dollars' }],
    [
      'too many lines',
      { lines: Array.from({ length: 251 }, () => ({ product_id: '1', subtotal: '1' })) },
    ],
  ])('refuses %s', async (_, changes) => {
    const response = await ask('checkout', { token: asShopper(), body: goods(changes) });
    expect(response.status).toBe(400);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('the POS', () => {
  const staff = () => sessionToken(shop, { claims: { sub: '77' } });
  const agent = 'Shopify POS/10.2 (iOS)';

  test('shows the customer in the cart with the POS rewards, and says who is not a member', async () => {
    const { member } = await json<PosMember>(`pos/member?customer=${ada}&locale=es`, {
      token: staff(),
      agent,
    });
    expect(member).toMatchObject({ customer: { name: 'Ada' }, locale: 'es' });
    expect(member?.rewards.map(({ id }) => id)).toEqual([rewards.pos]);
    expect(await json('pos/member?customer=4711', { token: staff() })).toEqual({ member: null });
    expect((await ask('pos/member?customer=x', { token: staff() })).status).toBe(400);
  });

  test('redeems points for the customer, and refuses someone who is not a member', async () => {
    const { redemption } = await json<{ redemption: Redemption }>('pos/redeem', {
      token: staff(),
      body: { customer: ada, reward_id: rewards.pos, idempotency_key: randomUUID(), wait_ms: 0 },
    });
    expect(redemption).toMatchObject({ status: 'pending', points_spent: 500 });
    await json(`pos/redemptions/${redemption.id}`, { token: staff() });
    const other = { customer: '4711', reward_id: rewards.pos, idempotency_key: randomUUID() };
    expect((await ask('pos/redeem', { token: staff(), body: other })).status).toBe(404);
  });
});

test('a script that sends too many requests is told to wait', async () => {
  const token = shopperToken(shop, '5002');
  const statuses = new Set<number>();
  // Twice the limit per minute, in case a new minute begins.
  for (let round = 0; round < 50 && !statuses.has(429); round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('widget', { token })));
    for (const { status } of answers) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([200, 429]);
}, 30_000);
