import type { Pool, PoolClient } from 'pg';
import type {
  CustomerIdentity,
  Entry,
  RecordOrderRequest,
  RecordOrderResponse,
} from '#proto/points/v1/points.ts';
import { inTransaction } from '../database/tenant-transaction.ts';
import type { Reason } from '../outcome-reason.rules.ts';
import { holdIdentities } from '../members/identities.store.ts';
import { DomainError } from '../server/errors.ts';
import { toEntryMessage, type Ledger, type Posted, type Queryable } from '../ledger/index.ts';
import {
  factsRecord,
  recordedEntries,
  toContext,
  toFacts,
  tooLarge,
  whyRefused,
} from './order-facts.ts';
import {
  ensureMembers,
  mergeOrders,
  readOrderContexts,
  type MergedOrderRow,
  type NewMember,
  type OrderContextRow,
} from './orders.store.ts';
import { expiryOf, programFromConfig, type Program } from './program.rules.ts';
import { debitCodesUsedAnyway, markCodesUsed } from './rewards/used-codes.ts';
import { settle, type PlannedEntry } from './settlement.rules.ts';

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
  readonly finishDeliveries: (
    on: Queryable,
    outcomes: readonly {
      deliveryId: string;
      merchantId: string;
      status: string;
      reason: Reason | '';
      points: number;
    }[],
  ) => Promise<void>;
  /** What a code is found by. */
  readonly hashDiscountCode: (merchantId: string, code: string) => Buffer;
  readonly clock: () => Date;
}

export const orderIdOf = (request: RecordOrderRequest): string =>
  request.order?.orderId ?? request.refund?.orderId ?? '';

/**
 * Records what was learned of many orders and settles their points, in as few transactions as possible: one, unless
 * the same order stands in the batch more than once. @returns outcomes in the order of the argument
 */
export async function recordOrders(
  deps: RecordOrderDependencies,
  news: readonly OrderNews[],
): Promise<RecordOutcome[]> {
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

async function recordWave(
  deps: RecordOrderDependencies,
  news: readonly OrderNews[],
): Promise<RecordOutcome[]> {
  return inTransaction(deps.pool, 'BEGIN', (client) => recordIn(client, deps, news));
}

interface Accepted {
  readonly index: number;
  readonly news: OrderNews;
  readonly context: OrderContextRow;
  readonly program: Program;
  member: string | null;
}

async function recordIn(
  client: PoolClient,
  deps: RecordOrderDependencies,
  news: readonly OrderNews[],
): Promise<RecordOutcome[]> {
  const outcomes = new Array<RecordOutcome>(news.length);
  // Before all other locks: nobody is merged or erased between finding the member and writing for them.
  const named = await holdIdentities(
    client,
    news.map(({ merchantId, request }) => ({
      merchantId,
      shopifyCustomerId: request.order?.customer?.shopifyCustomerId ?? null,
    })),
  );
  const contexts = await readOrderContexts(
    client,
    news.map(({ merchantId, request }, index) => {
      const shopifyCustomerId = named[index] ?? null;
      return {
        merchantId,
        shopifyCustomerId,
        tombstone: shopifyCustomerId && deps.tombstoneOf(merchantId, shopifyCustomerId),
        orderedAt: request.order?.orderedAt ?? null,
      };
    }),
  );

  const accepted: Accepted[] = [];
  for (const [index, item] of news.entries()) {
    const context = contexts[index] as OrderContextRow;
    const program = programFromConfig(context.config);
    const problem = whyRefused(item.request, context, program);
    if (problem) outcomes[index] = { kind: 'refused', problem };
    else
      accepted.push({
        index,
        news: item,
        context,
        program,
        member: context.is_redacted ? null : context.customer_id,
      });
  }

  await admitNewMembers(client, deps, accepted);
  const merged =
    accepted.length === 0
      ? []
      : await mergeOrders(
          client,
          accepted.map((item) =>
            factsRecord(
              item.news.merchantId,
              item.news.request,
              item.context,
              item.member,
              item.program.earning.excludedProducts.length > 0,
            ),
          ),
        );

  // Before the entries: redemptions are locked before balances.
  const usedAnyway = await markCodesUsed(
    client,
    deps.hashDiscountCode,
    accepted.map(({ news: item }) => item),
  );

  const credits: { item: Accepted; plan: PlannedEntry; member: string }[] = [];
  const debits: { item: Accepted; plan: PlannedEntry; member: string }[] = [];
  const responses = new Map<number, RecordOrderResponse>();
  /** Why orders moved nothing: a reason that merchants have no words for does not compile. */
  const reasons = new Map<number, Reason>();
  for (const [nth, item] of accepted.entries()) {
    const row = merged[nth] as MergedOrderRow;
    const facts = toFacts(orderIdOf(item.news.request), row);
    const settlement = settle(
      facts,
      recordedEntries(row),
      item.program,
      toContext(item.news.request, item.context, item.program),
    );
    // Thrown, so that nothing of this order is kept; the batch is then run again one by one.
    if (settlement.kind === 'too_large') throw tooLarge();
    const customerId = row.customer_id ?? '';
    if (settlement.kind === 'idle') reasons.set(item.index, settlement.reason);
    responses.set(item.index, {
      status:
        settlement.kind === 'post'
          ? 'settled'
          : settlement.reason === 'nothing_new'
            ? 'unchanged'
            : 'ignored',
      reason: settlement.kind === 'post' ? '' : settlement.reason,
      customerId,
      entries: [],
      readAnew: false,
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
    // The member of the order was erased: nothing is ever written for them again.
    if (outcome?.status === 'unknown_customer') ignoreErased(responses.get(item.index));
    if (outcome?.status === 'conflict')
      throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    if (outcome?.status === 'awarded')
      responses
        .get(item.index)
        ?.entries.push(entryMessage(item, plan, outcome, outcome.expiresAt, deps.clock()));
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
    if (outcome.status === 'unknown_customer') ignoreErased(responses.get(item.index));
    if (outcome.status === 'conflict')
      throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    if (outcome.status === 'posted') {
      responses
        .get(item.index)
        ?.entries.push(
          entryMessage(item, { ...plan, points: outcome.points }, outcome, null, deps.clock()),
        );
    }
  }

  await debitCodesUsedAnyway(client, deps.ledger, usedAnyway);

  for (const [index, response] of responses) outcomes[index] = { kind: 'recorded', response };
  await deps.finishDeliveries(
    client,
    accepted
      .filter(({ news: item }) => item.request.deliveryId !== '')
      .map(({ index, news: item }) =>
        deliveryOutcome(item, responses.get(index), reasons.get(index)),
      ),
  );
  return outcomes;
}

function ignoreErased(response: RecordOrderResponse | undefined): void {
  if (response === undefined || response.entries.length > 0) return;
  response.status = 'ignored';
  response.reason = 'redacted_customer';
}

function deliveryOutcome(
  { merchantId, request }: OrderNews,
  response: RecordOrderResponse | undefined,
  reason: Reason | undefined,
) {
  const points = response?.entries.reduce((total, entry) => total + entry.points, 0) ?? 0;
  return {
    deliveryId: request.deliveryId,
    merchantId,
    status: response?.status === 'ignored' ? 'ignored' : 'processed',
    reason: response?.entries.length ? ('' as const) : (reason ?? 'nothing_new'),
    points,
  };
}

async function admitNewMembers(
  client: PoolClient,
  deps: RecordOrderDependencies,
  accepted: readonly Accepted[],
): Promise<void> {
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
  for (const [nth, { items }] of entries.entries())
    for (const item of items) item.member = ids[nth] ?? null;
}

/** The entry as it was written a moment ago, without asking for it again. */
function entryMessage(
  item: Accepted,
  plan: PlannedEntry,
  outcome: Posted,
  expiresAt: Date | null,
  now: Date,
): Entry {
  return toEntryMessage({
    transaction_id: outcome.transactionId,
    customer_id: item.member ?? '',
    type: plan.points > 0 ? 'earn' : 'reversal',
    points: plan.points,
    sequence: outcome.sequence,
    balance_after: outcome.balanceAfter,
    idempotency_key: plan.key,
    source: 'order',
    reason: null,
    order_id: orderIdOf(item.news.request),
    order_name: item.news.request.order?.name ?? null,
    reverses_transaction_id: null,
    reversed_by_transaction_id: null,
    currency: item.context.currency,
    expiry_date: expiresAt,
    occurred_at: now,
    created_at: now,
    actor: 'system',
    metadata: plan.metadata,
  });
}
