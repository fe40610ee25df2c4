import { discrepancyOf } from '../../order-payloads.ts';
import { gid, type Order, type Refund, type Transaction } from '../../state.ts';
import type { World } from '../../world.ts';
import { bulkMode, type Context } from '../context.ts';
import { connection, type GraphNode, type PageArguments } from '../relay.ts';
import { lineNode, moneyBag } from './order-lines.ts';

const GATEWAY_NAMES: Readonly<Record<string, string>> = {
  bogus: 'Bogus',
  gift_card: 'Gift card',
  shopify_store_credit: 'Store credit',
};
export const transactionNode = (order: Order, t: Transaction): GraphNode => ({
  __typename: 'OrderTransaction',
  id: gid('OrderTransaction', t.id),
  kind: t.kind.toUpperCase(),
  status: t.status.toUpperCase(),
  gateway: t.gateway,
  formattedGateway: GATEWAY_NAMES[t.gateway] ?? t.gateway,
  test: order.test,
  amountSet: moneyBag(order, t.amount),
  createdAt: t.createdAt,
  processedAt: t.createdAt,
  manualPaymentGateway: false,
  errorCode: null,
  paymentId: `#${order.number}.1`,
});
export function refundNode(world: World, order: Order, refund: Refund): GraphNode {
  return {
    __typename: 'Refund',
    id: gid('Refund', refund.id),
    legacyResourceId: String(refund.id),
    createdAt: refund.createdAt,
    processedAt: refund.createdAt,
    updatedAt: refund.createdAt,
    note: refund.note,
    totalRefundedSet: moneyBag(order, refund.amount),
    order: (_args: unknown, context: Context) => context.node(gid('Order', order.id)),
    duties: [],
    refundShippingLines: (args: PageArguments, context: Context) =>
      connection(
        'RefundShippingLine',
        refund.shipping === 0 ? [] : [refund],
        args,
        (r) => String(r.id + 50),
        (r) => ({
          __typename: 'RefundShippingLine',
          id: gid('RefundShippingLine', r.id + 50),
          subtotalAmountSet: moneyBag(order, r.shipping),
          taxAmountSet: moneyBag(order, 0),
        }),
        bulkMode(context),
      ),
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
          reason: discrepancyOf(r).toUpperCase().replaceAll(' ', '_'),
          amountSet: moneyBag(order, -r.adjustment),
          taxAmountSet: moneyBag(order, 0),
        }),
        bulkMode(context),
      ),
  };
}
