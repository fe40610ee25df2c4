import { createHmac, randomUUID } from 'node:crypto';
import { shopCredentials } from '#infra/local/services.ts';
import { deliveryHeaders } from './guide-scenarios.ts';

/** A webhook as it goes over the wire. */
export interface SignedDelivery {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export const shopDomain = 'demo-store.myshopify.com';

/** Signed as Shopify signs, over the raw bytes. `webhookId` repeats for a delivery that is sent again. */
export function signed(
  topic: string,
  payload: unknown,
  webhookId: string = randomUUID(),
  shop: string = shopDomain,
): SignedDelivery {
  const body = Buffer.from(JSON.stringify(payload));
  const signature = createHmac('sha256', shopCredentials.SHOPIFY_API_SECRET)
    .update(body)
    .digest('base64');
  return {
    path: `/webhooks/${topic}`,
    headers: {
      ...deliveryHeaders({
        topic,
        shopDomain: shop,
        signature,
        webhookId,
        eventId: randomUUID(),
        at: new Date().toISOString(),
      }),
      'content-length': String(body.length),
    },
    body,
  };
}

export type OrderBody = Readonly<Record<string, unknown>>;

/** The same body about another order, wherever it names the order. */
const ofOrder = (template: OrderBody, was: unknown, orderId: number): OrderBody =>
  JSON.parse(JSON.stringify(template).replaceAll(String(was), String(orderId))) as OrderBody;

/** One more order like `template`, by the n-th of some customers; all else has the shape that Shopify documents. */
export function anotherOrder(template: OrderBody, orderId: number, customer: number): OrderBody {
  const now = new Date().toISOString();
  const id = 8_800_000_000_000 + customer;
  const email = `load.${customer}@shopper.example`;
  return {
    ...ofOrder(template, template['id'], orderId),
    id: orderId,
    name: `#${orderId % 1_000_000}`,
    order_number: orderId % 1_000_000,
    created_at: now,
    processed_at: now,
    updated_at: now,
    email,
    contact_email: email,
    customer: {
      ...(template['customer'] as object),
      id,
      admin_graphql_api_id: `gid://shopify/Customer/${id}`,
      email,
    },
  };
}

/** A refund like `template`, of one of those orders. */
export function refundOf(template: OrderBody, orderId: number, refundId: number): OrderBody {
  const now = new Date().toISOString();
  return {
    ...ofOrder(template, template['order_id'], orderId),
    id: refundId,
    admin_graphql_api_id: `gid://shopify/Refund/${refundId}`,
    created_at: now,
    processed_at: now,
  };
}
