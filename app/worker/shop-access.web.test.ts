import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { switchOff } from '../features/redemptions/make-reward.server.ts';
import { AdminApiError } from '../shopify/admin-client.server.ts';
import type { AdminClient } from '../shopify/admin-client.server.ts';
import { startTestShopify } from '../testing/shopify.ts';
import type { ShopifyUnderTest } from '../testing/shopify.ts';
import { shop, startTestWeb } from '../testing/web.ts';
import type { JobName } from '../jobs/catalog.ts';
import type { NewJob } from '../jobs/queue.ts';
import type { JobServices } from '../jobs/services.ts';
import { handlers } from './handlers.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let services: JobServices;
let asked: NewJob[];
let merchantId: string;

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({ appUrl: web.url, seed: 'none' });
}, 60_000);
afterAll(async () => {
  await shopify.stop();
  await web.stop();
});
beforeEach(async () => {
  const real = await shopify.services();
  asked = [];
  const enqueueAll = (jobs: readonly NewJob[]) => Promise.resolve(void asked.push(...jobs));
  services = {
    ...real,
    queues: {
      ...real.queues,
      enqueueAll,
      enqueue: (name, data, options) => enqueueAll([{ name, data, ...(options && { options }) }]),
    },
  };
  ({ merchantId } = await web.core.installShop());
  await shopify.emulator.control('shop', { access: 'open' });
});

const subscriptions = () => shopify.emulator.world.data.subscriptions;
const grant = (scopes: readonly string[]) =>
  shopify.emulator.control('install', {
    scopes: [...shopify.emulator.world.config.scopes, ...scopes],
  });

/** The emulator, except for its answer to one operation. */
const answering = (operation: string, answer: unknown): AdminClient => {
  const real = services.shopify({ merchantId, shop });
  return {
    request: (document, variables) =>
      document.name === operation
        ? Promise.resolve(document.data.parse(answer))
        : real.request(document, variables),
  };
};

describe('merges of customers', () => {
  const subscribe = () => handlers['subscribe-topics']({ merchantId, shop }, services, true);

  test('are subscribed to once a shop grants the scope, and not before', async () => {
    await grant([]);
    await subscribe();
    expect(subscriptions()).toEqual([]);
    await grant(['read_customer_merge']);
    await subscribe();
    await subscribe();
    expect(subscriptions()).toMatchObject([
      { topic: 'customers/merge', uri: '/webhooks/customers/merge' },
    ]);
    await grant([]);
    expect(subscriptions()).toEqual([]);
  });

  test('are subscribed to again the night after Shopify dropped the subscription', async () => {
    await grant(['read_customer_merge']);
    await subscribe();
    shopify.emulator.world.data.subscriptions = [];
    await handlers['reconcile-shop']({ merchantId, shop }, services, true);
    expect(subscriptions()).toHaveLength(1);
  });
});

describe('a shop that is frozen or locked', () => {
  const jobs: readonly JobName[] = [
    'install-shop',
    'first-run-sync',
    'write-balance-metafields',
    'write-storefront-settings',
    'subscribe-topics',
    'reconcile-shop',
  ];

  test.each(['frozen', 'locked'] as const)(
    '%s: its jobs end without an error, and continue when it reopens',
    async (access) => {
      const { admin, points } = services.core(merchantId);
      const { customerId } = await admin.upsertCustomer({
        customer: { shopifyCustomerId: '7100000001001', firstName: 'Ada' },
        trigger: 'updated',
      });
      await points.earnPoints({
        award: { customerId, points: 10, idempotencyKey: `start/${customerId}` },
      });
      await admin.startSync({});
      await shopify.emulator.control('shop', { access });
      for (const name of jobs)
        await (
          handlers[name] as (data: object, using: JobServices, last: boolean) => Promise<void>
        )({ merchantId, shop }, services, true);
      await handlers['fetch-order']({ merchantId, shop, orderId: '5001' }, services, true);
      expect(asked.map(({ name, options }) => [name, options?.delayMs])).toEqual(
        ['write-balance-metafields', 'write-storefront-settings', 'fetch-order'].map((name) => [
          name,
          3_600_000,
        ]),
      );
      expect(new Set(asked.map(({ options }) => options?.coalesceAs)).size).toBe(3);
      expect((await admin.getSync({})).sync?.status).toBe('queued');
      await shopify.emulator.control('shop', { access: 'open' });
      await handlers['write-balance-metafields']({ merchantId, shop }, services, true);
      const behind = await admin.getMetafieldBalances({ customerIds: [] });
      expect(behind.balances).toEqual([]);
    },
  );
});

describe('an answer of Shopify', () => {
  const off = (answer: unknown) =>
    switchOff(answering('DeactivateDiscount', { discountCodeDeactivate: answer }), 'gid://x/D/1');
  const refusal = (code: string, field = ['basicCodeDiscount']) => ({
    userErrors: [{ field, message: 'No.', code }],
  });

  test('without a result for a deactivation is not a deactivation', async () => {
    await expect(off(null)).rejects.toMatchObject({ isTransient: true });
  });

  test('with a refusal distinguishes temporary from permanent errors', async () => {
    await expect(off(refusal('INTERNAL_ERROR'))).rejects.toMatchObject({ isTransient: true });
    await expect(off(refusal('INVALID'))).rejects.toMatchObject({ isTransient: false });
    // The discount was deleted in the admin: nothing is left to deactivate.
    await expect(off(refusal('INVALID', ['id']))).resolves.toBeUndefined();
    await expect(off({ userErrors: [] })).resolves.toBeUndefined();
  });

  test('that refuses one balance is not a success for it, and delays no other', async () => {
    const { admin, points } = services.core(merchantId);
    const people = ['one', 'two', 'gone'].map((name, index) => ({
      name,
      id: String(90_001 + index),
    }));
    for (const { id } of people.slice(0, 2))
      await shopify.emulator.control('customer', { email: `${id}-${merchantId}@shopper.example` });
    const real = [...shopify.emulator.world.data.customers.keys()].slice(-2).map(String);
    const ids = [...real, '90003'];
    for (const shopifyCustomerId of ids) {
      const { customerId } = await admin.upsertCustomer({
        customer: { shopifyCustomerId },
        trigger: 'updated',
      });
      await points.earnPoints({
        award: { customerId, points: 10, idempotencyKey: `start/${customerId}` },
      });
    }
    const client = services.shopify({ merchantId, shop });
    const refusing: AdminClient = {
      request: (document, variables) => {
        const owners = JSON.stringify(variables);
        return document.name === 'SetBalances' && owners.includes(`Customer/${real[0] ?? ''}"`)
          ? Promise.resolve(
              document.data.parse({
                metafieldsSet: refusal('INVALID_VALUE', ['metafields', '0', 'value']),
              }),
            )
          : client.request(document, variables);
      },
    };
    const { writeBalanceMetafields } =
      await import('../features/balance-metafields/write-balances.server.ts');
    await expect(writeBalanceMetafields(admin, refusing)).rejects.toBeInstanceOf(AdminApiError);
    const { balances } = await admin.getMetafieldBalances({ customerIds: [] });
    expect(balances.map(({ shopifyCustomerId }) => shopifyCustomerId)).toEqual([real[0]]);
    expect(await writeBalanceMetafields(admin, client)).toBe(1);
  });
});
