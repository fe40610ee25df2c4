import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { handlers } from '../../worker/handlers.ts';
import { startShopifyApart } from '../../testing/shopify-apart.ts';
import type { ShopifyApart } from '../../testing/shopify-apart.ts';
import { deliver, shop as shopifyDomain } from '../../testing/web.ts';

let apart: ShopifyApart;
let web: ShopifyApart['web'];
/** Stores what Shopify sends, so that a test can deliver it in any order. */
let sent: ShopifyApart['sent'];
let shopify: ShopifyApart['shopify'];
let services: ShopifyApart['services'];

interface Notice {
  readonly topic: string;
  readonly body: string;
  readonly triggeredAt: string;
}

beforeAll(async () => {
  apart = await startShopifyApart();
  ({ web, sent, shopify, services } = apart);
}, 60_000);
afterAll(() => apart.stop());

/** A shop where subscribing earns 100 points and an account nothing. */
async function shopWithNewsletter() {
  const installed = await web.core.installShop();
  const { program } = await installed.points.getPointsProgram({});
  const known = program?.earning?.actions ?? [];
  await installed.points.updatePointsProgram({
    program: {
      ...program,
      signup: { enabled: false, points: 0 },
      earning: {
        ...program?.earning,
        actions: known
          .filter(({ action }) => action === 'newsletter')
          .map((rule) => ({ ...rule, enabled: true, points: 100 })),
      },
    },
  });
  return installed;
}
type Shop = Awaited<ReturnType<typeof shopWithNewsletter>>;

/** What Shopify sent since the last call, at least a millisecond apart. */
async function noticesOf(act: () => Promise<unknown>): Promise<Notice[]> {
  sent.received.length = 0;
  await sleep(2);
  await act();
  return sent.received.map(({ path, body, headers }) => ({
    topic: path.replace('/webhooks/', ''),
    body: body.toString('utf8'),
    triggeredAt: String(headers['x-shopify-triggered-at']),
  }));
}

async function tell(shop: Shop, notices: readonly Notice[]): Promise<void> {
  for (const { topic, body, triggeredAt } of notices) {
    const answer = await deliver(web.url, {
      topic,
      // Each test has its own tenant, and a body must name the shop of its header.
      body: body.replaceAll(shopifyDomain, shop.shopDomain),
      headers: {
        'x-shopify-shop-domain': shop.shopDomain,
        'x-shopify-triggered-at': triggeredAt,
      },
    });
    expect(answer.status).toBe(200);
    const { rows } = await web.core.outside.query<{ delivery_id: string }>(
      `SELECT delivery_id FROM webhook_inbox WHERE merchant_id = $1 AND status = 'received'`,
      [shop.merchantId],
    );
    await handlers['process-deliveries'](
      {
        deliveryIds: rows.map((row) => row.delivery_id),
        backoff: { waits: 0, since: Date.now() },
      },
      services,
      true,
    );
  }
}

async function knownOf(shop: Shop, shopifyCustomerId: string) {
  const { customer } = await shop.admin.getCustomer({ shopifyCustomerId });
  const { rows } = await web.core.outside.query<{ status: string }>(
    `SELECT status FROM consents WHERE merchant_id = $1 ORDER BY created_at DESC LIMIT 1`,
    [shop.merchantId],
  );
  return {
    points: customer?.balance?.balance,
    firstName: customer?.firstName,
    tags: customer?.tags,
    consent: rows[0]?.status,
  };
}

let people = 0;
async function newcomer(fields: Record<string, unknown> = {}) {
  const { customer } = await shopify.emulator.control('customer', {
    email: `person-${++people}@shopper.example`,
    first_name: 'Ada',
    wait: true,
    ...fields,
  });
  return String((customer as { id: number }).id);
}
const change = (customer: string, fields: Record<string, unknown>) =>
  noticesOf(() => shopify.emulator.control('customer', { customer, wait: true, ...fields }));

describe('a shopper who subscribes to the newsletter at Shopify', () => {
  test('is reported by its own topic, and earns the points automatically', async () => {
    const shop = await shopWithNewsletter();
    let id = '';
    const created = await noticesOf(async () => {
      id = await newcomer();
    });
    expect(created.map(({ topic }) => topic)).toEqual(['customers/create']);
    expect(created[0]?.body).not.toMatch(/consent|tags/);
    const subscribed = await change(id, { accepts_marketing: true });
    expect(subscribed.map(({ topic }) => topic).sort()).toEqual([
      'customers/update',
      'customers_email_marketing_consent/update',
    ]);
    await tell(shop, [...created, ...subscribed, ...subscribed]);
    expect(await knownOf(shop, id)).toMatchObject({ points: 100, consent: 'granted' });
  });

  test('and unsubscribes keeps the points of one subscription, in whatever order the topics arrive', async () => {
    let id = '';
    const created = await noticesOf(async () => {
      id = await newcomer({ accepts_marketing: true, tags: ['vip'] });
    });
    const notices = [
      ...created,
      ...(await change(id, { accepts_marketing: false, tags: [] })),
      ...(await change(id, { first_name: 'Grace', tags: ['VIP', 'press'] })),
    ];
    const orders = [
      notices,
      notices.toReversed(),
      notices.toSorted((a, b) => a.topic.localeCompare(b.topic)),
    ];
    for (const order of orders) {
      const shop = await shopWithNewsletter();
      await tell(shop, order);
      expect(await knownOf(shop, id)).toMatchObject({
        points: 100,
        consent: 'revoked',
        tags: ['press', 'VIP'],
      });
    }
  });

  test('who is otherwise unknown gets the name that arrives later', async () => {
    const shop = await shopWithNewsletter();
    let id = '';
    const created = await noticesOf(async () => {
      id = await newcomer({ accepts_marketing: true });
    });
    await tell(shop, created.toReversed());
    expect(await knownOf(shop, id)).toMatchObject({ points: 100, firstName: 'Ada' });
  });

  test('earns nothing while the subscription awaits confirmation', async () => {
    const shop = await shopWithNewsletter();
    await tell(shop, [
      {
        topic: 'customers_email_marketing_consent/update',
        body: JSON.stringify({
          customer_id: 706405506930,
          email_address: 'bob@shopper.example',
          email_marketing_consent: {
            state: 'pending',
            opt_in_level: 'confirmed_opt_in',
            consent_updated_at: null,
          },
        }),
        triggeredAt: new Date().toISOString(),
      },
    ]);
    expect(await knownOf(shop, '706405506930')).toMatchObject({ points: 0, consent: 'revoked' });
  });
});

describe('tags of a customer', () => {
  test('come from Shopify’s own topics, also for an otherwise unknown customer', async () => {
    const shop = await shopWithNewsletter();
    const at = (second: number) => `2026-11-05T05:00:0${second}.000Z`;
    const notice = (topic: string, tags: string[], second: number): Notice => ({
      topic,
      body: JSON.stringify({
        customerId: 'gid://shopify/Customer/706405506931',
        tags,
        occurredAt: at(second),
      }),
      triggeredAt: at(9),
    });
    await tell(shop, [
      notice('customer.tags_removed', ['tag2'], 3),
      notice('customer.tags_added', ['tag1', 'tag2'], 1),
    ]);
    expect((await knownOf(shop, '706405506931')).tags).toEqual(['tag1']);
    await tell(shop, [notice('customer.tags_added', ['Tag2'], 4)]);
    expect((await knownOf(shop, '706405506931')).tags).toEqual(['tag1', 'Tag2']);
  });

  test('are erased with the person', async () => {
    const shop = await shopWithNewsletter();
    const id = await newcomer({ tags: ['Ada Lovelace'] });
    const created = await noticesOf(async () => {
      await shopify.emulator.control('customer', { customer: id, tags: ['Ada L.'], wait: true });
    });
    await tell(shop, created);
    const redact = await noticesOf(() =>
      shopify.emulator.control('customers/redact', { customer: id, wait: true }),
    );
    await tell(shop, redact);
    const { rows } = await web.core.outside.query<{ request_id: string }>(
      'SELECT request_id FROM gdpr_requests WHERE merchant_id = $1',
      [shop.merchantId],
    );
    await handlers['process-privacy-request'](
      { merchantId: shop.merchantId, requestId: rows[0]?.request_id ?? '' },
      services,
      true,
    );
    const left = await web.core.outside.query<{ all: string }>(
      `SELECT c::text AS all FROM customers c WHERE merchant_id = $1`,
      [shop.merchantId],
    );
    expect(left.rows[0]?.all).not.toContain('Ada L.');
  });
});
