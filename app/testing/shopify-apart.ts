import { startListeningApp } from '#e2e/shopify/testing-app.ts';
import { startTestShopify } from './shopify.ts';
import { startTestWeb, type TestWebOptions } from './web.ts';

/**
 * The web application and an empty shop at Shopify whose webhooks do not reach it: they are answered 200 and kept in
 * `sent`. What the app knows of the shop it has read, or a test has delivered.
 */
export async function startShopifyApart(options: Pick<TestWebOptions, 'clock'> = {}) {
  const web = await startTestWeb(options);
  const sent = await startListeningApp();
  const shopify = await startTestShopify({ appUrl: sent.url, seed: 'none' });
  return {
    web,
    sent,
    shopify,
    services: await shopify.services(),
    async stop() {
      await shopify.stop();
      await sent.stop();
      await web.stop();
    },
  };
}
export type ShopifyApart = Awaited<ReturnType<typeof startShopifyApart>>;

/** Begins a test with one customer, Ada, and tenants of before: orders are timed by the second. */
export async function withAda({ web, sent, shopify }: ShopifyApart): Promise<void> {
  await web.core.outside.query(
    `UPDATE merchants SET created_at = created_at - interval '1 minute'`,
  );
  await shopify.emulator.control('reset', { seed: 'none' });
  await shopify.emulator.control('customer', {
    email: 'ada@shopper.example',
    first_name: 'Ada',
    wait: true,
  });
  sent.received.length = 0;
}
