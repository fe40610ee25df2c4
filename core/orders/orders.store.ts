import type { Queryable } from '../database/queryable.ts';
import type { EncryptedMember } from '../members/customer-encryption.ts';
import type { EntryMetadata } from '../ledger/entry-metadata.rules.ts';
import type { CampaignRow } from '../program/campaign-conditions.rules.ts';

export interface OrderContextRow {
  currency: string | null;
  joined_at: Date | null;
  config: unknown;
  customer_id: string | null;
  is_redacted: boolean;
  /** The shop's campaigns that multiply points around the time of the orders asked about. */
  campaigns: CampaignRow[] | null;
  /** Null when there is no such member (yet). */
  member: MemberContext | null;
  /** When the program was off: [from, to), null without end. */
  pauses: [string | null, string | null][] | null;
}

/** Who a member is at the moment. */
export interface MemberContext {
  has_account: boolean;
  /** Why they take no part in the program. */
  absence?: string | null;
  segments: unknown;
  tier_id: string | null;
  tier_multiplier: string | null;
  is_first: boolean | null;
  /** Placed within 24 hours of their becoming a member. */
  is_new: boolean | null;
}

export interface OrderKey {
  readonly merchantId: string;
  readonly shopifyCustomerId: string | null;
  /** What replaces the Shopify id after the customer was erased. */
  readonly tombstone: string | null;
  /** Null for a refund. */
  readonly orderedAt: string | null;
}

/** Tenant, program and member of each order, in the order of the argument. */
export async function readOrderContexts(
  on: Queryable,
  keys: readonly OrderKey[],
): Promise<OrderContextRow[]> {
  const { rows } = await on.query<OrderContextRow>(
    `SELECT * FROM orders_context($1, $2, $3, $4) ORDER BY ord`,
    [
      keys.map((key) => key.merchantId),
      keys.map((key) => key.shopifyCustomerId),
      keys.map((key) => key.tombstone),
      keys.map((key) => key.orderedAt),
    ],
  );
  return rows;
}

/** Makes the members that do not exist yet. @returns their ids, in the order of the argument. */
export async function ensureMembers(
  on: Queryable,
  members: readonly EncryptedMember[],
): Promise<string[]> {
  if (members.length === 0) return [];
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT customer_id FROM orders_ensure_customers($1)`,
    [JSON.stringify(members)],
  );
  return rows.map((row) => row.customer_id);
}

/** Facts of one order as the SECURITY DEFINER function orders_merge_many takes them. */
export interface OrderFactsRecord {
  readonly merchant_id: string;
  readonly order_id: string;
  readonly name: string | null;
  readonly customer_id: string | null;
  /** Whether the source said who the customer is, possibly none. */
  readonly customer_told: boolean;
  readonly subtotal: string | null;
  readonly gross: string | null;
  readonly total: string | null;
  readonly current_total: string | null;
  readonly tax: string | null;
  readonly taxes_included: boolean;
  readonly currency: string;
  readonly presentment_currency: string | null;
  readonly financial_status: string | null;
  readonly channel: string | null;
  readonly ordered_at: string;
  readonly paid_at: string | null;
  readonly paid_told_at: string | null;
  readonly cancelled_at: string | null;
  /** Null when this is no snapshot of the order but a refund. */
  readonly updated_at: string | null;
  readonly observed_at: string | null;
  readonly source: string;
  readonly refunds: Readonly<Record<string, StoredRefund>>;
  readonly lines: readonly StoredLine[] | null;
  /** Lines are only needed where something is excluded. */
  readonly with_lines: boolean;
  readonly is_historical: boolean;
  readonly is_test: boolean;
  readonly country: string | null;
  readonly is_company: boolean;
  /** Why its customer takes no part in the program. */
  readonly absence: string | null;
  readonly edits: readonly (readonly [string, string])[];
}

/** Rows and transactions are absent where a source reported only a sum. */
export interface StoredRefund {
  readonly subtotal: string;
  readonly at: string;
  readonly seen?: string;
  readonly lines?: Readonly<Record<string, string>>;
  readonly tips?: readonly string[];
  readonly goods?: string;
  readonly tax?: string;
  readonly other?: string;
  readonly adjustments?: readonly (readonly [string, string])[];
  readonly transactions?: Readonly<
    Record<
      string,
      {
        readonly kind: string;
        readonly status: string;
        readonly amount: string;
        readonly currency: string;
      }
    >
  >;
}

export interface StoredLine {
  readonly id: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly price: string;
  readonly subtotal?: string;
  readonly gift_card?: boolean;
  readonly tip?: boolean;
}

/** An entry of an order, as far as settling reads it. */
export interface StoredEntry {
  readonly transactionId: string;
  readonly key: string;
  readonly points: number;
  readonly member: string;
  readonly base: string | null;
  readonly rate: string | null;
  readonly multiplier: string | null;
  readonly source: string | null;
  readonly factors: Record<string, string> | null;
  readonly stacking: string | null;
  readonly excluded: Record<string, string> | null;
  readonly refunds: string[] | null;
}

export interface MergedOrderRow {
  /** Null for another order that has to be looked at because of one of these. */
  ord: number | null;
  merchant_id: string;
  order_id: string;
  facts: {
    gross: string;
    placed: string;
    total: string;
    current_total: string | null;
    currency: string;
    is_paid: boolean;
    is_cancelled: boolean;
    financial_status: string | null;
    is_historical: boolean;
    is_test: boolean;
    taxes_included: boolean;
    customer_id: string | null;
    is_redacted: boolean;
    is_known: boolean;
    reading_due: boolean;
    name: string | null;
    ordered_at: string;
    /** When it was paid, or null. */
    paid_at: string | null;
    country: string | null;
    absence: string | null;
    account: string | null;
    waived: string;
    refunded: string;
    first_given: boolean | null;
    is_first: boolean;
    /** It had another customer before. */
    was_moved: boolean;
    /** All three null: no award waits. */
    pending_points: string | null;
    points_count_at: string | null;
    pending_award: Record<string, unknown> | null;
  };
  refunds: Record<string, StoredRefund>;
  edits: [string, string][];
  /** Null when nothing is excluded. */
  lines: StoredLine[] | null;
  entries: StoredEntry[] | null;
}

/**
 * Unites the facts with what is known. @returns all that is known: of the orders given, numbered from 1 by their place in
 * the argument (no order twice), and of others that change with them.
 */
export async function mergeOrders(
  on: Queryable,
  orders: readonly OrderFactsRecord[],
): Promise<MergedOrderRow[]> {
  const { rows } = await on.query<MergedOrderRow>(
    `SELECT * FROM orders_merge_many($1) ORDER BY ord NULLS LAST`,
    [JSON.stringify(orders)],
  );
  return rows;
}

export interface HeirRow {
  merchant_id: string;
  member: string;
  heir: string;
  is_erased: boolean;
}

/** Who has now what these members had, each once. */
export async function readHeirs(
  on: Queryable,
  members: readonly { readonly merchantId: string; readonly member: string }[],
): Promise<HeirRow[]> {
  if (members.length === 0) return [];
  const { rows } = await on.query<HeirRow>(`SELECT * FROM orders_heirs($1, $2)`, [
    members.map(({ merchantId }) => merchantId),
    members.map(({ member }) => member),
  ]);
  return rows;
}

export interface LotRow {
  merchant_id: string;
  order_id: string;
  member: string;
  points: number;
  expired: number;
  expires_at: Date | null;
  /** What the order's entries came to when points of it expired last: the same in each of its rows. */
  at_expiry: number | null;
}

/** The orders' points by when they expire. Locks the balances of all members given; without an order only that. */
export async function lockAndReadLots(
  on: Queryable,
  wanted: readonly {
    readonly merchantId: string;
    readonly orderId: string | null;
    readonly member: string;
  }[],
): Promise<LotRow[]> {
  const { rows } = await on.query<LotRow>(`SELECT * FROM orders_lots($1, $2, $3)`, [
    wanted.map(({ merchantId }) => merchantId),
    wanted.map(({ orderId }) => orderId),
    wanted.map(({ member }) => member),
  ]);
  return rows;
}

export interface Restated {
  readonly merchant_id: string;
  readonly order_id: string;
  readonly account: string | null;
  readonly waived: string;
  readonly refunded: string;
  readonly first_given: boolean | null;
  /** All null: nothing waits. */
  readonly pending: {
    readonly points: string | null;
    readonly counts_at: string | null;
    readonly award: EntryMetadata | null;
    /** What members see as pending has changed. */
    readonly is_told: boolean;
  };
}

/** Keeps what settling found beside entries, and brings what is counted of the members up to date. */
export async function restateOrders(on: Queryable, orders: readonly Restated[]): Promise<void> {
  if (orders.length === 0) return;
  await on.query(`SELECT orders_restate($1)`, [JSON.stringify(orders)]);
}

/** Shops with orders whose points count by now, by id from after the given one. */
export async function shopsWithDueOrders(
  on: Queryable,
  now: Date,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await on.query<{ merchant_id: string }>(
    'SELECT merchant_id FROM orders_pending_due($1, $2, $3)',
    [now, after, limit],
  );
  return rows.map((row) => row.merchant_id);
}

export interface DueOrder {
  readonly orderId: string;
  readonly countsAt: Date;
}

/** Orders whose points count by now, longest due first, from after the given one. */
export async function dueOrders(
  on: Queryable,
  merchantId: string,
  now: Date,
  after: DueOrder | undefined,
  limit: number,
): Promise<DueOrder[]> {
  const { rows } = await on.query<{ order_id: string; counts_at: Date }>(
    `SELECT o.shopify_order_id AS order_id, o.points_count_at AS counts_at FROM orders o
     WHERE o.merchant_id = $1 AND o.pending_points > 0 AND o.customer_id IS NOT NULL AND o.points_count_at <= $2
       AND (o.points_count_at, o.shopify_order_id) > ($3::timestamptz, $4)
     ORDER BY o.points_count_at, o.shopify_order_id LIMIT $5`,
    [merchantId, now, after?.countsAt ?? new Date(0), after?.orderId ?? '', limit],
  );
  return rows.map((row) => ({ orderId: row.order_id, countsAt: row.counts_at }));
}
