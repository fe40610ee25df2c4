import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryCache } from '../../cache/memory-cache.ts';
import type { CoreClients } from '../../core-client/clients.server.ts';
import { createAdminClient } from '../../shopify/admin-client.server.ts';
import type { AdminClient } from '../../shopify/admin-client.server.ts';
import { startTestShopify } from '../../testing/shopify.ts';
import type { ShopifyUnderTest } from '../../testing/shopify.ts';
import { shop, startTestWeb } from '../../testing/web.ts';
import { writeBalanceMetafields } from './write-balances.server.ts';

const people = 60;
let web: Awaited<ReturnType<typeof startTestWeb>>;
let shopify: ShopifyUnderTest;
let client: AdminClient;
let core: CoreClients;
/** Our member ids, in the order of Shopify's ids. */
let members: string[];

beforeAll(async () => {
  web = await startTestWeb();
  shopify = await startTestShopify({ appUrl: web.url, seed: 'none' });
  await shopify.emulator.control('customer', { generate: people });
}, 60_000);
afterAll(async () => {
  await shopify.stop();
  await web.stop();
});

/** A tenant whose members are the shop's customers, the first with 1 point, the second with 2, and so on. */
beforeEach(async () => {
  const { merchantId } = await web.core.installShop();
  const services = await shopify.services();
  core = services.core(merchantId);
  client = services.shopify({ merchantId, shop });
  const ids = [...shopify.emulator.world.data.customers.keys()].map(String);
  await core.admin.upsertCustomers({
    customers: ids.map((shopifyCustomerId) => ({
      customer: {
        shopifyCustomerId,
        email: '',
        firstName: '',
        lastName: '',
        locale: '',
        state: '',
      },
      trigger: 'synced',
      updatedAt: new Date(0).toISOString(),
    })),
  });
  const { rows } = await web.core.outside.query<{ customer_id: string }>(
    `SELECT customer_id FROM customers WHERE merchant_id = $1 ORDER BY shopify_customer_id::bigint`,
    [merchantId],
  );
  members = rows.map((row) => row.customer_id);
  await core.points.awardMany({
    awards: members.map((customerId, index) => ({
      customerId,
      points: index + 1,
      idempotencyKey: `first/${customerId}`,
    })),
  });
  shopify.emulator.world.data.metafields.clear();
});
afterEach(() => vi.useRealTimers());

/** What the shop's own metafields say, by Shopify's id of the customer. */
function shown(): string[] {
  return [...shopify.emulator.world.data.metafields.values()].map(({ value }) => value);
}
const balances = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
const byNumber = (one: string, other: string) => Number(one) - Number(other);

/** Runs the work and counts the calls that wrote. */
async function writes(work: () => Promise<unknown>): Promise<number> {
  const { entries } = shopify.emulator.world;
  const seen = new Set(entries);
  await work();
  return entries.filter(
    (entry) =>
      !seen.has(entry) &&
      entry.kind === 'graphql' &&
      String(entry['query']).includes('metafieldsSet'),
  ).length;
}

describe('balances at Shopify', () => {
  test('are written 25 per call, and not again while unchanged', async () => {
    expect(await writes(() => writeBalanceMetafields(core.admin, client))).toBe(3);
    expect(shown().sort(byNumber)).toEqual(balances(1, people));
    expect(await writes(() => writeBalanceMetafields(core.admin, client))).toBe(0);
  });

  test('are updated after a change, only the changed one', async () => {
    await writeBalanceMetafields(core.admin, client);
    await core.points.adjustPoints({
      customerId: members[0] ?? '',
      points: 999,
      reason: 'x',
      idempotencyKey: 'change',
    });
    expect(await writeBalanceMetafields(core.admin, client)).toBe(1);
    expect(shown().sort(byNumber)).toEqual([...balances(2, people), '1000']);
  });

  test('that change during a write are written once more', async () => {
    let isFirst = true;
    const changing: AdminClient = {
      async request(document, variables) {
        const answer = await client.request(document, variables);
        if (isFirst) {
          isFirst = false;
          await core.points.awardMany({
            awards: members.map((customerId) => ({
              customerId,
              points: 1_000,
              idempotencyKey: `meanwhile/${customerId}`,
            })),
          });
        }
        return answer;
      },
    };
    await writeBalanceMetafields(core.admin, changing);
    expect(shown().sort(byNumber)).toEqual(balances(1_001, 1_000 + people));
  });

  test('are correct after a worker was killed between writing and confirming', async () => {
    const killed: CoreClients['admin'] = Object.assign(
      Object.create(core.admin) as CoreClients['admin'],
      {
        confirmMetafieldBalances: () => Promise.reject(new Error('killed')),
      },
    );
    await expect(writeBalanceMetafields(killed, client)).rejects.toThrow('killed');
    await writeBalanceMetafields(core.admin, client);
    expect(shown().sort(byNumber)).toEqual(balances(1, people));
    expect(await writeBalanceMetafields(core.admin, client)).toBe(0);
  });

  test('of a customer deleted at Shopify delay no other', async () => {
    const { customers } = shopify.emulator.world.data;
    const [gone] = [...customers.values()];
    if (gone === undefined) throw new Error('the shop is empty');
    customers.delete(gone.id);
    try {
      await writeBalanceMetafields(core.admin, client);
      expect(shown()).toHaveLength(people - 1);
      expect(await writeBalanceMetafields(core.admin, client)).toBe(0);
    } finally {
      customers.set(gone.id, gone);
    }
  });

  test('leave a fifth of the shop’s API budget to interactive calls', async () => {
    // Sleeping only advances the clock of budget and bucket, so minutes take no time.
    vi.useFakeTimers({ toFake: ['Date'] });
    const left: number[] = [];
    let throttled = 0;
    let slept = 0;
    const retrying = createAdminClient({
      shop,
      accessToken: () =>
        Promise.resolve(
          [...shopify.emulator.world.data.installation.accessTokens].at(-1)?.token ?? '',
        ),
      budget: { cache: createMemoryCache(), merchantId: 'any' },
      sleep: (ms) => {
        slept += ms;
        vi.setSystemTime(Date.now() + ms);
        return Promise.resolve();
      },
      async fetch(input, init) {
        const response = await shopify.fetch(input, init);
        const { errors, extensions } = (await response.clone().json()) as {
          errors?: unknown[];
          extensions: {
            cost: { throttleStatus: { currentlyAvailable: number; maximumAvailable: number } };
          };
        };
        if (errors === undefined)
          left.push(
            extensions.cost.throttleStatus.currentlyAvailable /
              extensions.cost.throttleStatus.maximumAvailable,
          );
        else throttled += 1;
        return response;
      },
    });
    await shopify.emulator.control('throttle', { empty: true });
    await writeBalanceMetafields(core.admin, retrying);
    expect(shown()).toHaveLength(people);
    // The first call does not know the budget; after its response nothing is refused and the reserve stays.
    expect(throttled).toBe(1);
    expect(left).toHaveLength(3);
    // Shopify reports whole points.
    for (const share of left) expect(share).toBeGreaterThanOrEqual(0.199);
    expect(slept).toBeGreaterThan(3_000);
    await shopify.emulator.control('throttle', { empty: false });
  });
});
