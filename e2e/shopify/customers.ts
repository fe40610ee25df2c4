// The shop's customers: created, changed, merged, deleted, and the privacy requests about them.
import {
  consentBody,
  customerBody,
  customerDeleteBody,
  customerMergeBody,
  dataRequestBody,
  type MergeStatus,
  redactBody,
  tagsBody,
} from './payloads.ts';
import type { Address, Customer, CustomerState } from './state.ts';
import { type Emitted, Refusal, type World } from './world.ts';

export interface CustomerInput {
  id?: number;
  email?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  phone?: string | null;
  locale?: string;
  state?: CustomerState;
  tags?: string[];
  note?: string | null;
  accepts_marketing?: boolean;
  accepts_sms?: boolean;
  verified_email?: boolean;
}

/** Finds a customer by number, global id or email address. */
export function findCustomer(world: World, reference: string | number): Customer | undefined {
  const { customers, mergedInto } = world.data;
  const text = String(reference);
  const id = /^(?:gid:\/\/shopify\/Customer\/)?(\d+)$/.exec(text)?.[1];
  if (id) return customers.get(mergedInto[id] ?? Number(id));
  const email = text.toLowerCase();
  for (const customer of customers.values())
    if (customer.email?.toLowerCase() === email) return customer;
  return undefined;
}
export function requireCustomer(world: World, reference: string | number): Customer {
  const customer = findCustomer(world, reference);
  if (!customer) throw new Refusal(`no customer ${reference}`, 404);
  return customer;
}

export function buildCustomer(
  world: World,
  input: CustomerInput,
  address: Address | null = null,
): Customer {
  const now = world.clock.iso();
  return {
    id: input.id ?? world.store.nextId('customer'),
    email: input.email ?? null,
    firstName: input.first_name ?? null,
    lastName: input.last_name ?? null,
    phone: input.phone ?? null,
    locale: input.locale ?? 'en',
    state: input.state ?? 'enabled',
    tags: input.tags ?? [],
    note: input.note ?? null,
    acceptsMarketing: input.accepts_marketing ?? false,
    acceptsSms: input.accepts_sms ?? false,
    verifiedEmail: input.verified_email ?? true,
    address,
    createdAt: now,
    updatedAt: now,
    spent: 0,
    orders: 0,
    lastOrderId: null,
  };
}

export function createCustomer(
  world: World,
  input: CustomerInput,
  times = 1,
): { customer: Customer; sent: Emitted } {
  if (input.email && findCustomer(world, input.email))
    throw new Refusal(`Email ${input.email} has already been taken`);
  const customer = buildCustomer(world, input);
  world.data.customers.set(customer.id, customer);
  world.store.changed();
  const sent = world.emit('customers/create', customerBody(world, customer), { times });
  return {
    customer,
    sent: together(sent, tellDetails(world, customer, { wasSubscribed: false, tags: [] }, times)),
  };
}

/** What the customer's own body does not say: consent and tags that changed. */
function tellDetails(
  world: World,
  customer: Customer,
  before: { wasSubscribed: boolean; tags: readonly string[] },
  times = 1,
): Emitted[] {
  const sent: Emitted[] = [];
  if (customer.acceptsMarketing !== before.wasSubscribed)
    sent.push(
      world.emit('customers_email_marketing_consent/update', consentBody(world, customer), {
        times,
      }),
    );
  const tell = (topic: string, tags: readonly string[]): void => {
    if (tags.length > 0) sent.push(world.emit(topic, tagsBody(world, customer, tags), { times }));
  };
  tell(
    'customer.tags_added',
    customer.tags.filter((tag) => !before.tags.includes(tag)),
  );
  tell(
    'customer.tags_removed',
    before.tags.filter((tag) => !customer.tags.includes(tag)),
  );
  return sent;
}
const together = (first: Emitted, more: readonly Emitted[]): Emitted => ({
  webhookIds: [first, ...more].flatMap(({ webhookIds }) => webhookIds),
  settled: Promise.all([first, ...more].map(({ settled }) => settled)).then(() => undefined),
});

export function updateCustomer(
  world: World,
  customer: Customer,
  input: CustomerInput,
  times = 1,
): Emitted {
  const wasEnabled = customer.state === 'enabled',
    before = { wasSubscribed: customer.acceptsMarketing, tags: customer.tags };
  if (input.email !== undefined) customer.email = input.email;
  if (input.first_name !== undefined) customer.firstName = input.first_name;
  if (input.last_name !== undefined) customer.lastName = input.last_name;
  if (input.phone !== undefined) customer.phone = input.phone;
  if (input.note !== undefined) customer.note = input.note;
  customer.locale = input.locale ?? customer.locale;
  customer.state = input.state ?? customer.state;
  customer.tags = input.tags ?? customer.tags;
  customer.acceptsMarketing = input.accepts_marketing ?? customer.acceptsMarketing;
  customer.acceptsSms = input.accepts_sms ?? customer.acceptsSms ?? false;
  customer.verifiedEmail = input.verified_email ?? customer.verifiedEmail;
  const sent = touchCustomer(world, customer, {
    enabled: !wasEnabled && customer.state === 'enabled',
    times,
  });
  return together(sent, tellDetails(world, customer, before, times));
}

/** Changes a customer's tags; Shopify sends the added tags, the removed ones, and that the customer changed. */
export function setTags(world: World, customer: Customer, tags: readonly string[]): Emitted {
  return updateCustomer(world, customer, { tags: [...tags] });
}

/** Sends the app that a customer changed. */
export function touchCustomer(
  world: World,
  customer: Customer,
  options: { enabled?: boolean; times?: number } = {},
): Emitted {
  customer.updatedAt = world.clock.iso();
  world.store.changed();
  const body = customerBody(world, customer);
  if (options.enabled) world.emit('customers/enable', body, options);
  return world.emit('customers/update', body, options);
}

export function deleteCustomer(world: World, customer: Customer, times = 1): Emitted {
  if (customer.orders > 0)
    throw new Refusal('Error deleting customer: a customer with orders cannot be deleted');
  world.data.customers.delete(customer.id);
  world.store.changed();
  return world.emit('customers/delete', customerDeleteBody(customer), { times });
}

/**
 * Merges `from` into `into`: orders and tags move, the merged customer's id leads to the kept one from now on. Only a
 * completed merge moves anything; the other states are sent and change nothing.
 */
export function mergeCustomers(
  world: World,
  into: Customer,
  from: Customer,
  times = 1,
  status: MergeStatus = 'completed',
): Emitted {
  if (into.id === from.id) throw new Refusal('a customer cannot be merged with itself');
  const tell = () =>
    world.emit(
      'customers/merge',
      customerMergeBody(into.id, from.id, world.store.nextId('job'), status),
      { times },
    );
  if (status !== 'completed') return tell();
  const { tags } = into;
  for (const order of world.data.orders.values())
    if (order.customerId === from.id) order.customerId = into.id;
  into.tags = [...new Set([...into.tags, ...from.tags])];
  into.orders += from.orders;
  into.spent += from.spent;
  into.email ??= from.email;
  world.data.customers.delete(from.id);
  world.data.mergedInto[String(from.id)] = into.id;
  const sent = tell();
  touchCustomer(world, into);
  tellDetails(world, into, { wasSubscribed: into.acceptsMarketing, tags });
  return sent;
}

/** customers/data_request: the shop owner asks for all that is stored about a customer. */
export function requestData(world: World, customer: Customer, times = 1): Emitted {
  return world.emit(
    'customers/data_request',
    dataRequestBody(world, customer, world.store.nextId('request')),
    { times },
  );
}

/** customers/redact: forgets the customer at Shopify, too, after telling the app. */
export function redactCustomer(world: World, customer: Customer, times = 1): Emitted {
  const sent = world.emit('customers/redact', redactBody(world, customer), { times });
  for (const order of world.data.orders.values())
    if (order.customerId === customer.id)
      Object.assign(order, { email: null, customerId: null, address: null, note: null });
  for (const [key, metafield] of world.data.metafields)
    if (metafield.ownerId === `gid://shopify/Customer/${customer.id}`)
      world.data.metafields.delete(key);
  world.data.customers.delete(customer.id);
  world.store.changed();
  return sent;
}
