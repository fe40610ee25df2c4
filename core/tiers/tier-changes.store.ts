import type { PoolClient } from 'pg';
import type { ListVipTierChangesResponse, VipTierChange } from '#proto/points/v1/tiers.ts';
import { decryptName } from '../members/customer-encryption.ts';
import { keysetPage } from '../shared/keyset.store.ts';
import type { Encryption } from '../shared/encryption.ts';
import { notFound } from '../shared/errors.ts';

interface ChangeRow {
  change_id: string;
  customer_id: string;
  first_name: Buffer | null;
  last_name: Buffer | null;
  from_name: Record<string, string> | null;
  to_name: Record<string, string> | null;
  direction: string;
  reason: string;
  spend: string | null;
  points: number | null;
  currency: string;
  created_at: Date;
}

const SELECT = `SELECT h.change_id, h.customer_id, c.first_name, c.last_name, f.name AS from_name, t.name AS to_name,
    h.direction, h.reason, h.spend, h.points, m.currency, h.created_at FROM vip_tier_changes h
  JOIN merchants m ON m.merchant_id = h.merchant_id
  JOIN customers c ON c.merchant_id = h.merchant_id AND c.customer_id = h.customer_id
  LEFT JOIN vip_tiers f ON f.merchant_id = h.merchant_id AND f.tier_id = h.from_tier_id
  LEFT JOIN vip_tiers t ON t.merchant_id = h.merchant_id AND t.tier_id = h.to_tier_id`;

/** Rises and falls by their ids, in no order. */
export async function readTierChanges(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  changeIds: readonly string[],
): Promise<VipTierChange[]> {
  const { rows } = await client.query<ChangeRow>(
    `${SELECT} WHERE h.merchant_id = $1 AND h.change_id = ANY ($2)`,
    [merchantId, changeIds],
  );
  return rows.map((row) => toChangeMessage(encryption, merchantId, row));
}

/** Rises and falls of one member or of all, newest first. */
export async function listTierChanges(
  client: PoolClient,
  encryption: Encryption,
  merchantId: string,
  filter: { readonly customerId: string; readonly pageSize: number; readonly cursor: string },
): Promise<ListVipTierChangesResponse> {
  const values: unknown[] = [merchantId];
  const where = ['h.merchant_id = $1'];
  if (filter.customerId !== '') {
    const { rowCount } = await client.query(
      'SELECT 1 FROM customers WHERE merchant_id = $1 AND customer_id = $2',
      [merchantId, filter.customerId],
    );
    if (rowCount === 0) throw notFound('customer_id');
    where.push(`h.customer_id = $${values.push(filter.customerId)}`);
  }
  const { rows, nextCursor } = await keysetPage<ChangeRow>(client, {
    select: SELECT,
    where,
    values,
    time: 'h.created_at',
    id: 'h.change_id',
    idOf: (row) => row.change_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
  return {
    changes: rows.map((row) => toChangeMessage(encryption, merchantId, row)),
    page: { nextCursor, total: -1 },
  };
}

function toChangeMessage(
  encryption: Encryption,
  merchantId: string,
  row: ChangeRow,
): VipTierChange {
  return {
    changeId: row.change_id,
    customerId: row.customer_id,
    customerName: decryptName(encryption, merchantId, row.customer_id, row),
    fromNames: { ...row.from_name },
    toNames: { ...row.to_name },
    direction: row.direction,
    reason: row.reason,
    spend: row.spend === null ? undefined : { amount: row.spend, currency: row.currency },
    points: row.points ?? -1,
    createdAt: row.created_at.toISOString(),
  };
}
