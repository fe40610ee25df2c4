import type { Customer } from '#proto/admin/v1/admin.ts';
import type { Entry } from '#proto/points/v1/points.ts';
import type { Encryption } from '../shared/encryption.ts';
import { ENTRY_COLUMNS, toBalanceMessage, toEntryMessage } from '../ledger/index.ts';
import type { Queryable } from '../database/queryable.ts';
import type { BalanceRow, EntryRow } from '../ledger/index.ts';
import { decryptMember } from './customer-encryption.ts';
import type { EncryptedMember, EncryptedName } from './customer-encryption.ts';
import { namesOf, tagsOf } from './tags.rules.ts';

export interface CustomerRow extends Omit<BalanceRow, 'updated_at'> {
  shopify_customer_id: string;
  email: Buffer | null;
  first_name: Buffer | null;
  last_name: Buffer | null;
  locale: string;
  state: string | null;
  has_account: boolean;
  order_count: number;
  total_spend: string;
  last_order_at: Date | null;
  created_at: Date;
  redacted_at: Date | null;
  source_updated_at: Date | null;
  balance_updated_at: Date | null;
  currency: string;
  vip_tier_id: string | null;
  vip_tier_name: Record<string, string> | null;
  segment_ids: string[] | null;
  tags: unknown;
  absence: string | null;
}

/** A member with balance; the lots that expire next are left to the points service. */
export const customerColumns = `c.customer_id, c.shopify_customer_id, c.email, c.first_name, c.last_name, c.locale,
  c.state, c.has_account, c.order_count, c.total_spend, c.last_order_at, c.created_at, c.redacted_at,
  c.source_updated_at, coalesce(b.balance, 0) AS balance, coalesce(b.held, 0) AS held, coalesce(b.debt, 0) AS debt,
  coalesce(b.version, 0) AS version, coalesce(b.earned_total, 0) AS earned_total,
  coalesce(b.spent_total, 0) AS spent_total, b.updated_at AS balance_updated_at,
  NULL::bigint AS expiring_points, NULL::timestamptz AS expiring_at, m.currency, c.vip_tier_id,
  (SELECT v.name FROM vip_tiers v WHERE v.merchant_id = c.merchant_id AND v.tier_id = c.vip_tier_id) AS vip_tier_name,
  (SELECT s.segment_ids FROM customer_segments s WHERE s.merchant_id = c.merchant_id AND s.customer_id = c.customer_id)
    AS segment_ids, c.metadata->'tags' AS tags,
  CASE WHEN c.redacted_at IS NULL THEN member_absence(c.merchant_id, c.customer_id) END AS absence`;

const customerTables = `customers c
  JOIN merchants m ON m.merchant_id = c.merchant_id
  LEFT JOIN points_balances b ON b.merchant_id = c.merchant_id AND b.customer_id = c.customer_id`;

export function toCustomerMessage(
  encryption: Encryption,
  merchantId: string,
  row: CustomerRow,
): Customer {
  return {
    customerId: row.customer_id,
    // The tombstone of an erased person is never shown.
    shopifyCustomerId: row.redacted_at === null ? row.shopify_customer_id : '',
    ...decryptMember(encryption, merchantId, row.customer_id, row),
    locale: row.locale,
    state: row.state ?? '',
    hasAccount: row.has_account,
    orderCount: row.order_count,
    totalSpend: { amount: row.total_spend, currency: row.currency },
    lastOrderAt: row.last_order_at?.toISOString() ?? '',
    createdAt: row.created_at.toISOString(),
    redactedAt: row.redacted_at?.toISOString() ?? '',
    balance: toBalanceMessage(row.customer_id, { ...row, updated_at: row.balance_updated_at }),
    vipTierId: row.vip_tier_id ?? '',
    vipTierNames: { ...row.vip_tier_name },
    segmentIds: row.segment_ids ?? [],
    tags: namesOf(tagsOf(row.tags)),
    absence: row.absence ?? '',
  };
}

/** By a Shopify id, after merges. */
export async function readCustomer(
  on: Queryable,
  merchantId: string,
  by: { readonly customerId: string } | { readonly shopifyCustomerId: string },
): Promise<CustomerRow | undefined> {
  const [where, value] =
    'customerId' in by
      ? ['c.customer_id = $2', by.customerId]
      : ['c.shopify_customer_id = member_in_force($1, $2)', by.shopifyCustomerId];
  const { rows } = await on.query<CustomerRow>(
    `SELECT ${customerColumns} FROM ${customerTables} WHERE c.merchant_id = $1 AND ${where}`,
    [merchantId, value],
  );
  return rows[0];
}

/** Whether the tenant has this member, by our own id. */
export async function isMember(
  on: Queryable,
  merchantId: string,
  customerId: string,
): Promise<boolean> {
  const { rowCount } = await on.query(
    'SELECT 1 FROM customers WHERE merchant_id = $1 AND customer_id = $2',
    [merchantId, customerId],
  );
  return rowCount !== 0;
}

/** The names of members, by our own ids. */
export async function readNames(
  on: Queryable,
  encryption: Encryption,
  merchantId: string,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly firstName: string; readonly lastName: string }>> {
  if (customerIds.length === 0) return new Map();
  const { rows } = await on.query<EncryptedName & { customer_id: string }>(
    `SELECT customer_id, first_name, last_name FROM customers WHERE merchant_id = $1 AND customer_id = ANY($2::uuid[])`,
    [merchantId, customerIds],
  );
  return new Map(
    rows.map((row) => [
      row.customer_id,
      decryptMember(encryption, merchantId, row.customer_id, { ...row, email: null }),
    ]),
  );
}

const lockedColumns = `c.customer_id, c.shopify_customer_id, c.email, c.first_name, c.last_name, c.locale, c.state,
  c.has_account, c.redacted_at, c.source_updated_at, c.merged_into_customer_id`;

/** Members of these Shopify ids or tombstones, locked in the order of their keys. */
export async function lockCustomers(
  on: Queryable,
  merchantId: string,
  shopifyIdsAndTombstones: readonly string[],
): Promise<LockedCustomerRow[]> {
  const { rows } = await on.query<LockedCustomerRow>(
    `SELECT ${lockedColumns} FROM customers c WHERE c.merchant_id = $1 AND c.shopify_customer_id = ANY($2)
     ORDER BY c.merchant_id, c.customer_id FOR NO KEY UPDATE`,
    [merchantId, shopifyIdsAndTombstones],
  );
  return rows;
}

/** As above by our own ids. */
export async function lockCustomersById(
  on: Queryable,
  merchantId: string,
  customerIds: readonly string[],
): Promise<LockedCustomerRow[]> {
  const { rows } = await on.query<LockedCustomerRow>(
    `SELECT ${lockedColumns} FROM customers c WHERE c.merchant_id = $1 AND c.customer_id = ANY($2::uuid[])
     ORDER BY c.merchant_id, c.customer_id FOR NO KEY UPDATE`,
    [merchantId, customerIds],
  );
  return rows;
}

/** Members merged into this one now point to the other: a chain of merges is always one step long. */
export async function followMerge(
  on: Queryable,
  merchantId: string,
  from: string,
  to: string,
): Promise<void> {
  await on.query(
    `UPDATE customers SET merged_into_customer_id = $3
     WHERE merchant_id = $1 AND (customer_id = $2 OR merged_into_customer_id = $2)`,
    [merchantId, from, to],
  );
}

export type LockedCustomerRow = Pick<
  CustomerRow,
  | 'customer_id'
  | 'shopify_customer_id'
  | 'email'
  | 'first_name'
  | 'last_name'
  | 'locale'
  | 'state'
  | 'has_account'
  | 'redacted_at'
  | 'source_updated_at'
> & { merged_into_customer_id: string | null };

export interface MemberRecord extends EncryptedMember {
  readonly has_account: boolean;
  readonly source_updated_at: string | null;
}

const memberRecordset = `jsonb_to_recordset($2) AS r(customer_id uuid, shopify_customer_id text, email text,
  email_hash text, first_name text, last_name text, name_tokens jsonb, locale text, state text, has_account boolean,
  source_updated_at timestamptz)`;
const decodedTokens = `ARRAY(SELECT decode(t, 'base64') FROM jsonb_array_elements_text(r.name_tokens) t)`;

/** @returns the Shopify ids that were not there before; the others were created by another call in the meantime. */
export async function insertCustomers(
  on: Queryable,
  merchantId: string,
  members: readonly MemberRecord[],
): Promise<Set<string>> {
  const { rows } = await on.query<{ shopify_customer_id: string }>(
    `INSERT INTO customers (merchant_id, customer_id, shopify_customer_id, email, email_hash, first_name, last_name,
                            name_tokens, locale, state, has_account, source_updated_at)
     SELECT $1, r.customer_id, r.shopify_customer_id, decode(r.email, 'base64'), decode(r.email_hash, 'base64'),
            decode(r.first_name, 'base64'), decode(r.last_name, 'base64'), ${decodedTokens}, r.locale, r.state,
            r.has_account, r.source_updated_at
     FROM ${memberRecordset} ORDER BY r.shopify_customer_id
     ON CONFLICT (merchant_id, shopify_customer_id) DO NOTHING
     RETURNING shopify_customer_id`,
    [merchantId, JSON.stringify(members)],
  );
  return new Set(rows.map((row) => row.shopify_customer_id));
}

export async function updateCustomers(
  on: Queryable,
  merchantId: string,
  members: readonly MemberRecord[],
): Promise<void> {
  await on.query(
    `UPDATE customers c SET
       email = decode(r.email, 'base64'), email_hash = decode(r.email_hash, 'base64'),
       first_name = decode(r.first_name, 'base64'), last_name = decode(r.last_name, 'base64'),
       name_tokens = ${decodedTokens}, locale = r.locale, state = r.state, has_account = r.has_account,
       source_updated_at = r.source_updated_at
     FROM ${memberRecordset}
     WHERE c.merchant_id = $1 AND c.customer_id = r.customer_id`,
    [merchantId, JSON.stringify(members)],
  );
}

export async function readEntriesById(
  on: Queryable,
  merchantId: string,
  transactionIds: readonly string[],
): Promise<Entry[]> {
  const { rows } = await on.query<EntryRow>(
    `SELECT ${ENTRY_COLUMNS} FROM points_transactions t
     WHERE t.merchant_id = $1 AND t.transaction_id = ANY($2) ORDER BY t.sequence`,
    [merchantId, transactionIds],
  );
  return rows.map(toEntryMessage);
}
