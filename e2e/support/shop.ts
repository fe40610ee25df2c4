import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { control as callControl } from '#infra/local/shop-endpoints.ts';

/** Where the browser finds the shop; the proxy of the run leads there. */
export const ADMIN = 'https://admin.shopify.com/store/demo-store';
export const STORE = 'https://demo-store.myshopify.com';

const orderAnswer = z.object({
  order: z.looseObject({ id: z.number(), name: z.string() }),
  webhook_ids: z.array(z.string()),
});
const customerAnswer = z.object({ customer: z.object({ id: z.number() }) });
const deliverAnswer = z.object({ statuses: z.array(z.number()) });
const stateAnswer = z.object({ customers: z.array(z.unknown()) });

export type Language = 'en' | 'es' | 'fr';

export interface Shopper {
  readonly id: number;
  readonly email: string;
  readonly name: string;
}

/** An order as in a webhook's body. */
export type OrderBody = z.output<typeof orderAnswer>['order'];

/** Where tools reach the shop without the proxy and the browser. */
export function shopEndpoints(): { shell: string; control: string } {
  const shell = process.env.E2E_SHOP_URL ?? '';
  return { shell, control: `${shell}/_control` };
}

/** Does something to the shop directly, without the browser. */
export function control<Answer>(
  verb: string,
  body: Record<string, unknown>,
  answer: z.ZodType<Answer>,
): Promise<Answer> {
  return callControl({ shop: shopEndpoints() }, verb, body, answer);
}

/** A new shopper: the journeys share one shop, and each creates its own customers. */
export async function newShopper(firstName: string, { hasAccount = true } = {}): Promise<Shopper> {
  const lastName = `T${randomUUID().slice(0, 8)}`;
  const email = `${firstName}.${lastName}@shopper.example`.toLowerCase();
  const { customer } = await control(
    'customer',
    {
      email,
      first_name: firstName,
      last_name: lastName,
      state: hasAccount ? 'enabled' : 'disabled',
      wait: true,
    },
    customerAnswer,
  );
  return { id: customer.id, email, name: `${firstName} ${lastName}` };
}

export interface OrderWish {
  readonly customer: Shopper;
  readonly subtotal: string;
  readonly paid?: boolean;
}

export function placeOrder({ customer, ...wish }: OrderWish) {
  return control('order', { customer: customer.id, ...wish, wait: true }, orderAnswer);
}

export function refundOrder(order: OrderBody, part: Record<string, unknown>) {
  return control('refund', { order: order.id, ...part, wait: true }, orderAnswer);
}

/** Sends a signed delivery, and repeats of it as Shopify does. Returns the statuses. */
export async function deliver(topic: string, body: unknown, times = 1): Promise<number[]> {
  return (await control('deliver', { topic, body, times }, deliverAnswer)).statuses;
}

export async function customersInShop(): Promise<number> {
  return (await control('state', { limit: 5_000 }, stateAnswer)).customers.length;
}
