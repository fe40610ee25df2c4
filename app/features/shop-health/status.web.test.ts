import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionToken, startTestWeb, storeOfflineSession } from '../../testing/web.ts';
import { withScopesOfNow } from './status.server.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
let shop: Awaited<ReturnType<typeof web.core.installShop>>;

beforeAll(async () => {
  web = await startTestWeb({ routes: /routes\/app(\.status|\._index)?\.tsx$/ });
  shop = await web.core.installShop();
  await storeOfflineSession(shop.shopDomain);
}, 60_000);
afterAll(() => web.stop());

/** What the page of a member of the shop's staff is made of. */
async function opened(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${web.url}${path}`, {
    headers: {
      authorization: `Bearer ${sessionToken(shop.shopDomain)}`,
      // Shopify's library turns programs away.
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
    },
  });
  return { status: answer.status, text: await answer.text() };
}

test('the status page tells a shop what waits, and the home page leads to it', async () => {
  await web.core.outside.query(
    `INSERT INTO webhook_inbox (merchant_id, shop_domain, topic, webhook_id, payload, received_at)
     VALUES ($1, $2, 'orders/paid', $3, '\\x00', now() - interval '10 minutes')`,
    [shop.merchantId, shop.shopDomain, randomUUID()],
  );
  for (const path of ['/app/status.data', '/app.data?index']) {
    const { status, text } = await opened(path);
    expect(status, path).toBe(200);
    expect(text, path).toContain('orders_waiting');
  }
  const { text } = await opened('/app/status.data');
  expect(text).not.toContain('scopes_missing');
});

test('a permission that was granted since the last night is not missing any more', () => {
  const health = {
    measuredAt: '',
    points: undefined,
    deliveries: undefined,
    reconcile: undefined,
    ledger: undefined,
    access: {
      at: '2026-11-30T01:30:00.000Z',
      access: 'connected',
      missingScopes: ['read_orders'],
      missingTopics: [],
    },
    scoredAt: '',
    problems: ['scopes_missing', 'orders_drifted'],
  };
  expect(withScopesOfNow(health, []).problems).toEqual(['orders_drifted']);
  expect(withScopesOfNow({ ...health, problems: ['orders_drifted'] }, ['read_orders'])).toEqual(
    health,
  );
});

test('the status page is shown while core does not answer, and says so; other pages are not', async () => {
  await web.stopCore();
  const { status, text } = await opened('/app/status.data');
  expect(status).toBe(200);
  expect(text).toContain('"incident","core"');
  const home = await opened('/app.data?index');
  expect(home.text).toContain('unavailable');
}, 30_000);
