import { withClient } from '#infra/local/postgres.ts';
import type { BenchDatabase } from './bench-database.ts';
import type { Acknowledged } from './chaos-traffic.ts';
import { auditErasures } from './erasure-audit.ts';
import type { Product } from './product.ts';
import { auditRedemptions } from './redemption-audit.ts';

/** What became of everything that was acknowledged, by SQL and as the shop at Shopify has it; all must be zero. */
export async function auditChaos(
  database: BenchDatabase,
  product: Product,
  acknowledged: Acknowledged,
) {
  const orders = await auditOrders(database, product, acknowledged);
  const redemptions = await auditRedemptions(database, product, acknowledged.redemptions);
  const erasures = await auditErasures(database, product, acknowledged);
  const broken = await brokenInvariants(database);
  return {
    failures: {
      lost: orders.lost + redemptions.lost + erasures.lost,
      doubled: orders.doubled + redemptions.doubled + erasures.doubled,
      wrong_points: orders.wrongPoints,
      orphan_codes: redemptions.orphan_codes,
      debits_without_code: redemptions.debits_without_code,
      failed_redemptions: redemptions.failed,
      erased_and_there: erasures.traces,
      points_after_erasure: erasures.pointsAfter,
      erasures_not_in_journal: erasures.notInJournal,
      invariants_broken: broken,
    },
    counts: {
      completed_redemptions: redemptions.completed,
      gift_cards: redemptions.gift_cards,
      store_credits: redemptions.store_credits,
      data_requests_overtaken: erasures.overtaken,
    },
    /** Where erased people were found, for anyone who looks for the cause. */
    traces: erasures.where,
  };
}

function brokenInvariants(database: BenchDatabase): Promise<number> {
  return withClient(database.adminUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT (SELECT count(*) FROM ledger_broken_invariants()) +
              (SELECT count(*) FROM audit_chain_breaks()) AS count`,
    );
    return Number(rows[0]?.count);
  });
}

interface OrderEntries {
  order_id: string;
  awards: number;
  refunds: number;
  points: string;
}

/** Compares each order's entries with what was acknowledged. */
async function auditOrders(
  database: BenchDatabase,
  product: Product,
  { orders, refunds, leavers }: Acknowledged,
) {
  const { rows } = await withClient(database.adminUrl, (client) =>
    client.query<OrderEntries>(
      `SELECT order_id, count(*) FILTER (WHERE points > 0)::integer AS awards,
              count(*) FILTER (WHERE points < 0)::integer AS refunds, sum(points) AS points
       FROM points_transactions WHERE merchant_id = $1 AND source = 'order' GROUP BY order_id`,
      [product.merchantId],
    ),
  );
  const entries = new Map(rows.map((row) => [row.order_id, row]));
  const refundedOrders = new Set(refunds.values());
  const expected = expectedPoints(product);
  let lost = 0;
  let doubled = 0;
  let wrongPoints = 0;
  for (const orderId of orders) {
    const entry = entries.get(orderId);
    const isRefunded = refundedOrders.has(orderId);
    if (entry === undefined || entry.awards === 0) {
      lost += 1;
      continue;
    }
    if (isRefunded && entry.refunds === 0) lost += 1;
    if (entry.awards > 1 || entry.refunds > 1) doubled += 1;
    const points = isRefunded ? expected.afterRefund : expected.full;
    if (Number(entry.points) !== points) wrongPoints += 1;
  }
  // Whether someone who leaves earns is decided by what is processed first; never twice.
  for (const orderId of leavers.flatMap((leaver) => leaver.orders)) {
    const entry = entries.get(orderId);
    if (entry !== undefined && (entry.awards > 1 || entry.refunds > 1)) doubled += 1;
  }
  return { lost, doubled, wrongPoints };
}

/** Ten points a unit, rounded down; a refund takes its share of them, rounded down. */
function expectedPoints({ orderBody, refundBody }: Product): { full: number; afterRefund: number } {
  const cents = (amount: unknown) => Math.round(Number(amount) * 100);
  const gross = cents(orderBody['subtotal_price']);
  const lines = refundBody['refund_line_items'] as readonly { subtotal: unknown }[];
  const refunded = lines.reduce((sum, line) => sum + cents(line.subtotal), 0);
  const full = Math.floor(gross / 10);
  return { full, afterRefund: full - Math.floor((full * refunded) / gross) };
}
