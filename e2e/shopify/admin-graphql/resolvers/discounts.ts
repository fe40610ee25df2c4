// Code discounts: amount off, percentage off, free shipping, buy X get Y for nothing. App discounts are refused as not modeled.
import { findByCode, statusOf } from '../../discounts.ts';
import { discountBody, discountDeleteBody } from '../../payloads.ts';
import { type Discount, gid, idOf } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context, type Resolver } from '../context.ts';
import { badInput, notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';
import { customerNode } from './customers.ts';
import { buildDiscount, type DiscountInput } from './discount-input.ts';
import { metafieldFields } from './metafields.ts';
import { productNode } from './order-lines.ts';
import { moneyV2 } from './shop.ts';

const summary = (discount: Discount): string =>
  discount.kind === 'DiscountCodeFreeShipping'
    ? 'Free shipping'
    : discount.value?.kind === 'percentage'
      ? `${discount.value.percentage * 100}% off`
      : 'Amount off';

function codeDiscount(world: World, discount: Discount): GraphNode {
  const { currency } = world.data.shop,
    { customerIds, productIds, value } = discount;
  const shared: GraphNode = {
    __typename: discount.kind,
    title: discount.title,
    status: statusOf(discount, world.clock.now()),
    startsAt: discount.startsAt,
    endsAt: discount.endsAt,
    usageLimit: discount.usageLimit,
    appliesOncePerCustomer: discount.appliesOncePerCustomer,
    asyncUsageCount: discount.codes.reduce((sum, code) => sum + code.used, 0),
    tags: discount.tags,
    createdAt: discount.createdAt,
    updatedAt: discount.updatedAt,
    summary: summary(discount),
    shortSummary: summary(discount),
    recurringCycleLimit: null,
    hasTimelineComment: false,
    totalSales: null,
    shareableUrls: [],
    codesCount: { __typename: 'Count', count: discount.codes.length, precision: 'EXACT' },
    combinesWith: {
      __typename: 'DiscountCombinesWith',
      ...discount.combinesWith,
      productDiscountsWithTagsOnSameCartLine: null,
    },
    context:
      customerIds === null
        ? { __typename: 'DiscountBuyerSelectionAll', all: 'ALL' }
        : {
            __typename: 'DiscountCustomers',
            customers: () =>
              customerIds
                .flatMap((id) => world.data.customers.get(id) ?? [])
                .map((customer) => customerNode(world, customer)),
          },
    minimumRequirement:
      discount.minimumSubtotal !== null
        ? {
            __typename: 'DiscountMinimumSubtotal',
            greaterThanOrEqualToSubtotal: moneyV2(discount.minimumSubtotal, currency),
          }
        : discount.minimumQuantity !== null
          ? {
              __typename: 'DiscountMinimumQuantity',
              greaterThanOrEqualToQuantity: String(discount.minimumQuantity),
            }
          : null,
    codes: (args: Args & PageArguments, context: Context) => {
      if (args['query']) throw notModeled('searching codes of a discount');
      return connection(
        'DiscountRedeemCode',
        discount.codes,
        args,
        (code) => String(code.id),
        (code) => ({
          __typename: 'DiscountRedeemCode',
          id: gid('DiscountRedeemCode', code.id),
          code: code.code,
          asyncUsageCount: code.used,
        }),
        bulkMode(context),
      );
    },
  };
  if (discount.kind === 'DiscountCodeFreeShipping')
    return {
      ...shared,
      discountClasses: ['SHIPPING'],
      discountClass: 'SHIPPING',
      appliesOnOneTimePurchase: true,
      appliesOnSubscription: false,
      maximumShippingPrice:
        discount.maximumShippingPrice === null
          ? null
          : moneyV2(discount.maximumShippingPrice, currency),
      destinationSelection: { __typename: 'DiscountCountryAll', allCountries: true },
    };
  if (discount.kind === 'DiscountCodeBxgy')
    return {
      ...shared,
      discountClasses: ['PRODUCT'],
      discountClass: 'PRODUCT',
      usesPerOrderLimit: 1,
    };
  return {
    ...shared,
    discountClasses: [productIds === null ? 'ORDER' : 'PRODUCT'],
    discountClass: productIds === null ? 'ORDER' : 'PRODUCT',
    customerGets: {
      __typename: 'DiscountCustomerGets',
      appliesOnOneTimePurchase: true,
      appliesOnSubscription: false,
      value:
        value?.kind === 'percentage'
          ? { __typename: 'DiscountPercentage', percentage: value.percentage }
          : {
              __typename: 'DiscountAmount',
              amount: moneyV2(value?.amount ?? 0, currency),
              appliesOnEachItem: value?.kind === 'amount' && value.onEachItem,
            },
      items:
        productIds === null
          ? { __typename: 'AllDiscountItems', allItems: true }
          : {
              __typename: 'DiscountProducts',
              products: (args: PageArguments, context: Context) =>
                connection(
                  'Product',
                  world.data.products.filter((p) => productIds.includes(p.id)),
                  args,
                  (p) => String(p.id),
                  (p) => productNode(world, p),
                  bulkMode(context),
                ),
            },
    },
  };
}

export function discountNode(
  world: World,
  discount: Discount,
  typename: 'DiscountCodeNode' | 'DiscountNode' = 'DiscountCodeNode',
): GraphNode {
  const id = gid(typename, discount.id),
    inner = (): GraphNode => codeDiscount(world, discount);
  return {
    __typename: typename,
    id,
    ...(typename === 'DiscountCodeNode' ? { codeDiscount: inner } : { discount: inner }),
    ...metafieldFields(world, id),
  };
}

function create(root: string, kind: Discount['kind']): Resolver {
  return (args, { world }) => {
    const made = buildDiscount(world, root, kind, args[root] as DiscountInput);
    if (Array.isArray(made)) return { codeDiscountNode: null, userErrors: made };
    world.data.discounts.set(made.id, made);
    return saved(world, made);
  };
}
function saved(world: World, discount: Discount): GraphNode {
  world.store.changed();
  world.emit('discounts/update', discountBody(world, discount));
  return { codeDiscountNode: discountNode(world, discount), userErrors: [] };
}
/** Looks the discount up, or answers Shopify's user error. */
function withDiscount(
  world: World,
  id: unknown,
  then: (discount: Discount) => GraphNode,
): GraphNode {
  const number = idOf('DiscountCodeNode', String(id)),
    discount = number === undefined ? undefined : world.data.discounts.get(number);
  return discount
    ? then(discount)
    : {
        codeDiscountNode: null,
        bulkCreation: null,
        deletedCodeDiscountId: null,
        userErrors: [
          {
            __typename: 'DiscountUserError',
            field: ['id'],
            message: 'Code discount does not exist.',
            code: 'INVALID',
            extraInfo: null,
          },
        ],
      };
}
function switchTo(active: boolean): Resolver {
  return (args, { world }) =>
    withDiscount(world, args['id'], (discount) => {
      const now = world.clock.iso();
      if (active) {
        discount.endsAt = null;
        if (Date.parse(discount.startsAt) > world.clock.now()) discount.startsAt = now;
      } else discount.endsAt = now;
      discount.updatedAt = now;
      return saved(world, discount);
    });
}

export const discountMutations: Record<string, Resolver> = {
  discountCodeBasicCreate: create('basicCodeDiscount', 'DiscountCodeBasic'),
  discountCodeBxgyCreate: create('bxgyCodeDiscount', 'DiscountCodeBxgy'),
  discountCodeFreeShippingCreate: create('freeShippingCodeDiscount', 'DiscountCodeFreeShipping'),
  discountCodeBasicUpdate: (args, { world }) =>
    withDiscount(world, args['id'], (discount) => {
      const made = buildDiscount(
        world,
        'basicCodeDiscount',
        'DiscountCodeBasic',
        args['basicCodeDiscount'] as DiscountInput,
        discount,
      );
      if (Array.isArray(made)) return { codeDiscountNode: null, userErrors: made };
      world.data.discounts.set(made.id, made);
      return saved(world, made);
    }),
  discountCodeActivate: switchTo(true),
  discountCodeDeactivate: switchTo(false),
  discountCodeDelete: (args, { world }) =>
    withDiscount(world, args['id'], (discount) => {
      world.data.discounts.delete(discount.id);
      world.store.changed();
      world.emit('discounts/delete', discountDeleteBody(world, discount.id));
      return { deletedCodeDiscountId: gid('DiscountCodeNode', discount.id), userErrors: [] };
    }),
  discountRedeemCodeBulkAdd: (args, { world }) =>
    withDiscount(world, args['discountId'], (discount) => {
      const codes = (args['codes'] as { code: string }[]).map((input) => input.code);
      if (codes.length > 250)
        throw badInput(
          `The input array size of ${codes.length} is greater than the maximum allowed of 250.`,
          'MAX_INPUT_SIZE_EXCEEDED',
        );
      let imported = 0;
      for (const code of codes)
        if (code && !findByCode(world, code)) {
          discount.codes.push({ id: world.store.nextId('discountCode'), code, used: 0 });
          imported++;
        }
      world.store.changed();
      return {
        userErrors: [],
        bulkCreation: {
          __typename: 'DiscountRedeemCodeBulkCreation',
          id: gid('DiscountRedeemCodeBulkCreation', world.store.nextId('job')),
          done: false,
          codesCount: codes.length,
          importedCount: imported,
          failedCount: codes.length - imported,
          createdAt: world.clock.iso(),
          discountCode: discountNode(world, discount),
        },
      };
    }),
};

const FIELDS = {
  id: (d: Discount) => d.id,
  title: (d: Discount) => d.title,
  created_at: (d: Discount) => d.createdAt,
  updated_at: (d: Discount) => d.updatedAt,
  code: (d: Discount) => d.codes.map((code) => code.code),
  tag: (d: Discount) => d.tags,
} as const;
function list(typename: 'DiscountCodeNode' | 'DiscountNode'): Resolver {
  return (args, context) => {
    if ((args['sortKey'] ?? 'CREATED_AT') !== 'CREATED_AT' && args['sortKey'] !== 'ID')
      throw notModeled(`sorting discounts by ${String(args['sortKey'])}`);
    const all = [...context.world.data.discounts.values()].filter(
      matcher(args['query'] as string | null, 'discounts', FIELDS),
    );
    return connection(
      typename,
      all,
      args as PageArguments,
      (d) => String(d.id),
      (d) => discountNode(context.world, d, typename),
      bulkMode(context),
    );
  };
}
export const discountQueries: Record<string, Resolver> = {
  codeDiscountNode: (args, context) => context.node(String(args['id'])),
  discountNode: (args, context) => context.node(String(args['id'])),
  codeDiscountNodes: list('DiscountCodeNode'),
  discountNodes: list('DiscountNode'),
  codeDiscountNodeByCode: (args, { world }) => {
    const found = findByCode(world, String(args['code']));
    return found ? discountNode(world, found.discount) : null;
  },
};
