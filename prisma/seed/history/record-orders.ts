import type { Order as OrderMessage } from '#proto/points/v1/points.ts';
import { parseOrder, type ToldTrigger } from '#app/features/webhooks/order-payload.ts';
import { contextOf, recordedEntries, toFacts } from '#core/orders/order-facts.ts';
import { factsRecord } from '#core/orders/order-update.ts';
import type {
  MergedOrderRow,
  OrderContextRow,
  OrderFactsRecord,
} from '#core/orders/orders.store.ts';
import { settle } from '#core/orders/settlement.rules.ts';
import { isDuring, isPublished } from '#core/program/campaign-conditions.rules.ts';
import { formatAmount } from '#core/shared/money.rules.ts';
import { orderBody } from '#e2e/shopify/order-payloads.ts';
import type { Order } from '#e2e/shopify/state.ts';
import { SECOND } from './calendar.ts';
import { Dice } from './dice.ts';
import type { Life, Member, OrderRow, OrderState } from './state.ts';
import { expiryAt } from './sums.ts';

/**
 * What core does with an order's webhook (recordOrders): the app's own reading of the body, core's own facts and core's
 * own settlement; only the database is left out.
 */
export function recordOrder(
  life: Life,
  order: Order,
  member: Member | null,
  trigger: ToldTrigger,
  at: number,
): OrderState {
  life.world.clock.at = at;
  const told = parseOrder(
    Buffer.from(JSON.stringify(orderBody(life.world, order))),
    trigger,
    new Date(at).toISOString(),
  );
  const context = contextRowOf(life, member, told);
  const request = { order: told, trigger, deliveryId: '', refund: undefined };
  const { program } = life.rules;
  const facts = factsRecord(
    life.rules.merchantId,
    request,
    context,
    member?.customerId ?? null,
    program,
  );
  const state = mergedInto(life, order, member, facts, at);
  settleOrder(life, state, context, told, at);
  if (member !== null) markForReview(life, member, at);
  return state;
}

/** As orders_context() answers it. */
function contextRowOf(
  life: Life,
  member: Member | null,
  { orderedAt }: OrderMessage,
): OrderContextRow {
  const { rules } = life;
  const tier = rules.tierSet.tiers.find(({ tier_id }) => tier_id === member?.tierId);
  return {
    currency: rules.currency,
    joined_at: rules.joinedAt,
    config: rules.programConfig,
    customer_id: member?.customerId ?? null,
    is_redacted: false,
    campaigns: rules.campaigns
      .filter(
        ({ campaign }) =>
          campaign.type === 'double_points' &&
          isPublished(campaign) &&
          isDuring(campaign, orderedAt),
      )
      .map(({ row }) => row),
    member:
      member === null
        ? null
        : {
            has_account: member.hasAccount,
            segments: member.segments,
            tier_id: member.tierId,
            tier_multiplier: tier?.benefits.points_multiplier ?? null,
            is_new: false,
            is_first: false,
          },
    pauses: null,
  };
}

/** As orders_merge_many() merges a webhook that is later than all before it. */
function mergedInto(
  life: Life,
  order: Order,
  member: Member | null,
  facts: OrderFactsRecord,
  at: number,
): OrderState {
  const known = life.orderById.get(order.id);
  const before = known?.row;
  const edits = [...(before?.edits ?? [])];
  for (const [time, amount] of facts.edits)
    if (!edits.some((edit) => edit[0] === time && edit[1] === amount)) edits.push([time, amount]);
  const refunded = before?.refunded ?? '0.00';
  const row: OrderRow = {
    customer_id: facts.customer_id,
    shopify_order_id: facts.order_id,
    name: facts.name,
    subtotal: facts.subtotal ?? '0',
    gross_subtotal: facts.gross ?? '0',
    total: facts.total ?? '0',
    current_total: facts.current_total,
    tax: facts.tax,
    taxes_included: facts.taxes_included,
    refunded,
    currency: facts.currency,
    presentment_currency: facts.presentment_currency,
    financial_status: facts.financial_status,
    channel: facts.channel ?? 'online',
    ordered_at: facts.ordered_at,
    paid_at: before?.paid_at ?? facts.paid_at,
    paid_told_at: before?.paid_told_at ?? facts.paid_told_at,
    cancelled_at: before?.cancelled_at ?? facts.cancelled_at,
    source_updated_at: facts.updated_at ?? facts.ordered_at,
    observed_at: facts.observed_at,
    refunds: facts.refunds,
    line_items: facts.lines ?? [],
    country: facts.country,
    edits,
    counts: false,
    redemption_id: before?.redemption_id ?? null,
    created_at: before?.created_at ?? new Date(at).toISOString(),
    updated_at: new Date(at).toISOString(),
  };
  row.counts = countsNow(row);
  if (known !== undefined) {
    known.row = row;
    return known;
  }
  const state: OrderState = {
    shopifyId: order.id,
    orderId: facts.order_id,
    member,
    row,
    orderedAt: Date.parse(row.ordered_at),
    net: 0n,
    recorded: [],
  };
  life.orders.push(state);
  life.orderById.set(order.id, state);
  member?.orders.push(state);
  return state;
}

const countsNow = (row: OrderRow): boolean =>
  row.cancelled_at === null &&
  row.paid_at !== null &&
  !(Number(row.refunded) > 0 && Number(row.refunded) >= Number(row.gross_subtotal));

/** Writes the entries that the ledger lacks, and keeps what settling found beside them. */
function settleOrder(
  life: Life,
  state: OrderState,
  context: OrderContextRow,
  told: OrderMessage,
  at: number,
): void {
  const { program } = life.rules;
  const { row, member } = state;
  const facts = toFacts(mergedRowOf(life, state), program, context, new Date(at));
  const earning = contextOf(context, program, told.customer?.state === 'enabled');
  const settlement = settle(facts, state.recorded, program, {
    ...earning,
    isFirstPurchase: false,
  });
  row.refunded = formatAmount(settlement.refunded);
  row.counts = countsNow(row);
  state.net = facts.gross - settlement.refunded;
  if (member !== null) member.sums = null;
  if (settlement.kind !== 'post' || member === null) return;
  for (const plan of settlement.entries) {
    const fact = {
      at,
      points: Math.abs(plan.points),
      key: plan.key,
      source: 'order',
      orderId: state.orderId,
      currency: facts.currency,
      metadata: plan.metadata,
    };
    const entry =
      plan.points > 0
        ? member.ledger.credit({ ...fact, type: 'earn' }, expiryAt(life, at))
        : member.ledger.debit({ ...fact, type: 'reversal' }, { firstOrder: state.orderId });
    const [recorded] = recordedEntries(
      { entries: [storedEntry(entry)] } as unknown as MergedOrderRow,
      (holder) => ({ member: holder, isErased: false }),
    );
    if (recorded !== undefined) state.recorded.push(recorded);
  }
}

/** As the merge reads an entry back from its line. */
function storedEntry(entry: Member['ledger']['entries'][number]) {
  const { metadata } = entry;
  const text = (name: string): string | null =>
    typeof metadata[name] === 'string' ? metadata[name] : null;
  return {
    transactionId: entry.transaction_id,
    key: entry.idempotency_key,
    points: entry.points,
    member: entry.customer_id,
    base: text('base'),
    rate: text('rate'),
    multiplier: text('multiplier'),
    source: text('multiplier_source'),
    factors: (metadata['factors'] as Record<string, string> | undefined) ?? null,
    stacking: text('stacking'),
    excluded: (metadata['excluded'] as Record<string, string> | undefined) ?? null,
  };
}

function mergedRowOf({ rules }: Life, { row }: OrderState): MergedOrderRow {
  return {
    ord: 1,
    merchant_id: rules.merchantId,
    order_id: row.shopify_order_id,
    facts: {
      gross: row.gross_subtotal,
      placed: row.subtotal,
      total: row.total,
      current_total: row.current_total,
      currency: row.currency,
      is_paid: row.paid_at !== null,
      is_cancelled: row.cancelled_at !== null,
      financial_status: row.financial_status,
      is_historical: false,
      is_test: false,
      taxes_included: row.taxes_included,
      customer_id: row.customer_id,
      is_redacted: false,
      absence: null,
      is_known: true,
      reading_due: false,
      name: row.name,
      ordered_at: new Date(row.ordered_at).toISOString(),
      paid_at: row.paid_told_at ?? row.paid_at,
      country: row.country,
      account: null,
      waived: '0',
      refunded: row.refunded,
      first_given: null,
      is_first: true,
      was_moved: false,
      pending_points: null,
      points_count_at: null,
      pending_award: null,
    },
    refunds: { ...row.refunds },
    edits: row.edits.map(([time, amount]) => [time, amount]),
    lines: null,
    entries: null,
  };
}

/** A second after what changes points or spending the member is looked at again; who waits already waits once. */
export function markForReview(life: Life, member: Member, at: number): void {
  member.changedAt = at;
  if (member.isReviewDue) return;
  member.isReviewDue = true;
  const dice = new Dice(`${life.seed} review ${member.person.n} ${at}`);
  life.soon(at + dice.whole(300, 1_400), (then) => life.review(member, then));
}

/** How long a webhook takes to arrive and be worked through. */
export const webhookDelay = (dice: Dice): number => dice.whole(700, 2_600);

export const wholeSecond = (at: number): number => Math.floor(at / SECOND) * SECOND;
