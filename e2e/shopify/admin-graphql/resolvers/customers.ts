import { findCustomer, setTags, updateCustomer } from '../../customers.ts';
import { type Customer, gid, idOf } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context, type Resolver } from '../context.ts';
import { notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';
import { storeCreditAccounts } from './money-rewards.ts';
import { metafieldFields } from './metafields.ts';
import { addressNode, listOrders, ordersOf } from './orders.ts';
import { moneyV2 } from './shop.ts';

const displayName = (customer: Customer): string =>
  [customer.firstName, customer.lastName].filter(Boolean).join(' ') || customer.email || 'Customer';
const marketing = (customer: Customer): string =>
  customer.acceptsMarketing ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED';

export function customerNode(world: World, customer: Customer): GraphNode {
  const id = gid('Customer', customer.id),
    { currency } = world.data.shop;
  return {
    __typename: 'Customer',
    id,
    legacyResourceId: String(customer.id),
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: displayName(customer),
    email: customer.email,
    phone: customer.phone,
    locale: customer.locale,
    state: customer.state.toUpperCase(),
    note: customer.note,
    tags: [...customer.tags].sort(),
    createdAt: customer.createdAt,
    updatedAt: customer.updatedAt,
    verifiedEmail: customer.verifiedEmail,
    validEmailAddress: customer.email !== null,
    numberOfOrders: String(customer.orders),
    amountSpent: moneyV2(Math.max(0, customer.spent), currency),
    taxExempt: false,
    dataSaleOptOut: false,
    canDelete: customer.orders === 0,
    productSubscriberStatus: 'NEVER_SUBSCRIBED',
    multipassIdentifier: null,
    hasTimelineComment: false,
    taxExemptions: [],
    defaultEmailAddress:
      customer.email === null
        ? null
        : {
            __typename: 'CustomerEmailAddress',
            emailAddress: customer.email,
            marketingState: marketing(customer),
            marketingOptInLevel: 'SINGLE_OPT_IN',
            marketingUpdatedAt: null,
            validFormat: true,
          },
    defaultPhoneNumber:
      customer.phone === null
        ? null
        : {
            __typename: 'CustomerPhoneNumber',
            phoneNumber: customer.phone,
            marketingState: customer.acceptsSms === true ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
          },
    defaultAddress: customer.address ? addressNode(customer.address) : null,
    addresses: customer.address ? [addressNode(customer.address)] : [],
    companyContactProfiles: [],
    mergeable: {
      __typename: 'CustomerMergeable',
      isMergeable: true,
      reason: null,
      errorFields: [],
      mergeInProgress: null,
    },
    lastOrder: (_args: Args, context: Context) =>
      customer.lastOrderId === null ? null : context.node(gid('Order', customer.lastOrderId)),
    orders: (args: Args, context: Context) =>
      listOrders(context, args, ordersOf(world, customer.id)),
    storeCreditAccounts: storeCreditAccounts(world, customer.id),
    ...metafieldFields(world, id),
  };
}

const FIELDS = {
  id: (c: Customer) => c.id,
  email: (c: Customer) => c.email,
  first_name: (c: Customer) => c.firstName,
  last_name: (c: Customer) => c.lastName,
  phone: (c: Customer) => c.phone,
  state: (c: Customer) => c.state,
  tag: (c: Customer) => c.tags,
  created_at: (c: Customer) => c.createdAt,
  updated_at: (c: Customer) => c.updatedAt,
  customer_date: (c: Customer) => c.createdAt,
  orders_count: (c: Customer) => c.orders,
  total_spent: (c: Customer) => c.spent / 100,
  accepts_marketing: (c: Customer) => String(c.acceptsMarketing),
} as const;
const SORT: Readonly<Record<string, (a: Customer, b: Customer) => number>> = {
  ID: (a, b) => a.id - b.id,
  RELEVANCE: (a, b) => a.id - b.id,
  CREATED_AT: (a, b) => a.createdAt.localeCompare(b.createdAt) || a.id - b.id,
  UPDATED_AT: (a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id,
  NAME: (a, b) => (a.lastName ?? '').localeCompare(b.lastName ?? '') || a.id - b.id,
};

export const customerQueries: Record<string, Resolver> = {
  customer: (args, context) =>
    idOf('Customer', String(args['id'])) === undefined ? null : context.node(String(args['id'])),
  customers: (args, context) => {
    const { world } = context,
      sort = SORT[typeof args['sortKey'] === 'string' ? args['sortKey'] : 'ID'];
    if (!sort) throw notModeled(`sorting customers by ${String(args['sortKey'])}`);
    const all = [...world.data.customers.values()]
      .filter(matcher(args['query'] as string | null, 'customers', FIELDS))
      .sort(sort);
    return connection(
      'Customer',
      all,
      args as PageArguments,
      (c) => String(c.id),
      (c) => customerNode(world, c),
      bulkMode(context),
    );
  },
  customersCount: (args, { world }) => ({
    __typename: 'Count',
    precision: 'EXACT',
    count: [...world.data.customers.values()].filter(
      matcher(args['query'] as string | null, 'customers', FIELDS),
    ).length,
  }),
  customerByIdentifier: (args, { world }) => {
    const { id, emailAddress, phoneNumber } = args['identifier'] as {
      id?: string;
      emailAddress?: string;
      phoneNumber?: string;
    };
    if (id === undefined && emailAddress === undefined && phoneNumber === undefined)
      throw notModeled('customerByIdentifier by customId');
    const found =
      phoneNumber === undefined
        ? findCustomer(world, id ?? emailAddress ?? '')
        : [...world.data.customers.values()].find((customer) => customer.phone === phoneNumber);
    return found ? customerNode(world, found) : null;
  },
};

function tags(add: boolean): Resolver {
  return (args, { world }) => {
    const id = idOf('Customer', String(args['id'])),
      customer = id === undefined ? undefined : world.data.customers.get(id);
    if (id === undefined) throw notModeled(`tags of ${String(args['id']).split('/')[3] ?? ''}`);
    if (!customer)
      return {
        node: null,
        userErrors: [
          { __typename: 'UserError', field: ['id'], message: 'Customer does not exist' },
        ],
      };
    const given = (args['tags'] as string[])
      .flatMap((tag) => tag.split(','))
      .map((tag) => tag.trim())
      .filter(Boolean);
    const tags = add
      ? [...new Set([...customer.tags, ...given])]
      : customer.tags.filter((tag) => !given.includes(tag));
    if (customer.tags.join() !== tags.join()) setTags(world, customer, tags);
    return { node: customerNode(world, customer), userErrors: [] };
  };
}
/** Mutations outside the customer* family that need the customers' scope. */
export const TAG_SCOPE = 'write_customers';

interface CustomerUpdateInput {
  id?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  note?: string | null;
  locale?: string;
  tags?: string[] | null;
  phone?: string | null;
}
const UPDATABLE = ['id', 'firstName', 'lastName', 'email', 'note', 'locale', 'tags', 'phone'];

export const customerMutations: Record<string, Resolver> = {
  tagsAdd: tags(true),
  tagsRemove: tags(false),
  customerUpdate: (args, { world }) => {
    const input = args['input'] as CustomerUpdateInput,
      other = Object.keys(input).find((key) => !UPDATABLE.includes(key));
    if (other) throw notModeled(`customerUpdate of ${other}`);
    const customer = findCustomer(world, input.id ?? '');
    if (!customer)
      return {
        customer: null,
        userErrors: [
          { __typename: 'UserError', field: ['id'], message: 'Customer does not exist' },
        ],
      };
    updateCustomer(world, customer, {
      ...(input.firstName === undefined ? {} : { first_name: input.firstName }),
      ...(input.lastName === undefined ? {} : { last_name: input.lastName }),
      ...(input.email === undefined ? {} : { email: input.email }),
      ...(input.note === undefined ? {} : { note: input.note }),
      ...(input.phone === undefined ? {} : { phone: input.phone }),
      ...(input.locale === undefined ? {} : { locale: input.locale }),
      ...(input.tags ? { tags: input.tags } : {}),
    });
    return { customer: customerNode(world, customer), userErrors: [] };
  },
};
