// Reads the input of a discount mutation, or says what is wrong with it in Shopify's words.
import { collectionsOf, productsIn } from '../../collections.ts';
import { findByCode } from '../../discounts.ts';
import { toMinor } from '../../money.ts';
import { type Discount, idOf } from '../../state.ts';
import type { World } from '../../world.ts';
import { notModeled } from '../errors.ts';
import type { GraphNode } from '../relay.ts';

interface ItemsInput {
  all?: boolean;
  products?: { productsToAdd?: string[]; productVariantsToAdd?: string[] };
  collections?: { add?: string[] };
}

export interface DiscountInput {
  title?: string | null;
  code?: string | null;
  startsAt?: string | null;
  endsAt?: string | null;
  usageLimit?: number | null;
  appliesOncePerCustomer?: boolean | null;
  recurringCycleLimit?: number | null;
  tags?: string[] | null;
  combinesWith?: {
    orderDiscounts?: boolean;
    productDiscounts?: boolean;
    shippingDiscounts?: boolean;
  } | null;
  context?: {
    all?: string;
    customers?: { add?: string[]; remove?: string[] };
    customerSegments?: unknown;
    markets?: unknown;
  } | null;
  customerSelection?: {
    all?: boolean;
    customers?: { add?: string[] };
    customerSegments?: unknown;
  } | null;
  usesPerOrderLimit?: number | null;
  customerBuys?: {
    value?: { quantity?: string; amount?: string };
    items?: ItemsInput;
  } | null;
  customerGets?: {
    value?: {
      discountAmount?: { amount?: string; appliesOnEachItem?: boolean };
      percentage?: number;
      discountOnQuantity?: { quantity?: string; effect?: { percentage?: number; amount?: string } };
    };
    items?: ItemsInput;
  } | null;
  minimumRequirement?: {
    subtotal?: { greaterThanOrEqualToSubtotal?: string };
    quantity?: { greaterThanOrEqualToQuantity?: string };
  } | null;
  maximumShippingPrice?: string | null;
  destination?: { all?: boolean; countries?: unknown } | null;
  appliesOnOneTimePurchase?: boolean;
  appliesOnSubscription?: boolean;
}

type Problem = GraphNode;
const problem = (root: string, path: string[], message: string, code: string): Problem => ({
  __typename: 'DiscountUserError',
  field: [root, ...path],
  message,
  code,
  extraInfo: null,
});
const numbers = (ids: string[] | undefined, type: string): number[] =>
  (ids ?? []).flatMap((id) => idOf(type, id) ?? []);

/** The products that a discount is for; null for all. */
function itemIds(
  world: World,
  root: string,
  path: string[],
  items: ItemsInput,
  problems: Problem[],
): number[] | null {
  if (items.all === true) return null;
  const { products } = world.data,
    ids = numbers(items.products?.productsToAdd, 'Product');
  for (const variant of numbers(items.products?.productVariantsToAdd, 'ProductVariant')) {
    const product = products.find((one) => one.variantId === variant);
    if (product) ids.push(product.id);
    else
      problems.push(
        problem(
          root,
          [...path, 'products', 'productVariantsToAdd'],
          `Product variant with id: ${variant} is invalid`,
          'INVALID',
        ),
      );
  }
  const collections = numbers(items.collections?.add, 'Collection');
  for (const id of collections)
    if (!collectionsOf(world).some((one) => one.id === id))
      problems.push(
        problem(
          root,
          [...path, 'collections', 'add'],
          `Collection with id: ${id} is invalid`,
          'INVALID',
        ),
      );
  return [...ids, ...productsIn(world, collections).map((one) => one.id)];
}

/** Reads the input into a discount, or says what is wrong with it. `base` is the discount that is updated. */
export function buildDiscount(
  world: World,
  root: string,
  kind: Discount['kind'],
  input: DiscountInput,
  base?: Discount,
): Discount | Problem[] {
  const { currency } = world.data.shop,
    now = world.clock.iso(),
    problems: Problem[] = [];
  for (const [what, used] of [
    [
      'customer segments',
      input.context?.customerSegments ?? input.customerSelection?.customerSegments,
    ],
    ['markets', input.context?.markets],
    ['countries', input.destination?.countries],
  ] as const)
    if (used !== undefined && used !== null) throw notModeled(`discounts with ${what}`);
  if (!base && !input.title)
    problems.push(problem(root, ['title'], "Title can't be blank", 'BLANK'));
  if (!base && !input.code) problems.push(problem(root, ['code'], "Code can't be blank", 'BLANK'));
  if (!base && !input.startsAt)
    problems.push(problem(root, ['startsAt'], "Starts at can't be blank", 'BLANK'));
  if (!base && !input.context && !input.customerSelection)
    problems.push(problem(root, ['context'], 'Context must be specified', 'BLANK'));
  const holder = input.code ? findByCode(world, input.code) : undefined;
  if (holder && holder.discount.id !== base?.id)
    problems.push(
      problem(root, ['code'], 'Code must be unique. Please try a different code.', 'TAKEN'),
    );
  const endsAt = input.endsAt === undefined ? (base?.endsAt ?? null) : input.endsAt,
    startsAt = input.startsAt ?? base?.startsAt ?? now;
  if (endsAt && Date.parse(endsAt) <= Date.parse(startsAt))
    problems.push(
      problem(
        root,
        ['endsAt'],
        'Ends at needs to be after starts_at',
        'END_DATE_BEFORE_START_DATE',
      ),
    );
  if (typeof input.usageLimit === 'number' && input.usageLimit < 1)
    problems.push(
      problem(root, ['usageLimit'], 'Usage limit must be greater than 0', 'GREATER_THAN'),
    );
  let value = base?.value ?? null;
  const gets = input.customerGets?.value;
  if (kind === 'DiscountCodeBasic' && gets) {
    if (typeof gets.percentage === 'number') {
      if (gets.percentage <= 0 || gets.percentage > 1)
        problems.push(
          problem(
            root,
            ['customerGets', 'value', 'percentage'],
            'Value must be between 0.0 and 1.0',
            'VALUE_OUTSIDE_RANGE',
          ),
        );
      value = { kind: 'percentage', percentage: gets.percentage };
    } else if (gets.discountAmount?.amount !== undefined) {
      const amount = toMinor(gets.discountAmount.amount, currency);
      if (amount <= 0)
        problems.push(
          problem(
            root,
            ['customerGets', 'value', 'discountAmount', 'amount'],
            'Value must be greater than 0',
            'GREATER_THAN',
          ),
        );
      value = { kind: 'amount', amount, onEachItem: gets.discountAmount.appliesOnEachItem ?? true };
    }
  }
  const one = gets?.discountOnQuantity;
  if (kind === 'DiscountCodeBxgy') {
    if (one?.quantity !== '1' || one.effect?.percentage !== 1 || input.usesPerOrderLimit !== 1)
      throw notModeled('buy X get Y but for one piece for nothing, once');
    value = { kind: 'percentage', percentage: 1 };
  } else if (one) throw notModeled('discountOnQuantity outside of buy X get Y');
  if (kind === 'DiscountCodeBasic' && value === null)
    problems.push(problem(root, ['customerGets', 'value'], 'Value must be specified', 'BLANK'));
  const people = input.context?.customers ?? input.customerSelection?.customers,
    isForAll = input.context?.all !== undefined || input.customerSelection?.all === true;
  let customerIds = isForAll ? null : (base?.customerIds ?? null);
  if (people) {
    for (const id of people.add ?? []) {
      const known = idOf('Customer', id);
      if (known === undefined || !world.data.customers.has(known))
        problems.push(
          problem(
            root,
            ['context', 'customers', 'add'],
            `Customer with id: ${id} is invalid`,
            'INVALID',
          ),
        );
    }
    const removed = numbers(input.context?.customers?.remove, 'Customer');
    customerIds = [...new Set([...(customerIds ?? []), ...numbers(people.add, 'Customer')])].filter(
      (id) => !removed.includes(id),
    );
  }
  const items = input.customerGets?.items,
    productIds = items
      ? itemIds(world, root, ['customerGets', 'items'], items, problems)
      : (base?.productIds ?? null);
  const bought = input.customerBuys;
  const buys =
    bought?.items === undefined
      ? (base?.buys ?? null)
      : {
          productIds: itemIds(world, root, ['customerBuys', 'items'], bought.items, problems) ?? [],
          quantity: bought.value?.quantity === undefined ? null : Number(bought.value.quantity),
          amount:
            bought.value?.amount === undefined ? null : toMinor(bought.value.amount, currency),
        };
  if (kind === 'DiscountCodeBxgy' && (buys === null || bought?.items?.all === true))
    problems.push(
      problem(root, ['customerBuys', 'items'], "Items in 'customer buys' must be defined", 'BLANK'),
    );
  const minimum = input.minimumRequirement;
  if (problems.length > 0) return problems;
  return {
    id: base?.id ?? world.store.nextId('discount'),
    kind,
    title: input.title ?? base?.title ?? '',
    codes: base
      ? base.codes
      : [{ id: world.store.nextId('discountCode'), code: input.code ?? '', used: 0 }],
    startsAt,
    endsAt,
    usageLimit: input.usageLimit === undefined ? (base?.usageLimit ?? null) : input.usageLimit,
    appliesOncePerCustomer: input.appliesOncePerCustomer ?? base?.appliesOncePerCustomer ?? false,
    combinesWith: {
      orderDiscounts: false,
      productDiscounts: false,
      shippingDiscounts: false,
      ...base?.combinesWith,
      ...(input.combinesWith
        ? {
            orderDiscounts: input.combinesWith.orderDiscounts ?? false,
            productDiscounts: input.combinesWith.productDiscounts ?? false,
            shippingDiscounts: input.combinesWith.shippingDiscounts ?? false,
          }
        : {}),
    },
    customerIds,
    value,
    productIds,
    buys,
    minimumSubtotal: minimum?.subtotal?.greaterThanOrEqualToSubtotal
      ? toMinor(minimum.subtotal.greaterThanOrEqualToSubtotal, currency)
      : minimum
        ? null
        : (base?.minimumSubtotal ?? null),
    minimumQuantity: minimum?.quantity?.greaterThanOrEqualToQuantity
      ? Number(minimum.quantity.greaterThanOrEqualToQuantity)
      : minimum
        ? null
        : (base?.minimumQuantity ?? null),
    maximumShippingPrice: input.maximumShippingPrice
      ? toMinor(input.maximumShippingPrice, currency)
      : (base?.maximumShippingPrice ?? null),
    tags: input.tags ?? base?.tags ?? [],
    usedBy: base?.usedBy ?? [],
    createdAt: base?.createdAt ?? now,
    updatedAt: now,
  };
}
