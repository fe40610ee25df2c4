/**
 * What a refund refunds of an order's goods. Transactions decide whether (the successful part of several; a refund of
 * lines without any counts), lines and adjustments in shop money decide how much.
 */

export interface RefundTransactionFact {
  readonly transactionId: string;
  readonly kind: string;
  readonly status: string;
  /** Ten-thousandths of `currency`. */
  readonly amount: bigint;
  /** Empty when unknown. */
  readonly currency: string;
}

/** Amounts are ten-thousandths in the order's currency. */
export interface RefundFact {
  readonly refundId: string;
  readonly at: string;
  /** What of the goods belongs to which line, as far as lines were named. */
  readonly lines: Readonly<Record<string, bigint>>;
  /** The returned lines, tips left out. */
  readonly goods: bigint;
  /** Told by a source that knew neither rows nor transactions: what it says went back. Then nothing below is read. */
  readonly stated: bigint | null;
  /** Of the goods. */
  readonly tax: bigint;
  /** Shipping and duties. */
  readonly other: bigint;
  readonly adjustments: readonly { readonly reason: string; readonly amount: bigint }[];
  readonly transactions: readonly RefundTransactionFact[];
}

/** What an order is worth where a refund is judged. */
export interface RefundedOrder {
  /** What earns of its goods, before refunds. */
  readonly goods: bigint;
  /** The lines that earn nothing. */
  readonly excluded: Readonly<Record<string, unknown>>;
  /** What the order cost in all. */
  readonly cost: bigint;
  readonly currency: string;
  readonly taxesIncluded: boolean;
}

export interface RefundWorth {
  /** What went back of the goods that earn. */
  readonly earning: bigint;
  /** What of them was returned, whether or not money went back for it. */
  readonly returned: bigint;
  /** The shop kept money for what was returned. */
  readonly isPartKept: boolean;
}

/** Rows that balance the books, or concern shipping, are no second refund. */
const isCounted = ({ reason }: { readonly reason: string }): boolean =>
  reason !== 'shipping_refund' && !reason.includes('balancing') && !reason.startsWith('pending');

const movesMoney = ({ kind }: RefundTransactionFact): boolean =>
  !['sale', 'capture', 'authorization', 'change', 'emv_authorization'].includes(kind);

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((all, one) => all + one, 0n);
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export function worthOfRefund(refund: RefundFact, order: RefundedOrder): RefundWorth {
  const notEarning = sum(
    Object.entries(refund.lines)
      .filter(([lineId]) => lineId in order.excluded)
      .map(([, amount]) => amount),
  );
  const returned = most(refund.goods - notEarning, 0n);
  if (refund.stated !== null)
    return { earning: most(refund.stated - notEarning, 0n), returned, isPartKept: false };

  const transactions = refund.transactions.filter(movesMoney);
  const total = sum(transactions.map(({ amount }) => amount));
  const sent = sum(
    transactions.filter(({ status }) => status === 'success').map(({ amount }) => amount),
  );
  // Other currencies than the order's say in what proportion, and not how much.
  const isComparable =
    total > 0n &&
    transactions.every(({ currency }) => currency === '' || currency === order.currency);
  const worth = refund.goods + (order.taxesIncluded ? 0n : refund.tax) + refund.other;
  const beside = besideLines(refund, transactions.length > 0, isComparable ? worth - total : null);
  const [part, whole] = successOf(transactions, total, sent, isComparable ? worth - beside : 0n);
  const besideGoods = order.cost <= 0n ? beside : (beside * order.goods) / order.cost;
  return {
    earning: (most(returned - besideGoods, 0n) * part) / whole,
    returned,
    isPartKept: beside > 0n && returned > 0n,
  };
}

/**
 * What the adjustments say: negative when more went back than the lines are worth, positive when the shop kept some.
 * @param unpaid what the lines are worth beyond the transactions, as far as both can be compared: a row that was written
 * while the money was on its way stays when it has arrived, and nothing was kept then
 */
function besideLines(refund: RefundFact, hasMoved: boolean, unpaid: bigint | null): bigint {
  const stated = sum(refund.adjustments.filter(isCounted).map(({ amount }) => amount));
  // Money that belongs to no line has to have moved.
  if (stated < 0n) return hasMoved ? stated : 0n;
  return unpaid === null ? stated : least(stated, most(unpaid, 0n));
}

/** The successful part, as a fraction. A part that failed and was tried again counts once: not beyond what is due. */
function successOf(
  transactions: readonly RefundTransactionFact[],
  total: bigint,
  sent: bigint,
  due: bigint,
): readonly [bigint, bigint] {
  if (transactions.length === 0) return [1n, 1n];
  if (!transactions.some(({ status }) => status === 'success')) return [0n, 1n];
  if (total === 0n) return [1n, 1n];
  if (sent === 0n) return [0n, 1n];
  const whole = due > 0n ? least(total, most(due, sent)) : total;
  return [least(sent, whole), whole];
}
