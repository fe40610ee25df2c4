import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Reward } from '#proto/points/v1/rewards.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { handlers } from '../../worker/handlers.ts';
import { sweepRedemptions } from './settle.job.ts';
import type { NewJob } from '../../jobs/queue.ts';
import type { JobServices } from '../../jobs/services.ts';
import { redemptionJobs } from './redemption-events.ts';
import { AdminApiError } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { startTestShopify } from '../../testing/shopify.ts';
import type { ShopifyUnderTest } from '../../testing/shopify.ts';
import { bodyHash, proxyPath, shop, startTestWeb } from '../../testing/web.ts';
import { journalCredit } from './credit-journal.ts';
import type { Promised } from './discount-input.ts';
import { settleRedemption } from './fulfil.server.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
let points: CoreClients['points'];
let merchantId: string;
let ada: string;
let customerId: string;

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({
    appUrl: 'http://127.0.0.1:9',
    seed: 'none',
    optionalScopes: [
      'read_products',
      'write_gift_cards',
      'write_store_credit_account_transactions',
      'read_store_credit_accounts',
    ],
  });
  services = await shopify.services();
  ({ merchantId } = await web.core.installShop(shop));
  points = services.core(merchantId).points;
}, 60_000);
afterAll(async () => {
  await shopify.stop();
  await web.stop();
});

beforeEach(async () => {
  const { customer } = await shopify.emulator.control('customer', {
    email: `${randomUUID()}@shopper.example`,
    first_name: 'Ada',
  });
  ada = String((customer as { id: number }).id);
  ({ customerId } = await services.core(merchantId).admin.upsertCustomer({
    customer: { shopifyCustomerId: ada, firstName: 'Ada' },
    trigger: 'updated',
  }));
  await points.earnPoints({
    award: { customerId, points: 3_000, idempotencyKey: `start/${customerId}` },
  });
});

async function reward(changes: Partial<Reward> = {}): Promise<string> {
  const made = await points.upsertReward({
    reward: {
      kind: 'amount_off',
      title: { en: '$5 off' },
      pointsCost: 500,
      value: '5.00',
      ...changes,
    },
  });
  return made.reward?.rewardId ?? '';
}
async function start(rewardId: string): Promise<string> {
  const { redemption } = await points.startRedemption({
    rewardId,
    customerId,
    idempotencyKey: randomUUID(),
  });
  return redemption?.redemptionId ?? '';
}
const read = async (redemptionId: string) =>
  (await points.getRedemption({ redemptionId })).redemption;
async function balance() {
  const { balance: known } = await points.getPointsBalance({ customerId });
  return { balance: known?.balance, held: known?.held };
}
/** The member's discounts at Shopify. */
const discounts = () =>
  [...shopify.emulator.world.data.discounts.values()].filter(({ customerIds }) =>
    customerIds?.includes(Number(ada)),
  );

const clock = () => services.now();
const journal = (promised: Promised) =>
  journalCredit(services.files, merchantId, promised, clock());

class Crash extends Error {}

/** The same clients, dying at the nth call: before it is sent, or after it succeeded but before the result is used. */
function dyingAt(nth: number, when: 'before' | 'after') {
  let calls = 0;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    calls += 1;
    if (calls === nth && when === 'before') throw new Crash();
    const result = await work();
    if (calls === nth && when === 'after') throw new Crash();
    return result;
  };
  const admin = services.shopify({ merchantId, shop });
  const dying: AdminClient = {
    request: (document, variables) => step(() => admin.request(document, variables)),
  };
  const core = new Proxy(points, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      return typeof method === 'function'
        ? (request: unknown) => step(() => (method as (r: unknown) => Promise<unknown>)(request))
        : method;
    },
  });
  return { points: core, shopify: dying, journal, now: clock };
}

/** Completes a redemption with workers of which the first dies at that call. @returns whether it died */
async function settleWithCrash(
  redemptionId: string,
  nth: number,
  when: 'before' | 'after',
  now: () => number = clock,
): Promise<boolean> {
  let died = false;
  try {
    await settleRedemption({ ...dyingAt(nth, when), now }, redemptionId);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    died = true;
  }
  // The next worker may run twice.
  for (let worker = 0; worker < 2; worker++) await settle(redemptionId, now);
  return died;
}
const settle = (redemptionId: string, now: () => number = clock) =>
  settleRedemption(
    { points, shopify: services.shopify({ merchantId, shop }), journal, now },
    redemptionId,
  );

describe.each(['before', 'after'] as const)('a worker that dies %s any of its calls', (when) => {
  test('is replaced by one that finishes: one code, one debit', async () => {
    const rewardId = await reward();
    let spent = 0;
    for (let nth = 1; ; nth++) {
      const redemptionId = await start(rewardId);
      const died = await settleWithCrash(redemptionId, nth, when);
      spent += 500;
      const done = await read(redemptionId);
      expect(done).toMatchObject({ status: 'completed' });
      expect(discounts().filter(({ codes }) => codes[0]?.code === done?.code)).toHaveLength(1);
      expect(discounts()).toHaveLength(spent / 500);
      expect(await balance()).toEqual({ balance: 3_000 - spent, held: 0 });
      if (!died) break;
    }
    expect(spent).toBeGreaterThan(1_500);
  });

  test('is replaced by one that returns the code: deactivated first, then the points, once', async () => {
    const rewardId = await reward();
    for (let nth = 1; ; nth++) {
      const redemptionId = await start(rewardId);
      await settle(redemptionId);
      await points.startReturn({ redemptionId });
      const died = await settleWithCrash(redemptionId, nth, when);
      const done = await read(redemptionId);
      expect(done).toMatchObject({ status: 'returned', returning: false });
      expect(discounts().every(({ endsAt }) => endsAt !== null)).toBe(true);
      expect(await balance()).toEqual({ balance: 3_000, held: 0 });
      if (!died) break;
    }
  });

  test('is replaced by one that fails the redemption cleanly when Shopify refuses', async () => {
    const rewardId = await reward({ kind: 'free_product', value: '', variantId: '404' });
    for (let nth = 1; ; nth++) {
      const redemptionId = await start(rewardId);
      const died = await settleWithCrash(redemptionId, nth, when);
      expect(await read(redemptionId)).toMatchObject({ status: 'failed' });
      expect(await balance()).toEqual({ balance: 3_000, held: 0 });
      expect(discounts()).toEqual([]);
      if (!died) break;
    }
  });
});

describe('money paid out, which has no idempotency key', () => {
  const credits = () =>
    shopify.emulator.world.data.storeCredits.filter((one) => one.customerId === Number(ada));
  const cards = () =>
    shopify.emulator.world.data.giftCards.filter((one) => one.customerId === Number(ada));
  /** The next worker runs when no response can arrive any more. */
  const later = () => clock() + 60_000;
  beforeEach(() => {
    const { scopes } = shopify.emulator.world.data.installation;
    for (const scope of [
      'write_gift_cards',
      'write_store_credit_account_transactions',
      'read_store_credit_accounts',
      'read_products',
    ])
      if (!scopes.includes(scope)) scopes.push(scope);
  });

  test.each([
    ['store_credit', 'before'],
    ['store_credit', 'after'],
    ['gift_card', 'before'],
    ['gift_card', 'after'],
  ] as const)(
    'as %s by a worker that dies %s any of its calls is paid once',
    async (kind, when) => {
      const rewardId = await reward({ kind, value: '5.00', expiresAfterDays: 30 });
      const paid = () => (kind === 'gift_card' ? cards() : credits());
      let times = 0;
      for (let nth = 1; ; nth++) {
        const redemptionId = await start(rewardId);
        const died = await settleWithCrash(redemptionId, nth, when, later);
        times += 1;
        expect(await read(redemptionId)).toMatchObject({ status: 'completed', returnable: false });
        expect(paid()).toHaveLength(times);
        expect(await balance()).toEqual({ balance: 3_000 - times * 500, held: 0 });
        if (!died || times === 6) break;
      }
      expect(paid().every((one) => one.currency === 'USD')).toBe(true);
    },
  );

  test('waits while a response can still arrive', async () => {
    const redemptionId = await start(await reward({ kind: 'store_credit' }));
    await points.markSent({ redemptionId });
    expect(await settle(redemptionId)).toBe('wait');
    expect(credits()).toEqual([]);
  });

  test('for a free product takes its price off once, or one item of the collection', async () => {
    const [product] = shopify.emulator.world.data.products;
    const free = { kind: 'free_product', value: '', variantId: String(product?.variantId) };
    await settle(await start(await reward(free)));
    expect(discounts()).toMatchObject([
      { value: { kind: 'amount', amount: product?.price }, productIds: [product?.id] },
    ]);
    const withPurchase = { ...free, appliesTo: 'collection', collectionId: '310000100' };
    await settle(await start(await reward(withPurchase)));
    expect(discounts()[1]).toMatchObject({ kind: 'DiscountCodeBxgy', buys: { quantity: 1 } });
  });

  test('for a collection applies only to its goods', async () => {
    await settle(await start(await reward({ appliesTo: 'collection', collectionId: '310000100' })));
    expect(discounts()[0]?.productIds?.length).toBeGreaterThan(0);
    const gone = await start(await reward({ appliesTo: 'collection', collectionId: '404' }));
    await settle(gone);
    expect(await read(gone)).toMatchObject({ status: 'failed' });
  });
});

describe('the code at Shopify', () => {
  test('works once, for its owner only, and combines as the merchant allowed', async () => {
    const rewardId = await reward({
      kind: 'percent_off',
      value: '12.5',
      minPurchase: '20.00',
      combinesWith: { order: false, product: true, shipping: true },
      expiresAfterDays: 30,
    });
    const redemptionId = await start(rewardId);
    await settle(redemptionId);
    const done = await read(redemptionId);
    const [discount] = discounts();
    expect(discount).toMatchObject({
      kind: 'DiscountCodeBasic',
      usageLimit: 1,
      appliesOncePerCustomer: true,
      customerIds: [Number(ada)],
      value: { kind: 'percentage', percentage: 0.125 },
      minimumSubtotal: 2_000,
      combinesWith: { orderDiscounts: false, productDiscounts: true, shippingDiscounts: true },
      codes: [{ code: done?.code }],
    });
    expect(Date.parse(discount?.endsAt ?? '')).toBe(Date.parse(done?.expiresAt ?? ''));
  });

  test('created after the points were returned is deactivated', async () => {
    const redemptionId = await start(await reward());
    const saga = dyingAt(0, 'before');
    await settleRedemption(
      {
        ...saga,
        shopify: {
          async request(document, variables) {
            const answer = await services
              .shopify({ merchantId, shop })
              .request(document, variables);
            if (document.name === 'CreateBasicDiscount')
              await points.failRedemption({ redemptionId, failureCode: 'timeout' });
            return answer;
          },
        },
      },
      redemptionId,
    );
    expect(await read(redemptionId)).toMatchObject({ status: 'failed' });
    expect(discounts()[0]?.endsAt).not.toBeNull();
    expect(await balance()).toEqual({ balance: 3_000, held: 0 });
  });

  test('used during its return stays used', async () => {
    const redemptionId = await start(await reward());
    await settle(redemptionId);
    const code = discounts()[0]?.codes[0];
    if (code) code.used = 1;
    await points.startReturn({ redemptionId });
    await settle(redemptionId);
    expect(await read(redemptionId)).toMatchObject({ status: 'completed', returnable: false });
    expect(await balance()).toEqual({ balance: 2_500, held: 0 });
  });
});

describe('when Shopify does not create the code', () => {
  test('for a missing permission, the points are released and the reason is shown', async () => {
    const redemptionId = await start(await reward());
    const denied: AdminClient = {
      request: () =>
        Promise.reject(new AdminApiError('Access denied for it', false, 'ACCESS_DENIED')),
    };
    await settleRedemption({ points, shopify: denied, journal, now: clock }, redemptionId);
    expect(await read(redemptionId)).toMatchObject({
      status: 'failed',
      failureCode: 'missing_scope',
    });
    expect(await balance()).toEqual({ balance: 3_000, held: 0 });
  });

  test('because it is throttling, nothing is decided and the queue retries', async () => {
    const redemptionId = await start(await reward());
    const busy: AdminClient = {
      request: () => Promise.reject(new AdminApiError('Shopify throttles this shop', true)),
    };
    await expect(
      settleRedemption({ points, shopify: busy, journal, now: clock }, redemptionId),
    ).rejects.toThrow('throttles');
    expect(await read(redemptionId)).toMatchObject({ status: 'pending' });
    expect(await balance()).toEqual({ balance: 3_000, held: 500 });
  });

  test('for a day, the redemption fails', async () => {
    const redemptionId = await start(await reward());
    await web.core.outside.query(
      `UPDATE reward_redemptions SET created_at = now() - interval '23 hours 5 minutes'
       WHERE redemption_id = $1`,
      [redemptionId],
    );
    const busy: AdminClient = {
      request: () => Promise.reject(new AdminApiError('Shopify throttles this shop', true)),
    };
    await settleRedemption({ points, shopify: busy, journal, now: clock }, redemptionId);
    expect(await read(redemptionId)).toMatchObject({ status: 'failed', failureCode: 'timeout' });
  });
});

test('a redemption lost by the queue is found by the sweep', async () => {
  const redemptionId = await start(await reward());
  await web.core.outside.query(
    `UPDATE reward_redemptions SET created_at = now() - interval '1 minute',
       claimed_at = now() - interval '1 minute' WHERE redemption_id = $1`,
    [redemptionId],
  );
  const found: NewJob[] = [];
  await sweepRedemptions({
    platformPoints: services.platformPoints,
    queues: { ...services.queues, enqueueAll: (jobs) => Promise.resolve(void found.push(...jobs)) },
  });
  expect(found.map(({ data }) => data)).toContainEqual({ merchantId, shop, redemptionId });
  await handlers['settle-redemption']({ merchantId, shop, redemptionId }, services, true);
  expect(await read(redemptionId)).toMatchObject({ status: 'completed' });
});

test('core’s events enqueue it too, once per open redemption', () => {
  const event = (status: string) => ({
    eventId: '1',
    merchantId,
    shopDomain: shop,
    kind: 'redemption.changed',
    payload: JSON.stringify({ redemption_id: randomUUID(), customer_id: 'x', status }),
    createdAt: '',
    attempts: 1,
    traceparent: '',
  });
  expect(redemptionJobs(['pending', 'completed', 'returning', 'used'].map(event))).toHaveLength(2);
});

describe('in the storefront', () => {
  const post = (path: string, body: unknown, shopper = ada) =>
    fetch(
      `${web.url}${proxyPath(path, { logged_in_customer_id: shopper, locale: 'fr', ...bodyHash(JSON.stringify(body)) })}`,
      {
        method: 'POST',
        body: JSON.stringify(body),
      },
    );

  test('a shopper redeems, sees the code, and returns it', async () => {
    await services.queues.work('shopify', 2, (run) =>
      handlers['settle-redemption'](
        run.data as Parameters<(typeof handlers)['settle-redemption']>[0],
        services,
        true,
      ),
    );
    const rewardId = await reward({ title: { en: '$5 off', fr: '5 $ de remise' } });
    const body = { reward_id: rewardId, idempotency_key: 'once' };
    const answer = await post('redeem', body);
    expect(answer.status).toBe(200);
    const { redemption } = (await answer.json()) as { redemption: Record<string, string> };
    expect(redemption).toMatchObject({
      kind: 'amount_off',
      title: '5 $ de remise',
      status: 'completed',
      points_spent: 500,
      value: { amount: '5.00', currency: 'USD' },
      used: false,
      returnable: true,
    });
    expect(redemption['apply_url']).toBe(`/discount/${redemption['code'] ?? ''}?redirect=/cart`);
    expect(((await (await post('redeem', body)).json()) as typeof answer).valueOf()).toMatchObject({
      redemption: { id: redemption['id'] },
    });
    const path = `redemptions/${redemption['id'] ?? ''}`;
    const strangers = await fetch(
      `${web.url}${proxyPath(path, { logged_in_customer_id: '123456' })}`,
    );
    expect(strangers.status).toBe(404);
    const returned = await post(`${path}/return`, {});
    expect(await returned.json()).toMatchObject({ redemption: { status: 'returned' } });
    expect(await balance()).toEqual({ balance: 3_000, held: 0 });
  });

  test('an invalid redemption is refused with the field', async () => {
    const rewardId = await reward({ pointsCost: 100_000 });
    const key = { idempotency_key: randomUUID() };
    const poor = await post('redeem', { reward_id: rewardId, ...key });
    expect(poor.status).toBe(409);
    expect(await poor.json()).toMatchObject({ error: { code: 'insufficient_points' } });
    const odd = await post('redeem', { reward_id: 'x', ...key });
    expect(odd.status).toBe(400);
    expect(await odd.json()).toMatchObject({ error: { field: 'reward_id' } });
    expect((await post('redeem', { reward_id: rewardId, ...key }, '')).status).toBe(401);
    expect((await post('redemptions/nonsense/return', {})).status).toBe(404);
  });
});
