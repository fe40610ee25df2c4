import type { Order, OrderLine } from '#proto/points/v1/points.ts';
import { AdminApiError } from './admin-client.server.ts';
import type { AdminClient } from './admin-client.server.ts';
import { readOrder, readOrderLines, readRefundPage } from './admin/order-documents.ts';
import type { LineNode, OrderFacts, RefundNode } from './admin/order-documents.ts';
import { asideOf, toLines, toOrder } from './admin/orders.ts';
import type { OrderAside } from './admin/orders.ts';

/** Core stores no lines of an order with more: a part of them would be misleading. */
const mostLines = 500;

/** What of the lines is wanted: nothing, which of them are gift cards, or also of which products they are. */
export type WantedLines = 'none' | 'gift_cards' | 'products';

export interface ReadOptions {
  readonly lines: WantedLines;
  readonly now: () => number;
}

export interface WholeOrder {
  readonly order: Order;
  readonly aside: OrderAside;
}

/** An order with all of its refunds, and its lines where they are wanted; undefined when Shopify has none such. */
export async function readWholeOrder(
  shopify: AdminClient,
  id: string,
  { lines: wanted, now }: ReadOptions,
): Promise<WholeOrder | undefined> {
  const askedAt = new Date(now()).toISOString();
  const { order } = await shopify.request(readOrder, { id });
  if (order === null) return undefined;
  const refunds: RefundNode[] = [];
  for (const refund of order.refunds) refunds.push(await wholeRefund(shopify, refund));
  const lines = await readLines(shopify, order, refunds, wanted);
  return { order: toOrder(order, refunds, { askedAt, lines }), aside: asideOf(order, askedAt) };
}

/** A refund with the rows that did not fit into its order's page. */
async function wholeRefund(shopify: AdminClient, first: RefundNode): Promise<RefundNode> {
  const parts = ['refundLineItems', 'orderAdjustments', 'transactions'] as const;
  let whole = first;
  while (parts.some((part) => whole[part].pageInfo.hasNextPage)) {
    const after = (part: (typeof parts)[number]) => whole[part].pageInfo.endCursor ?? null;
    const { refund } = await shopify.request(readRefundPage, {
      id: first.id,
      lines: after('refundLineItems'),
      adjustments: after('orderAdjustments'),
      transactions: after('transactions'),
    });
    if (refund === null) throw new AdminApiError('a refund went away while it was read', true);
    whole = {
      ...whole,
      refundLineItems: joined(whole.refundLineItems, refund.refundLineItems),
      orderAdjustments: joined(whole.orderAdjustments, refund.orderAdjustments),
      transactions: joined(whole.transactions, refund.transactions),
    };
  }
  return whole;
}

interface Page<Node> {
  readonly nodes: Node[];
  readonly pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
}

/** What was whole already is asked for again with the rest, from its end on. */
function joined<Node>(known: Page<Node>, next: Page<Node>): Page<Node> {
  if (!known.pageInfo.hasNextPage) return known;
  return { nodes: [...known.nodes, ...next.nodes], pageInfo: next.pageInfo };
}

export async function readLines(
  shopify: AdminClient,
  order: OrderFacts,
  refunds: readonly RefundNode[],
  wanted: WantedLines,
): Promise<OrderLine[]> {
  if (wanted === 'none') return [];
  try {
    return await allLines(shopify, order, refunds, wanted === 'products');
  } catch (error) {
    // Products are an access that a merchant may refuse; the order counts all the same. Lines without their products
    // would overwrite those that a webhook reported with them.
    if (error instanceof AdminApiError && error.code === 'ACCESS_DENIED') return [];
    throw error;
  }
}

async function allLines(
  shopify: AdminClient,
  order: OrderFacts,
  refunds: readonly RefundNode[],
  withProducts: boolean,
): Promise<OrderLine[]> {
  const nodes: LineNode[] = [];
  for (let after: string | null = null; ;) {
    const variables: { id: string; after: string | null; withProducts: boolean } = {
      id: order.id,
      after,
      withProducts,
    };
    const page = (await shopify.request(readOrderLines, variables)).order?.lineItems;
    if (page === undefined) return [];
    nodes.push(...page.nodes);
    if (nodes.length > mostLines) return [];
    if (!page.pageInfo.hasNextPage) return toLines(nodes, order, refunds);
    after = page.pageInfo.endCursor ?? null;
  }
}
