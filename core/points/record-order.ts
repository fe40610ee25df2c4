import type { Pool, PoolClient } from 'pg';
import type { CustomerIdentity, Entry, Order, RecordOrderRequest, RecordOrderResponse } from '#proto/points/v1/points.ts';
import { DomainError, invalidInput } from '../server/errors.ts';
import type { Ledger, Posted, Queryable } from '../ledger/index.ts';
import { floorPoints, formatAmount, parseAmount } from './money.rules.ts';
import {
  ensureMembers,
  mergeOrders,
  readOrderContexts,
  type MergedOrderRow,
  type NewMember,
  type OrderContextRow,
  type OrderFactsRecord,
} from './orders.store.ts';
import { programFromConfig, type Program } from './program.rules.ts';
import { MAX_POINTS_PER_ENTRY, settle, type OrderFacts, type PlannedEntry } from './settlement.rules.ts';

/** One RecordOrder call: a tenant and what was learned of one of its orders. */
export interface OrderNews {
  readonly merchantId: string;
  readonly request: RecordOrderRequest;
}

/** A refusal is an answer to its own caller and no reason to fail the others of the batch. */
export type RecordOutcome =
  | { readonly kind: 'recorded'; readonly response: RecordOrderResponse }
  | { readonly kind: 'refused'; readonly problem: DomainError };

export interface RecordOrderDependencies {
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** Encrypts what identifies a person and computes what it is searched by. */
  readonly sealMember: (merchantId: string, identity: CustomerIdentity) => NewMember;
  /** What replaces the Shopify id of a person who was erased. */
  readonly tombstoneOf: (merchantId: string, shopifyCustomerId: string) => string;
  /** Marks inbox deliveries done in the same transaction as what they led to. */
  readonly finishDeliveries: (on: Queryable, outcomes: readonly { deliveryId: string; merchantId: string; status: string; reason: string }[]) => Promise<void>;
  readonly clock: () => Date;
}

export const orderIdOf = (request: RecordOrderRequest): string => request.order?.orderId ?? request.refund?.orderId ?? '';

/**
 * Records what was learned of many orders and settles their points, in as few transactions as possible: one, unless
 * the same order stands in the batch more than once. @returns outcomes in the order of the argument
 */
export async function recordOrders(deps: RecordOrderDependencies, news: readonly OrderNews[]): Promise<RecordOutcome[]> {
  const outcomes = new Array<RecordOutcome>(news.length);
  for (const wave of wavesOfDistinctOrders(news)) {
    const recorded = await recordWave(
      deps,
      wave.map((index) => news[index] as OrderNews),
    );
    for (const [nth, index] of wave.entries()) outcomes[index] = recorded[nth] as RecordOutcome;
  }
  return outcomes;
}

function wavesOfDistinctOrders(news: readonly OrderNews[]): number[][] {
  const waves: number[][] = [];
  const seen = new Map<string, number>();
  for (const [index, { merchantId, request }] of news.entries()) {
    const order = `${merchantId}/${orderIdOf(request)}`;
    const wave = seen.get(order) ?? 0;
    seen.set(order, wave + 1);
    (waves[wave] ??= []).push(index);
  }
  return waves;
}

async function recordWave(deps: RecordOrderDependencies, news: readonly OrderNews[]): Promise<RecordOutcome[]> {
  const client = await deps.pool.connect();
  try {
    await client.query('BEGIN');
    const outcomes = await recordIn(client, deps, news);
    await client.query('COMMIT');
    client.release();
    return outcomes;
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => client.release(),
      (broken: unknown) => client.release(broken instanceof Error ? broken : true),
    );
    throw error;
  }
}

interface Accepted {
  readonly index: number;
  readonly news: OrderNews;
  readonly context: OrderContextRow;
  readonly program: Program;
  member: string | null;
}

async function recordIn(client: PoolClient, deps: RecordOrderDependencies, news: readonly OrderNews[]): Promise<RecordOutcome[]> {
  const outcomes = new Array<RecordOutcome>(news.length);
  const contexts = await readOrderContexts(
    client,
    news.map(({ merchantId, request }) => {
      const shopifyCustomerId = request.order?.customer?.shopifyCustomerId ?? null;
      return {
        merchantId,
        shopifyCustomerId,
        tombstone: shopifyCustomerId && deps.tombstoneOf(merchantId, shopifyCustomerId),
      };
    }),
  );

  const accepted: Accepted[] = [];
  for (const [index, item] of news.entries()) {
    const context = contexts[index] as OrderContextRow;
    const program = programFromConfig(context.config);
    const problem = whyRefused(item.request, context, program);
    if (problem) outcomes[index] = { kind: 'refused', problem };
    else accepted.push({ index, news: item, context, program, member: context.is_redacted ? null : context.customer_id });
  }

  await admitNewMembers(client, deps, accepted);
  const merged =
    accepted.length === 0
      ? []
      : await mergeOrders(
          client,
          accepted.map((item) => factsRecord(item)),
        );

  const credits: { item: Accepted; plan: PlannedEntry; member: string }[] = [];
  const debits: { item: Accepted; plan: PlannedEntry; member: string }[] = [];
  const responses = new Map<number, RecordOrderResponse>();
  for (const [nth, item] of accepted.entries()) {
    const row = merged[nth] as MergedOrderRow;
    const facts = toFacts(orderIdOf(item.news.request), row);
    const settlement = settle(facts, recordedEntries(row), item.program);
    // Thrown, so that nothing of this order is kept; the batch is then run again one by one.
    if (settlement.kind === 'too_large') throw tooLarge();
    const customerId = row.customer_id ?? '';
    responses.set(item.index, {
      status: settlement.kind === 'post' ? 'settled' : settlement.reason === 'nothing_new' ? 'unchanged' : 'ignored',
      reason: settlement.kind === 'post' ? '' : settlement.reason,
      customerId,
      entries: [],
    });
    if (settlement.kind === 'post') {
      for (const plan of settlement.entries) {
        (plan.points > 0 ? credits : debits).push({ item, plan, member: customerId });
      }
    }
  }

  const awarded = await deps.ledger.award(
    credits.map(({ item, plan, member }) => ({
      merchantId: item.news.merchantId,
      customerId: member,
      points: plan.points,
      key: plan.key,
      source: 'order',
      orderId: orderIdOf(item.news.request),
      currency: item.context.currency,
      expiresAt: expiryOf(item.program, deps.clock()),
      metadata: plan.metadata,
    })),
    client,
  );
  for (const [nth, { item, plan }] of credits.entries()) {
    const outcome = awarded[nth];
    if (outcome?.status === 'conflict' || outcome?.status === 'unknown_customer') throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    if (outcome?.status === 'awarded') responses.get(item.index)?.entries.push(entryMessage(item, plan, outcome, deps.clock()));
  }
  // A debit reads the balance that the credits above left, so it follows them; it is rare enough to go alone.
  for (const { item, plan, member } of debits) {
    const outcome = await deps.ledger.debit(
      {
        merchantId: item.news.merchantId,
        customerId: member,
        points: -plan.points,
        key: plan.key,
        type: 'reversal',
        source: 'order',
        orderId: orderIdOf(item.news.request),
        whenShort: item.program.refundPolicy,
        metadata: plan.metadata,
        currency: item.context.currency,
      },
      client,
    );
    if (outcome.status === 'conflict') throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    if (outcome.status === 'posted') {
      responses.get(item.index)?.entries.push(entryMessage(item, { ...plan, points: outcome.points }, outcome, deps.clock()));
    }
  }

  for (const [index, response] of responses) outcomes[index] = { kind: 'recorded', response };
  await deps.finishDeliveries(
    client,
    accepted
      .filter(({ news: item }) => item.request.deliveryId !== '')
      .map(({ index, news: item }) => deliveryOutcome(item, responses.get(index))),
  );
  return outcomes;
}

function deliveryOutcome({ merchantId, request }: OrderNews, response: RecordOrderResponse | undefined) {
  const points = response?.entries.reduce((total, entry) => total + entry.points, 0) ?? 0;
  return {
    deliveryId: request.deliveryId,
    merchantId,
    status: response?.status === 'ignored' ? 'ignored' : 'processed',
    reason: response?.entries.length ? `${points > 0 ? '+' : ''}${points}` : (response?.reason ?? ''),
  };
}

const tooLarge = (): DomainError =>
  invalidInput('order.subtotal', `would earn more than ${MAX_POINTS_PER_ENTRY} points, the most that one order may`);

/** Everything that can be refused is refused before anything is written. */
function whyRefused(request: RecordOrderRequest, context: OrderContextRow, program: Program): DomainError | undefined {
  if (!request.order === !request.refund) return invalidInput('order', 'exactly one of order and refund is needed');
  if (context.currency === null) return new DomainError('not_found', { field: 'merchant' });
  const currency = request.order?.currency ?? request.refund?.currency ?? '';
  if (currency !== '' && currency !== context.currency) {
    return invalidInput(request.order ? 'order.currency' : 'refund.currency', `is not the shop's currency, ${context.currency}`);
  }
  if (request.refund && !request.refund.refund) return invalidInput('refund.refund', 'is missing');
  if (request.order && floorPoints(grossOf(request.order), program.rate) > MAX_POINTS_PER_ENTRY) return tooLarge();
  return undefined;
}

/**
 * What the goods of an order cost before refunds, as edited last: what they cost now and what was given back for lines
 * (money given back beside any line does not lower the current subtotal). Shopify's own subtotal is what they cost when
 * the order was placed, and knows nothing of edits.
 */
function grossOf(order: Order): bigint {
  const current = order.currentSubtotal === '' ? undefined : parseAmount(order.currentSubtotal);
  if (current === undefined) return parseAmount(order.subtotal) ?? 0n;
  return order.refunds.reduce((total, refund) => total + (parseAmount(refund.linesSubtotal || '0') ?? 0n), current);
}

async function admitNewMembers(client: PoolClient, deps: RecordOrderDependencies, accepted: readonly Accepted[]): Promise<void> {
  const fresh = new Map<string, { member: NewMember; items: Accepted[] }>();
  for (const item of accepted) {
    const identity = item.news.request.order?.customer;
    if (!identity || item.context.customer_id) continue;
    const key = `${item.news.merchantId}/${identity.shopifyCustomerId}`;
    const known = fresh.get(key);
    if (known) known.items.push(item);
    else fresh.set(key, { member: deps.sealMember(item.news.merchantId, identity), items: [item] });
  }
  const entries = [...fresh.values()];
  const ids = await ensureMembers(
    client,
    entries.map((entry) => entry.member),
  );
  for (const [nth, { items }] of entries.entries()) for (const item of items) item.member = ids[nth] ?? null;
}

const PAID = new Set(['paid', 'partially_refunded', 'refunded']);

function factsRecord({ news, context, member }: Accepted): OrderFactsRecord {
  const { order, refund, trigger } = news.request;
  if (!order) {
    const notice = refund?.refund;
    return {
      merchant_id: news.merchantId,
      order_id: refund?.orderId ?? '',
      name: null,
      customer_id: null,
      subtotal: null,
      gross: null,
      total: null,
      currency: context.currency ?? '',
      presentment_currency: null,
      financial_status: null,
      channel: null,
      ordered_at: notice?.refundedAt ?? '',
      paid_at: null,
      cancelled_at: null,
      updated_at: null,
      refunds: notice ? { [notice.refundId]: { subtotal: notice.subtotal, at: notice.refundedAt } } : {},
      lines: null,
      is_historical: true,
    };
  }
  const isLive = trigger === 'created' || trigger === 'paid';
  const isSinceJoining = context.joined_at !== null && new Date(order.orderedAt) >= context.joined_at;
  return {
    merchant_id: news.merchantId,
    order_id: order.orderId,
    name: order.name,
    customer_id: member,
    subtotal: order.subtotal,
    gross: formatAmount(grossOf(order)),
    total: order.total || order.subtotal,
    currency: order.currency,
    presentment_currency: order.presentmentCurrency || order.currency,
    financial_status: order.financialStatus || null,
    channel: order.channel || 'online',
    ordered_at: order.orderedAt,
    paid_at: PAID.has(order.financialStatus) || trigger === 'paid' ? order.updatedAt : null,
    cancelled_at: order.cancelledAt || (trigger === 'cancelled' ? order.updatedAt : null),
    updated_at: order.updatedAt,
    refunds: Object.fromEntries(order.refunds.map((r) => [r.refundId, { subtotal: r.subtotal, at: r.refundedAt }])),
    lines: order.lines.map((line) => ({ id: line.lineId, product_id: line.productId, quantity: line.quantity, price: line.price })),
    // Orders first seen by the first-run sync, or older than the shop's joining, are history until they are paid anew.
    is_historical: !isLive && (trigger === 'synced' || !isSinceJoining),
  };
}

function toFacts(orderId: string, row: MergedOrderRow): OrderFacts {
  return {
    orderId,
    gross: parseAmount(row.gross) ?? 0n,
    currency: row.currency,
    isPaid: row.is_paid,
    isCancelled: row.is_cancelled,
    isHistorical: row.is_historical,
    hasMember: row.customer_id !== null,
    refunds: Object.entries(row.refunds).map(([refundId, fact]) => ({
      refundId,
      subtotal: parseAmount(fact.subtotal) ?? 0n,
      at: fact.at,
    })),
    snapshot: row.snapshot ?? '',
  };
}

function recordedEntries(row: MergedOrderRow) {
  return (row.entries ?? []).map((entry) => {
    const base = entry.base === null ? undefined : parseAmount(entry.base);
    const rate = entry.rate === null ? undefined : parseAmount(entry.rate);
    return {
      transactionId: entry.transactionId,
      key: entry.key,
      points: entry.points,
      ...(base !== undefined && { base }),
      ...(rate !== undefined && { rate }),
    };
  });
}

function expiryOf(program: Program, now: Date): Date | null {
  return program.expiryDays === 0 ? null : new Date(now.getTime() + program.expiryDays * 86_400_000);
}

function entryMessage(item: Accepted, plan: PlannedEntry, outcome: Posted, now: Date): Entry {
  const { order } = item.news.request;
  const currency = item.context.currency ?? '';
  const stored = plan.metadata;
  const money = (value: unknown) => (typeof value === 'string' ? { amount: value, currency } : undefined);
  return {
    transactionId: outcome.transactionId,
    customerId: item.member ?? '',
    type: plan.points > 0 ? 'earn' : 'reversal',
    points: plan.points,
    sequence: outcome.sequence,
    balanceAfter: outcome.balanceAfter,
    idempotencyKey: plan.key,
    source: 'order',
    reason: '',
    orderId: orderIdOf(item.news.request),
    orderName: order?.name ?? '',
    reversesTransactionId: '',
    reversedByTransactionId: '',
    expiresAt: '',
    occurredAt: now.toISOString(),
    createdAt: now.toISOString(),
    actor: 'system',
    explanation: {
      reasonCode: plan.reasonCode,
      base: money(stored['base']),
      rate: typeof stored['rate'] === 'string' ? stored['rate'] : '',
      multiplier: '1',
      rounding: typeof stored['rounding'] === 'string' ? stored['rounding'] : 'none',
      ruleVersion: item.program.version,
      refunded: money(stored['refunded']),
      awardPoints: typeof stored['award_points'] === 'number' ? stored['award_points'] : 0,
      debtRepaid: 0,
      debtIncurred: 0,
    },
  };
}
