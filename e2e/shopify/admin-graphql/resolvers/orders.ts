import { gatewaysOf, totalsOf } from '../../order-totals.ts';
import { type Address, gid, idOf, type Order, type Product } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Args, type Context, type Resolver } from '../context.ts';
import { notModeled } from '../errors.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { matcher } from '../search.ts';
import { metafieldFields } from './metafields.ts';
import { lineNode, moneyBag, productNode, variantNode } from './order-lines.ts';
import { refundNode, transactionNode } from './refunds.ts';

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
    purchasingEntity: (_args: Args, context: Context) =>
      order.company === true
        ? { __typename: 'PurchasingCompany' }
        : order.customerId === null
          ? null
          : context.node(gid('Customer', order.customerId)),
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
    customAttributes: Object.entries(order.attributes ?? {}).map(([key, value]) => ({
      key,
      value,
    })),
    poNumber: null,
    risk: riskOf(order),
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

/** The worst of an order's assessments decides what Shopify recommends. */
function riskOf({ risk }: Order) {
  const recommendation = { low: 'ACCEPT', medium: 'INVESTIGATE', high: 'CANCEL' } as const;
  return {
    recommendation: risk === undefined ? 'NONE' : recommendation[risk],
    assessments: [
      { riskLevel: risk === undefined ? 'PENDING' : risk.toUpperCase(), facts: [], provider: null },
    ],
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
  if (!sort) throw notModeled(`sorting orders by ${String(args['sortKey'])}`);
  if (args['savedSearchId']) throw notModeled('saved searches');
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
  refund: (args, { world }) => {
    const id = idOf('Refund', String(args['id']));
    for (const order of world.data.orders.values()) {
      const found = order.refunds.find((refund) => refund.id === id);
      if (found) return refundNode(world, order, found);
    }
    return null;
  },
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
