import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sessionToken, shop, startTestWeb, storeOfflineSession } from '../testing/web.ts';
import { closeAll } from '../lifecycle.server.ts';

/** Stands for PostHog: stores the requests it gets, as text. */
const sent: string[] = [];
const posthog = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const isZipped = body[0] === 0x1f && body[1] === 0x8b;
    sent.push((isZipped ? gunzipSync(body) : body).toString('utf8'));
    response.setHeader('content-type', 'application/json').end('{"status":1}');
  });
});

let web: Awaited<ReturnType<typeof startTestWeb>>;
let merchantId: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => posthog.listen(0, '127.0.0.1', resolve));
  process.env['POSTHOG_KEY'] = 'phc_test';
  process.env['POSTHOG_HOST'] = `http://127.0.0.1:${(posthog.address() as AddressInfo).port}`;
  web = await startTestWeb({ routes: /\/app\.(tsx|_index|customers\._index)/ });
  const installed = await web.core.installShop(shop);
  merchantId = installed.merchantId;
  await installed.admin.upsertCustomer({
    customer: {
      shopifyCustomerId: '1',
      firstName: 'Zora',
      email: 'zora@example.com',
      state: 'enabled',
    },
    trigger: 'updated',
  });
  await storeOfflineSession(shop);
}, 60_000);
afterAll(async () => {
  await web.stop();
  posthog.close();
});

test('viewing the dashboard and the customer list is sent to PostHog for the shop, without a person', async () => {
  const look = async (address: string) => {
    const response = await fetch(web.url + address, {
      headers: {
        authorization: `Bearer ${sessionToken(shop)}`,
        'user-agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36',
      },
    });
    expect(response.status).toBe(200);
    return response.text();
  };
  await look('/app.data?index&_routes=routes/app._index');
  const found = await look(
    '/app/customers.data?query=zora@example.com&_routes=routes/app.customers._index',
  );
  expect(found).toContain('zora@example.com');
  // Flushes pending events.
  await closeAll();
  const events = sent.flatMap(
    (text) =>
      (
        JSON.parse(text) as {
          batch?: { event: string; distinct_id: string; properties: Record<string, unknown> }[];
        }
      ).batch ?? [],
  );
  const told = events.map(
    ({ event, distinct_id: id, properties }) => [event, id, properties] as const,
  );
  expect(told).toEqual(
    expect.arrayContaining([
      ['analytics_viewed', merchantId, expect.objectContaining({ days: 30, ok: true })],
      [
        'user_list_viewed',
        merchantId,
        expect.objectContaining({ searched: true, shown: 1, first_page: true }),
      ],
    ]),
  );
  // A name with letters that no UUID has.
  expect(sent.join()).not.toMatch(/zora/i);
});
