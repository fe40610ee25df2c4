import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { anotherOrder, refundOf, shopDomain, signed } from './deliveries.ts';
import type { OrderBody } from './deliveries.ts';
import type { InsistentSender } from './insistent-sender.ts';

/** Someone who buys, asks for their data, asks to be erased, and of whom late messages come. */
export interface Leaver {
  readonly number: number;
  readonly orders: readonly string[];
  /** Under which their requests are known: acknowledged ones, by what they ask. */
  readonly dataRequest: string;
  /** The webhook's id, which is the request's name. */
  readonly erasure: string;
}

const firstShopifyId = 8_900_000_000_000;
const firstOrderId = 6_300_000_000_000;
const firstRefundId = 9_300_000_000_000;
const firstRequest = 700_000;
const lateWithinMs = 4_000;

/** All that names a leaver, in whatever is stored; the group is their number. */
export const leaverTraces =
  /leaver\.0*(\d+)@|Leaverina0*(\d+)x|Vanishing0*(\d+)x|8900000(\d{6})(?!\d)/gi;
/** The same for PostgreSQL, as a first sieve. */
export const leaverSieve = 'leaver\\.\\d|leaverina\\d|vanishing\\d|8900000\\d{6}';

function personOf(n: number) {
  const id = firstShopifyId + n;
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Customer/${id}`,
    email: `leaver.${n}@shopper.example`,
    first_name: `Leaverina${n}x`,
    last_name: `Vanishing${n}x`,
    state: 'enabled',
    locale: 'en',
  };
}

type Person = ReturnType<typeof personOf>;

function orderOf(template: OrderBody, orderId: number, person: Person): OrderBody {
  return {
    ...anotherOrder(template, orderId, 0),
    email: person.email,
    contact_email: person.email,
    customer: person,
  };
}

const customerOf = (person: Person) => ({ ...person, updated_at: new Date().toISOString() });

/** @returns once all of them is acknowledged; then they are in `leavers` */
export async function leave(
  sender: InsistentSender,
  templates: { readonly orderBody: OrderBody; readonly refundBody: OrderBody },
  n: number,
  leavers: Leaver[],
): Promise<void> {
  const person = personOf(n);
  const orders = [firstOrderId + n * 10, firstOrderId + n * 10 + 1];
  const paid = orders.map((id) => signed('orders/paid', orderOf(templates.orderBody, id, person)));
  const bought = await Promise.all([
    sender.deliver(signed('customers/create', customerOf(person))),
    ...paid.map((delivery) => sender.deliver(delivery)),
  ]);
  const dataRequest = String(firstRequest + n);
  const asked = await sender.deliver(
    signed('customers/data_request', requestOf(person, dataRequest)),
  );
  // Some are erased while their orders are still under way.
  await pause(randomInt(lateWithinMs));
  const webhookId = randomUUID();
  const erasure = {
    shop_domain: shopDomain,
    customer: { id: person.id, email: person.email, phone: null },
    orders_to_redact: orders.slice(0, 1),
  };
  const erased = await sender.deliver(signed('customers/redact', erasure, webhookId));
  if (!bought.every(Boolean) || !asked || !erased) return;
  leavers.push({
    number: n,
    orders: orders.map(String),
    dataRequest: `data_request/${dataRequest}`,
    erasure: `redact/${webhookId}`,
  });
  await tellLate(sender, templates, person, orders, paid);
}

/** What Shopify had under way, delivered by then or long after. */
async function tellLate(
  sender: InsistentSender,
  { orderBody, refundBody }: { readonly orderBody: OrderBody; readonly refundBody: OrderBody },
  person: Person,
  [first = 0, second = 0]: readonly number[],
  paid: readonly ReturnType<typeof signed>[],
): Promise<void> {
  const later = async (send: () => Promise<unknown>) => {
    await pause(randomInt(lateWithinMs));
    await send();
  };
  const updated = { ...orderOf(orderBody, second, person), updated_at: new Date().toISOString() };
  await Promise.all([
    ...paid.map((delivery) => later(() => sender.repeat(delivery))),
    later(() => sender.deliver(signed('orders/updated', updated))),
    later(() => sender.deliver(signed('customers/update', customerOf(person)))),
    later(() =>
      sender.deliver(
        signed(
          'refunds/create',
          refundOf(refundBody, first, firstRefundId + (person.id % 1_000_000)),
        ),
      ),
    ),
  ]);
}

const requestOf = (person: { readonly id: number; readonly email: string }, request: string) => ({
  shop_domain: shopDomain,
  customer: { id: person.id, email: person.email, phone: null },
  data_request: { id: Number(request) },
  orders_requested: [],
});

const firstRequestOfOthers = 800_000;

/** Of one who stays, and so must get an answer. */
export async function askForData(
  sender: InsistentSender,
  n: number,
  customer: number,
  acknowledged: Set<string>,
): Promise<void> {
  const id = 8_800_000_000_000 + customer;
  const request = String(firstRequestOfOthers + n);
  const body = requestOf({ id, email: `load.${customer}@shopper.example` }, request);
  if (await sender.deliver(signed('customers/data_request', body))) acknowledged.add(request);
}
