import type { PoolClient } from 'pg';
import { keysetPage } from '../shared/keyset.store.ts';
import { addOutboxEvents } from '../shared/outbox.store.ts';
import type { BonusCampaign } from '#prisma/generated/client.ts';
import { onPrisma, toJson } from '../database/prisma-client.ts';
import type { Queryable } from '../database/queryable.ts';
import { notFound } from '../shared/errors.ts';
import {
  campaignFromRow,
  type Campaign,
  type CampaignRow,
} from '../program/campaign-conditions.rules.ts';
import {
  CAMPAIGN_LIMITS,
  conditionsIntoJson,
  rewardIntoJson,
  type CampaignPlan,
} from './campaign.rules.ts';
import { formatAmount } from '../shared/money.rules.ts';
import { withdrawCampaignGifts } from '../rewards/gifts.store.ts';
import type { CampaignStatus } from '#vocabulary/campaigns.ts';

/** A campaign with when it was written down. */
export interface StoredCampaign {
  readonly campaign: Campaign;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface CampaignShop {
  readonly timezone: string;
  readonly currency: string;
}

type Row = CampaignRow & { created_at: Date; updated_at: Date };

/** Also what statements of other files select, `c` being the campaign. */
export const CAMPAIGN_COLUMNS = `c.campaign_id, c.name, c.translations, c.type, c.status, c.start_date, c.end_date, c.multiplier::text AS multiplier,
  c.conditions, c.reward`;

const stored = (row: Row): StoredCampaign => ({
  campaign: campaignFromRow(row),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/** What the clock in the shop shows and what it is paid in. Locked, so that one at a time counts what is open. */
export async function readCampaignShop(
  client: PoolClient,
  merchantId: string,
  lock = false,
): Promise<CampaignShop> {
  const { rows } = await client.query<CampaignShop>(
    `SELECT timezone, currency FROM merchants WHERE merchant_id = $1 ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [merchantId],
  );
  if (!rows[0]) throw notFound('merchant');
  return rows[0];
}

const ROW_LOCKS = { none: '', exclusive: 'FOR UPDATE', shared: 'FOR SHARE' } as const;

/** With a lock, no other transaction changes it (`shared`) or uses it (`exclusive`) until this one ends. */
export async function readCampaign(
  client: PoolClient,
  merchantId: string,
  campaignId: string,
  lock: keyof typeof ROW_LOCKS = 'none',
): Promise<StoredCampaign | undefined> {
  // First, alone: Prisma has no word for a lock.
  if (lock !== 'none')
    await client.query(
      `SELECT FROM bonus_campaigns WHERE merchant_id = $1 AND campaign_id = $2 ${ROW_LOCKS[lock]}`,
      [merchantId, campaignId],
    );
  const row = await onPrisma(client, (tx) =>
    tx.bonusCampaign.findUnique({
      where: { merchantId_campaignId: { merchantId, campaignId } },
    }),
  );
  return row === null ? undefined : stored(rowOf(row));
}

const rowOf = (row: BonusCampaign): Row => ({
  campaign_id: row.campaignId,
  name: row.name,
  translations: row.translations,
  type: row.type,
  status: row.status,
  start_date: row.startDate,
  end_date: row.endDate,
  multiplier: row.multiplier.toFixed(2),
  conditions: row.conditions,
  reward: row.reward,
  created_at: row.createdAt,
  updated_at: row.updatedAt,
});

const columnsOf = (plan: CampaignPlan) => ({
  name: plan.name,
  translations: toJson(plan.translations),
  type: plan.type,
  multiplier: formatAmount(plan.multiplier),
  startDate: plan.startsAt,
  endDate: plan.endsAt,
  conditions: toJson(conditionsIntoJson(plan.conditions)),
  reward: toJson(rewardIntoJson(plan.reward)),
  status: plan.status,
});

/** @returns false when there is one of that id already */
export async function insertCampaign(
  client: PoolClient,
  merchantId: string,
  campaignId: string,
  plan: CampaignPlan,
): Promise<boolean> {
  const { count } = await onPrisma(client, (tx) =>
    tx.bonusCampaign.createMany({
      data: { merchantId, campaignId, ...columnsOf(plan) },
      skipDuplicates: true,
    }),
  );
  return count === 1;
}

export async function updateCampaign(
  client: PoolClient,
  merchantId: string,
  campaignId: string,
  plan: CampaignPlan,
): Promise<void> {
  await onPrisma(client, (tx) =>
    tx.bonusCampaign.updateMany({ where: { merchantId, campaignId }, data: columnsOf(plan) }),
  );
}

/** Campaigns that are announced and not over: every order is held against each of them. */
export async function areTooManyOpen(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await client.query<{ open: number }>(
    `SELECT count(*)::integer AS open FROM bonus_campaigns c
     WHERE c.merchant_id = $1 AND c.status IN ('scheduled', 'active') AND (c.end_date IS NULL OR c.end_date > $2)`,
    [merchantId, now],
  );
  return (rows[0]?.open ?? 0) > CAMPAIGN_LIMITS.maxOpen;
}

export async function findLifecycleCampaign(
  client: PoolClient,
  merchantId: string,
  trigger: string,
  segment: string,
  now: Date,
): Promise<StoredCampaign | undefined> {
  const { rows } = await client.query<Row>(
    `SELECT ${CAMPAIGN_COLUMNS}, c.created_at, c.updated_at FROM bonus_campaigns c
     WHERE c.merchant_id = $1 AND c.type = 'lifecycle' AND c.status NOT IN ('ended', 'cancelled')
       AND c.conditions->>'trigger' = $2 AND coalesce(c.conditions->>'segment', '') = $3
       AND (c.end_date IS NULL OR c.end_date > $4)
     ORDER BY c.created_at DESC LIMIT 1 FOR UPDATE`,
    [merchantId, trigger, segment, now],
  );
  return rows[0] && stored(rows[0]);
}

/** SQL for `statusAt`, so that a list can be filtered by what the clock says; `now` is the parameter's number. */
const statusByClock = (now: number) => `CASE
  WHEN c.status IN ('draft', 'cancelled') THEN c.status
  WHEN c.end_date <= $${now} THEN 'ended'
  WHEN c.start_date > $${now} THEN 'scheduled'
  ELSE 'active' END`;

export async function listCampaigns(
  client: PoolClient,
  merchantId: string,
  filter: {
    readonly status: string;
    readonly now: Date;
    readonly pageSize: number;
    readonly cursor: string;
  },
): Promise<{ campaigns: StoredCampaign[]; nextCursor: string }> {
  const values: unknown[] = [merchantId];
  const where = ['c.merchant_id = $1'];
  if (filter.status !== '')
    where.push(`${statusByClock(values.push(filter.now))} = $${values.push(filter.status)}`);
  const { rows, nextCursor } = await keysetPage<Row>(client, {
    select: `SELECT ${CAMPAIGN_COLUMNS}, c.created_at, c.updated_at FROM bonus_campaigns c`,
    where,
    values,
    time: 'c.created_at',
    id: 'c.campaign_id',
    idOf: (row) => row.campaign_id,
    pageSize: filter.pageSize,
    cursor: filter.cursor,
  });
  return { campaigns: rows.map(stored), nextCursor };
}

export interface CampaignResultsRow {
  campaign_id: string;
  orders: number;
  members: number;
  points: number;
  spend: string;
  codes: number;
}

/**
 * The result of each, less what was deducted; one without any result is left out. Of a discount it is what the table of
 * codes says, with the orders that were paid with them: nothing is counted that could be out of step.
 */
export async function readResults(
  client: PoolClient,
  merchantId: string,
  campaignIds: readonly string[],
): Promise<Map<string, CampaignResultsRow>> {
  const { rows } = await client.query<CampaignResultsRow>(
    `SELECT g.campaign_id, sum(g.orders)::integer AS orders, count(DISTINCT g.customer_id)::integer AS members,
            sum(g.points)::bigint AS points, sum(g.spend)::text AS spend, 0 AS codes
     FROM campaign_grants g
     WHERE g.merchant_id = $1 AND g.campaign_id = ANY ($2) AND g.taken_back_at IS NULL
     GROUP BY g.campaign_id
     UNION ALL
     SELECT r.campaign_id, count(o.shopify_order_id)::integer, count(DISTINCT r.customer_id)::integer, 0,
            coalesce(sum(o.gross_subtotal - o.refunded), 0)::text, count(*)::integer
     FROM reward_redemptions r
     LEFT JOIN orders o ON o.merchant_id = $1 AND o.shopify_order_id = r.used_order_id AND o.cancelled_at IS NULL
     WHERE r.merchant_id = $1 AND r.campaign_id = ANY ($2) AND r.gift = 'campaign' AND r.status <> 'failed'
     GROUP BY r.campaign_id`,
    [merchantId, campaignIds],
  );
  return new Map(rows.map((row) => [row.campaign_id, row]));
}

export interface CampaignChange {
  readonly campaignId: string;
  readonly type: string;
  readonly status: CampaignStatus;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly isNew?: boolean;
}

/** Tells the worker, which wakes core at the start and the end. */
export async function announceCampaigns(
  client: PoolClient,
  merchantId: string,
  changes: readonly CampaignChange[],
): Promise<void> {
  await addOutboxEvents(
    client,
    merchantId,
    'campaign.changed',
    changes.map((change) => ({
      campaign_id: change.campaignId,
      type: change.type,
      status: change.status,
      starts_at: change.startsAt?.toISOString() ?? '',
      ends_at: change.endsAt?.toISOString() ?? '',
      is_new: change.isNew ?? false,
    })),
  );
}

/** Writes down what the clock has made of the tenant's campaigns. @returns those that changed */
export async function advanceCampaigns(
  client: PoolClient,
  merchantId: string,
  now: Date,
): Promise<CampaignChange[]> {
  const { rows } = await client.query<{
    campaign_id: string;
    type: string;
    status: CampaignStatus;
    start_date: Date | null;
    end_date: Date | null;
  }>(
    `UPDATE bonus_campaigns c SET status = CASE WHEN c.end_date <= $2 THEN 'ended' ELSE 'active' END
     WHERE c.merchant_id = $1
       AND ((c.status = 'scheduled' AND c.start_date <= $2)
            OR (c.status IN ('scheduled', 'active') AND c.end_date <= $2))
     RETURNING c.campaign_id, c.type, c.status, c.start_date, c.end_date`,
    [merchantId, now],
  );
  const changes = rows.map((row) => ({
    campaignId: row.campaign_id,
    type: row.type,
    status: row.status,
    startsAt: row.start_date,
    endsAt: row.end_date,
  }));
  await announceCampaigns(client, merchantId, changes);
  const ended = changes.filter(({ type, status }) => type === 'discount' && status === 'ended');
  await withdrawCampaignGifts(
    client,
    merchantId,
    ended.map(({ campaignId }) => campaignId),
    now,
  );
  return changes;
}

/** Tenants of which a campaign's stored status is behind the clock. */
export async function findDueTenants(on: Queryable, now: Date, limit: number): Promise<string[]> {
  const { rows } = await on.query<{ merchant_id: string }>(
    'SELECT merchant_id FROM campaigns_due($1, $2)',
    [now, limit],
  );
  return rows.map((row) => row.merchant_id);
}
