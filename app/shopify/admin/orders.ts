import { z } from 'zod';
import type { Order, OrderLine } from '#proto/points/v1/points.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import type { AdminDocument } from '../admin-client.server.ts';
import { customerNode, customerSelection, toIdentity } from './customers.ts';
import { numericId } from './ids.ts';

const money = z.object({ shopMoney: z.object({ amount: z.string() }) });

const orderFields = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  processedAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullish(),
  displayFinancialStatus: z.string().nullish(),
  sourceName: z.string().nullish(),
  currencyCode: z.string(),
  presentmentCurrencyCode: z.string(),
  subtotalPriceSet: money.nullish(),
  currentSubtotalPriceSet: money,
  totalPriceSet: money,
  discountCodes: z.array(z.string()),
  test: z.boolean(),
  customer: customerNode.nullish(),
});

const orderSelection = `
  id
  name
  createdAt
  processedAt
  updatedAt
  cancelledAt
  displayFinancialStatus
  sourceName
  currencyCode
  presentmentCurrencyCode
  subtotalPriceSet { shopMoney { amount } }
  currentSubtotalPriceSet { shopMoney { amount } }
  totalPriceSet { shopMoney { amount } }
  discountCodes
  test
  customer { ${customerSelection} }`;

/** Every order of the shop that the app may see, one JSON line each. Refunds show in the current subtotal. */
export const allOrdersQuery = `#graphql
  {
    orders {
      edges {
        node {
          ${orderSelection}
        }
      }
    }
  }`;

export const bulkOrder = orderFields;

const refundNode = z.object({
  id: z.string(),
  createdAt: z.string().nullish(),
  processedAt: z.string(),
  refundLineItems: z.object({
    nodes: z.array(
      z.object({
        lineItem: z.object({ id: z.string() }),
        quantity: z.number(),
        subtotalSet: money,
      }),
    ),
  }),
  orderAdjustments: z.object({ nodes: z.array(z.object({ amountSet: money })) }),
});

const orderWithRefunds = orderFields.extend({ refunds: z.array(refundNode) });
type OrderNode = z.output<typeof orderFields> & { refunds?: z.output<typeof refundNode>[] };

const refundSelection = `
  refunds {
    id
    createdAt
    processedAt
    refundLineItems(first: 100) { nodes { lineItem { id } quantity subtotalSet { shopMoney { amount } } } }
    orderAdjustments(first: 10) { nodes { amountSet { shopMoney { amount } } } }
  }`;

const oneOrderData = z.object({ order: orderWithRefunds.nullable() });

export const readOrder: AdminDocument<z.output<typeof oneOrderData>, { id: string }> = {
  name: 'ReadOrder',
  cost: 30,
  data: oneOrderData,
  query: `#graphql
    query ReadOrder($id: ID!) {
      order(id: $id) {
        ${orderSelection}
        ${refundSelection}
      }
    }`,
};

const linesData = z.object({
  order: z
    .object({
      lineItems: z.object({
        nodes: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            quantity: z.number(),
            currentQuantity: z.number(),
            product: z.object({ id: z.string() }).nullish(),
            originalUnitPriceSet: money,
            discountAllocations: z.array(z.object({ allocatedAmountSet: money })),
          }),
        ),
        pageInfo: z.object({ hasNextPage: z.boolean() }),
      }),
    })
    .nullable(),
});
type LineNode = NonNullable<z.output<typeof linesData>['order']>['lineItems']['nodes'][number];

/** Of one order: the lines of a page of orders would cost more than Shopify lets one request cost. */
export const readOrderLines: AdminDocument<z.output<typeof linesData>, { id: string }> = {
  name: 'ReadOrderLines',
  cost: 210,
  data: linesData,
  query: `#graphql
    query ReadOrderLines($id: ID!) {
      order(id: $id) {
        lineItems(first: 100) {
          nodes {
            id
            title
            quantity
            currentQuantity
            product { id }
            originalUnitPriceSet { shopMoney { amount } }
            discountAllocations { allocatedAmountSet { shopMoney { amount } } }
          }
          pageInfo { hasNextPage }
        }
      }
    }`,
};

const changedData = z.object({
  orders: z.object({
    nodes: z.array(orderWithRefunds),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
});

export const readChangedOrders: AdminDocument<
  z.output<typeof changedData>,
  { query: string; after: string | null }
> = {
  name: 'ReadChangedOrders',
  cost: 100,
  data: changedData,
  query: `#graphql
    query ReadChangedOrders($query: String!, $after: String) {
      orders(first: 10, after: $after, query: $query, sortKey: UPDATED_AT) {
        nodes {
          ${orderSelection}
          ${refundSelection}
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
};

const utc = (text: string) => new Date(text).toISOString();

export function toOrder(node: OrderNode): Order {
  const currentSubtotal = decimal(node.currentSubtotalPriceSet.shopMoney.amount);
  const subtotal = node.subtotalPriceSet
    ? decimal(node.subtotalPriceSet.shopMoney.amount)
    : currentSubtotal;
  return {
    orderId: numericId(node.id),
    name: node.name,
    customer: node.customer ? toIdentity(node.customer) : undefined,
    currency: node.currencyCode,
    presentmentCurrency: node.presentmentCurrencyCode,
    subtotal,
    currentSubtotal,
    total: decimal(node.totalPriceSet.shopMoney.amount),
    financialStatus: (node.displayFinancialStatus ?? '').toLowerCase(),
    channel: node.sourceName === 'pos' ? 'pos' : 'online',
    orderedAt: utc(node.processedAt),
    updatedAt: utc(node.updatedAt),
    cancelledAt: node.cancelledAt ? utc(node.cancelledAt) : '',
    refunds: (node.refunds ?? []).map((refund) => ({
      refundId: numericId(refund.id),
      subtotal: refundSubtotal(refund),
      refundedAt: utc(refund.processedAt),
      linesSubtotal: formatDecimal(linesSubtotal(refund)),
      lines: refund.refundLineItems.nodes.map(({ lineItem, subtotalSet }) => ({
        lineId: numericId(lineItem.id),
        subtotal: decimal(subtotalSet.shopMoney.amount),
        tip: false,
      })),
      detailed: false,
      adjustments: [],
      transactions: [],
      linesTax: '',
      otherSubtotal: '',
    })),
    lines: [],
    discountCodes: node.discountCodes,
    test: node.test,
    // Told by the order's webhooks alone: an address is protected data that nothing else needs.
    country: '',
    observedAt: '',
    source: '',
    customerVisible: false,
    currentTotal: '',
    totalRefunded: '',
    taxesIncluded: false,
    tax: '',
    createdAt: utc(node.createdAt),
  };
}

/** As for the webhook: after discounts, before refunds, without what an edit removed. */
export function toLines(nodes: readonly LineNode[], { refunds = [] }: OrderNode): OrderLine[] {
  const items = refunds.flatMap((refund) => refund.refundLineItems.nodes);
  return nodes.map((line) => {
    const price = parseDecimal(line.originalUnitPriceSet.shopMoney.amount);
    const discounts = line.discountAllocations.reduce(
      (sum, { allocatedAmountSet }) => sum + parseDecimal(allocatedAmountSet.shopMoney.amount),
      0n,
    );
    const whole = price * BigInt(line.quantity) - discounts;
    const givenBack = items
      .filter(({ lineItem }) => lineItem.id === line.id)
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const kept = Math.min(line.quantity, line.currentQuantity + givenBack);
    return {
      lineId: numericId(line.id),
      productId: line.product ? numericId(line.product.id) : '',
      title: line.title,
      quantity: line.quantity,
      price: formatDecimal(price),
      subtotal:
        line.quantity === 0
          ? ''
          : formatDecimal(whole <= 0n ? 0n : (whole * BigInt(kept)) / BigInt(line.quantity)),
      giftCard: false,
      tip: false,
    };
  });
}

const decimal = (text: string) => formatDecimal(parseDecimal(text));

/** As for the webhook (features/webhooks/order-payload.ts): lines and what was paid back beside them, not shipping. */
function refundSubtotal(refund: z.output<typeof refundNode>): string {
  // Shipping is not among these: GraphQL keeps it apart.
  const discrepancies = refund.orderAdjustments.nodes.reduce(
    (sum, adjustment) => sum + parseDecimal(adjustment.amountSet.shopMoney.amount),
    0n,
  );
  const subtotal = linesSubtotal(refund) - discrepancies;
  return formatDecimal(subtotal > 0n ? subtotal : 0n);
}

/** What the lines alone took back, which is what lowers the order's current subtotal. */
function linesSubtotal(refund: z.output<typeof refundNode>): bigint {
  return refund.refundLineItems.nodes.reduce(
    (sum, line) => sum + parseDecimal(line.subtotalSet.shopMoney.amount),
    0n,
  );
}
