import { afterAll, beforeAll, expect, test } from 'vitest';
import { proxyPath, shop, startTestWeb } from '../../testing/web.ts';
import type { Widget } from './widget-contract.ts';

let web: Awaited<ReturnType<typeof startTestWeb>>;
beforeAll(async () => {
  web = await startTestWeb();
}, 60_000);
afterAll(() => web.stop());

test('without Redis, polling asks core for the version, so that every change is seen at once', async () => {
  const store = await web.core.installShop(shop);
  const { customerId } = await store.admin.upsertCustomer({
    customer: { shopifyCustomerId: '71001', firstName: 'Ada', state: 'enabled' },
    trigger: 'updated',
  });
  const earn = (points: number) =>
    store.points.earnPoints({ award: { customerId, points, idempotencyKey: `earn/${points}` } });
  const poll = (etag = '') =>
    fetch(`${web.url}${proxyPath('widget', { logged_in_customer_id: '71001', locale: 'en' })}`, {
      headers: { 'if-none-match': etag },
    });
  const tagOf = (response: Response) => response.headers.get('etag') ?? '';

  await earn(100);
  const first = await poll();
  expect(first.status).toBe(200);
  expect((await poll(tagOf(first))).status).toBe(304);
  await earn(7);
  const second = await poll(tagOf(first));
  expect(second.status).toBe(200);
  expect(((await second.json()) as Widget).customer?.balance).toBe(107);
  expect((await poll(tagOf(second))).status).toBe(304);
  // A shop setting that no event reports.
  await web.core.outside.query(
    `INSERT INTO program_settings (merchant_id, branding) VALUES ($1, '{"rewards_panel": {"color": "#aa3300"}}')
     ON CONFLICT (merchant_id) DO UPDATE SET branding = EXCLUDED.branding`,
    [store.merchantId],
  );
  const third = await poll(tagOf(second));
  expect(third.status).toBe(200);
  await web.stopCore();
  expect((await poll(tagOf(third))).status).toBe(304);
});
