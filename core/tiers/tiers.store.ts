import type { PoolClient } from 'pg';
import { inShopCurrency } from '../members/spending.store.ts';
import type { StoredBenefits, StoredTier } from './tier-set.rules.ts';
import { parseAmount } from '../shared/money.rules.ts';
import { programFromConfig, type Program } from '../program/program.rules.ts';
import type { TierSet, TierCalendar, TierFact } from './tiers.rules.ts';
import type { TierChangeDirection } from '#vocabulary/tiers.ts';

/** What decides about members besides the tiers themselves. */
export interface TierContext {
  readonly currency: string;
  readonly timezone: string;
  readonly program: Program;
  readonly calendar: TierCalendar;
}

interface ContextRow {
  currency: string;
  timezone: string;
  config: unknown;
  last_year: Date;
  this_year: Date;
  next_year: Date;
  year_after_next: Date;
}

const yearStart = (offset: number) =>
  `((date_trunc('year', $2::timestamptz AT TIME ZONE m.timezone) + interval '${offset} years') AT TIME ZONE m.timezone)`;

export async function readTierContext(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<TierContext> {
  const { rows } = await client.query<ContextRow>(
    `SELECT m.currency, m.timezone, s.config, ${yearStart(-1)} AS last_year, ${yearStart(0)} AS this_year,
            ${yearStart(1)} AS next_year, ${yearStart(2)} AS year_after_next
     FROM merchants m LEFT JOIN program_settings s ON s.merchant_id = m.merchant_id
     WHERE m.merchant_id = $1`,
    [merchantId, now],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('the tenant is gone');
  return {
    currency: row.currency,
    timezone: row.timezone,
    program: programFromConfig(row.config),
    calendar: {
      lastYear: row.last_year.getTime(),
      thisYear: row.this_year.getTime(),
      nextYear: row.next_year.getTime(),
      yearAfterNext: row.year_after_next.getTime(),
    },
  };
}

/** What thresholds of spending are in. */
export async function readTierCurrency(client: PoolClient, merchantId: string): Promise<string> {
  const { rows } = await client.query<{ currency: string }>(
    'SELECT currency FROM merchants WHERE merchant_id = $1',
    [merchantId],
  );
  return rows[0]?.currency ?? '';
}

export interface TierRow extends StoredTier {
  readonly retired_at: Date | null;
}

/** Tiers in force and tiers that were taken out but may still be held, by id. */
export async function readTiers(
  client: PoolClient,
  merchantId: string,
): Promise<ReadonlyMap<string, TierRow>> {
  const { rows } = await client.query<{
    tier_id: string;
    name: Record<string, string>;
    spend: string | null;
    points: number | null;
    benefits: StoredBenefits;
    retired_at: Date | null;
  }>(
    `SELECT tier_id, name, spend_threshold AS spend, points_threshold AS points, benefits, retired_at
     FROM vip_tiers WHERE merchant_id = $1`,
    [merchantId],
  );
  return new Map(rows.map((row) => [row.tier_id, row]));
}

/** The set's tiers become those in force; the others are retired and stay until no member holds them. */
export async function putTiersInForce(
  client: PoolClient,
  merchantId: string,
  tiers: readonly StoredTier[],
  now: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO vip_tiers (merchant_id, tier_id, name, position, spend_threshold, points_threshold, benefits)
     SELECT $1, (e.tier->>'tier_id')::uuid, e.tier->'name', e.nth - 1, (e.tier->>'spend')::numeric,
            (e.tier->>'points')::bigint, e.tier->'benefits'
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(tier, nth)
     ON CONFLICT (merchant_id, tier_id) DO UPDATE SET name = EXCLUDED.name, position = EXCLUDED.position,
       spend_threshold = EXCLUDED.spend_threshold, points_threshold = EXCLUDED.points_threshold,
       benefits = EXCLUDED.benefits, retired_at = NULL`,
    [merchantId, JSON.stringify(tiers)],
  );
  await client.query(
    `UPDATE vip_tiers SET retired_at = $3 WHERE merchant_id = $1 AND retired_at IS NULL AND tier_id <> ALL($2::uuid[])`,
    [merchantId, tiers.map(({ tier_id }) => tier_id), now],
  );
}

/** vip_progress of a member, as the widget reads it. */
export interface StoredProgress {
  readonly tier_set_version: number;
  readonly period_start: string | null;
  readonly spend: string | null;
  readonly points: number | null;
  readonly qualified_until: string | null;
  readonly grace_until: string | null;
  readonly since: string | null;
}

export interface TierMember {
  readonly customer_id: string;
  readonly vip_tier_id: string | null;
  readonly vip_progress: Partial<StoredProgress>;
}

const LIVING = 'c.redacted_at IS NULL AND c.merged_into_customer_id IS NULL';

/** How a member stood when they were last looked at; undefined where there is no such member. */
export async function readTierMember(
  client: PoolClient,
  merchantId: string,
  customerId: string,
): Promise<TierMember | undefined> {
  const { rows } = await client.query<TierMember>(
    'SELECT customer_id, vip_tier_id, vip_progress FROM customers WHERE merchant_id = $1 AND customer_id = $2',
    [merchantId, customerId],
  );
  return rows[0];
}

/** The given members, locked in the order of their keys; erased and merged ones are left out. */
export async function lockTierMembers(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
): Promise<TierMember[]> {
  const { rows } = await client.query<TierMember>(
    `SELECT c.customer_id, c.vip_tier_id, c.vip_progress FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id = ANY($2) AND ${LIVING}
     ORDER BY c.customer_id FOR NO KEY UPDATE`,
    [merchantId, customerIds],
  );
  return rows;
}

/** Members after a key, in its order; with a version only those whom it has not been applied to. */
export async function tierMembersAfter(
  client: PoolClient,
  merchantId: string,
  after: string,
  limit: number,
  outdatedFor?: number,
): Promise<TierMember[]> {
  const { rows } = await client.query<TierMember>(
    `SELECT c.customer_id, c.vip_tier_id, c.vip_progress FROM customers c
     WHERE c.merchant_id = $1 AND c.customer_id > $2 AND ${LIVING}
       AND ($4::integer IS NULL OR (c.vip_progress->>'tier_set_version')::integer IS DISTINCT FROM $4)
     ORDER BY c.customer_id LIMIT $3`,
    [merchantId, after === '' ? FIRST_ID : after, limit, outdatedFor ?? null],
  );
  return rows;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export async function countOutdatedMembers(
  client: PoolClient,
  merchantId: string,
  version: number,
): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*) AS n FROM customers c WHERE c.merchant_id = $1 AND ${LIVING}
       AND (c.vip_progress->>'tier_set_version')::integer IS DISTINCT FROM $2`,
    [merchantId, version],
  );
  return rows[0]?.n ?? 0;
}

export interface TierCounts {
  readonly byTier: ReadonlyMap<string, number>;
  readonly withoutTier: number;
  readonly inGrace: number;
}

export async function countTierMembers(
  client: PoolClient,
  merchantId: string,
): Promise<TierCounts> {
  const { rows } = await client.query<{ tier_id: string | null; n: number; grace: number }>(
    `SELECT c.vip_tier_id AS tier_id, count(*) AS n, count(c.vip_progress->>'grace_until') AS grace
     FROM customers c WHERE c.merchant_id = $1 AND ${LIVING} GROUP BY c.vip_tier_id`,
    [merchantId],
  );
  return {
    byTier: new Map(rows.flatMap(({ tier_id, n }) => (tier_id === null ? [] : [[tier_id, n]]))),
    withoutTier: rows.find(({ tier_id }) => tier_id === null)?.n ?? 0,
    inGrace: rows.reduce((sum, { grace }) => sum + grace, 0),
  };
}

interface FactRow {
  customer_id: string;
  at: Date;
  amount: string;
}

// Facts of one period come as their sum: lifetime, by the shop's year, or one by one.
const bucket = (column: string) => `CASE $3
  WHEN 'lifetime' THEN to_timestamp(0)
  WHEN 'calendar_year' THEN date_trunc('year', ${column} AT TIME ZONE $4) AT TIME ZONE $4
  ELSE ${column} END`;

/** Valid orders less refunds, the same that are scored, in the shop's currency. */
const SPEND = `
  SELECT o.customer_id, ${bucket('o.ordered_at')} AS at, sum(o.gross_subtotal - o.refunded)::text AS amount
  FROM orders o
  WHERE o.merchant_id = $1 AND o.customer_id = ANY($2) AND o.counts
    AND ${inShopCurrency('o')} AND o.ordered_at >= $5
  GROUP BY 1, 2`;

/**
 * Points that were earned, less what was deducted of them, at the time they were earned. What was adjusted, returned
 * from a reward or given for entering a tier is not earned. Entries of members who were merged away are their heir's.
 */
const POINTS = `
  WITH RECURSIVE persons AS (
    SELECT m AS customer_id, m AS person FROM unnest($2::uuid[]) m
    UNION
    SELECT p.customer_id, c.customer_id FROM persons p
    JOIN customers c ON c.merchant_id = $1 AND c.merged_into_customer_id = p.person
  ), facts AS (
    SELECT p.customer_id, min(t.occurred_at) AS at, sum(t.points) AS points
    FROM persons p JOIN points_transactions t ON t.merchant_id = $1 AND t.customer_id = p.person
    WHERE t.type IN ('earn', 'referral', 'campaign', 'import', 'reversal') AND t.source IS DISTINCT FROM 'tier'
    GROUP BY p.customer_id, CASE WHEN t.source = 'order' AND t.order_id IS NOT NULL THEN 'order/' || t.order_id
                                 ELSE coalesce(t.reverses_transaction_id, t.transaction_id)::text END
    HAVING bool_or(t.type <> 'reversal')
  )
  SELECT f.customer_id, ${bucket('f.at')} AS at, sum(f.points)::text AS amount
  FROM facts f WHERE f.at >= $5 GROUP BY 1, 2`;

const YEAR_MS = 365 * 86_400_000;

/** What counts toward tiers for each member; members of whom nothing counts are not in the answer. */
export async function readTierFacts(
  client: PoolClient,
  merchantId: string,
  customerIds: readonly string[],
  tierSet: Pick<TierSet, 'basis' | 'period'>,
  context: Pick<TierContext, 'timezone' | 'calendar'>,
  now: Date,
): Promise<ReadonlyMap<string, TierFact[]>> {
  const since = {
    lifetime: 0,
    calendar_year: context.calendar.lastYear,
    rolling_365: now.getTime() - YEAR_MS,
  }[tierSet.period];
  const values = [merchantId, customerIds, tierSet.period, context.timezone, new Date(since)];
  const facts = new Map<string, TierFact[]>();
  const add = (rows: readonly FactRow[], toFact: (row: FactRow) => TierFact) => {
    for (const row of rows) {
      const known = facts.get(row.customer_id);
      if (known) known.push(toFact(row));
      else facts.set(row.customer_id, [toFact(row)]);
    }
  };
  if (tierSet.basis !== 'points') {
    const { rows } = await client.query<FactRow>(SPEND, values);
    add(rows, ({ at, amount }) => ({
      at: at.getTime(),
      spend: parseAmount(amount) ?? 0n,
      points: 0,
    }));
  }
  if (tierSet.basis !== 'spend') {
    const { rows } = await client.query<FactRow>(POINTS, values);
    add(rows, ({ at, amount }) => ({ at: at.getTime(), spend: 0n, points: Number(amount) }));
  }
  return facts;
}

export interface MemberUpdate {
  readonly customer_id: string;
  readonly vip_tier_id: string | null;
  readonly vip_progress: StoredProgress;
}

export async function writeTierMembers(
  client: PoolClient,
  merchantId: string,
  updates: readonly MemberUpdate[],
): Promise<void> {
  if (updates.length === 0) return;
  await client.query(
    `UPDATE customers c SET vip_tier_id = r.vip_tier_id, vip_progress = r.vip_progress
     FROM jsonb_to_recordset($2) AS r(customer_id uuid, vip_tier_id uuid, vip_progress jsonb)
     WHERE c.merchant_id = $1 AND c.customer_id = r.customer_id`,
    [merchantId, JSON.stringify(updates)],
  );
}

export interface NewTierChange {
  readonly customer_id: string;
  readonly from_tier_id: string | null;
  readonly to_tier_id: string | null;
  readonly direction: TierChangeDirection;
  readonly reason: string;
  readonly tier_set_version: number;
  readonly spend: string | null;
  readonly points: number | null;
}

export async function insertTierChanges(
  client: PoolClient,
  merchantId: string,
  changes: readonly NewTierChange[],
  now: Date,
): Promise<void> {
  await client.query(
    `INSERT INTO vip_tier_changes (merchant_id, customer_id, from_tier_id, to_tier_id, direction, reason,
                                   tier_set_version, spend, points, created_at)
     SELECT $1, r.customer_id, r.from_tier_id, r.to_tier_id, r.direction, r.reason, r.tier_set_version, r.spend, r.points, $3
     FROM jsonb_to_recordset($2) AS r(customer_id uuid, from_tier_id uuid, to_tier_id uuid, direction text, reason text,
                                      tier_set_version integer, spend numeric, points bigint)`,
    [merchantId, JSON.stringify(changes), now],
  );
}
