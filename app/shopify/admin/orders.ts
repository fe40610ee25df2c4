import type { Order, OrderLine, Refund } from '#proto/points/v1/points.ts';
import { formatDecimal, parseDecimal } from '../../money.ts';
import { cleanText } from './clean-text.ts';
import { toIdentity } from './customers.ts';
import { numericId } from './ids.ts';
import { referralIn } from '../order-referral.ts';
import type { OrderReferral } from '../order-referral.ts';
import type { OrderRisk } from '#vocabulary/referrals.ts';
import type { AsideFacts, LineNode, OrderFacts, RefundNode } from './order-documents.ts';

/** What an order was read by. */
export interface Reading {
  /** When Shopify was asked, ISO 8601: what it answered was so then, or later. */
  readonly askedAt: string;
  readonly lines?: readonly OrderLine[];
}

/** Discount codes, refunds and lines that core takes of one order. */
const mostCodes = 100;
const mostRefunds = 250;

const utc = (time: string): string => new Date(time).toISOString();
const decimal = (amount: string): string => formatDecimal(parseDecimal(amount));
const shopAmount = (set: { shopMoney: { amount: string } }): bigint =>
  parseDecimal(set.shopMoney.amount);
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);

/** An order of which all refunds are known. */
export function toOrder(node: OrderFacts, refunds: readonly RefundNode[], reading: Reading): Order {
  return {
    ...factsOf(node, reading),
    refunds: refunds.slice(0, mostRefunds).map((refund) => toRefund(refund, node)),
    source: 'reading',
  };
}

/** An order that has refunds of which nothing is known here but their sum. */
export function toPartialOrder(node: OrderFacts, reading: Reading): Order {
  return { ...factsOf(node, reading), refunds: [], source: 'partial' };
}

function factsOf(
  node: OrderFacts,
  { askedAt, lines = [] }: Reading,
): Omit<Order, 'refunds' | 'source'> {
  const currentSubtotal = decimal(node.currentSubtotalPriceSet.shopMoney.amount);
  return {
    orderId: numericId(node.id),
    name: cleanText(node.name, 255),
    customer: node.customer ? toIdentity(node.customer) : undefined,
    currency: node.currencyCode,
    presentmentCurrency: node.presentmentCurrencyCode,
    subtotal: node.subtotalPriceSet
      ? decimal(node.subtotalPriceSet.shopMoney.amount)
      : currentSubtotal,
    currentSubtotal,
    total: decimal(node.totalPriceSet.shopMoney.amount),
    financialStatus: (node.displayFinancialStatus ?? '').toLowerCase().slice(0, 32),
    channel: node.sourceName === 'pos' ? 'pos' : 'online',
    orderedAt: utc(node.processedAt),
    updatedAt: utc(node.updatedAt),
    cancelledAt: node.cancelledAt ? utc(node.cancelledAt) : '',
    lines: [...lines],
    discountCodes: node.discountCodes.slice(0, mostCodes).map((code) => cleanText(code, 255)),
    test: node.test,
    // Only in the order's webhooks: an address is protected data that nothing else needs.
    country: '',
    observedAt: askedAt,
    // Without access to customers Shopify refuses the whole query.
    customerVisible: true,
    currentTotal: decimal(node.currentTotalPriceSet.shopMoney.amount),
    totalRefunded: decimal(node.totalRefundedSet.shopMoney.amount),
    taxesIncluded: node.taxesIncluded,
    tax: node.totalTaxSet ? decimal(node.totalTaxSet.shopMoney.amount) : '',
    createdAt: utc(node.createdAt),
    company: node.purchasingEntity?.__typename === 'PurchasingCompany',
  };
}

/** What an order says beside what it earns. */
export interface OrderAside {
  readonly referral: OrderReferral | undefined;
  readonly risk: OrderRisk | undefined;
  readonly readAt: string;
}

/** Shopify recommends by the worst of its assessments. */
const risks: Readonly<Record<string, OrderRisk>> = {
  ACCEPT: 'low',
  INVESTIGATE: 'medium',
  CANCEL: 'high',
};

export function asideOf({ customAttributes, risk }: AsideFacts, readAt: string): OrderAside {
  return {
    referral: referralIn(
      (customAttributes ?? []).map(({ key, value }) => ({ name: key, value: value ?? '' })),
    ),
    risk: risk ? risks[risk.recommendation] : undefined,
    readAt,
  };
}

/** As for the webhook (features/webhooks/order-payload.ts), which has the same data under other names. */
function toRefund(refund: RefundNode, order: TipsOf): Refund {
  const items = refund.refundLineItems.nodes.map((item) => ({
    lineId: numericId(item.lineItem.id),
    subtotal: shopAmount(item.subtotalSet),
    tax: shopAmount(item.totalTaxSet),
    tip: isTip(item.lineItem, shopAmount(item.subtotalSet), order),
  }));
  const goods = items.filter(({ tip }) => !tip);
  const adjustments = refund.orderAdjustments.nodes.map((row) => ({
    reason: (row.reason ?? '').toLowerCase(),
    amount: shopAmount(row.amountSet) + shopAmount(row.taxAmountSet),
  }));
  const linesSubtotal = sum(goods.map(({ subtotal }) => subtotal));
  const discrepancies = adjustments.filter(({ reason }) => reason === 'refund_discrepancy');
  const subtotal = linesSubtotal - sum(discrepancies.map(({ amount }) => amount));
  const byLine = new Map<string, { subtotal: bigint; tip: boolean }>();
  for (const { lineId, subtotal: more, tip } of items)
    byLine.set(lineId, { subtotal: (byLine.get(lineId)?.subtotal ?? 0n) + more, tip });
  return {
    refundId: numericId(refund.id),
    subtotal: formatDecimal(subtotal > 0n ? subtotal : 0n),
    refundedAt: utc(refund.processedAt),
    linesSubtotal: formatDecimal(linesSubtotal),
    lines: [...byLine].map(([lineId, line]) => ({
      lineId,
      subtotal: formatDecimal(line.subtotal),
      tip: line.tip,
    })),
    detailed: true,
    adjustments: adjustments.map(({ reason, amount }) => ({
      reason,
      amount: formatDecimal(amount),
    })),
    transactions: refund.transactions.nodes.map(({ id, kind, status, amountSet }) => ({
      transactionId: numericId(id),
      kind: kind.toLowerCase(),
      status: status.toLowerCase(),
      amount: decimal(amountSet.shopMoney.amount).replace('-', ''),
      currency: amountSet.shopMoney.currencyCode,
    })),
    linesTax: formatDecimal(sum(goods.map(({ tax }) => tax))),
    otherSubtotal: formatDecimal(
      sum([
        ...refund.refundShippingLines.nodes.flatMap(({ subtotalAmountSet, taxAmountSet }) => [
          shopAmount(subtotalAmountSet),
          shopAmount(taxAmountSet),
        ]),
        ...(refund.duties ?? []).map(({ amountSet }) => shopAmount(amountSet)),
      ]),
    ),
  };
}

interface TipsOf {
  readonly totalTipReceivedSet?: { shopMoney: { amount: string } } | null | undefined;
}

/** GraphQL does not mark the line of a tip: it is the untaxed one that is not shipped and costs what was tipped. */
function isTip(
  line: { isGiftCard: boolean; requiresShipping: boolean; taxable: boolean },
  amount: bigint,
  { totalTipReceivedSet }: TipsOf,
): boolean {
  if (line.isGiftCard || line.requiresShipping || line.taxable || !totalTipReceivedSet)
    return false;
  return amount > 0n && amount === shopAmount(totalTipReceivedSet);
}

/** As for the webhook: after discounts, before refunds, without what an edit removed. */
export function toLines(
  nodes: readonly LineNode[],
  order: TipsOf,
  refunds: readonly RefundNode[],
): OrderLine[] {
  const items = refunds.flatMap((refund) => refund.refundLineItems.nodes);
  return nodes.map((line) => {
    const price = shopAmount(line.originalUnitPriceSet);
    const tip = isTip(line, price * BigInt(line.quantity), order);
    const discounts = sum(
      line.discountAllocations.map(({ allocatedAmountSet }) => shopAmount(allocatedAmountSet)),
    );
    const whole = price * BigInt(line.quantity) - discounts;
    const givenBack = items
      .filter(({ lineItem }) => lineItem.id === line.id)
      .reduce((total, { quantity }) => total + quantity, 0);
    const kept = Math.min(line.quantity, line.currentQuantity + givenBack);
    return {
      lineId: numericId(line.id),
      productId: line.product ? numericId(line.product.id) : '',
      title: cleanText(line.title, 255),
      quantity: line.quantity,
      price: formatDecimal(price),
      subtotal:
        line.quantity === 0 || tip
          ? ''
          : formatDecimal(whole <= 0n ? 0n : (whole * BigInt(kept)) / BigInt(line.quantity)),
      giftCard: line.isGiftCard,
      tip,
    };
  });
}
