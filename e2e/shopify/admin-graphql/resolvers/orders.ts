import { gatewaysOf, netOfLine, presented, totalsOf } from '../../order-totals.ts';
import {
  type Address,
  gid,
  idOf,
  type Order,
  type OrderLine,
  type Product,
  type Refund,
  type Transaction,
} from '../../state.ts';
import { toDecimal } from '../../money.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context, type Resolver } from '../context.ts';
import { notModelled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';
import { metafieldFields } from './metafields.ts';
import { moneyV2 } from './shop.ts';

const moneyBag = (order: Order, minor: number): GraphNode => ({
  __typename: 'MoneyBag',
  shopMoney: moneyV2(minor, order.currency),
  presentmentMoney: moneyV2(presented(order, minor), order.presentmentCurrency),
});

export const addressNode = (address: Address): GraphNode => ({
  __typename: 'MailingAddress',
  id: gid('MailingAddress', address.id),
  firstName: address.firstName,
  lastName: address.lastName,
  name: `${address.firstName} ${address.lastName}`,
  address1: address.address1,
  address2: null,
  company: null,
  city: address.city,
  province: address.province,
  provinceCode: address.provinceCode,
  country: address.country,
  countryCodeV2: address.countryCode,
  countryCode: address.countryCode,
  zip: address.zip,
  phone: address.phone,
  formattedArea: `${address.city} ${address.provinceCode}, ${address.country}`,
});

export const productNode = (world: World, product: Product): GraphNode => ({
  __typename: 'Product',
  id: gid('Product', product.id),
  legacyResourceId: String(product.id),
  title: product.title,
  handle: product.handle,
  status: 'ACTIVE',
  vendor: 'Demo Store',
  productType: product.type,
  tags: [],
  description: () => product.description['en'] ?? '',
  descriptionHtml: product.description['en'] ?? '',
  createdAt: world.data.shop.createdAt,
  updatedAt: world.data.shop.createdAt,
  isGiftCard: false,
  totalInventory: 100,
  tracksInventory: false,
  hasOnlyDefaultVariant: true,
  variants: (args: PageArguments, context: Context) =>
    connection(
      'ProductVariant',
      [product],
      args,
      (p) => String(p.variantId),
      (p) => variantNode(world, p),
      bulkMode(context),
    ),
});
const variantNode = (world: World, product: Product): GraphNode => ({
  __typename: 'ProductVariant',
  id: gid('ProductVariant', product.variantId),
  legacyResourceId: String(product.variantId),
  title: 'Default Title',
  displayName: `${product.title} - Default Title`,
  sku: product.sku,
  price: toDecimal(product.price, world.data.shop.currency),
  position: 1,
  availableForSale: true,
  taxable: true,
  compareAtPrice: null,
  product: () => productNode(world, product),
});

function lineNode(world: World, order: Order, line: OrderLine): GraphNode {
  const product = world.data.products.find((candidate) => candidate.id === line.productId);
  const set = (minor: number): GraphNode => moneyBag(order, minor);
  return {
    __typename: 'LineItem',
    id: gid('LineItem', line.id),
    title: line.title,
    name: line.title,
    sku: line.sku,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    refundableQuantity: line.currentQuantity,
    unfulfilledQuantity: line.currentQuantity,
    nonFulfillableQuantity: 0,
    isGiftCard: false,
    requiresShipping: true,
    taxable: true,
    variantTitle: null,
    vendor: 'Demo Store',
    restockable: true,
    merchantEditable: true,
    originalUnitPriceSet: set(line.unitPrice),
    originalTotalSet: set(line.unitPrice * line.quantity),
    totalDiscountSet: set(line.discount),
    discountAllocations:
      line.discount === 0
        ? []
        : [{ __typename: 'DiscountAllocation', allocatedAmountSet: set(line.discount) }],
    discountedUnitPriceAfterAllDiscountsSet: set(
      Math.round(netOfLine(line, line.quantity) / Math.max(1, line.quantity)),
    ),
    discountedUnitPriceSet: set(line.unitPrice),
    customAttributes: [],
    taxLines: [],
    duties: [],
    discountedTotalSet: (args: Args) =>
      set(
        line.unitPrice * line.quantity - (args['withCodeDiscounts'] === true ? line.discount : 0),
      ),
    product: () => (product ? productNode(world, product) : null),
    variant: () => (product ? variantNode(world, product) : null),
  };
}
const GATEWAY_NAMES: Readonly<Record<string, string>> = {
  bogus: 'Bogus',
  gift_card: 'Gift card',
  shopify_store_credit: 'Store credit',
};
const transactionNode = (order: Order, t: Transaction): GraphNode => ({
  __typename: 'OrderTransaction',
  id: gid('OrderTransaction', t.id),
  kind: t.kind.toUpperCase(),
  status: t.status.toUpperCase(),
  gateway: t.gateway,
  formattedGateway: GATEWAY_NAMES[t.gateway] ?? t.gateway,
  test: true,
  amountSet: moneyBag(order, t.amount),
  createdAt: t.createdAt,
  processedAt: t.createdAt,
  manualPaymentGateway: false,
  errorCode: null,
  paymentId: `#${order.number}.1`,
});
function refundNode(world: World, order: Order, refund: Refund): GraphNode {
  return {
    __typename: 'Refund',
    id: gid('Refund', refund.id),
    legacyResourceId: String(refund.id),
    createdAt: refund.createdAt,
    processedAt: refund.createdAt,
    updatedAt: refund.createdAt,
    note: refund.note,
    totalRefundedSet: moneyBag(order, refund.amount),
    order: () => orderNode(world, order),
    duties: [],
    refundLineItems: (args: PageArguments, context: Context) =>
      connection(
        'RefundLineItem',
        refund.lines,
        args,
        (part) => String(part.id),
        (part) => {
          const line = order.lines.find((candidate) => candidate.id === part.lineId);
          return {
            __typename: 'RefundLineItem',
            id: gid('RefundLineItem', part.id),
            quantity: part.quantity,
            restockType: part.restock ? 'RETURN' : 'NO_RESTOCK',
            restocked: part.restock,
            subtotalSet: moneyBag(order, part.subtotal),
            totalTaxSet: moneyBag(order, 0),
            priceSet: moneyBag(order, Math.round(part.subtotal / part.quantity)),
            location: null,
            lineItem: () => (line ? lineNode(world, order, line) : null),
          };
        },
        bulkMode(context),
      ),
    transactions: (args: PageArguments, context: Context) =>
      connection(
        'OrderTransaction',
        refund.transactions,
        args,
        (t) => String(t.id),
        (t) => transactionNode(order, t),
        bulkMode(context),
      ),
    orderAdjustments: (args: PageArguments, context: Context) =>
      connection(
        'OrderAdjustment',
        refund.adjustment === 0 ? [] : [refund],
        args,
        (r) => String(r.id + 1),
        (r) => ({
          __typename: 'OrderAdjustment',
          id: gid('OrderAdjustment', r.id + 1),
          reason: 'REFUND_DISCREPANCY',
          amountSet: moneyBag(order, -r.adjustment),
          taxAmountSet: moneyBag(order, 0),
        }),
        bulkMode(context),
      ),
  };
}

export function orderNode(world: World, order: Order): GraphNode {
  const totals = totalsOf(order),
    set = (minor: number): GraphNode => moneyBag(order, minor),
    id = gid('Order', order.id);
  const received = order.transactions.reduce(
    (sum, t) => sum + (t.kind === 'sale' && t.status === 'success' ? t.amount : 0),
    0,
  );
  return {
    __typename: 'Order',
    id,
    legacyResourceId: String(order.id),
    name: `#${order.number}`,
    number: order.number,
    createdAt: order.createdAt,
    processedAt: order.processedAt,
    updatedAt: order.updatedAt,
    closedAt: order.closedAt,
    closed: order.closedAt !== null,
    cancelledAt: order.cancelledAt,
    cancelReason: order.cancelReason?.toUpperCase() ?? null,
    confirmed: true,
    confirmationNumber: order.token.slice(0, 9).toUpperCase(),
    currencyCode: order.currency,
    presentmentCurrencyCode: order.presentmentCurrency,
    displayFinancialStatus: order.financialStatus.toUpperCase(),
    displayFulfillmentStatus: 'UNFULFILLED',
    fullyPaid: totals.outstanding === 0,
    unpaid: received === 0,
    edited: order.edited,
    email: order.email,
    phone: null,
    note: order.note,
    tags: order.tags,
    test: order.test,
    sourceName: order.sourceName,
    sourceIdentifier: null,
    customerLocale: order.locale,
    discountCode: order.codes[0]?.code ?? null,
    discountCodes: order.codes.map((code) => code.code),
    taxesIncluded: false,
    taxExempt: false,
    estimatedTaxes: false,
    paymentGatewayNames: gatewaysOf(order),
    returnStatus: 'NO_RETURN',
    requiresShipping: true,
    customAttributes: [],
    poNumber: null,
    subtotalPriceSet: set(totals.subtotal),
    currentSubtotalPriceSet: set(totals.currentSubtotal),
    totalPriceSet: set(totals.total),
    currentTotalPriceSet: set(totals.currentTotal),
    originalTotalPriceSet: set(totals.total),
    totalRefundedSet: set(totals.refunded),
    totalOutstandingSet: set(totals.outstanding),
    totalReceivedSet: set(received),
    netPaymentSet: set(received - totals.refunded),
    totalDiscountsSet: set(totals.discounts),
    currentTotalDiscountsSet: set(totals.discounts),
    totalTaxSet: set(order.tax),
    currentTotalTaxSet: set(order.tax),
    totalShippingPriceSet: set(order.shipping),
    currentShippingPriceSet: set(order.shipping - order.shippingDiscount),
    totalTipReceivedSet: set(0),
    refundDiscrepancySet: set(0),
    subtotalLineItemsQuantity: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    currentSubtotalLineItemsQuantity: order.lines.reduce(
      (sum, line) => sum + line.currentQuantity,
      0,
    ),
    billingAddress: order.address ? addressNode(order.address) : null,
    shippingAddress: order.address ? addressNode(order.address) : null,
    customer: (_args: Args, context: Context) =>
      order.customerId === null ? null : context.node(gid('Customer', order.customerId)),
    lineItems: (args: PageArguments, context: Context) =>
      connection(
        'LineItem',
        order.lines,
        args,
        (line) => String(line.id),
        (line) => lineNode(world, order, line),
        bulkMode(context),
      ),
    refunds: (args: Args) =>
      order.refunds
        .slice(0, typeof args['first'] === 'number' ? args['first'] : undefined)
        .map((refund) => refundNode(world, order, refund)),
    transactions: (args: Args) =>
      order.transactions
        .slice(0, typeof args['first'] === 'number' ? args['first'] : undefined)
        .map((t) => transactionNode(order, t)),
    ...metafieldFields(world, id),
  };
}

const FIELDS = {
  id: (o: Order) => o.id,
  name: (o: Order) => [`#${o.number}`, String(o.number)],
  email: (o: Order) => o.email,
  customer_id: (o: Order) => o.customerId,
  created_at: (o: Order) => o.createdAt,
  processed_at: (o: Order) => o.processedAt,
  updated_at: (o: Order) => o.updatedAt,
  financial_status: (o: Order) => o.financialStatus,
  status: (o: Order) => (o.cancelledAt ? 'cancelled' : o.closedAt ? 'closed' : 'open'),
  discount_code: (o: Order) => o.codes.map((code) => code.code),
  source_name: (o: Order) => o.sourceName,
  tag: (o: Order) => o.tags,
  test: (o: Order) => String(o.test),
} as const;
const SORT: Readonly<Record<string, (a: Order, b: Order) => number>> = {
  ID: (a, b) => a.id - b.id,
  RELEVANCE: (a, b) => a.id - b.id,
  ORDER_NUMBER: (a, b) => a.number - b.number,
  PROCESSED_AT: (a, b) => a.processedAt.localeCompare(b.processedAt) || a.id - b.id,
  CREATED_AT: (a, b) => a.createdAt.localeCompare(b.createdAt) || a.id - b.id,
  UPDATED_AT: (a, b) => a.updatedAt.localeCompare(b.updatedAt) || a.id - b.id,
};

/** Orders by customer, rebuilt when the shop has changed: a bulk operation asks for every customer's. */
let byCustomer: { world: World; revision: number; orders: Map<number, Order[]> } | undefined;
export function ordersOf(world: World, customerId: number): Order[] {
  if (byCustomer?.world !== world || byCustomer.revision !== world.store.revision) {
    const orders = new Map<number, Order[]>();
    for (const order of world.data.orders.values()) {
      if (order.customerId === null) continue;
      const list = orders.get(order.customerId);
      if (list) list.push(order);
      else orders.set(order.customerId, [order]);
    }
    byCustomer = { world, revision: world.store.revision, orders };
  }
  return byCustomer.orders.get(customerId) ?? [];
}

export function listOrders(context: Context, args: Args, from: Iterable<Order>): GraphNode {
  const sort = SORT[typeof args['sortKey'] === 'string' ? args['sortKey'] : 'PROCESSED_AT'];
  if (!sort) throw notModelled(`sorting orders by ${String(args['sortKey'])}`);
  if (args['savedSearchId']) throw notModelled('saved searches');
  const matches = matcher(args['query'] as string | null, 'orders', FIELDS);
  const all = [...from].filter(matches).sort(sort);
  return connection(
    'Order',
    all,
    args as PageArguments,
    (order) => String(order.id),
    (order) => orderNode(context.world, order),
    bulkMode(context),
  );
}

export const orderQueries: Record<string, Resolver> = {
  order: (args, context) =>
    idOf('Order', String(args['id'])) === undefined ? null : context.node(String(args['id'])),
  orders: (args, context) => listOrders(context, args, context.world.data.orders.values()),
  ordersCount: (args, { world }) => ({
    __typename: 'Count',
    precision: 'EXACT',
    count: [...world.data.orders.values()].filter(
      matcher(args['query'] as string | null, 'orders', FIELDS),
    ).length,
  }),
  productVariant: (args, { world }) => {
    const id = idOf('ProductVariant', String(args['id']));
    const product = world.data.products.find((one) => one.variantId === id);
    return product ? variantNode(world, product) : null;
  },
  product: (args, context) =>
    idOf('Product', String(args['id'])) === undefined ? null : context.node(String(args['id'])),
  products: (args, context) => {
    const { world } = context;
    const all = world.data.products.filter(
      matcher(args['query'] as string | null, 'products', {
        id: (p: Product) => p.id,
        title: (p: Product) => p.title,
        handle: (p: Product) => p.handle,
        product_type: (p: Product) => p.type,
      }),
    );
    return connection(
      'Product',
      all,
      args as PageArguments,
      (p) => String(p.id),
      (p) => productNode(world, p),
      bulkMode(context),
    );
  },
};
