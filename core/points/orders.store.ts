import type { Queryable } from '../ledger/index.ts';
import type { CampaignRow } from './campaign-conditions.rules.ts';

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
}

/** Who a member is at the moment. */
export interface MemberContext {
  has_account: boolean;
  segments: unknown;
  tier_id: string | null;
  tier_multiplier: string | null;
  is_first: boolean | null;
}

export interface OrderKey {
  readonly merchantId: string;
  readonly shopifyCustomerId: string | null;
  /** What stands in the place of the Shopify id once the customer was erased. */
  readonly tombstone: string | null;
  /** Null for news of a refund. */
  readonly orderedAt: string | null;
}

/** Tenant, programme and member of each order, in the order of the argument. */
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

/** A member to be made; encrypted values and hashes base64-encoded. */
export interface NewMember {
  readonly merchant_id: string;
  readonly customer_id: string;
  readonly shopify_customer_id: string;
  readonly email: string | null;
  readonly email_hash: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name_tokens: readonly string[];
  readonly locale: string;
  readonly state: string | null;
}

/** Makes the members that do not exist yet. @returns their ids, in the order of the argument. */
export async function ensureMembers(
  on: Queryable,
  members: readonly NewMember[],
): Promise<string[]> {
  if (members.length === 0) return [];
  const { rows } = await on.query<{ customer_id: string }>(
    `SELECT customer_id FROM orders_ensure_customers($1)`,
    [JSON.stringify(members)],
  );
  return rows.map((row) => row.customer_id);
}

/** Facts of one order as the merging door takes them. */
export interface OrderFactsRecord {
  readonly merchant_id: string;
  readonly order_id: string;
  readonly name: string | null;
  readonly customer_id: string | null;
  readonly subtotal: string | null;
  readonly gross: string | null;
  readonly total: string | null;
  readonly currency: string;
  readonly presentment_currency: string | null;
  readonly financial_status: string | null;
  readonly channel: string | null;
  readonly ordered_at: string;
  readonly paid_at: string | null;
  readonly cancelled_at: string | null;
  /** Null when this is no snapshot of the order but news of a refund. */
  readonly updated_at: string | null;
  readonly refunds: Readonly<Record<string, StoredRefund>>;
  readonly lines: readonly StoredLine[] | null;
  /** Lines are only needed where something is excluded. */
  readonly with_lines: boolean;
  readonly is_historical: boolean;
  readonly country: string | null;
}

export interface StoredRefund {
  readonly subtotal: string;
  readonly at: string;
  readonly lines?: Readonly<Record<string, string>>;
}

export interface StoredLine {
  readonly id: string;
  readonly product_id: string;
  readonly quantity: number;
  readonly price: string;
  readonly subtotal?: string;
}

export interface MergedOrderRow {
  gross: string;
  currency: string;
  is_paid: boolean;
  is_cancelled: boolean;
  is_historical: boolean;
  customer_id: string | null;
  refunds: Record<string, StoredRefund>;
  snapshot: string | null;
  name: string | null;
  ordered_at: string;
  country: string | null;
  /** Null when nothing is excluded. */
  lines: StoredLine[] | null;
  entries:
    | {
        transactionId: string;
        key: string;
        points: number;
        base: string | null;
        rate: string | null;
        multiplier: string | null;
        source: string | null;
        excluded: Record<string, string> | null;
      }[]
    | null;
}

/** Unites the facts with what is known. @returns all that is known, in the order of the argument; no order twice. */
export async function mergeOrders(
  on: Queryable,
  orders: readonly OrderFactsRecord[],
): Promise<MergedOrderRow[]> {
  const { rows } = await on.query<MergedOrderRow>(
    `SELECT * FROM orders_merge_many($1) ORDER BY ord`,
    [JSON.stringify(orders)],
  );
  return rows;
}
