import type { BlindIndex } from '../shared/blind-index.ts';
import type { Queryable } from '../database/queryable.ts';
import {
  decodeCursor,
  encodeCursor,
  integerPattern,
  microseconds,
  timePattern,
  uuidPattern,
} from '../shared/cursor.rules.ts';
import { customerColumns } from './customers.store.ts';
import type { CustomerRow } from './customers.store.ts';
import type { Participation } from './participation.rules.ts';
import type { CustomerSearch } from './search.rules.ts';
import type { CustomerSort } from '#vocabulary/customers.ts';

interface SortOrder {
  /** Where the keyset walks; its index decides the speed. */
  readonly from: string;
  /** The first sort key; customer_id is the second. Both descend. */
  readonly key: string;
  readonly keyAsText: string;
  readonly cast: string;
  readonly pattern: RegExp;
}

const customersFirst = `customers c
  LEFT JOIN points_balances b ON b.merchant_id = c.merchant_id AND b.customer_id = c.customer_id`;

const orders: Record<CustomerSort, SortOrder> = {
  newest: {
    from: customersFirst,
    key: 'c.created_at',
    keyAsText: microseconds('c.created_at'),
    cast: 'timestamptz',
    pattern: timePattern,
  },
  // Members without a balance row have never moved a point and are not in this list.
  balance: {
    from: `points_balances b JOIN customers c ON c.merchant_id = b.merchant_id AND c.customer_id = b.customer_id`,
    key: 'b.balance',
    keyAsText: 'b.balance::text',
    cast: 'bigint',
    pattern: integerPattern,
  },
  // Likewise those who never ordered.
  last_order: {
    from: customersFirst,
    key: 'c.last_order_at',
    keyAsText: microseconds('c.last_order_at'),
    cast: 'timestamptz',
    pattern: timePattern,
  },
};

/** Members who have something in common; absent or empty: all. */
export interface MemberFilter {
  readonly vipTierId?: string;
  /** Whether it is their primary one or another. */
  readonly segmentId?: string;
  /** Only those who take no part in the program, by these settings. */
  readonly excludedBy?: Participation | undefined;
}

export interface CustomerPage {
  readonly rows: readonly CustomerRow[];
  readonly nextCursor: string;
  /** Counted with the first page only; -1 on the others. */
  readonly total: number;
}

/**
 * A page of members, walked by key and not by offset, so that the last of 50,000 is as near as the first.
 * Merged and erased members are left out; an erased one is still found by its own id.
 */
export async function searchCustomers(
  on: Queryable,
  blindIndex: BlindIndex,
  merchantId: string,
  search: CustomerSearch,
  sort: CustomerSort,
  page: { readonly pageSize: number; readonly cursor: string },
  filter: MemberFilter = {},
): Promise<CustomerPage> {
  const order = orders[sort];
  const values: unknown[] = [merchantId];
  const where = [
    'c.merchant_id = $1',
    'c.redacted_at IS NULL',
    'c.merged_into_customer_id IS NULL',
  ];
  if (sort !== 'newest') where.push(`${order.key} IS NOT NULL`);
  if (sort === 'balance') where.push('b.merchant_id = $1');
  const condition = searchCondition(
    blindIndex,
    merchantId,
    search,
    (value) => `$${values.push(value)}`,
  );
  if (condition !== undefined) where.push(condition);
  if (filter.vipTierId) where.push(`c.vip_tier_id = $${values.push(filter.vipTierId)}`);
  if (filter.segmentId)
    where.push(`EXISTS (SELECT 1 FROM customer_segments g WHERE g.merchant_id = $1
      AND g.customer_id = c.customer_id AND g.segment_ids ? $${values.push(filter.segmentId)})`);
  if (filter.excludedBy)
    where.push(
      `c.customer_id IN (SELECT members_excluded($${values.push(filter.excludedBy.excludedTags)}, $${values.push(filter.excludedBy.excludesCompanies)}))`,
    );
  const total = page.cursor === '' ? await countCustomers(on, order.from, where, values) : -1;

  if (page.cursor !== '') {
    const after = decodeCursor(page.cursor, order.pattern, uuidPattern);
    if (after === undefined) return { rows: [], nextCursor: '', total };
    const [key, id] = after.map((part) => `$${values.push(part)}`);
    where.push(`(${order.key}, c.customer_id) < (${key}::${order.cast}, ${id}::uuid)`);
  }
  const { rows } = await on.query<CustomerRow & { sort_key: string }>(
    `SELECT ${customerColumns}, ${order.keyAsText} AS sort_key
     FROM ${order.from} JOIN merchants m ON m.merchant_id = c.merchant_id
     WHERE ${where.join(' AND ')}
     ORDER BY ${order.key} DESC, c.customer_id DESC LIMIT $${values.push(page.pageSize + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.pageSize);
  const last = rows.length > page.pageSize ? shown.at(-1) : undefined;
  return {
    rows: shown,
    nextCursor: last === undefined ? '' : encodeCursor(last.sort_key, last.customer_id),
    total,
  };
}

function searchCondition(
  blindIndex: BlindIndex,
  merchantId: string,
  search: CustomerSearch,
  parameter: (value: unknown) => string,
): string | undefined {
  switch (search.by) {
    case 'all':
      return undefined;
    case 'email':
      return `c.email_hash = ${parameter(blindIndex.email(merchantId, search.email))}`;
    case 'shopifyId':
      return `c.shopify_customer_id = ${parameter(search.shopifyId)}`;
    case 'name':
      // Row security keeps the operator of arrays from its index; the SECURITY DEFINER function asks for this transaction's tenant alone.
      return `c.customer_id IN (SELECT members_by_name(${parameter(search.words.map((word) => blindIndex.nameToken(merchantId, word)))}::bytea[]))`;
  }
}

async function countCustomers(
  on: Queryable,
  from: string,
  where: readonly string[],
  values: readonly unknown[],
): Promise<number> {
  const { rows } = await on.query<{ total: number }>(
    `SELECT count(*) AS total FROM ${from} WHERE ${where.join(' AND ')}`,
    [...values],
  );
  return rows[0]?.total ?? 0;
}
