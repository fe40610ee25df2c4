import type { Pool, PoolClient } from 'pg';
import type {
  CustomerIdentity,
  Entry,
  RecordOrderRequest,
  RecordOrderResponse,
} from '#proto/points/v1/points.ts';
import { acrossTenants } from '../database/tenant-transaction.ts';
import type { Reason } from '../shared/outcome-reason.rules.ts';
import type { EncryptedMember } from '../members/customer-encryption.ts';
import { holdIdentities } from '../members/identities.store.ts';
import { DomainError } from '../shared/errors.ts';
import type { Queryable } from '../database/queryable.ts';
import { toEntryMessage, type Ledger, type Posted } from '../ledger/index.ts';
import { factsRecord, whyRefused } from './order-update.ts';
import {
  ensureMembers,
  mergeOrders,
  readOrderContexts,
  restateOrders,
  type OrderContextRow,
} from './orders.store.ts';
import { expiryOf, programFromConfig } from '../program/program.rules.ts';
import { debitCodesUsedAnyway, markCodesUsed } from '../rewards/used-codes.ts';
import {
  isPendingChanged,
  restated,
  settleAll,
  type Accepted,
  type OrderUpdate,
  type Settling,
} from './settle-orders.ts';
import type { IdleReason, PlannedEntry } from './settlement-facts.rules.ts';

/** A refusal is an answer to its own caller and no reason to fail the others of the batch. */
export type RecordOutcome =
  | { readonly kind: 'recorded'; readonly response: RecordOrderResponse }
  | { readonly kind: 'refused'; readonly problem: DomainError };

export interface RecordOrderDependencies {
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** Encrypts what identifies a person and computes what it is searched by. */
  readonly encryptMember: (merchantId: string, identity: CustomerIdentity) => EncryptedMember;
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
 * the same order occurs in the batch more than once. @returns outcomes in the order of the argument
 */
export async function recordOrders(
  deps: RecordOrderDependencies,
  updates: readonly OrderUpdate[],
): Promise<RecordOutcome[]> {
  const outcomes = new Array<RecordOutcome>(updates.length);
  for (const wave of wavesOfDistinctOrders(updates)) {
    const recorded = await recordWave(
      deps,
      wave.map((index) => updates[index] as OrderUpdate),
    );
    for (const [nth, index] of wave.entries()) outcomes[index] = recorded[nth] as RecordOutcome;
  }
  return outcomes;
}

function wavesOfDistinctOrders(updates: readonly OrderUpdate[]): number[][] {
  const waves: number[][] = [];
  const seen = new Map<string, number>();
  for (const [index, { merchantId, request }] of updates.entries()) {
    const order = `${merchantId}/${orderIdOf(request)}`;
    const wave = seen.get(order) ?? 0;
    seen.set(order, wave + 1);
    (waves[wave] ??= []).push(index);
  }
  return waves;
}

async function recordWave(
  deps: RecordOrderDependencies,
  updates: readonly OrderUpdate[],
): Promise<RecordOutcome[]> {
  return acrossTenants(deps.pool, (client) => recordIn(client, deps, updates));
}

async function recordIn(
  client: PoolClient,
  deps: RecordOrderDependencies,
  updates: readonly OrderUpdate[],
): Promise<RecordOutcome[]> {
  const outcomes = new Array<RecordOutcome>(updates.length);
  // Before all other locks, so that no customer is merged or erased between finding the member and writing for them.
  const named = await holdIdentities(
    client,
    updates.map(({ merchantId, request }) => ({
      merchantId,
      shopifyCustomerId: request.order?.customer?.shopifyCustomerId ?? null,
    })),
  );
  const contexts = await readOrderContexts(
    client,
    updates.map(({ merchantId, request }, index) => {
      const shopifyCustomerId = named[index] ?? null;
      return {
        merchantId,
        shopifyCustomerId,
        tombstone: shopifyCustomerId && deps.tombstoneOf(merchantId, shopifyCustomerId),
        orderedAt: request.order?.orderedAt ?? null,
      };
    }),
  );

  const accepted = acceptedOf(updates, contexts, outcomes);
  await admitNewMembers(client, deps, accepted);
  const merged =
    accepted.length === 0
      ? []
      : await mergeOrders(
          client,
          accepted.map((item) =>
            factsRecord(
              item.update.merchantId,
              item.update.request,
              item.context,
              item.member,
              item.program,
            ),
          ),
        );

  // Before the entries: redemptions are locked before balances.
  const usedAnyway = await markCodesUsed(
    client,
    deps.hashDiscountCode,
    accepted.map(({ update }) => update),
  );

  const settling = await settleAll(client, accepted, merged, deps.clock());
  const posted = await postEntries(client, deps, settling);
  await restateOrders(
    client,
    settling.flatMap((one) => restated(one, posted.get(one)?.waived ?? 0n)),
  );
  await debitCodesUsedAnyway(client, deps.ledger, usedAnyway);

  const told = settling.filter(({ isTold }) => isTold);
  for (const one of told) {
    const response = responseOf(one, posted.get(one) ?? NOTHING_POSTED);
    outcomes[one.item.index] = { kind: 'recorded', response };
  }
  await deps.finishDeliveries(
    client,
    told
      .filter(({ item }) => item.update.request.deliveryId !== '')
      .map((one) => deliveryOutcome(one, posted.get(one) ?? NOTHING_POSTED)),
  );
  return outcomes;
}

/** What is settled; what makes no sense is refused, as the outcome in its own place. */
function acceptedOf(
  updates: readonly OrderUpdate[],
  contexts: readonly OrderContextRow[],
  outcomes: RecordOutcome[],
): Accepted[] {
  const accepted: Accepted[] = [];
  for (const [index, item] of updates.entries()) {
    const context = contexts[index] as OrderContextRow;
    const program = programFromConfig(context.config);
    const problem = whyRefused(item.request, context, item.isDue);
    if (problem) outcomes[index] = { kind: 'refused', problem };
    else accepted.push({ index, update: item, context, program, member: context.customer_id });
  }
  return accepted;
}

interface PostedEntries {
  readonly entries: Entry[];
  /** What could not be taken because the merchant chose to stop at zero. */
  waived: bigint;
}
const NOTHING_POSTED: PostedEntries = { entries: [], waived: 0n };

async function postEntries(
  client: PoolClient,
  deps: RecordOrderDependencies,
  settling: readonly Settling[],
): Promise<Map<Settling, PostedEntries>> {
  const posted = new Map<Settling, PostedEntries>();
  const credits: { one: Settling; plan: PlannedEntry }[] = [];
  const debits: { one: Settling; plan: PlannedEntry }[] = [];
  for (const one of settling) {
    posted.set(one, { entries: [], waived: 0n });
    if (one.settlement.kind !== 'post') continue;
    for (const plan of one.settlement.entries)
      (plan.points > 0 ? credits : debits).push({ one, plan });
  }
  const now = deps.clock();
  const awarded = await deps.ledger.award(
    credits.map(({ one, plan }) => ({
      merchantId: one.row.merchant_id,
      customerId: plan.member,
      points: plan.points,
      key: plan.key,
      source: 'order',
      orderId: one.row.order_id,
      currency: one.facts.currency,
      expiresAt: expiresAt(one, plan, now),
      metadata: plan.metadata,
    })),
    client,
  );
  for (const [nth, { one, plan }] of credits.entries()) {
    const outcome = awarded[nth];
    // `unknown_customer` was erased meanwhile: nothing is ever written for them again.
    if (outcome?.status === 'conflict')
      throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    if (outcome?.status === 'awarded')
      posted.get(one)?.entries.push(entryMessage(one, plan, outcome, outcome.expiresAt, now));
  }
  // A debit reads the balance that the credits above left, so it follows them; it is rare enough to go alone.
  for (const { one, plan } of debits) {
    const outcome = await deps.ledger.debit(
      {
        merchantId: one.row.merchant_id,
        customerId: plan.member,
        points: -plan.points,
        key: plan.key,
        type: 'reversal',
        source: 'order',
        orderId: one.row.order_id,
        // Points already spent of an order that now belongs to another member are owed.
        whenShort: plan.reasonCode === 'order_moved' ? 'debt' : one.item.program.refundPolicy,
        metadata: plan.metadata,
        currency: one.facts.currency,
      },
      client,
    );
    if (outcome.status === 'conflict')
      throw new DomainError('idempotency_conflict', { field: 'order.order_id' });
    const result = posted.get(one);
    if (result === undefined) continue;
    if (outcome.status === 'posted') {
      result.entries.push(
        entryMessage(one, { ...plan, points: outcome.points }, outcome, null, now),
      );
      result.waived += BigInt(outcome.points - plan.points);
    } else if (outcome.status === 'nothing') result.waived += BigInt(-plan.points);
  }
  return posted;
}

const expiresAt = (
  { item }: Settling,
  plan: PlannedEntry,
  now: Date,
): Date | ReturnType<typeof expiryOf> =>
  plan.expiresAt === undefined
    ? expiryOf(item.program, now)
    : plan.expiresAt === null
      ? null
      : new Date(plan.expiresAt);

/** Undefined where something was posted. */
const reasonOf = (one: Settling): IdleReason | undefined =>
  one.settlement.kind === 'post'
    ? undefined
    : one.settlement.reason === 'points_pending' && !isPendingChanged(one)
      ? 'nothing_new'
      : one.settlement.reason;

function responseOf(one: Settling, posted: PostedEntries): RecordOrderResponse {
  const { row } = one;
  const reason = reasonOf(one);
  return {
    status:
      reason === undefined || reason === 'points_pending'
        ? 'settled'
        : reason === 'nothing_new'
          ? 'unchanged'
          : 'ignored',
    reason: reason ?? '',
    customerId: row.facts.customer_id ?? '',
    entries: posted.entries,
    readAnew: row.facts.reading_due,
  };
}

const NOT_IGNORED: ReadonlySet<Reason | undefined> = new Set([
  undefined,
  'nothing_new',
  'points_pending',
]);

function deliveryOutcome(one: Settling, { entries }: PostedEntries) {
  const { request, merchantId } = one.item.update;
  const reason: Reason | undefined = reasonOf(one);
  return {
    deliveryId: request.deliveryId,
    merchantId,
    status: NOT_IGNORED.has(reason) ? 'processed' : 'ignored',
    reason: entries.length > 0 ? ('' as const) : (reason ?? 'nothing_new'),
    points: entries.reduce((total, entry) => total + entry.points, 0),
  };
}

async function admitNewMembers(
  client: PoolClient,
  deps: RecordOrderDependencies,
  accepted: readonly Accepted[],
): Promise<void> {
  const fresh = new Map<string, { member: EncryptedMember; items: Accepted[] }>();
  for (const item of accepted) {
    const identity = item.update.request.order?.customer;
    if (!identity || item.context.customer_id) continue;
    const key = `${item.update.merchantId}/${identity.shopifyCustomerId}`;
    const known = fresh.get(key);
    if (known) known.items.push(item);
    else
      fresh.set(key, {
        member: deps.encryptMember(item.update.merchantId, identity),
        items: [item],
      });
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
  one: Settling,
  plan: PlannedEntry,
  outcome: Posted,
  expires: Date | null,
  now: Date,
): Entry {
  return toEntryMessage({
    transaction_id: outcome.transactionId,
    customer_id: plan.member,
    type: plan.points > 0 ? 'earn' : 'reversal',
    points: plan.points,
    sequence: outcome.sequence,
    balance_after: outcome.balanceAfter,
    idempotency_key: plan.key,
    source: 'order',
    reason: null,
    order_id: one.row.order_id,
    order_name: one.row.facts.name,
    reverses_transaction_id: null,
    reversed_by_transaction_id: null,
    currency: one.facts.currency,
    expiry_date: expires,
    occurred_at: now,
    created_at: now,
    actor: 'system',
    metadata: plan.metadata,
  });
}
