import { z } from 'zod';
import type { AdminDocument } from '../admin-client.server.ts';
import { customerNode, customerSelection } from './customers.ts';

const money = z.object({ shopMoney: z.object({ amount: z.string() }) });
const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

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
  taxesIncluded: z.boolean(),
  subtotalPriceSet: money.nullish(),
  currentSubtotalPriceSet: money,
  totalPriceSet: money,
  currentTotalPriceSet: money,
  totalRefundedSet: money,
  totalTaxSet: money.nullish(),
  totalTipReceivedSet: money.nullish(),
  discountCodes: z.array(z.string()),
  test: z.boolean(),
  purchasingEntity: z.object({ __typename: z.string() }).nullish(),
  customer: customerNode.nullish(),
});

export type OrderFacts = z.output<typeof orderFields>;

/** Of no use for points: by whose link the customer came, and how likely the order is a fraud. */
const asideFields = z.object({
  customAttributes: z.array(z.object({ key: z.string(), value: z.string().nullish() })).nullish(),
  risk: z.object({ recommendation: z.string() }).nullish(),
});
export type AsideFacts = z.output<typeof asideFields>;
const asideSelection = `
  customAttributes { key value }
  risk { recommendation }`;

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
  taxesIncluded
  subtotalPriceSet { shopMoney { amount } }
  currentSubtotalPriceSet { shopMoney { amount } }
  totalPriceSet { shopMoney { amount } }
  currentTotalPriceSet { shopMoney { amount } }
  totalRefundedSet { shopMoney { amount } }
  totalTaxSet { shopMoney { amount } }
  totalTipReceivedSet { shopMoney { amount } }
  discountCodes
  test
  purchasingEntity { __typename }
  customer { ${customerSelection} }`;

/** Of many orders only whether they have refunds: what those are is read order by order. */
const listedOrder = orderFields.extend({
  ...asideFields.shape,
  refunds: z.array(z.object({ id: z.string() })),
});
export type ListedOrder = z.output<typeof listedOrder>;
const listedSelection = `
  ${orderSelection}
  refunds(first: 1) { id }`;

/** Every order of the shop that the app may see, one JSON line each. */
export const allOrdersQuery = `#graphql
  {
    orders {
      edges {
        node {
          ${listedSelection}
        }
      }
    }
  }`;

export const bulkOrder = listedOrder;

const refundLine = z.object({
  id: z.string().nullish(),
  quantity: z.number(),
  lineItem: z.object({
    id: z.string(),
    isGiftCard: z.boolean(),
    requiresShipping: z.boolean(),
    taxable: z.boolean(),
  }),
  subtotalSet: money,
  totalTaxSet: money,
});
const refundAdjustment = z.object({
  id: z.string(),
  reason: z.string().nullish(),
  amountSet: money,
  taxAmountSet: money,
});
const refundTransaction = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  amountSet: z.object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) }),
});
const refundNode = z.object({
  id: z.string(),
  processedAt: z.string(),
  duties: z.array(z.object({ amountSet: money })).nullish(),
  refundShippingLines: z.object({
    nodes: z.array(z.object({ subtotalAmountSet: money, taxAmountSet: money })),
  }),
  refundLineItems: z.object({ nodes: z.array(refundLine), pageInfo }),
  orderAdjustments: z.object({ nodes: z.array(refundAdjustment), pageInfo }),
  transactions: z.object({ nodes: z.array(refundTransaction), pageInfo }),
});
export type RefundNode = z.output<typeof refundNode>;

const lineSelection = `
  id
  quantity
  lineItem { id isGiftCard requiresShipping taxable }
  subtotalSet { shopMoney { amount } }
  totalTaxSet { shopMoney { amount } }`;
const adjustmentSelection = `
  id
  reason
  amountSet { shopMoney { amount } }
  taxAmountSet { shopMoney { amount } }`;
const transactionSelection = `
  id
  kind
  status
  amountSet { shopMoney { amount currencyCode } }`;

const oneOrderData = z.object({
  order: orderFields.extend({ ...asideFields.shape, refunds: z.array(refundNode) }).nullable(),
});

/** An order with its refunds. Of those that have more rows than a page, the others are read by `readRefundPage`. */
export const readOrder: AdminDocument<z.output<typeof oneOrderData>, { id: string }> = {
  name: 'ReadOrder',
  cost: 105,
  data: oneOrderData,
  query: `#graphql
    query ReadOrder($id: ID!) {
      order(id: $id) {
        ${orderSelection}
        ${asideSelection}
        refunds {
          id
          processedAt
          duties { amountSet { shopMoney { amount } } }
          refundShippingLines(first: 10) {
            nodes {
              subtotalAmountSet { shopMoney { amount } }
              taxAmountSet { shopMoney { amount } }
            }
          }
          refundLineItems(first: 25) { nodes { ${lineSelection} } pageInfo { hasNextPage endCursor } }
          orderAdjustments(first: 10) {
            nodes { ${adjustmentSelection} }
            pageInfo { hasNextPage endCursor }
          }
          transactions(first: 10) {
            nodes { ${transactionSelection} }
            pageInfo { hasNextPage endCursor }
          }
        }
      }
    }`,
};

const refundPageData = z.object({
  refund: refundNode
    .pick({ refundLineItems: true, orderAdjustments: true, transactions: true })
    .nullable(),
});

export const readRefundPage: AdminDocument<
  z.output<typeof refundPageData>,
  { id: string; lines: string | null; adjustments: string | null; transactions: string | null }
> = {
  name: 'ReadRefundPage',
  cost: 280,
  data: refundPageData,
  query: `#graphql
    query ReadRefundPage($id: ID!, $lines: String, $adjustments: String, $transactions: String) {
      refund(id: $id) {
        refundLineItems(first: 100, after: $lines) {
          nodes { ${lineSelection} }
          pageInfo { hasNextPage endCursor }
        }
        orderAdjustments(first: 50, after: $adjustments) {
          nodes { ${adjustmentSelection} }
          pageInfo { hasNextPage endCursor }
        }
        transactions(first: 50, after: $transactions) {
          nodes { ${transactionSelection} }
          pageInfo { hasNextPage endCursor }
        }
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
            isGiftCard: z.boolean(),
            requiresShipping: z.boolean(),
            taxable: z.boolean(),
            product: z.object({ id: z.string() }).nullish(),
            originalUnitPriceSet: money,
            discountAllocations: z.array(z.object({ allocatedAmountSet: money })),
          }),
        ),
        pageInfo,
      }),
    })
    .nullable(),
});
export type LineNode = NonNullable<
  z.output<typeof linesData>['order']
>['lineItems']['nodes'][number];

/** Of one order: the lines of a page of orders would cost more than Shopify lets one request cost. */
export const readOrderLines: AdminDocument<
  z.output<typeof linesData>,
  { id: string; after: string | null; withProducts: boolean }
> = {
  name: 'ReadOrderLines',
  cost: 180,
  data: linesData,
  query: `#graphql
    query ReadOrderLines($id: ID!, $after: String, $withProducts: Boolean!) {
      order(id: $id) {
        lineItems(first: 100, after: $after) {
          nodes {
            id
            title
            quantity
            currentQuantity
            isGiftCard
            requiresShipping
            taxable
            product @include(if: $withProducts) { id }
            originalUnitPriceSet { shopMoney { amount } }
            discountAllocations { allocatedAmountSet { shopMoney { amount } } }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
    }`,
};

export const changedOrder = listedOrder.extend({
  lineItems: z.object({ nodes: z.array(z.object({ isGiftCard: z.boolean() })), pageInfo }),
});
export type ChangedOrder = z.output<typeof changedOrder>;
/** Read one by one with `changedOrder`, so that an odd one keeps no other back. */
const changedData = z.object({
  orders: z.object({ nodes: z.array(z.looseObject({ id: z.string() })), pageInfo }),
});

export const readChangedOrders: AdminDocument<
  z.output<typeof changedData>,
  { query: string; after: string | null }
> = {
  name: 'ReadChangedOrders',
  cost: 136,
  data: changedData,
  query: `#graphql
    query ReadChangedOrders($query: String!, $after: String) {
      orders(first: 20, after: $after, query: $query, sortKey: UPDATED_AT) {
        nodes {
          ${listedSelection}
          ${asideSelection}
          lineItems(first: 10) { nodes { isGiftCard } pageInfo { hasNextPage } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }`,
};
