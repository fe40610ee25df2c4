import { createHmac } from 'node:crypto';
import { webhookTopics } from '#app/shopify/webhook-topics.ts';
import { mutatedSome } from '../../load/random.ts';
import type { Random } from '../../load/random.ts';
import { headerText, strayHeaders } from './headers.ts';
import { http } from './target.ts';
import type { FuzzTarget, Shot } from './target.ts';

const now = () => new Date().toISOString();
const person = (id: number) => ({
  id,
  email: `shopper-${id}@shopper.example`,
  first_name: 'Ada',
  last_name: 'Larsen',
  state: 'enabled',
  locale: 'en',
  currency: 'USD',
  created_at: '2026-01-01T10:00:00Z',
  updated_at: now(),
  tags: 'one, two',
  phone: '+15550001111',
  email_marketing_consent: { state: 'subscribed', consent_updated_at: now() },
  admin_graphql_api_id: `gid://shopify/Customer/${id}`,
});

function orderBody(random: Random, id: number) {
  const cents = 1_000 + random.below(20_000);
  const amount = (cents / 100).toFixed(2);
  const set = {
    shop_money: { amount, currency_code: 'USD' },
    presentment_money: { amount, currency_code: 'USD' },
  };
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    email: 'ada@shopper.example',
    currency: 'USD',
    presentment_currency: 'USD',
    created_at: now(),
    processed_at: now(),
    updated_at: now(),
    cancelled_at: null,
    test: false,
    taxes_included: false,
    total_tax: '0.00',
    subtotal_price: amount,
    current_subtotal_price: amount,
    total_price: amount,
    current_total_price: amount,
    subtotal_price_set: set,
    current_subtotal_price_set: set,
    total_price_set: set,
    financial_status: 'paid',
    source_name: 'web',
    customer: person(5001 + random.below(8)),
    shipping_address: { country_code: 'FR' },
    discount_codes: [],
    line_items: [
      {
        id: id + 1,
        product_id: 9301,
        variant_id: 9302,
        quantity: 2,
        price: (cents / 200).toFixed(2),
        total_discount: '0.00',
        gift_card: false,
        discount_allocations: [],
        tax_lines: [],
      },
    ],
    refunds: [],
  };
}

function refundBody(random: Random, orderId: number) {
  const amount = (random.below(2_000) / 100).toFixed(2);
  return {
    id: orderId + 7,
    order_id: orderId,
    created_at: now(),
    processed_at: now(),
    refund_line_items: [
      {
        id: orderId + 8,
        line_item_id: orderId + 1,
        quantity: 1,
        subtotal: amount,
        subtotal_set: { shop_money: { amount, currency_code: 'USD' } },
        line_item: { id: orderId + 1, product_id: 9301, gift_card: false, price: amount },
      },
    ],
    order_adjustments: [],
    transactions: [{ id: orderId + 9, kind: 'refund', status: 'success', amount, currency: 'USD' }],
  };
}

/** A body as Shopify sends it under that topic. */
function validBody(random: Random, topic: string, target: FuzzTarget): object {
  const id = 5001 + random.below(12);
  const orderId = 700_000 + random.below(60) * 20;
  const shop = target.shop.shopDomain;
  const gid = `gid://shopify/Customer/${id}`;
  if (topic === 'refunds/create') return refundBody(random, orderId);
  if (topic === 'orders/edited') return { order_edit: { id: 1, order_id: orderId } };
  if (topic === 'orders/risk_assessment_changed')
    return {
      order_id: String(orderId),
      admin_graphql_api_order_id: `gid://shopify/Order/${orderId}`,
      provider_id: null,
      provider_title: null,
      risk_level: random.pick(['high', 'medium', 'low', 'none', 'pending']),
      created_at: now(),
    };
  if (topic.startsWith('orders/')) return orderBody(random, orderId);
  if (topic === 'customers/merge')
    return {
      admin_graphql_api_customer_kept_id: gid,
      admin_graphql_api_customer_deleted_id: `gid://shopify/Customer/${5001 + random.below(12)}`,
      admin_graphql_api_job_id: null,
      status: random.pick(['completed', 'failed', 'in_progress']),
      errors: [],
    };
  if (topic === 'customers/data_request' || topic === 'customers/redact')
    return {
      shop_id: 1,
      shop_domain: shop,
      customer: { id, email: `shopper-${id}@shopper.example`, phone: '+15550001111' },
      orders_to_redact: [orderId],
      orders_requested: [orderId],
      data_request: { id: 1 },
    };
  if (topic.startsWith('customers/')) return person(id);
  if (topic === 'customers_email_marketing_consent/update')
    return {
      customer_id: id,
      email_address: `shopper-${id}@shopper.example`,
      email_marketing_consent: {
        state: 'subscribed',
        opt_in_level: 'single_opt_in',
        consent_updated_at: now(),
      },
    };
  if (topic.startsWith('customer.tags_'))
    return { customerId: gid, tags: ['one', 'two'], occurredAt: now() };
  if (topic === 'bulk_operations/finish')
    return { admin_graphql_api_id: 'gid://shopify/BulkOperation/1', status: 'completed' };
  if (topic === 'app/scopes_update')
    return { id: 1, previous: [], current: ['read_customers', 'read_orders'], updated_at: now() };
  if (topic === 'shop/redact') return { shop_id: 1, shop_domain: shop };
  return {
    id: 1,
    name: 'A shop',
    myshopify_domain: shop,
    domain: 'shop.example',
    currency: 'USD',
    iana_timezone: 'UTC',
    primary_locale: 'en',
    email: 'owner@shop.example',
    plan_name: 'basic',
  };
}

/** Invalid JSON, or an oversized body. */
function spoiled(random: Random, text: string): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(text);
  const kind = random.below(8);
  if (kind === 0) return bytes.subarray(0, random.below(bytes.length));
  if (kind === 1) {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  }
  if (kind === 2) return Buffer.from(`[${text}]`);
  if (kind === 3) return Buffer.concat([Buffer.from('\ufeff'), bytes]);
  if (kind === 4)
    return Buffer.from(text.replace('{', '{"__proto__":{"id":1},"constructor":null,'));
  if (kind === 5) return Buffer.from(text.replace('{', `{"a":${'['.repeat(5_000)}`));
  if (kind === 6) return Buffer.from(`{"a":"${'x'.repeat(random.pick([70_000, 1_100_000]))}"}`);
  return Buffer.from(random.pick(['', 'null', '1', '"text"', 'true', '{', '\u0000', '{}']));
}

export function webhookShot(random: Random, target: FuzzTarget): Shot {
  const topic = random.pick(webhookTopics);
  // Sometimes what another topic sends.
  const source = random.chance(0.1) ? random.pick(webhookTopics) : topic;
  const value = mutatedSome(random, validBody(random, source, target));
  const text = JSON.stringify(value) ?? 'null';
  const body = random.chance(0.12) ? spoiled(random, text) : Buffer.from(text);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': target.shop.shopDomain,
    'x-shopify-webhook-id': `fuzz-${random.below(1e9)}`,
    'x-shopify-event-id': `fuzz-${random.below(1e9)}`,
    'x-shopify-api-version': '2026-10',
    'x-shopify-triggered-at': now(),
    'x-shopify-hmac-sha256': createHmac('sha256', target.secret).update(body).digest('base64'),
    ...strayHeaders(random),
  };
  if (random.chance(0.15)) {
    const name = random.pick(Object.keys(headers));
    if (random.chance(0.3)) delete headers[name];
    else headers[name] = headerText(random);
  }
  if (random.chance(0.05)) headers['x-shopify-shop-domain'] = 'somebody-else.myshopify.com';
  return {
    surface: 'webhooks',
    what: `${topic} ${JSON.stringify(headers)} ${body.toString('utf8').slice(0, 4_000)}`,
    send: () => http(`${target.webUrl}/webhooks/${topic}`, { method: 'POST', headers, body }),
  };
}
